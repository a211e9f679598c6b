"""One finding, all places: a check of similar places is sent, answered place by place, closed with the last answer.

    (a hazard) ──send_check──▶ open ──last answer (answer_places)──▶ closed
                               open ──cancel_check, with a reason──▶ cancelled

A place that is found to have it too becomes a hazard of its own through `report_hazard`. Order of locks: the deadlines of the
shares, then the check, then its answers (`responsibilities/workflows/deadlines.py`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import CheckStatus, HazardStatus, PlaceResult
from inspections.models import CheckShare, Hazard, PlaceAnswer, PlaceCheck
from inspections.permissions import can_answer_place, can_cancel_check, can_send_check, can_send_check_to
from inspections.services.hazards import HazardReport
from inspections.services.place_checks import (
    ANSWER_KIND,
    MOST_PLACES,
    RUNNING,
    CheckData,
    PlaceSeen,
    link_of,
    new_shares,
    save_check,
    told_key,
)
from inspections.workflows.reports import report_hazard
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind, PlaceKind
from responsibilities.models import Deadline, Person
from responsibilities.services.deadlines import FURTHEST, require_near
from responsibilities.workflows import cancel_deadline, meet_deadline
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import Row, record, record_many
from safetyplant.intake.services import write_once
from safetyplant.notifications.services import Notice, cancel, notify, notify_many
from safetyplant.numbering.services import next_number

# --- sent ----------------------------------------------------------------------------------------------------------------


def send_check(data: CheckData, *, by: Person, now: datetime | None = None) -> tuple[PlaceCheck, bool]:
    """Ask every one of these places whether the hazard is there too. Returns the check and whether it is new.

    Whoever answers for a place owes its answer; of several places one person owes one deadline and hears of it once. Call it
    outside a transaction. Raises DifferentBody when the same client id came with another body.
    """
    require(can_send_check(by, data.hazard), _("Officers, leaders and the unit's head send a check to other places."))
    moment = now or timezone.now()

    def make(digest: str) -> PlaceCheck:
        return _make_sent(data, digest, by, moment)

    return write_once(
        PlaceCheck.objects, creator_field="sent_by", by=by, client_id=data.client_id, body=data.canonical(), make=make
    )


def _make_sent(data: CheckData, digest: str, by: Person, now: datetime) -> PlaceCheck:
    hazard = locked(Hazard.objects.select_related("unit", "place"), data.hazard.pk)
    _require_sendable(hazard, data, by, now)
    shares = new_shares(data, ChainReader(timezone.localdate(now)), now=now)
    check = PlaceCheck(
        client_id=data.client_id,
        body_hash=digest,
        hazard=hazard,
        unit=hazard.unit,
        title=data.title,
        description=data.description,
        sent_at=now,
        sent_by=by,
        due_at=data.due_at,
    )
    # The number last: its row stays locked until the commit.
    check.number = next_number("PC", timezone.localdate(now))
    save_check(check, shares)
    detail = {"count": len(data.places), "check": check.number}
    record("check.sent", check, by=by, detail={**detail, "quote": data.description}, at=now)
    record("hazard.check_sent", hazard, by=by, detail=detail, at=now)
    _tell_asked(check, [(share, len(places)) for share, places in shares], by=by, now=now)
    return check


def _require_sendable(hazard: Hazard, data: CheckData, by: Person, now: datetime) -> None:
    if hazard.status == HazardStatus.CANCELLED:
        raise WrongState(_("This hazard is cancelled: there is nothing to look for."))
    if hazard.place_checks.filter(status=CheckStatus.OPEN).exists():
        raise WrongState(_("A check of this hazard is running already. Wait for its answers, or cancel it first."))
    if not data.places:
        raise ValidationError({"places": _("Choose at least one place.")})
    if len(data.places) > MOST_PLACES:
        raise ValidationError({"places": _("At most %(count)d places in one check.") % {"count": MOST_PLACES}})
    for place in data.places:
        usable = place.is_active and place.kind != PlaceKind.ROUTE and place.pk != hazard.place_id
        if not usable or not can_send_check_to(by, place.unit):
            raise ValidationError({"places": _("%(place)s cannot be chosen here.") % {"place": place.name}})
    if data.due_at <= now:
        raise ValidationError({"due_on": _("This day has passed. Choose today or later.")})
    require_near(data.due_at, last_day=timezone.localdate(now + FURTHEST), is_far_allowed=True, now=now)


def _tell_asked(check: PlaceCheck, shares: Sequence[tuple[CheckShare, int]], *, by: Person, now: datetime) -> None:
    """One message for each person, however many units and places they answer for."""
    places: dict[int, int] = {}
    for share, count in shares:
        places[share.asked_id] = places.get(share.asked_id, 0) + count
    places.pop(by.pk, None)
    due = {"at": check.due_at.isoformat()}
    notify_many(
        (
            Notice(
                person,
                "check.asked",
                {"number": check.number, "title": check.title, "count": count, "by": by.name, "due": due},
                link_of(check),
                withdraw_key=told_key(check.pk, person),
            )
            for person, count in places.items()
        ),
        now=now,
    )


# --- answered ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def answer_places(check: PlaceCheck, seen: Sequence[PlaceSeen], *, by: Person, now: datetime | None = None) -> PlaceCheck:
    """What was seen at these places, each answered once. With the last place of all the check is closed.

    Raises WrongState when one of them has an answer already, ValidationError (`note`) without a reason where it does not apply.
    """
    moment = now or timezone.now()
    ids = [each.answer.pk for each in seen]
    deadlines = set(PlaceAnswer.objects.filter(pk__in=ids).values_list("share__deadline_id", flat=True))
    check = _locked_check(check, deadlines)
    require_state(check, CheckStatus.OPEN)
    rows = (
        PlaceAnswer.objects.filter(place_check=check, pk__in=ids).select_related("place__unit", "share__deadline").order_by("pk")
    )
    answers = {answer.pk: answer for answer in rows.select_for_update(of=("self",))}
    for each in seen:
        _answer_one(check, answers[each.answer.pk], each, by=by, now=moment)
    record_many(_told_row(answer, by, moment) for answer in answers.values())
    _meet_shares(deadlines, now=moment)
    if not check.answers.waiting().exists():
        _close(check, by=by, now=moment)
    _settle_told(check, now=moment)
    return check


def _answer_one(check: PlaceCheck, answer: PlaceAnswer, seen: PlaceSeen, *, by: Person, now: datetime) -> None:
    require(can_answer_place(by, answer), _("Whoever answers for this place says what was seen there."))
    if answer.answer:
        raise WrongState(_("%(place)s has an answer already.") % {"place": answer.place.name})
    result = PlaceResult(seen.result)
    if result == PlaceResult.NA and not seen.note.strip():
        raise ValidationError({"note": _("Say why it does not apply here.")})
    answer.answer, answer.note = result, seen.note
    answer.answered_at, answer.answered_by = now, by
    if result == PlaceResult.FOUND:
        answer.hazard = _report_found(check, answer, seen, by=by, now=now)
    elif seen.photos:
        answer.photos = new_set(ANSWER_KIND)
        bind(answer.photos, seen.photos, by=by, purpose="evidence", now=now)
    answer.save()


def _report_found(check: PlaceCheck, answer: PlaceAnswer, seen: PlaceSeen, *, by: Person, now: datetime) -> Hazard:
    """A report like any other: assessed, fixed and closed by itself."""
    source = check.hazard
    report = HazardReport(
        title=check.title,
        unit=answer.place.unit,
        place=answer.place,
        description=seen.note,
        immediate_danger=seen.danger,
        stop_work=seen.danger,
        field=source.field,
        category=source.category,
        photos=seen.photos,
    )
    hazard, _is_new = report_hazard(report, by=by, now=now)
    return hazard


def _told_row(answer: PlaceAnswer, by: Person, now: datetime) -> Row:
    """SECURITY: of the answer, not of the check: what was seen at a place is told to those alone who see the place's row."""
    action = {"fine": "check.fine", "found": "check.found", "na": "check.not_applicable"}[answer.answer]
    detail: dict[str, Any] = {"place": answer.place.name, "quote": answer.note}
    if answer.hazard is not None:
        detail["hazard"] = answer.hazard.number
    return Row(action, answer, by, detail=detail, at=now)


