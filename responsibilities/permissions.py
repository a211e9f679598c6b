"""What a user may do in this room: called by the workflows (which enforce) and the views (which show the button)."""

from typing import TYPE_CHECKING

from django.apps import apps

from responsibilities.roles import Right

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Deadline, Escalation, ExtensionRequest, Person, Unit


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
    return user.pk != person.pk and user.standing.has_for(Right.SUSPEND_ACCESS, person.unit)


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
    """SECURITY: whoever owns or submitted the fix, in whatever role, may never accept it."""
    return user.pk in (action.owner_id, action.submitted_by_id)


def can_verify_action(user: "Person", action: "CorrectiveAction") -> bool:
    if not user.is_active or is_fixer(user, action):
        return False
    return user.pk == action.verifier_id or user.standing.has_for(right_to_verify(action), action.unit)


def right_to_verify(action: "CorrectiveAction") -> Right:
    """Graver levels are checked higher up: serious by a leader, major closed by the director (catalogue.json `severity`)."""
    if action.level is not None and action.level.is_major:
        return Right.CLOSE_MAJOR
    if action.level is not None and action.level.is_urgent:
        return Right.VERIFY_SERIOUS
    return Right.VERIFY_FIX


def can_assign_action(user: "Person", action: "CorrectiveAction") -> bool:
    return user.standing.has_for(Right.ASSIGN_FIX, action.unit)


def can_cancel_action(user: "Person", action: "CorrectiveAction") -> bool:
    """Those who assess, never the fixer: a fix must not vanish by the hand of the one who owes it."""
    return not is_fixer(user, action) and user.standing.has_for(Right.ASSESS_HAZARD, action.unit)


def can_ask_extension(user: "Person", action: "CorrectiveAction") -> bool:
    return can_fix_action(user, action)


def can_decide_extension(user: "Person", request: "ExtensionRequest") -> bool:
    if user.pk == request.asked_by_id or is_fixer(user, request.action):
        return False
    return user.standing.has_for(Right.DECIDE_EXTENSION, request.action.unit)


def can_answer_escalation(user: "Person", escalation: "Escalation") -> bool:
    """The one who was asked, or someone with the right to assign for the unit (the next above, a deputy)."""
    if not user.is_active:
        return False
    return user.pk == escalation.addressee_id or user.standing.has_for(Right.DECIDE_EXTENSION, escalation.deadline.unit)


def can_extend(user: "Person", deadline: "Deadline") -> bool:
    """Moving a date is for those above: the one who owes it asks instead."""
    return user.pk != deadline.owner_id and user.standing.has_for(Right.DECIDE_EXTENSION, deadline.unit)


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

    Today or on a later day, and a deputy's unit is that of the one stood in for. Whoever reads the admin reads the whole plant.
    """
    if not can_manage_person(user, person) or (person.is_staff and not user.standing.everywhere(Right.MANAGE_PEOPLE)):
        return False
    held = person.appointments.not_over().select_related("unit", "deputy_of__unit")
    units = [appointment.deputy_of.unit if appointment.deputy_of else appointment.unit for appointment in held]
    return all(user.standing.has_for(Right.MANAGE_PEOPLE, unit) for unit in units)


def can_appoint(user: "Person", person: "Person", unit: "Unit") -> bool:
    """SECURITY: nobody gives a role to themself, else the right to appoint would be every right."""
    return user.pk != person.pk and can_manage_appointments(user, unit)


def can_manage_appointments_somewhere(user: "Person") -> bool:
    return user.standing.has(Right.MANAGE_APPOINTMENTS)
