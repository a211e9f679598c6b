"""How the history of this room's records is told, one sentence per event."""

from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from responsibilities.choices import AnswerKind, RoleCode, ScheduleCode, StageCode, WaitingFor
from safetyplant.audit.history import register


def _role(event: Any) -> dict[str, Any]:
    """The role in the reader's language, and an open end said as such."""
    code, through = event.detail.get("role"), event.detail.get("through")
    return {
        "role": RoleCode(code).label if code in RoleCode.values else code,
        "through": through or _("further notice"),
    }


def _answer(event: Any) -> dict[str, Any]:
    code = event.detail.get("answer")
    return {"answer": AnswerKind(code).label if code in AnswerKind.values else code}


def _submitted(event: Any) -> str:
    """With how many photos; that there is none is worth saying too."""
    count = int(event.detail.get("photos") or 0)
    if not count:
        return _("%(actor)s submitted the fix without a photo. The fixer’s clock stopped.")
    return ngettext(
        "%(actor)s submitted the fix with %(photos)s photo. The fixer’s clock stopped.",
        "%(actor)s submitted the fix with %(photos)s photos. The fixer’s clock stopped.",
        count,
    )


def _waiting(event: Any) -> dict[str, Any]:
    code = event.detail.get("waiting")
    return {"waiting": WaitingFor(code).label if code in WaitingFor.values else code}


#: (action, sentence, icon, tone)
SENTENCES: tuple[tuple[str, Any, str, str], ...] = (
    ("unit.created", gettext_lazy("%(actor)s added the unit %(name)s."), "plus-circle", ""),
    ("unit.renamed", gettext_lazy("%(actor)s renamed the unit to %(name)s."), "pencil", ""),
    ("unit.moved", gettext_lazy("%(actor)s moved the unit under %(parent)s, from %(on)s on."), "arrows-move", ""),
    ("unit.closed", gettext_lazy("%(actor)s closed the unit. People and open work went to %(successor)s."), "archive", "bad"),
    ("place.created", gettext_lazy("%(actor)s added %(name)s to %(unit)s."), "plus-circle", ""),
    ("place.changed", gettext_lazy("%(actor)s changed %(name)s."), "pencil", ""),
    ("site_plan.created", gettext_lazy("%(actor)s added the site plan %(name)s to %(unit)s."), "map", ""),
    ("site_plan.changed", gettext_lazy("%(actor)s changed the site plan %(name)s."), "pencil", ""),
    ("site_plan.pictured", gettext_lazy("%(actor)s put a new picture under the site plan %(name)s."), "image", ""),
    ("site_plan.marked", gettext_lazy("%(actor)s moved places on the site plan %(name)s: %(count)s are on it."), "geo-alt", ""),
    ("post.created", gettext_lazy("%(actor)s added the post %(name)s to %(unit)s."), "plus-circle", ""),
    ("post.changed", gettext_lazy("%(actor)s changed the post %(name)s."), "pencil", ""),
    ("person.created", gettext_lazy("%(actor)s added %(name)s to %(unit)s."), "person-plus", ""),
    ("person.changed", gettext_lazy("%(actor)s changed the details of %(name)s."), "pencil", ""),
    (
        "person.suspended",
        gettext_lazy("%(actor)s suspended the access of %(name)s. Tasks that went up the chain: %(count)s."),
        "person-slash",
        "bad",
    ),
    ("person.restored", gettext_lazy("%(actor)s restored the access of %(name)s."), "person-check", "good"),
    ("person.password_reset", gettext_lazy("%(actor)s reset the password of %(name)s."), "key", ""),
    ("action.started", gettext_lazy("%(actor)s has started to fix it."), "wrench-adjustable", ""),
    ("action.returned", gettext_lazy("%(actor)s returned the fix to %(owner)s."), "arrow-return-left", "bad"),
    ("action.verified", gettext_lazy("%(actor)s checked the fix and accepted it."), "check-circle", "good"),
    ("action.assigned", gettext_lazy("%(actor)s assigned it to %(owner)s, %(unit)s, due %(due)s."), "person-check", ""),
    ("action.reassigned", gettext_lazy("%(actor)s gave it to %(owner)s, by the same date."), "person-up", ""),
    ("action.handed_over", gettext_lazy("%(old)s can no longer fix it: it went to %(new)s, by the same date."), "person-up", ""),
    ("action.check_handed_over", gettext_lazy("%(old)s can no longer check it: %(new)s does."), "person-up", ""),
    (
        "action.level_changed",
        gettext_lazy("The level of the fix changed: due %(due)s, checked by %(verifier)s."),
        "arrow-down-up",
        "",
    ),
    ("action.cancelled", gettext_lazy("%(actor)s cancelled it: nothing has to be fixed."), "slash-circle", ""),
    ("action.date_changed", gettext_lazy("%(actor)s changed the date: due %(due)s."), "calendar-event", ""),
    ("extension.asked", gettext_lazy("%(actor)s asked for a later date: %(due)s."), "calendar-plus", ""),
    ("extension.granted", gettext_lazy("%(actor)s granted the later date: %(due)s."), "calendar-check", ""),
    ("extension.refused", gettext_lazy("%(actor)s refused the later date %(due)s."), "calendar-x", "bad"),
)


