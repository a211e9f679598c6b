"""A check of similar places as its readers see it: what was asked, who answered what, who has not yet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _

from inspections.choices import CheckStatus, HazardStatus, PlaceResult
from inspections.models import CheckShare, Hazard, PlaceAnswer, PlaceCheck
from inspections.permissions import can_answer_place, can_cancel_check, can_send_check
from inspections.views.hazard_columns import hazard_url
from responsibilities.choices import DeadlineStatus
from responsibilities.lateness import merged, read_lateness
from responsibilities.models import Person, Place, Unit
from responsibilities.panels import Question, questions_for
from responsibilities.roles import Right
from safetyplant.attachments.models import Attachment
from safetyplant.audit.history import history
from safetyplant.shell.templatetags.shell import ref, when

ANSWER_RELATED = ("place__unit", "unit", "share__deadline__owner", "share__unit", "hazard", "answered_by", "photos")
Fact = tuple[str | Promise, Any]


@dataclass(frozen=True)
class ShareGroup:
    """The places of one person, those without an answer first."""

    share: CheckShare
    rows: list[PlaceAnswer]

    @property
    def waiting(self) -> int:
        return sum(1 for row in self.rows if not row.answer)

    @property
    def is_owed(self) -> bool:
        return self.share.deadline.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED)


@dataclass(frozen=True)
class CheckStory:
    """`counts` and `groups` are of the places this reader sees; `mine` are those they may answer now.

    `entries` tell of the check as a whole; what became of each place stands with it.
    """

    counts: dict[str, int]
    groups: list[ShareGroup]
    mine: list[PlaceAnswer]
    found: list[PlaceAnswer]
    source: Hazard | None
    facts: list[Fact]
    entries: list[Any]
    questions: tuple[Question, ...]
    can_cancel: bool


def tell_check(check: PlaceCheck, user: Person) -> CheckStory:
    rows = PlaceAnswer.objects.visible_to(user).filter(place_check=check).select_related(*ANSWER_RELATED)
    rows = rows.prefetch_related(Prefetch("photos__attachments", Attachment.objects.select_related("uploaded_by").order_by("pk")))
    answers = list(rows.order_by("share__unit__path", "share_id", "unit__path", "place__kind", "place__code"))
    groups = _groups(answers)
    source = Hazard.objects.visible_to(user).filter(pk=check.hazard_id).first()
    ledger = read_lateness([group.share.deadline_id for group in groups])
    return CheckStory(
        counts=_counts(answers),
        groups=groups,
        mine=[each for each in answers if check.is_open and not each.answer and can_answer_place(user, each)],
        found=[each for each in answers if each.hazard_id is not None],
        source=source,
        facts=_facts(check, source),
        entries=merged(history(check), ledger),
        questions=questions_for(user, ledger.waiting),
        can_cancel=check.is_open and can_cancel_check(user, check),
    )


def _groups(answers: Sequence[PlaceAnswer]) -> list[ShareGroup]:
    shares: dict[int, ShareGroup] = {}
    for answer in answers:
        shares.setdefault(answer.share_id, ShareGroup(answer.share, [])).rows.append(answer)
    for group in shares.values():
        group.rows.sort(key=lambda row: row.answer != "")
    return sorted(shares.values(), key=lambda group: group.waiting == 0)


def _counts(answers: Iterable[PlaceAnswer]) -> dict[str, int]:
    found = Counter(answer.answer or "waiting" for answer in answers)
    return {"total": found.total(), "waiting": found["waiting"], **{result.value: found[result.value] for result in PlaceResult}}


def _facts(check: PlaceCheck, source: Hazard | None) -> list[Fact]:
    where = format_html("{}, {}", ref(source.number, hazard_url(source)), source.title) if source is not None else ""
    return [
        (_("Found first"), where or check.unit.name),
        (_("Sent by"), check.sent_by.name),
        (_("Sent"), when(check.sent_at)),
        (_("Answers until"), when(check.due_at)),
        (_("Closed"), when(check.closed_at) if check.closed_at else ""),
    ]


@dataclass(frozen=True)
class UnitGroup:
    """Places of one unit to choose from; `chosen` are ticked."""

    unit: Unit
    places: list[tuple[Place, bool]]

    @property
    def ticked(self) -> int:
        return sum(1 for _place, is_ticked in self.places if is_ticked)


def by_unit(places: Iterable[Place], chosen: set[int] | None) -> list[UnitGroup]:
    """All are ticked to begin with (`chosen` None); afterwards as they were sent."""
    groups: dict[int, UnitGroup] = {}
    for place in places:
        group = groups.setdefault(place.unit_id, UnitGroup(place.unit, []))
        group.places.append((place, chosen is None or place.pk in chosen))
    return list(groups.values())


@dataclass(frozen=True)
class HazardChecks:
    """On the page of a hazard: its last check, what its checks found and this reader may see, and whether one may be sent."""

    last: dict[str, Any] | None
    found: list[dict[str, Any]]
    can_send: bool

    @property
    def state(self) -> str:
        return str(CheckStatus(self.last["status"]).label) if self.last is not None else ""

    @property
    def is_shown(self) -> bool:
        return self.last is not None or self.can_send


def tell_hazard_checks(hazard: Hazard, user: Person) -> HazardChecks:
    """`hazard` as `read_hazard` gives it: its checks are read with it. Counts are of all places that were asked.

    SECURITY: hazards found at units whose records this reader may not see are left out.
    """
    last, elsewhere = hazard.last_check, hazard.found_elsewhere or []  # type: ignore[attr-defined]
    may_send = can_send_check(user, hazard) and (last is None or last["status"] != CheckStatus.OPEN)
    if not elsewhere:
        return HazardChecks(last, [], may_send)
    units = None if user.standing.everywhere(Right.VIEW_RECORDS) else user.standing.unit_ids(Right.VIEW_RECORDS)
    seen = [each for each in elsewhere if units is None or each["unit"] in units or each["by"] == user.pk]
    return HazardChecks(last, [{**each, "state": HazardStatus(each["status"]).label} for each in seen], may_send)
