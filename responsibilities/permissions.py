"""What a user may do in this room: called by the workflows (which enforce) and the views (which show the button)."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings

from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.roles import ROLES, Right, Role

if TYPE_CHECKING:
    from responsibilities.models import Appointment, CorrectiveAction, Deadline, Escalation, ExtensionRequest, Person, Unit


def can_manage_units(user: "Person") -> bool:
    return user.standing.has(Right.MANAGE_UNITS)


def can_manage_unit(user: "Person", unit: "Unit") -> bool:
    return user.standing.has_for(Right.MANAGE_UNITS, unit)


def can_add_unit(user: "Person", parent: "Unit | None") -> bool:
    """Under a unit one manages. The top of the tree is made once, before anyone can be appointed to it."""
    if parent is None:
        return not apps.get_model("responsibilities", "Unit").objects.exists()
    return can_manage_unit(user, parent)


def can_manage_people(user: "Person") -> bool:
    return user.standing.has(Right.MANAGE_PEOPLE)


def can_manage_person(user: "Person", person: "Person") -> bool:
    return user.standing.has_for(Right.MANAGE_PEOPLE, person.unit) or (
        person.unit is None and user.standing.everywhere(Right.MANAGE_PEOPLE)
    )


def can_suspend_person(user: "Person", person: "Person") -> bool:
    """SECURITY: never of those above oneself, else each could lock out whoever could stop them (docs/adr/0011)."""
    return user.pk != person.pk and user.standing.has_for(Right.SUSPEND_ACCESS, person.unit) and not is_outranked(user, person)


def can_view_contact(user: "Person", person: "Person") -> bool:
    """Phone and e-mail: the person themself and those who may see persons of the unit."""
    return user.pk == person.pk or user.standing.has_for(Right.VIEW_PERSONAL, person.unit)


def can_view_history(user: "Person", person: "Person") -> bool:
    """What happened to someone's access and appointments, reasons included: themself and those who keep the log."""
    return user.pk == person.pk or user.standing.has_for(Right.VIEW_AUDIT, person.unit)


def can_view_debts(user: "Person", person: "Person") -> bool:
    """What someone owes: themself, and those who may see the records of their unit by appointment."""
    return user.pk == person.pk or user.standing.has_for(Right.VIEW_DASHBOARD, person.unit)


def can_manage_appointments(user: "Person", unit: "Unit") -> bool:
    return user.standing.has_for(Right.MANAGE_APPOINTMENTS, unit)


def can_end_appointment(user: "Person", appointment: "Appointment") -> bool:
    """SECURITY: whoever may end the director's post, or their deputy's, may afterwards reset their password."""
    role, unit = post_of(appointment)
    keeps_rank = role.code != RoleCode.DIRECTOR or user.standing.ranks_with(role, unit)
    return can_manage_appointments(user, appointment.unit) and keeps_rank


def can_import_records(user: "Person") -> bool:
    """For any unit: each row of a file is asked again for the unit it names."""
    return user.standing.has(Right.IMPORT_RECORDS)


# SECURITY: what is the plant's as a whole needs a right that reaches the whole tree: a contractor has an officer too.


def can_manage_standards(user: "Person") -> bool:
    """Standards and regulations: writing drafts and publishing them. They are the plant's, not one unit's."""
    return user.standing.everywhere(Right.MANAGE_STANDARDS)


def can_manage_catalogue(user: "Person") -> bool:
    """What levels ask for and when reminders go out, for the whole plant."""
    return user.standing.everywhere(Right.MANAGE_CATALOGUE)


def can_view_engine(user: "Person") -> bool:
    """Reminders and deliveries of the whole plant."""
    return user.standing.everywhere(Right.VIEW_ENGINE)


def can_view_action(user: "Person", action: "CorrectiveAction") -> bool:
    return type(action).objects.visible_to(user).filter(pk=action.pk).exists()


