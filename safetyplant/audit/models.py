"""What happened: events that are only ever added, and the seals that chain them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from safetyplant.audit.choices import Channel


class Event(models.Model):
    """One thing that happened, written in the transaction that did it. Added by `services.record` and never changed.

    The table is partitioned by ranges of id, and triggers refuse UPDATE, DELETE and TRUNCATE. What must be erasable by law
    stands in `personal` and `ip`; the sealed text holds only `personal_digest`, a salted hash of both, so that erasing them
    (and the salt, without which the digest cannot be guessed back) leaves the chain whole.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    action = models.CharField(_("what"), max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.BigIntegerField(null=True)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    personal = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField(_("from where"), null=True)
    salt = models.BinaryField(null=True)
    personal_digest = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(
                "subject_type",
                "subject_id",
                models.F("id").desc(),
                name="audit_event_subject",
            ),
            models.Index("actor", models.F("id").desc(), name="audit_event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action}"


class Pending(models.Model):
    """Events not sealed yet: a queue that a trigger on Event fills in the same transaction and sealing empties.

    It makes sealing exact and cheap. Ids are given before commit, so "all ids above the last sealed one" would skip an event
    of a slow transaction; here an event appears exactly when it is committed, in whatever order.
    """

    event_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("event waiting to be sealed")
        verbose_name_plural = _("events waiting to be sealed")

    def __str__(self) -> str:
        return str(self.event_id)


class Seal(models.Model):
    """One link of the chain: `hash` = SHA-256 over the previous hash, the sequence and the event's canonical text.

    The sequence is given under an advisory lock, without gaps, in the order of sealing. `event_id` is no foreign key: a link
    whose event has vanished must stay to tell of it.
    """

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"