def register_all() -> None:
    for action, sentence, icon, tone in SENTENCES:
        register(action, sentence=sentence, icon=icon, tone=tone)
    _register_work()
    _register_appointments()
    _register_rules()


def _register_work() -> None:
    register(
        "action.waiting",
        sentence=gettext_lazy("%(actor)s set it to waiting (%(waiting)s). Until it is fixed:"),
        icon="hourglass-split",
        params=_waiting,
    )
    register("action.submitted", sentence=_submitted, icon="send-check", tone="now")
    register(
        "escalation.answered", sentence=gettext_lazy("%(actor)s answered: %(answer)s."), icon="chat-left-text", params=_answer
    )


def _register_appointments() -> None:
    register(
        "appointment.made",
        sentence=gettext_lazy("%(actor)s appointed %(name)s: %(role)s, %(unit)s, from %(from)s through %(through)s."),
        icon="person-badge",
        params=_role,
    )
    register(
        "appointment.ended",
        sentence=gettext_lazy("%(actor)s ended the appointment of %(name)s: %(role)s, %(unit)s, through %(through)s."),
        icon="person-dash",
        params=_role,
    )
    register(
        "appointment.withdrawn",
        sentence=gettext_lazy("%(actor)s took back the appointment of %(name)s: %(role)s, %(unit)s, from %(from)s."),
        icon="person-dash",
        params=_role,
    )


def _register_rules() -> None:
    register(
        "level.term_changed",
        sentence=gettext_lazy("%(actor)s set the level %(level)s to %(days)s days, from %(valid_from)s on."),
        icon="sliders",
        params=_level,
    )
    register(
        "stage.term_changed",
        sentence=gettext_lazy("%(actor)s changed the time allowed, from %(valid_from)s on: %(stage)s."),
        icon="sliders",
        params=lambda event: {"stage": _labelled(StageCode, event.detail.get("stage"))},
    )
    register(
        "device.registered", sentence=gettext_lazy("%(actor)s registered the device %(name)s for hazardous areas."), icon="phone"
    )
    register("device.withdrawn", sentence=gettext_lazy("%(actor)s withdrew the device %(name)s."), icon="phone")
    register("quiet_hours.changed", sentence=_quiet_hours, icon="moon")
    register(
        "schedule.changed",
        sentence=gettext_lazy("%(actor)s changed when reminders go out: %(schedule)s. Open deadlines that follow: %(moved)s."),
        icon="bell",
        params=lambda event: {"schedule": _labelled(ScheduleCode, event.detail.get("schedule"))},
    )


def _quiet_hours(event: Any) -> str:
    if event.detail.get("is_on"):
        return _("%(actor)s set the quiet hours to %(hours)s, from %(valid_from)s on.")
    return _("%(actor)s switched the quiet hours off, from %(valid_from)s on.")


def _labelled(choices: Any, code: Any) -> Any:
    return choices(code).label if code in choices.values else code


def _level(event: Any) -> dict[str, Any]:
    """The level's word, kept in both languages."""
    is_chinese = (get_language() or "").startswith("zh")
    return {"level": event.detail.get("level_zh" if is_chinese else "level")}