def can_fix_action(user: "Person", action: "CorrectiveAction") -> bool:
    """The owner, or the head of the lead unit (a deputy included) in the owner's place."""
    return user.is_active and (user.pk == action.owner_id or user.standing.has_for(Right.LEAD_FIX, action.unit))


def is_fixer(user: "Person", action: "CorrectiveAction") -> bool:
    """SECURITY: whoever has the fix or ever had a hand in it, in whatever role, may never accept it."""
    return user.pk in (action.owner_id, action.submitted_by_id) or user.pk in action.fixer_ids


def can_verify_action(user: "Person", action: "CorrectiveAction") -> bool:
    """SECURITY: whoever leads the unit's fixes checks one only when named (minor ones of their own people), never as a deputy.

    The named verifier checks it while they answer for the unit: a name in a record outlives no appointment.
    """
    if not user.is_active:
        return False
    is_named = user.pk == action.verifier_id and user.standing.answers_for(action.unit)
    is_above = user.standing.has_for(right_to_verify(action), action.unit) and not user.standing.leads_fixes(action.unit)
    return (is_named or is_above) and not is_fixer(user, action)


def right_to_verify(action: "CorrectiveAction") -> Right:
    """Graver levels are checked higher up: serious by a leader, major closed by the director (catalogue.json `severity`)."""
    if is_major_fix(action):
        return Right.CLOSE_MAJOR
    if action.level is not None and action.level.is_urgent:
        return Right.VERIFY_SERIOUS
    return Right.VERIFY_FIX


def can_assign_action(user: "Person", action: "CorrectiveAction") -> bool:
    return user.standing.has_for(Right.ASSIGN_FIX, action.unit)


def can_cancel_action(user: "Person", action: "CorrectiveAction") -> bool:
    """Those who assess, never the unit that fixes nor a fixer: a fix must not vanish by the hand of those who owe it."""
    assesses = user.standing.has_for(Right.ASSESS_HAZARD, action.unit) and not user.standing.leads_fixes(action.unit)
    return assesses and not is_fixer(user, action)


def can_ask_extension(user: "Person", action: "CorrectiveAction") -> bool:
    return can_fix_action(user, action)


def is_major_fix(action: "CorrectiveAction") -> bool:
    return action.level is not None and action.level.is_major


def can_decide_extension(user: "Person", request: "ExtensionRequest") -> bool:
    """SECURITY: someone above who neither asked, nor leads the unit's fixes, nor had a hand in this one.

    Of a major fix only the director.
    """
    if user.pk == request.asked_by_id or not user.standing.decides_for(request.action.unit):
        return False
    if is_major_fix(request.action) and not user.standing.has_for(Right.CLOSE_MAJOR, request.action.unit):
        return False
    return not is_fixer(user, request.action)


def decides_date(user: "Person", action: "CorrectiveAction") -> bool:
    """SECURITY: gives a fix another date unasked: from above, never the one who has it or had a hand in it."""
    return user.standing.decides_for(action.unit) and not is_fixer(user, action)


def can_change_date(user: "Person", action: "CorrectiveAction") -> bool:
    """That of a major fix is moved by an extension alone, as in `can_extend`."""
    return not is_major_fix(action) and decides_date(user, action)


def can_extend_far(user: "Person", unit: "Unit") -> bool:
    """To a date beyond what the level's term allows whoever decides."""
    return user.standing.has_for(Right.EXTEND_FAR, unit)


def can_answer_escalation(user: "Person", escalation: "Escalation") -> bool:
    """The one who was asked, while they answer for the unit, or someone with the right to decide there (above, a deputy)."""
    if not user.is_active:
        return False
    unit = escalation.deadline.unit
    is_asked = user.pk == escalation.addressee_id and (user.standing.answers_for(unit) or is_upper_office(user))
    return is_asked or user.standing.decides_for(unit)


def is_upper_office(user: "Person") -> bool:
    """Who speaks for the office above the plant: asked by its place in the schedule, with no appointment here."""
    return bool(settings.UPPER_OFFICE_EMPLOYEE) and user.username == settings.UPPER_OFFICE_EMPLOYEE


