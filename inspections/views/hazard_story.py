"""A hazard as a story: who answers for it, what comes next, what happened, the facts. Templates get no rules, only this."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inspections import permissions
from inspections.choices import AssessMethod, HazardStatus
from inspections.forms.assessment import figure
from inspections.models import Hazard, PublicReport
from inspections.services.public import USERNAME
from inspections.views.calls import is_danger, whom_to_call
from inspections.views.check_story import HazardChecks, tell_hazard_checks
from inspections.views.hazard_reading import deadlines_of
from inspections.views.major_story import is_verified, major_offers
from inspections.views.offers import Offer
from inspections.workflows.acceptances import ACCEPTABLE
from responsibilities.choices import ActionStatus, RoleCode
from responsibilities.lateness import merged, read_lateness
from responsibilities.models import ChainSnapshot, CorrectiveAction, Person, Unit
from responsibilities.panels import ActionPanel, Button, Question, action_panel, questions_for
from safetyplant.audit.history import Entry, history
from safetyplant.documents.models import in_reader_language
from safetyplant.shell.moments import day_text
from safetyplant.shell.templatetags.shell import due, ref, when

Text = str | Promise
Fact = tuple[Text, Any]


@dataclass(frozen=True)
class ChainLine:
    """One person of the chain as frozen on the day, with what they do about this hazard."""

    person: Person | None
    title: str
    does: Text = ""
    note: str = ""


@dataclass(frozen=True)
class Next:
    """What comes next before (or without) a corrective action."""

    title: Text
    text: Text = ""
    tone: str = ""
    due_at: Any = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Story:
    """`questions` are those about what no corrective action covers; its own stand in the panel."""

    chain: list[ChainLine]
    next: Next | None
    panel: ActionPanel | None
    offers: tuple[Offer, ...]
    facts: list[Fact]
    entries: list[Entry]
    questions: tuple[Question, ...] = ()
    calls: list[Person] = field(default_factory=list)
    assisting: list[str] = field(default_factory=list)
    photo_sets: list[int] = field(default_factory=list)
    checks: HazardChecks | None = None

    @property
    def owed(self) -> tuple[Offer, ...]:
        """What stands above the fix: the reader's own decision or release."""
        return tuple(offer for offer in self.offers if offer.tone == "primary")

    @property
    def others(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.tone != "primary")

    @property
    def bar(self) -> tuple[Offer, ...]:
        """The phone's bar: what this reader owes before the fix, else nothing. The fix has its own bar."""
        step = tuple(offer for offer in self.next.offers if offer.tone == "primary") if self.next else ()
        asked = tuple(as_offer(question.button) for question in self.questions if question.is_mine)
        return (*self.owed, *step, *asked)[:1]


def tell_hazard(hazard: Hazard, user: Person) -> Story:
    """`hazard` as `read_hazard` gives it."""
    action = hazard.action
    ledger = read_lateness(deadlines_of(hazard))
    panel = None
    if action is not None and not hazard.fixed_on_spot:
        panel = action_panel(user, action, lateness=ledger.only(*of_fix(action)), without=not_yet(hazard))
    subjects = [hazard, action] if action is not None else [hazard]
    besides = ledger.without(*of_fix(action)) if action else ledger
    people = hazard.chain_people  # type: ignore[attr-defined]
    chain = chain_lines(hazard.chain, action, known=hazard.unit, people=people, is_over=not hazard.is_open)
    return Story(
        chain=chain,
        next=next_step(hazard, user),
        panel=panel,
        offers=tuple(offers_for(hazard, user, panel)),
        facts=[*facts_of(hazard), *_contact(hazard, user)],
        entries=merged(history(*subjects), ledger),
        questions=questions_for(user, besides.waiting),
        calls=whom_to_call((line.person for line in chain), but=user) if is_danger(hazard) else [],
        assisting=action.assisting_names if action is not None else [],  # type: ignore[attr-defined]
        checks=tell_hazard_checks(hazard, user),
        photo_sets=[pk for pk in (hazard.photos_id, action.evidence_id if action is not None else None) if pk],
    )


def not_yet(hazard: Hazard) -> tuple[str, ...]:
    """A major hazard is accepted only once both have verified it: until then the button would only lead to a refusal."""
    treatment = hazard.treatment  # type: ignore[attr-defined]
    return () if treatment is None or is_verified(treatment) else ("verify",)