def _meet_shares(deadline_ids: Iterable[int], *, now: datetime) -> None:
    """A share whose places have all answered is done."""
    owing = PlaceAnswer.objects.waiting().filter(share__deadline__in=deadline_ids).values("share__deadline_id")
    for deadline in Deadline.objects.filter(pk__in=deadline_ids, status__in=RUNNING).exclude(pk__in=owing).order_by("pk"):
        meet_deadline(deadline, now=now)


def _close(check: PlaceCheck, *, by: Person, now: datetime) -> None:
    check.status = CheckStatus.CLOSED
    check.closed_at = now
    check.revision += 1
    check.save()
    results = list(check.answers.values_list("answer", flat=True))
    total, found = len(results), results.count(PlaceResult.FOUND)
    record("check.closed", check, by=by, detail={"count": total, "found": found}, at=now)
    if check.sent_by_id != by.pk:
        params = {"number": check.number, "title": check.title, "count": total, "found": found}
        notify("check.closed", [check.sent_by_id], params=params, link=link_of(check), now=now)


# --- cancelled -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def cancel_check(
    check: PlaceCheck, *, reason: str, by: Person, revision: int | None = None, now: datetime | None = None
) -> PlaceCheck:
    """Nobody needs to look any more. What was answered stays; hazards found stay hazards."""
    moment = now or timezone.now()
    deadlines = list(CheckShare.objects.filter(place_check=check).values_list("deadline_id", flat=True))
    check = _locked_check(check, deadlines)
    require(can_cancel_check(by, check), _("Whoever sent the check, or assesses hazards there, cancels it."))
    require_state(check, CheckStatus.OPEN)
    if revision is not None and revision != check.revision:
        raise StaleVersion(_("Someone changed this check meanwhile. Look at it again, then decide."))
    running = list(Deadline.objects.filter(pk__in=deadlines, status__in=RUNNING).order_by("pk"))
    for deadline in running:
        cancel_deadline(deadline, now=moment)
    check.status = CheckStatus.CANCELLED
    check.cancelled_at, check.cancelled_by, check.cancel_reason = moment, by, reason
    check.revision += 1
    check.save()
    record("check.cancelled", check, by=by, detail={"quote": reason}, at=moment)
    people = {deadline.owner_id for deadline in running} - {by.pk}
    params = {"number": check.number, "title": check.title, "by": by.name, "reason": reason}
    notify("check.cancelled", sorted(people), params=params, link=link_of(check), now=moment)
    _settle_told(check, now=moment)
    return check


# --- what both need ------------------------------------------------------------------------------------------------------


def _locked_check(check: PlaceCheck, deadline_ids: Iterable[int]) -> PlaceCheck:
    lock_deadlines(deadline_ids)
    return locked(PlaceCheck.objects.select_related("hazard__category", "hazard__unit", "unit", "sent_by"), check.pk)


def _settle_told(check: PlaceCheck, *, now: datetime) -> None:
    """The message that asked someone is settled once they owe nothing of the check any more."""
    shares = list(CheckShare.objects.filter(place_check=check).values_list("asked_id", "deadline__owner_id", "deadline__status"))
    owing = {owner for _asked, owner, status in shares if status in RUNNING}
    cancel(*(told_key(check.pk, asked) for asked in {asked for asked, *_rest in shares} - owing), now=now)


def share_handed(deadline: Deadline, by: Person | None, now: datetime) -> None:
    """A share went to someone else, who is told of what they got: whoever was asked first is asked no more."""
    if deadline.kind != DeadlineKind.PLACES:
        return
    share = CheckShare.objects.filter(deadline=deadline).select_related("place_check").first()
    if share is not None:
        _settle_told(share.place_check, now=now)
