"""The address under which a calendar program reads someone's visits."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """One a person, by a secret address of which only the digest is kept. Whoever has the address sees the visits of its person.

    Life cycle: made (a new address replaces the old one) → revoked (the row goes; the log says when).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("person")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("calendar address")

    def __str__(self) -> str:
        return f"{self.person_id}"