def of_fix(action: CorrectiveAction) -> tuple[int | None, ...]:
    """The deadlines whose questions stand in the panel of the fix."""
    return (action.deadline_id, action.check_deadline_id, *action.extension_deadlines)  # type: ignore[attr-defined]


def as_offer(button: Button) -> Offer:
    return Offer(button.label, button.url, button.icon, "primary")


# --- who answers ---------------------------------------------------------------------------------------------------------


def chain_lines(
    snapshot: ChainSnapshot | None,
    action: CorrectiveAction | None = None,
    *,
    known: Unit | None = None,
    people: dict[int, Person] | None = None,
    is_over: bool = False,
) -> list[ChainLine]:
    """The frozen chain with names, each person once; whoever fixes or checks from outside the chain stands where they act.

    `known` and `people` are what the record has read already; of what `is_over` nothing can become late any more.
    """
    links = snapshot.links if snapshot is not None else []
    people, units = _people_of(links) if people is None else people, _units_of(links, known)
    lines: list[ChainLine] = []
    for person_id, group in _by_person(links).items():
        titles = [role_title(link["role"], units.get(link["unit_id"])) for link in group]
        stands_in = [people[link["acting_for_id"]] for link in group if link.get("acting_for_id") in people]
        note = _("Acting for %(name)s") % {"name": stands_in[0].name} if stands_in else ""
        lines.append(ChainLine(people.get(person_id), ", ".join(dict.fromkeys(titles)), does_what(person_id, action), note))
    if action is not None:
        named = {line.person.pk for line in lines if line.person}
        outside = [person for person in (action.owner, action.verifier) if person.pk not in named]
        lines = [ChainLine(person, "", does_what(person.pk, action)) for person in outside] + lines
    return lines if is_over else _with_last(lines)


def _people_of(links: Iterable[dict[str, Any]]) -> dict[int, Person]:
    return Person.objects.in_bulk({pk for link in links for pk in (link.get("person_id"), link.get("acting_for_id")) if pk})


def _units_of(links: Iterable[dict[str, Any]], known: Unit | None) -> dict[int, Unit]:
    """The units whose heads stand in the chain; the record's own unit is read already."""
    headed = {link["unit_id"] for link in links if link["role"] == RoleCode.UNIT_HEAD}
    units = {known.pk: known} if known is not None else {}
    return units | Unit.objects.in_bulk(headed - set(units))


