"""How the timeline tells what happened to an inspection, a hazard or a violation."""

from functools import lru_cache
from time import monotonic
from typing import Any

from django.utils.translation import gettext_lazy as _

from responsibilities.models import Level
from safetyplant.audit.history import register
from safetyplant.audit.models import Event

FRESH_FOR = 60.0


def level_in_words(event: Event) -> dict[str, Any]:
    """The log keeps the level's code; people read its word."""
    level = _levels(int(monotonic() / FRESH_FOR)).get(event.detail.get("level", ""))
    return {"level": level.word} if level else {}


@lru_cache(maxsize=1)
def _levels(_period: int) -> dict[str, Level]:
    """All levels, read once a minute: a story must not cost a query per line."""
    return Level.objects.in_bulk()


def register_sentences() -> None:
    register("inspection.submitted", sentence=_("%(actor)s submitted the inspection."), icon="clipboard-check")
    register("inspection.acknowledged", sentence=_("%(actor)s acknowledged it."), icon="check2-square", tone="good")
    register("hazard.reported", sentence=_("%(actor)s reported it."), icon="flag")
    register("hazard.found", sentence=_("%(actor)s found it during an inspection."), icon="flag")
    register(
        "hazard.fixed_on_spot",
        sentence=_("%(actor)s found it during an inspection and saw it fixed on the spot."),
        icon="check2-circle",
        tone="good",
    )
    register("hazard.assessed", sentence=_("%(actor)s assessed it as %(level)s."), icon="person-check", params=level_in_words)
    register(
        "hazard.level_changed",
        sentence=_("%(actor)s changed the level to %(level)s."),
        icon="bar-chart-steps",
        params=level_in_words,
    )
    register("hazard.major_decided", sentence=_("%(actor)s decided that it is major."), icon="exclamation-octagon", tone="bad")
    register("hazard.not_major", sentence=_("%(actor)s decided that it is not major."), icon="check2")
    register("hazard.cancelled", sentence=_("%(actor)s cancelled it."), icon="x-circle")
    register(
        "hazard.work_stopped",
        sentence=_("%(actor)s stopped the work. %(releaser)s may release it. The chain was told at once."),
        icon="sign-stop",
        tone="bad",
    )
    register("hazard.work_released", sentence=_("%(actor)s released the work."), icon="play-circle", tone="good")
    register("hazard.imported", sentence=_("%(actor)s took it over from earlier records."), icon="box-arrow-in-down")
    register("violation.recorded", sentence=_("%(actor)s recorded it."), icon="person-exclamation")
    register("inspection.imported", sentence=_("%(actor)s took it over from earlier records."), icon="box-arrow-in-down")
    register("violation.imported", sentence=_("%(actor)s took it over from earlier records."), icon="box-arrow-in-down")
    register("violation.cancelled", sentence=_("%(actor)s cancelled it."), icon="x-circle")
    register("plan.created", sentence=_("%(actor)s wrote the plan."), icon="calendar-plus")
    register("plan.changed", sentence=_("%(actor)s changed the plan."), icon="pencil")
    register("plan.ended", sentence=_("%(actor)s ended the plan."), icon="calendar-x")
    register("calendar.opened", sentence=_("%(actor)s made a calendar address."), icon="calendar3")
    register("calendar.revoked", sentence=_("%(actor)s revoked the calendar address."), icon="x-circle")
    register("visit.planned", sentence=_("%(actor)s planned this visit."), icon="calendar-plus")
    register("visit.done", sentence=_("%(actor)s made the visit."), icon="check-circle", tone="good")
    register("visit.missed", sentence=_("The date went by without an inspection."), icon="calendar-x", tone="bad")
    register("visit.lapsed", sentence=_("It is no longer asked for. It stays missed."), icon="hourglass-bottom")
    register("visit.excuse_asked", sentence=_("%(actor)s asked to be excused."), icon="chat-left-text")
    register("visit.excused", sentence=_("%(actor)s excused it."), icon="check2-square")
    register("visit.excuse_refused", sentence=_("%(actor)s did not accept the excuse."), icon="x-circle", tone="bad")
