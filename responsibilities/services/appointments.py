"""Who holds which role from which day: appointments are made and ended, never rewritten."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.choices import SINGLE_HOLDER_ROLES, RoleCode, UnitKind
from responsibilities.models import Appointment, Person, Unit
from responsibilities.services.handover import hand_over_work
from responsibilities.services.succession import hand_over_post
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record


def appoint_person(
    person: Person,
    *,
    role: str,
    unit: Unit,
    by: Person | None,
    starts_on: date,
    ends_on: date | None = None,
    field: str = "",
    deputy_of: Appointment | None = None,
) -> Appointment:
    """Give a person a role from a day through a day (`ends_on` None: until further notice).

    Raises ValidationError with a sentence per field: the role is held by someone else in these days, a deputy acts beyond
    the days of the one they stand in for, the days are in the wrong order. A deputy's unit is that of `deputy_of`.
    """
    if deputy_of is not None:
        unit = deputy_of.unit
    appointment = Appointment(
        person=person,
        role=role,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        field=field if role == RoleCode.FIELD_LEADER else "",
        deputy_of=deputy_of if role == RoleCode.DEPUTY else None,
        created_by=by,
    )
    if by is not None:
        _require_may_appoint(by, appointment)
    _make(appointment, by)
    person.__dict__.pop("standing", None)
    return appointment


def _require_may_appoint(by: Person, appointment: Appointment) -> None:
    require(permissions.can_make_appointment(by, appointment), _("This appointment is for someone else to make."))
    # Who held each link of a past day is a matter of record; only loading earlier records may say it afterwards.
    if appointment.starts_on < timezone.localdate():
        raise ValidationError({"starts_on": _("Choose today or a later day: who answered on past days stays as it was.")})


def _make(appointment: Appointment, by: Person | None) -> None:
    check_appointment(appointment)
    try:
        with transaction.atomic():
            appointment.save()
            _record("appointment.made", appointment, by=by)
            _hand_over_decisions(appointment, by)
    except IntegrityError as fault:
        # Someone else appointed in the same moment: the database refuses, the person reads the same sentence.
        raise _conflict(appointment) or fault from fault


def _hand_over_decisions(appointment: Appointment, by: Person | None) -> None:
    """Who leads a unit from today on decides no longer about its dates: what waits for them there goes to the next above."""
    role, _unit = permissions.post_of(appointment)
    if role.code == RoleCode.UNIT_HEAD and appointment.starts_on <= timezone.localdate():
        hand_over_work(appointment.person, by=by, now=timezone.now(), fixes=Q(pk=None))


def check_appointment(appointment: Appointment) -> None:
    """Everything the database would refuse, said before in words; raises ValidationError."""
    faults: dict[str, Any] = {}
    if appointment.ends_on is not None and appointment.ends_on < appointment.starts_on:
        faults["ends_on"] = _("The last day cannot be before the first.")
    if not appointment.person.is_active:
        faults["person"] = _("%(name)s has no access. Restore it first, or choose someone else.") % {
            "name": appointment.person.name
        }
    if not appointment.unit.is_active:
        faults["unit"] = _("%(unit)s is closed. Choose a unit that is active.") % {"unit": appointment.unit.name}
    if appointment.role == RoleCode.FIELD_LEADER and not appointment.field:
        faults["field"] = _("Choose the field this leader answers for.")
    if appointment.role == RoleCode.DEPUTY:
        faults |= _deputy_faults(appointment)
    if appointment.role == RoleCode.CONTRACT_MANAGER:
        faults |= _contract_faults(appointment)
    if faults:
        raise ValidationError(faults)
    conflict = _conflict(appointment)
    if conflict is not None:
        raise conflict


def _contract_faults(appointment: Appointment) -> dict[str, Any]:
    """SECURITY: the plant's own hand between a contractor and its host; one of the contractor's people would be no second one."""
    person, unit = appointment.person, appointment.unit
    if unit.kind != UnitKind.CONTRACTOR:
        return {"unit": _("A contract manager answers for a contractor. Choose a unit of that kind.")}
    if person.unit is not None and person.unit.path.startswith(unit.path):
        return {
            "person": _("%(name)s belongs to the contractor. Its contract manager is one of the plant.") % {"name": person.name}
        }
    return {}


def _deputy_faults(appointment: Appointment) -> dict[str, Any]:
    held = appointment.deputy_of
    if held is None:
        return {"deputy_of": _("Choose whom the deputy stands in for.")}
    if held.person_id == appointment.person_id:
        return {"deputy_of": _("Nobody is their own deputy.")}
    if held.role == RoleCode.DEPUTY:
        return {"deputy_of": _("A deputy has no deputy. Choose the one who holds the role.")}
    if appointment.starts_on < held.starts_on:
        return {"starts_on": _("%(name)s holds the role only from %(day)s.") % _name_and_day(held, held.starts_on)}
    if held.ends_on is not None and (appointment.ends_on is None or appointment.ends_on > held.ends_on):
        return {"ends_on": _("%(name)s holds the role only through %(day)s.") % _name_and_day(held, held.ends_on)}
    return {}


def _name_and_day(held: Appointment, day: date) -> dict[str, str]:
    return {"name": held.person.name, "day": date_format(day, "DATE_FORMAT")}


def overlapping(appointment: Appointment) -> Appointment | None:
    """The appointment that keeps this one from being made: the same post, in the same days."""
    rivals = Appointment.objects.filter(unit_id=appointment.unit_id, role=appointment.role).exclude(pk=appointment.pk)
    if appointment.role == RoleCode.FIELD_LEADER:
        rivals = rivals.filter(field=appointment.field)
    elif appointment.role == RoleCode.DEPUTY:
        rivals = rivals.filter(deputy_of_id=appointment.deputy_of_id)
    elif appointment.role not in SINGLE_HOLDER_ROLES:
        rivals = rivals.filter(person_id=appointment.person_id)
    rivals = rivals.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=appointment.starts_on))
    if appointment.ends_on is not None:
        rivals = rivals.filter(starts_on__lte=appointment.ends_on)
    return rivals.select_related("person").order_by("starts_on").first()


def _conflict(appointment: Appointment) -> ValidationError | None:
    rival = overlapping(appointment)
    if rival is None:
        return None
    words = {"name": rival.person.name, "from": date_format(rival.starts_on, "DATE_FORMAT")}
    if rival.ends_on is not None:
        words["through"] = date_format(rival.ends_on, "DATE_FORMAT")
        held = _("%(name)s holds this role from %(from)s through %(through)s. Choose other days, or end that appointment first.")
        acts = _("%(name)s stands in from %(from)s through %(through)s. Choose other days, or end that appointment first.")
    else:
        held = _("%(name)s holds this role from %(from)s until further notice. End that appointment first.")
        acts = _("%(name)s stands in from %(from)s until further notice. End that appointment first.")
    text = acts if rival.role == RoleCode.DEPUTY else held
    return ValidationError({"starts_on": text % words})


@transaction.atomic
def end_appointment(appointment: Appointment, *, ends_on: date, by: Person | None, reason: str = "") -> Appointment:
    """The last day is `ends_on`; deputies of the holder act no longer than that, and those who would begin later never do.

    Past days are history: an appointment that has ended stays as it is (WrongState), and no end lies before yesterday. An end
    is never put off: a successor may have been appointed for the days after it.
    """
    appointment = locked(Appointment.objects.select_related("person", "unit", "deputy_of__unit"), appointment.pk)
    if by is not None:
        require(permissions.can_end_appointment(by, appointment), _("This appointment is for someone else to end."))
    _check_end(appointment, ends_on, timezone.localdate())
    _end(appointment, ends_on, by=by, reason=reason)
    return appointment


def _check_end(appointment: Appointment, ends_on: date, today: date) -> None:
    if appointment.ends_on is not None and appointment.ends_on < today:
        raise WrongState(_("This appointment has ended already."))
    if appointment.ends_on is not None and ends_on > appointment.ends_on:
        words = {"day": date_format(appointment.ends_on, "DATE_FORMAT")}
        raise ValidationError(
            {"ends_on": _("It ends already on %(day)s. For the days after it, make a new appointment.") % words}
        )
    if ends_on < appointment.starts_on:
        raise ValidationError({"ends_on": _("The last day cannot be before the first.")})
    if ends_on < today - timedelta(days=1):
        raise ValidationError({"ends_on": _("Past days cannot be changed. The earliest last day is yesterday.")})


def _end(appointment: Appointment, ends_on: date, *, by: Person | None, reason: str = "") -> None:
    old, appointment.ends_on = appointment.ends_on, ends_on
    appointment.save(update_fields=["ends_on"])
    changes = {"ends_on": [old.isoformat() if old else "", ends_on.isoformat()]}
    _record("appointment.ended", appointment, by=by, changes=changes, quote=reason)
    _shorten(appointment.deputies.all(), ends_on, by=by)
    appointment.person.__dict__.pop("standing", None)
    now = timezone.now()
    if ends_on < timezone.localdate(now):
        # Over at once: nothing waits for the sweep, nor for someone who may no longer do it.
        hand_over_post(appointment, by=by, now=now, until=now)


def _shorten(appointments: Any, last: date, *, by: Person | None) -> None:
    """None of these goes on after this day: those in force end on it, those ahead are taken back."""
    going_on = appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last)).select_for_update(of=("self",))
    for appointment in going_on.select_related("person", "unit").order_by("pk"):
        if appointment.starts_on > last:
            _withdraw(appointment, by=by)
        else:
            _end(appointment, last, by=by)


def _withdraw(appointment: Appointment, *, by: Person | None) -> None:
    """Take back an appointment that has not begun: it held on no day, so no record rests on it."""
    for deputy in appointment.deputies.select_related("person", "unit").order_by("pk"):
        _withdraw(deputy, by=by)
    _record("appointment.withdrawn", appointment, by=by)
    appointment.delete()
    appointment.person.__dict__.pop("standing", None)


def end_all_of(unit: Unit, *, last: date, by: Person | None) -> None:
    """A unit that closes: all that is held for it ends on that day, each with an event of its own.

    The right is that to close the unit, which the caller has asked for. Deputies go with those they stand in for.
    """
    _shorten(unit.appointments.exclude(role=RoleCode.DEPUTY), last, by=by)


def _record(
    event: str, appointment: Appointment, *, by: Person | None, changes: dict[str, Any] | None = None, quote: str = ""
) -> None:
    detail = {
        "role": appointment.role,
        "unit": appointment.unit.name,
        "from": appointment.starts_on.isoformat(),
        "through": appointment.ends_on.isoformat() if appointment.ends_on else "",
        "quote": quote,
    }
    record(event, appointment, by=by, changes=changes, detail=detail, personal={"name": appointment.person.name})
