"""What must be true of hazards, their fixes and their deadlines at every moment, told by plain queries and counting."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from inspections.choices import LISTED, MajorStatus, VerifierRole
from inspections.models import Hazard, MajorTreatment, OutsideReport
from inspections.workflows.following import MIRROR
from responsibilities.choices import ActionStatus
from responsibilities.models import Appointment, CorrectiveAction, Deadline, Escalation, ExtensionRequest
from safetyplant.audit.models import Event

RELATED = (
    "action__deadline__owner",
    "action__check_deadline__owner",
    "assess_deadline__owner",
    "decide_deadline",
    "inspection",
)
ASKED = ("deadline", "answer_deadline")
ENDED = ("closed", "cancelled")
DAY_OF_OPEN = date(1, 1, 1)
FACTS = """
    SELECT unit_id, day, level_code, measure, sum(n)::int FROM (
        SELECT unit_id, day, level_code, measure, n FROM inspections_hazardfact
        UNION ALL SELECT unit_id, day, level_code, measure, n FROM inspections_hazarddelta
    ) AS both_tables GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
"""
#: Everything a refused transition must leave as it was.
TABLES = (
    "inspections_hazard",
    "inspections_acceptance",
    "inspections_sighting",
    "inspections_inspection",
    "inspections_majortreatment",
    "inspections_majorprogress",
    "inspections_majorverification",
    "inspections_outsidereport",
    "responsibilities_correctiveaction",
    "responsibilities_actionfixer",
    "responsibilities_deadline",
    "responsibilities_escalation",
    "responsibilities_extensionrequest",
    "responsibilities_reminder",
    "responsibilities_person",
    "notifications_message",
    "notifications_delivery",
    "audit_event",
    "numbering_series",
)


def broken() -> list[str]:
    """Every broken promise, in words; empty when all is well."""
    hazards = list(Hazard.objects.select_related(*RELATED).order_by("pk"))
    faults = [fault for hazard in hazards for fault in (*_mirror(hazard), *_ending(hazard), *_accepted(hazard), *_owed(hazard))]
    faults += _treatments(hazards)
    faults += _deadlines()
    faults += _facts(hazards)
    return faults


def fingerprint() -> tuple[str, ...]:
    """Changes when any row of `TABLES` does."""
    present = set(connection.introspection.table_names())
    parts = [
        f"(SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {table} t)"  # noqa: S608 - our own tables
        for table in TABLES
        if table in present
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        row: tuple[str, ...] = cursor.fetchone()
    return row


def _mirror(hazard: Hazard) -> Iterator[str]:
    action = hazard.action
    if action is None:
        return
    if hazard.status != MIRROR[ActionStatus(action.status)]:
        yield f"{hazard.number} is {hazard.status}, its fix {action.status}"
    if hazard.waiting_for != action.waiting_for:
        yield f"{hazard.number} waits for {hazard.waiting_for!r}, its fix for {action.waiting_for!r}"
    if hazard.fixer_id != action.owner_id or action.deadline.owner_id != action.owner_id:
        yield f"{hazard.number}: fixer {hazard.fixer_id}, owner of fix {action.owner_id} and date {action.deadline.owner_id}"
    if hazard.level_id != action.level_id:
        yield f"{hazard.number} is {hazard.level_id}, its fix {action.level_id}"
    if hazard.first_due_at != action.deadline.first_due_at:
        yield f"{hazard.number}: first date {hazard.first_due_at}, of its deadline {action.deadline.first_due_at}"
    hands = _hands_in(action)
    if action.verified_by_id in hands:
        yield f"{hazard.number} was checked by its fixer"
    if action.cancelled_by_id in hands:
        yield f"{hazard.number} was cancelled by its fixer"
    if action.status == ActionStatus.SUBMITTED and action.verifier_id in hands:
        yield f"{hazard.number} is to be checked by its fixer"


def _hands_in(action: CorrectiveAction) -> set[int]:
    """Whoever has it or ever had a hand in it, as the log tells it: not as the product remembers it."""
    return {action.owner_id, *_steps_by(action)}


def _steps_by(action: CorrectiveAction, *, until: datetime | None = None) -> set[int]:
    steps = Event.objects.filter(
        subject_type="responsibilities.correctiveaction",
        subject_id=action.pk,
        action__in=["action.started", "action.waiting", "action.submitted"],
    )
    return set((steps if until is None else steps.filter(at__lte=until)).values_list("actor_id", flat=True))


def _ending(hazard: Hazard) -> Iterator[str]:
    action = hazard.action
    if (hazard.status == "closed") != (hazard.closed_at is not None):
        yield f"{hazard.number}: {hazard.status} and closed_at {hazard.closed_at}"
    if action is None:
        return
    wanted = {"closed": "met", "cancelled": "cancelled", "submitted": "paused"}.get(hazard.status, "open")
    if hazard.accepted_until is not None:
        wanted = "paused"
    if action.deadline.status != wanted:
        yield f"{hazard.number} is {hazard.status}, its deadline {action.deadline.status}"
    if hazard.status == "closed" and (hazard.closed_at, hazard.closed_by_id) != (action.verified_at, action.verified_by_id):
        yield f"{hazard.number} was closed by another hand than its fix was accepted"


def _accepted(hazard: Hazard) -> Iterator[str]:
    """One stands while the hazard says so, of its level, by nobody who had a hand in the fix."""
    standing = list(hazard.acceptances.filter(ended_at=None))
    if [each.ends_at for each in standing] != ([hazard.accepted_until] if hazard.accepted_until else []):
        yield f"{hazard.number} is accepted until {hazard.accepted_until}, standing: {standing}"
    for each in standing:
        if each.level_id != hazard.level_id or hazard.status in (*ENDED, "reported", "submitted"):
            yield f"{hazard.number} ({hazard.status}, {hazard.level_id}) is still accepted as {each.level_id}"
        if each.accepted_by_id in _steps_by(hazard.action, until=each.accepted_at):
            yield f"{hazard.number} was accepted by its fixer"


def _owed(hazard: Hazard) -> Iterator[str]:
    """Exactly one thing is owed for an open hazard, by the holder; besides it only what has a reason."""
    running = {row.pk: row for row in Deadline.objects.filter(number=hazard.number, status="open").select_related("owner")}
    main = _main_deadline(hazard)
    wanted = {main.pk} if main is not None else set()
    wanted |= set(_also_owed(hazard))
    if set(running) != wanted:
        extra = [f"{row.kind} of {row.owner.name}" for pk, row in running.items() if pk not in wanted]
        yield f"{hazard.number} ({hazard.status}): owed without reason {extra}, missing {sorted(wanted - set(running))}"
    if hazard.status in ENDED:
        if hazard.holder_id is not None or hazard.due_at is not None:
            yield f"{hazard.number} is {hazard.status} and still with someone"
        return
    if main is None:
        yield f"{hazard.number} is {hazard.status} and nobody owes anything"
    elif (hazard.holder_id, hazard.due_at) != (main.owner_id, main.due_at):
        yield f"{hazard.number}: with {hazard.holder_id} by {hazard.due_at}, owed by {main.owner_id} by {main.due_at}"


def _main_deadline(hazard: Hazard) -> Deadline | None:
    if hazard.status in ENDED:
        return None
    if hazard.status == "reported":
        return hazard.assess_deadline
    if hazard.accepted_until is not None:
        return hazard.acceptances.get(ended_at=None).deadline
    assert hazard.action is not None  # a hazard beyond the report has a fix, or the mirror has said so
    return hazard.action.check_deadline if hazard.status == "submitted" else hazard.action.deadline


def _also_owed(hazard: Hazard) -> Iterator[int]:
    if hazard.possibly_major and hazard.status not in ENDED and hazard.decide_deadline_id is not None:
        yield hazard.decide_deadline_id
    if hazard.is_stopped and hazard.release_deadline_id is not None:
        yield hazard.release_deadline_id
    if hazard.action_id is not None and hazard.status not in ENDED:
        yield from ExtensionRequest.objects.filter(action=hazard.action_id, status="asked").values_list("deadline", flat=True)
    for treatment in MajorTreatment.objects.filter(hazard=hazard):
        yield from _owed_of(treatment, hazard)
    asked = Escalation.objects.filter(deadline__number=hazard.number, settled_at=None, suspended_at=None)
    yield from asked.values_list("answer_deadline", flat=True)


def _owed_of(treatment: MajorTreatment, hazard: Hazard) -> Iterator[int | None]:
    """What a major hazard also asks for: the plan or the word on it, the next progress, the signatures, the reports outside."""
    if treatment.status != MajorStatus.DROPPED:
        yield from OutsideReport.objects.filter(treatment=treatment, recorded_at=None).values_list("deadline", flat=True)
    if treatment.status not in LISTED:
        return
    yield treatment.progress_deadline_id
    if treatment.status == MajorStatus.PLANNING:
        yield treatment.plan_deadline_id
    elif treatment.status == MajorStatus.PROPOSED:
        yield treatment.approve_deadline_id
    elif hazard.status == "submitted":
        signed = set(treatment.verifications.filter(round=treatment.round).values_list("role", flat=True))
        asked = {VerifierRole.LEADER: treatment.checker_deadline_id, VerifierRole.EXPERT: treatment.expert_deadline_id}
        yield from (pk for role, pk in asked.items() if role not in signed)


def _treatments(hazards: list[Hazard]) -> Iterator[str]:
    """A hazard is treated as major exactly while it is one, and is not closed without both signatures of its last round."""
    living = {row.hazard_id: row for row in MajorTreatment.objects.exclude(status=MajorStatus.DROPPED)}
    for hazard in hazards:
        treatment = living.get(hazard.pk)
        is_major = hazard.level_id == "M" and hazard.status != "cancelled"
        if is_major != (treatment is not None):
            yield f"{hazard.number} ({hazard.status}, {hazard.level_id}): treated as major {treatment is not None}"
        elif treatment is not None and (hazard.status == "closed") != (treatment.status == MajorStatus.LIFTED):
            yield f"{hazard.number} is {hazard.status}, its supervision {treatment.status}"
        elif treatment is not None and treatment.status == MajorStatus.LIFTED:
            signed = set(treatment.verifications.filter(round=treatment.round, accepted=True).values_list("person", flat=True))
            if len(signed) != 2 or signed & (_hands_in(hazard.action) | {hazard.closed_by_id}):
                yield f"{hazard.number} was closed with the signatures of {signed}"
        if treatment is not None and treatment.status in LISTED:
            owed = treatment.progress.filter(written_at=None, missed_at=None).count()
            if owed != 1:
                yield f"{hazard.number}: {owed} progress reports owed at a time"


def _deadlines() -> list[str]:
    faults = [
        f"{row.kind} of {row.number} is {row.status} and has a next step"
        for row in Deadline.objects.exclude(status="open").exclude(next_step_at=None, next_position=None, next_occurrence=None)
    ]
    accepted = Hazard.objects.filter(accepted_until__isnull=False)
    held = set(accepted.values_list("action__deadline", flat=True))
    faults += [
        f"{row.kind} of {row.number} is {row.status} and was done at {row.done_at}"
        for row in Deadline.objects.exclude(status="cancelled").exclude(status="open", done_at=None)
        if row.status == "open" or (row.done_at is None) != (row.status == "paused" and (row.kind == "answer" or row.pk in held))
    ]
    return faults + [fault for row in Escalation.objects.filter(settled_at=None).select_related(*ASKED) for fault in _asked(row)]


def _asked(question: Escalation) -> Iterator[str]:
    """An answer is owed while what it is about runs, and waits with it while that is checked."""
    number, wanted = question.deadline.number, "paused" if question.suspended_at else "open"
    if question.deadline.status != wanted:
        yield f"an answer about {number} is {wanted}, what it is about {question.deadline.status}"
    if question.answer_deadline.status != wanted:
        yield f"an answer about {number} is {wanted}, its own date {question.answer_deadline.status}"


def owed_by_nobody() -> list[str]:
    """What waits for somebody who has no access any more."""
    faults = [
        f"{row.kind} of {row.number} waits for {row.owner.name}, who has no access"
        for row in Deadline.objects.filter(status__in=["open", "paused"], owner__is_active=False).select_related("owner")
    ]
    return faults + [
        f"{row.number} waits for the check of {row.verifier.name}, who has no access"
        for row in CorrectiveAction.objects.filter(status="submitted", verifier__is_active=False).select_related("verifier")
    ]


def is_thin() -> bool:
    """Director and leader are both gone, or one of them is and the officer, so that somebody would have to check their own fix.

    Then access can be taken away all the same, and work stays with whoever lost it; the sweep tells the next it finds.
    """
    alive = Appointment.objects.covering().filter(person__is_active=True)
    leaders = alive.filter(role__in=["director", "leader_in_charge"]).count()
    return leaders == 0 or leaders + alive.filter(role="safety_officer").count() < 2


def _facts(hazards: list[Hazard]) -> list[str]:
    counted: Counter[tuple[object, ...]] = Counter()
    for hazard in hazards:
        counted.update(_measures(hazard))
    with connection.cursor() as cursor:
        cursor.execute(FACTS)
        kept = {tuple(row[:4]): row[4] for row in cursor.fetchall()}
    return [
        f"fact {key}: kept {kept.get(key, 0)}, counted {counted.get(key, 0)}"
        for key in sorted(set(kept) | set(counted), key=str)
        if kept.get(key, 0) != counted.get(key, 0)
    ]


def _measures(hazard: Hazard) -> Iterator[tuple[object, ...]]:
    zone = ZoneInfo(settings.TIME_ZONE)

    def on(moment):  # type: ignore[no-untyped-def]
        return moment.astimezone(zone).date()

    def row(day, measure):  # type: ignore[no-untyped-def]
        return (hazard.unit_id, day, hazard.level_id or "-", measure)

    if hazard.status not in ENDED:
        yield row(DAY_OF_OPEN, "open")
    if hazard.status == "cancelled":
        return
    yield row(on(hazard.found_at), "reported")
    if hazard.repeat_of_id is not None:
        yield row(on(hazard.found_at), "repeat")
    if hazard.first_due_at is not None and not hazard.is_past:
        yield row(on(hazard.first_due_at), "due")
    if hazard.status == "closed":
        yield row(on(hazard.closed_at), "closed")
        if not hazard.is_past and hazard.done_at is not None and hazard.done_at <= hazard.first_due_at:
            yield row(on(hazard.first_due_at), "on_time")