def can_extend(user: "Person", deadline: "Deadline") -> bool:
    """Moving a date is for those above: the one who owes it, or leads the unit's fixes, asks instead.

    That of a major fix is moved by an extension alone, which the director decides and which may need the upper plant's approval.
    """
    if deadline.kind == DeadlineKind.FIX and deadline.level is not None and deadline.level.is_major:
        return False
    return user.pk != deadline.owner_id and user.standing.decides_for(deadline.unit)


def can_reassign_for(user: "Person", deadline: "Deadline") -> bool:
    """Handing what a deadline owes to someone else: the same right as reassigning the corrective action behind it."""
    return user.standing.has_for(Right.ASSIGN_FIX, deadline.unit)


def can_view_records(user: "Person") -> bool:
    """Whoever has an account: which rows then exist for them is `visible_to`."""
    return user.is_active


def can_reset_password(user: "Person", person: "Person") -> bool:
    """Not one's own (the account page asks for the old one), nor of those who never log in."""
    return user.pk != person.pk and not person.is_external and can_act_as(user, person)


def can_change_email(user: "Person", person: "Person") -> bool:
    """One's own, and of those whose password one may reset: what the plant sends to someone goes there."""
    return user.pk == person.pk or can_act_as(user, person)


def can_act_as(user: "Person", person: "Person") -> bool:
    """SECURITY: who holds someone's password holds their rights, so it takes the right over every unit they are appointed to.

    Today or on a later day, and a deputy's unit is that of the one stood in for. Nor may they rank above: what a director alone
    may do would be the officer's after a reset.
    """
    if not can_manage_person(user, person):
        return False
    posts = posts_ahead(person)
    within = all(user.standing.has_for(Right.MANAGE_PEOPLE, unit) for _role, unit in posts)
    return within and all(user.standing.ranks_with(role, unit) for role, unit in posts)


def is_outranked(user: "Person", person: "Person") -> bool:
    """Whether this person holds, today or on a later day, a role above all that `user` holds for its unit."""
    return not all(user.standing.ranks_with(role, unit) for role, unit in posts_ahead(person))


def posts_ahead(person: "Person") -> "list[tuple[Role, Unit]]":
    return [post_of(held) for held in person.appointments.not_over().select_related("unit", "deputy_of__unit")]


def post_of(appointment: "Appointment") -> "tuple[Role, Unit]":
    """The role and unit of an appointment; a deputy's are those of the one they stand in for."""
    held = appointment.deputy_of or appointment
    return ROLES[held.role], held.unit


def can_appoint(user: "Person", person: "Person", unit: "Unit") -> bool:
    """SECURITY: nobody gives a role to themself, else the right to appoint would be every right."""
    return user.pk != person.pk and can_manage_appointments(user, unit)


def can_make_appointment(user: "Person", appointment: "Appointment") -> bool:
    """SECURITY: nor, through someone else, a role above one's own: a deputy of those above, or the director's post.

    The first director of a plant is appointed by whoever sets it up.
    """
    if not can_appoint(user, appointment.person, appointment.unit):
        return False
    role, unit = post_of(appointment)
    if appointment.deputy_of is None and (role.code != RoleCode.DIRECTOR or not _was_ever_held(role)):
        return True
    return user.standing.ranks_with(role, unit)


def can_give_role(user: "Person", code: str) -> bool:
    """For some unit, to someone: what a form offers. Each appointment is asked again (`can_make_appointment`)."""
    if code != RoleCode.DIRECTOR or not _was_ever_held(ROLES[code]):
        return True
    return any(grant.role.rank >= ROLES[code].rank for grant in user.standing.grants)


def _was_ever_held(role: Role) -> bool:
    return bool(apps.get_model("responsibilities", "Appointment").objects.filter(role=role.code).exists())


def can_manage_appointments_somewhere(user: "Person") -> bool:
    return user.standing.has(Right.MANAGE_APPOINTMENTS)
