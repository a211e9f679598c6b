"""What was sent under an id that another body already has: kept, never dropped."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SetAside(models.Model):
    """A body refused with 409 because its creator had used the id for another body. Kept so that nothing typed is lost."""

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    client_id = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    body = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("record set aside")
        constraints = [models.UniqueConstraint(fields=["creator", "client_id", "body_hash"], name="set_aside_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"
