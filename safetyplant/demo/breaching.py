"""The branch's own rules as documents, and the breaches that cite them."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from inspections.services.violations import ViolationData, record_violation
from inspections.workflows import cancel_violation
from responsibilities.models import Person
from safetyplant.demo.data.regulations import RULES, Rule
from safetyplant.demo.data.violations import BREACHES, CANCEL_REASON, TOTAL, Breach
from safetyplant.demo.punishing import punish
from safetyplant.demo.story import DAYS, Life, Story, chance
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Clause
from safetyplant.documents.services import ClauseText, create_document, draft_version, publish_version, write_clauses

#: Recorded today: whoever serves the notice finds it on their desk.
LATEST = TOTAL - 1
RECORDERS = ("supervisor", "supervisor", "supervisor2", "supervisor3", "officer", "leader")


def publish_rules(story: Story) -> None:
    """Each rule with both languages, published by the safety officer; one of them revised since."""
    by = story.who("officer")
    for rule in RULES:
        document = create_document(DocumentKind.REGULATION, code=rule.code, title=rule.title[0], title_zh=rule.title[1], by=by)
        version = document.versions.get()
        write_clauses(version, _clauses(rule))
        _publish(story, version, rule.since)
        if rule.revised:
            version = draft_version(document, by=by, clauses=_clauses(rule, revised=True), note=story.say(rule.note))
            _publish(story, version, rule.revised_since)


def _publish(story: Story, version: object, days_ago: int) -> None:
    moment: datetime = story.now - timedelta(days=days_ago)
    publish_version(version, by=story.who("officer"), valid_from=timezone.localdate(moment), now=moment)  # type: ignore[arg-type]


def _clauses(rule: Rule, *, revised: bool = False) -> list[ClauseText]:
    changed = dict(rule.revised) if revised else {}
    return [ClauseText(number, *changed.get(number, words), parent=parent) for number, parent, words in rule.clauses]


def begin_violations(story: Story) -> None:
    for number in range(TOTAL):
        days_ago = (DAYS - 1) * (1 - number / TOTAL) + 0.4 if number != LATEST else 0.2
        story.begin(_breach(story, BREACHES[number % len(BREACHES)], number, days_ago))


def _breach(story: Story, breach: Breach, number: int, days_ago: float) -> Life:
    yield story.day(days_ago)
    rng = chance("violation", number)
    code = breach.units[number // len(BREACHES) % len(breach.units)]
    person = _culprit(story, code, number) if breach.has_person else None
    by = story.who(rng.choice(RECORDERS))
    data = ViolationData(
        unit=story.plant.units[code],
        description=story.say(breach.what),
        violation_type=story.breaches[breach.code],
        person=person,
        clause=_clause(story, breach),
        correction=story.say(breach.correction),
        client_id=uuid5(NAMESPACE_URL, f"safetyplant-demo:violation-{number}"),
    )
    violation, _new = record_violation(data, by=by, now=story.clock)
    if number in (9, 24):
        yield story.later(28)
        cancel_violation(violation, by=story.who("officer"), reason=story.say(CANCEL_REASON), now=story.clock)
        return
    if number != LATEST:
        yield from punish(story, violation, number)


def _culprit(story: Story, code: str, number: int) -> Person:
    """Someone of the crew; once the worker with an account, who then sees what is held on them."""
    if code == "S12" and number == 0:
        return story.who("worker")
    crew = story.plant.crews[code]
    return story.people[crew[(number * 5 + 3) % len(crew)].pk]


def _clause(story: Story, breach: Breach) -> Clause | None:
    """The clause as it stood that day: the newest version valid by then."""
    if breach.clause is None:
        return None
    code, number = breach.clause
    found = Clause.objects.filter(version__document__code=code, number=number, version__status="published")
    return found.filter(version__valid_from__lte=timezone.localdate(story.clock)).order_by("-version__number").first()
