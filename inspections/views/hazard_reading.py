"""Reads one hazard with all that its page tells.

Several small questions instead of one with forty joins: PostgreSQL plans such a join anew for each page, and takes a third of
a second for it, while the rows it finds are a handful.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, JSONField, Model, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.shortcuts import get_object_or_404

from inspections.models import Hazard, Inspection, PlaceAnswer, PlaceCheck
from inspections.services.acceptances import standing_acceptance
from inspections.views.major_story import deadlines_of as deadlines_of_treatment
from inspections.views.major_story import read_treatment
from responsibilities.models import ActionFixer, ChainSnapshot, CorrectiveAction, Deadline, ExtensionRequest, Person, Unit
from safetyplant.documents.models import Clause

PEOPLE = ("reported_by", "holder", "assessed_by", "closed_by", "cancelled_by", "stopped_by", "releaser", "released_by")
PEOPLE_OF_ACTION = ("owner", "verifier", "submitted_by", "verified_by", "cancelled_by")


def read_hazard(user: Person, pk: int) -> Hazard:
    """The hazard if this reader may see it (else 404), with its action, people, chain and the words it cites.

    Besides its fields it carries `decider` (who is to say whether it is major), `inspection_number`, `item_words` and
    `clause_words` (see `clause_words`), `treatment` (of a major one, see `read_treatment`), `acceptance`, `repeated`;
    of checks of similar places `last_check` (id, number, state, counts), `found_elsewhere` (what its checks found;
    `tell_hazard_checks` leaves out what is not for the reader) and `from_check` (the one that found it). Its action
    carries `assisting_names` and `extension_deadlines`. The chain and its people are set, so that nothing more is read for them.
    """
    hazard: Hazard = get_object_or_404(_hazards().visible_to(user), pk=pk)
    if hazard.action_id is not None:
        hazard.action = _actions().get(pk=hazard.action_id)
    if hazard.chain_id is not None:
        hazard.chain = ChainSnapshot(pk=hazard.chain_id, links=hazard.chain_links)  # type: ignore[attr-defined]
    fill_people(hazard)
    hazard.treatment = read_treatment(hazard)  # type: ignore[attr-defined]
    hazard.acceptance = standing_acceptance(hazard) if hazard.accepted_until is not None else None  # type: ignore[attr-defined]
    hazard.repeated = repeated_by(hazard, user)  # type: ignore[attr-defined]
    return hazard


def repeated_by(hazard: Hazard, user: Person) -> Hazard | None:
    """The earlier hazard that this one repeats, if the reader may see it."""
    if hazard.repeat_of_id is None:
        return None
    return Hazard.objects.visible_to(user).only("number", "found_at", "closed_at").filter(pk=hazard.repeat_of_id).first()


@cache
def _hazards() -> Any:
    """Built once: resolving these expressions costs more than the database needs to answer them."""
    checks = PlaceCheck.objects.filter(hazard=OuterRef("pk")).with_counts().order_by("-sent_at", "-pk")
    check_told = JSONObject(id="pk", number="number", status="status", total="total", waiting="waiting", found="found")
    elsewhere = Hazard.objects.filter(found_by_check__place_check__hazard=OuterRef("pk")).order_by("found_at", "pk")
    found_told = JSONObject(id="pk", number="number", status="status", unit="unit_id", by="reported_by_id", place="place__name")
    answers = PlaceAnswer.objects.filter(hazard=OuterRef("pk")).order_by()
    check_words = JSONObject(id="place_check_id", number="place_check__number")
    return (
        Hazard.objects.select_related("unit", "place", "level", "category")
        .defer("search")
        .annotate(
            inspection_number=one_of(Inspection, "inspection_id", F("number")),
            decider=one_of(Deadline, "decide_deadline_id", F("owner")),
            chain_links=one_of(ChainSnapshot, "chain_id", F("links"), output_field=JSONField()),
            item_words=clause_words("item_id"),
            clause_words=clause_words("clause_id"),
            last_check=Subquery(checks.values(told=check_told)[:1], output_field=JSONField()),
            found_elsewhere=ArraySubquery(elsewhere.values(told=found_told)),
            from_check=Subquery(answers.values(told=check_words)[:1], output_field=JSONField()),
        )
    )


@cache
def _actions() -> Any:
    assisting = Unit.objects.filter(assisted_actions=OuterRef("pk")).order_by("path").values("name")
    extensions = ExtensionRequest.objects.filter(action=OuterRef("pk")).order_by("pk").values("deadline")
    fixers = ActionFixer.objects.filter(action=OuterRef("pk")).values("person")
    actions = CorrectiveAction.objects.select_related("deadline", "check_deadline", "unit", "level")
    # Fills the cached property of that name, so that no page asks once more.
    return actions.annotate(  # type: ignore[no-redef]
        fixer_ids=ArraySubquery(fixers), assisting_names=ArraySubquery(assisting), extension_deadlines=ArraySubquery(extensions)
    )


def one_of(model: type[Model], reference: str, value: Any, **options: Any) -> Subquery:
    """One value of the row a foreign key points at, without a join."""
    return Subquery(model._base_manager.filter(pk=OuterRef(reference)).order_by().values(found=value)[:1], **options)


def clause_words(reference: str) -> Subquery:
    """What a citation of a clause says: its number, the version, and the document's title in both languages."""
    words = JSONObject(
        number="number", version="version__number", title="version__document__title", title_zh="version__document__title_zh"
    )
    return one_of(Clause, reference, words, output_field=JSONField())


def fill_people(hazard: Hazard) -> None:
    """Everyone named on the page, read in one query."""
    named: list[tuple[Any, str]] = [(hazard, name) for name in PEOPLE]
    if hazard.action is not None:
        named += [(hazard.action, name) for name in PEOPLE_OF_ACTION]
    ids = {getattr(record, f"{name}_id") for record, name in named} | set(ids_in_chain(hazard))
    people = Person.objects.in_bulk(ids - {None})
    for record, name in named:
        if (pk := getattr(record, f"{name}_id")) is not None:
            setattr(record, name, people[pk])
    hazard.chain_people = people  # type: ignore[attr-defined]


def ids_in_chain(hazard: Hazard) -> Iterable[int | None]:
    links = hazard.chain.links if hazard.chain_id is not None else []
    return (pk for link in links for pk in (link.get("person_id"), link.get("acting_for_id")))


def deadlines_of(hazard: Hazard) -> list[int]:
    """Everything that was or is owed about this hazard, as the ids of its deadlines."""
    found = [hazard.assess_deadline_id, hazard.decide_deadline_id, hazard.release_deadline_id]
    action = hazard.action
    if action is not None:
        found += [action.deadline_id, action.check_deadline_id, *action.extension_deadlines]  # type: ignore[attr-defined]
    if hazard.acceptance is not None:  # type: ignore[attr-defined]
        found.append(hazard.acceptance.deadline_id)  # type: ignore[attr-defined]
    treatment = hazard.treatment  # type: ignore[attr-defined]
    return [*(pk for pk in found if pk), *(deadlines_of_treatment(treatment) if treatment is not None else ())]
