"""A plan's rhythm in words: data on one side, what people say on the other."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.choices import FreeDays, Rhythm
from inspections.forms.plans import NTH, WEEKDAYS
from inspections.models import InspectionPlan

DAY_NAMES, NTH_NAMES = dict(WEEKDAYS), dict(NTH)


def rhythm_text(plan: InspectionPlan) -> str:
    """ "Every working day", "Monday, Thursday", "First Tuesday of the month", "twice a month"."""
    if plan.rhythm == Rhythm.SHIFTS:
        return _("by shifts %(pattern)s") % {"pattern": plan.shifts}
    if plan.rhythm == Rhythm.COUNT:
        return ngettext("%(count)d time a month", "%(count)d times a month", plan.times or 0) % {"count": plan.times or 0}
    parts = dict(part.split("=", 1) for part in plan.rule.split(";"))
    days = parts.get("BYDAY", "")
    if parts["FREQ"] == "WEEKLY":
        return _weekly_text(days, int(parts.get("INTERVAL", "1")))
    if parts["FREQ"] == "MONTHLY" and days[:-2] in NTH_NAMES:
        return _("%(nth)s %(day)s of the month") % {"nth": NTH_NAMES[days[:-2]], "day": DAY_NAMES[days[-2:]]}
    if parts["FREQ"] == "DAILY":
        return _("every working day") if plan.free_days == FreeDays.SKIP else _("every day")
    return plan.rule


def _weekly_text(days: str, interval: int) -> str:
    names = _(", ").join(str(DAY_NAMES[day]) for day in days.split(",") if day in DAY_NAMES)
    if interval == 1:
        return _("every week: %(days)s") % {"days": names}
    return _("every %(count)d weeks: %(days)s") % {"count": interval, "days": names}
