"""When something was seen, as phones and forms say it: bounded by what can be."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

#: Paper days, and phones found again in a drawer. What is older comes in by the importer, as a past record.
LONGEST_AGO = timedelta(days=366)
#: Clocks of phones differ.
GRACE = timedelta(minutes=1)


def require_recent(given: datetime | None) -> datetime | None:
    """The moment, or ValidationError when it was more than a year ago."""
    if given is not None and given < timezone.now() - LONGEST_AGO:
        raise ValidationError(_("This was more than a year ago. Records of earlier years are imported."))
    return given


def require_past(given: datetime | None) -> datetime | None:
    """A moment that has been, and not too long ago."""
    if given is not None and given > timezone.now() + GRACE:
        raise ValidationError(_("This moment is still to come. Choose when it was seen."))
    return require_recent(given)
