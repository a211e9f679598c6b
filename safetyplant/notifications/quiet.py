"""Quiet hours: they hold back delivery, never the inbox, and never what is urgent."""

from datetime import datetime, timedelta

from django.utils import timezone

from safetyplant.notifications.models import QuietHours


def hours_on(moment: datetime) -> QuietHours:
    """The quiet hours in force at a moment; the default of the model when none was ever set."""
    day = timezone.localdate(moment)
    return QuietHours.objects.filter(valid_from__lte=day).first() or QuietHours(valid_from=day)


def quiet_until(moment: datetime, hours: QuietHours | None = None) -> datetime:
    """The end of the quiet hours the moment lies in, or the moment itself outside them. Plant time; may span midnight."""
    hours = hours or hours_on(moment)
    local = timezone.localtime(moment)
    clock = local.time()
    if not hours.is_on or hours.starts == hours.ends:
        return moment
    spans_midnight = hours.starts > hours.ends
    inside = (clock >= hours.starts or clock < hours.ends) if spans_midnight else (hours.starts <= clock < hours.ends)
    if not inside:
        return moment
    day = local.date() + timedelta(days=1) if spans_midnight and clock >= hours.starts else local.date()
    return timezone.make_aware(datetime.combine(day, hours.ends))