def _by_person(links: Iterable[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    """Links in one hand are one line; each empty link stays a line of its own, as the gap it is."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for place, link in enumerate(links):
        groups.setdefault(link.get("person_id") or f"gap{place}", []).append(link)
    return groups


def role_title(role: str, unit: Unit | None) -> str:
    match role:
        case RoleCode.UNIT_HEAD if unit is not None:
            return _("Head of %(unit)s") % {"unit": unit.name}
        case RoleCode.DIRECTOR:
            return _("Director, first responsible person")
    return str(RoleCode(role).label)


def does_what(person_id: Any, action: CorrectiveAction | None) -> Text:
    if action is None:
        return ""
    if action.status == ActionStatus.VERIFIED:
        return _part_taken(person_id, action)
    if person_id == action.owner_id:
        return _("Fixes it")
    return _("Checks it") if person_id == action.verifier_id else ""


def _part_taken(person_id: Any, action: CorrectiveAction) -> Text:
    """Once it is closed the story tells who did it, which may be others than those who were to."""
    if person_id == (action.submitted_by_id or action.owner_id):
        return _("Fixed it")
    return _("Checked it") if person_id == (action.verified_by_id or action.verifier_id) else ""


def _with_last(lines: list[ChainLine]) -> list[ChainLine]:
    if lines and lines[-1].person is not None and not lines[-1].does and len(lines) > 1:
        last = lines[-1]
        lines[-1] = ChainLine(last.person, last.title, _("Answers if late"), last.note)
    return lines


# --- what comes next -----------------------------------------------------------------------------------------------------


def next_step(hazard: Hazard, user: Person) -> Next | None:
    """The card before the fix is assigned, and where there is none; with a corrective action its own panel tells."""
    match hazard.status:
        case HazardStatus.REPORTED:
            return _assessment_step(hazard, user)
        case HazardStatus.CANCELLED if hazard.action is None:
            by = hazard.cancelled_by.name if hazard.cancelled_by else ""
            return Next(_("Cancelled"), _("%(name)s cancelled it: %(reason)s") % {"name": by, "reason": hazard.cancel_reason})
    if hazard.fixed_on_spot:
        by = hazard.closed_by.name if hazard.closed_by else ""
        return Next(
            _("Fixed on the spot"), _("%(name)s saw it fixed; before and after are kept. Full credit.") % {"name": by}, tone="ok"
        )
    return None


def _assessment_step(hazard: Hazard, user: Person) -> Next:
    due_at = hazard.due_at
    may_assess, is_own = permissions.can_assess_hazard(user, hazard), hazard.holder_id in (user.pk, None)
    if may_assess and is_own:
        assess = Offer(_("Assess it"), address(hazard, "assess"), "clipboard-check", "primary")
        text = _("How grave is it, who fixes it, by when? The level and the chain answer most of it.")
        return Next(_("Assess this hazard"), text, "check", due_at, (assess,))
    name = hazard.holder.name if hazard.holder else _("The safety officer")
    instead = (Offer(_("Assess it"), address(hazard, "assess"), "clipboard-check"),) if may_assess else ()
    text = _("%(name)s assesses it and says who fixes it.") % {"name": name}
    return Next(_("Waiting for assessment"), text, "", due_at, instead)


def address(hazard: Hazard, verb: str) -> str:
    return reverse(f"inspections:hazard-{verb}", args=[hazard.pk])


def offers_for(hazard: Hazard, user: Person, panel: ActionPanel | None) -> Iterable[Offer]:
    """Besides the next step. Whoever sees danger may stop; only the named person or someone above releases."""
    if not hazard.is_open:
        return
    if hazard.treatment is not None:  # type: ignore[attr-defined]
        yield from major_offers(hazard.treatment, user)  # type: ignore[attr-defined]
    if permissions.can_decide_major(user, hazard):
        tone = "primary" if hazard.decider == user.pk else "plain"  # type: ignore[attr-defined]
        yield Offer(_("Decide whether it is major"), address(hazard, "decide"), "question-diamond", tone)
    if hazard.is_stopped and permissions.can_release_work(user, hazard):
        tone = "primary" if hazard.releaser_id == user.pk else "plain"
        yield Offer(_("Release the work"), address(hazard, "release"), "play-circle", tone)
    if not hazard.is_stopped and permissions.can_stop_work(user, hazard):
        yield Offer(_("Stop work now"), address(hazard, "stop"), "sign-stop", "stop", posts=True)
    if hazard.accepted_until is not None and permissions.can_end_acceptance(user, hazard):
        yield Offer(_("End the acceptance"), address(hazard, "end-acceptance"), "x-circle")
    if may_be_accepted(hazard) and permissions.can_accept_hazard(user, hazard):
        yield Offer(_("Accept it for a time"), address(hazard, "accept"), "hourglass-split")
    if hazard.action is not None and permissions.can_assess_hazard(user, hazard):
        yield Offer(_("Change the level"), address(hazard, "level"), "bar-chart-steps")
    # The panel of the fix offers the same end: cancelling it cancels the hazard.
    is_offered = panel is not None and any(button.verb == "cancel" for button in panel.buttons)
    if not is_offered and not hazard.is_stopped and permissions.can_cancel_hazard(user, hazard):
        yield Offer(_("Cancel the hazard"), address(hazard, "cancel"), "slash-circle")


def may_be_accepted(hazard: Hazard) -> bool:
    is_clear = not hazard.is_stopped and not hazard.possibly_major
    return hazard.status in ACCEPTABLE and is_clear and hazard.accepted_until is None


# --- facts ---------------------------------------------------------------------------------------------------------------


def facts_of(hazard: Hazard) -> list[Fact]:
    return [
        *_dates(hazard),
        (_("Category"), hazard.category.label if hazard.category else ""),
        (pgettext("area of work", "Field"), hazard.get_field_display()),
        (_("Found"), when(hazard.found_at)),
        (_("Found by"), _found_by(hazard)),
        (_("Repeats"), _repeats(hazard)),
        (_("Found by the check"), _from_check(hazard)),
        (_("Item"), _clause(hazard.item_words)),  # type: ignore[attr-defined]
        (_("Clause"), _clause(hazard.clause_words) if hazard.clause_id != hazard.item_id else ""),  # type: ignore[attr-defined]
        (_("Assessment"), _assessment(hazard)),
        (_("Until it is fixed"), hazard.interim_control),
        (_("Work"), _work(hazard)),
    ]


def _dates(hazard: Hazard) -> list[Fact]:
    if hazard.first_due_at is None:
        return []
    action = hazard.action
    moved = action is not None and action.deadline.due_at != action.deadline.first_due_at
    shown = action.deadline.due_at if action is not None else hazard.first_due_at
    first: list[Fact] = [(_("First date"), day_text(hazard.first_due_at))] if moved else []
    if hazard.accepted_until is not None:
        return [(_("Fix due"), due(shown, paused=True)), *first]
    return [(_("Fix due"), due(shown, met=hazard.done_at)), *first]


def _found_by(hazard: Hazard) -> SafeString | str:
    if hazard.inspection_id is None:
        return hazard.reported_by.name
    link = ref(hazard.inspection_number, reverse("inspections:inspection-detail", args=[hazard.inspection_id]))
    return format_html("{}, {}", hazard.reported_by.name, link)


def _repeats(hazard: Hazard) -> SafeString | str:
    """The same danger at the same place, which was closed before or is still open."""
    earlier = hazard.repeated  # type: ignore[attr-defined]
    if earlier is None:
        return ""
    link = ref(earlier.number, reverse("inspections:hazard-detail", args=[earlier.pk]))
    if earlier.closed_at is None:
        return format_html(_("{number}, found {day} and still open"), number=link, day=day_text(earlier.found_at))
    return format_html(_("{number}, closed {day}"), number=link, day=day_text(earlier.closed_at))


def _from_check(hazard: Hazard) -> SafeString | str:
    """The check of similar places that led here: those of the unit it asked see it too."""
    told = hazard.from_check  # type: ignore[attr-defined]
    return ref(told["number"], reverse("inspections:check-detail", args=[told["id"]])) if told is not None else ""


def _contact(hazard: Hazard, user: Person) -> list[Fact]:
    """SECURITY: only for those who assess it (`PublicReport.visible_to`)."""
    if hazard.reported_by.username != USERNAME:
        return []
    report = PublicReport.objects.visible_to(user).filter(hazard=hazard).first()
    return [(_("How to reach the reporter"), report.contact)] if report is not None else []


def _clause(cited: dict[str, Any] | None) -> str:
    if cited is None:
        return ""
    title = in_reader_language(cited["title"], cited["title_zh"])
    words = {"standard": title, "version": cited["version"], "item": cited["number"]}
    return _("%(standard)s v%(version)s, item %(item)s") % words


def _assessment(hazard: Hazard) -> str:
    """The figures behind the level: "likelihood 6 × exposure 3 × consequence 15 = 270", or that it was chosen directly."""
    if hazard.assessed_at is None:
        return ""
    given, score = hazard.assess_inputs or {}, hazard.assess_score
    if score is None:
        # Chosen, not worked out: by a person, or by the checklist whose item failed.
        return _("Level of the checklist item") if hazard.item_id is not None else _("Level chosen by judgement, without figures")
    if hazard.assess_method == AssessMethod.LEC:
        words = {name: given.get(name, "?") for name in ("likelihood", "exposure", "consequence")}
        told = _("Likelihood %(likelihood)s × exposure %(exposure)s × consequence %(consequence)s = %(score)s")
    else:
        words = {name: given.get(name, "?") for name in ("chance", "severity")}
        told = _("Likelihood %(chance)s × severity %(severity)s = %(score)s")
    return told % {**words, "score": figure(score)}


def _work(hazard: Hazard) -> str:
    if hazard.stopped_at is None or hazard.stopped_by is None:
        return ""
    if hazard.released_at is None:
        words = {"day": day_text(hazard.stopped_at), "by": hazard.stopped_by.name, "releaser": hazard.releaser.name}
        return _("Stopped %(day)s by %(by)s. %(releaser)s may release it.") % words
    words = {"day": day_text(hazard.stopped_at), "released": day_text(hazard.released_at), "by": hazard.released_by.name}
    return _("Stopped %(day)s, released %(released)s by %(by)s") % words
