"""What the importer remembers: mappings that were used, keys that were brought in, and the runs of the import page."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting import querysets


class SavedMapping(models.Model):
    """How files with exactly these columns were last imported as this target. Written when an import is committed, offered
    again to the next file with the same columns, whoever brings it. Holds column names and words, no records."""

    target = models.CharField(_("target"), max_length=40)
    fingerprint = models.CharField(_("columns"), max_length=64)
    mapping = models.JSONField(_("mapping"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        constraints = [models.UniqueConstraint(fields=["target", "fingerprint"], name="saved_mapping_once_per_columns")]

    def __str__(self) -> str:
        return f"{self.target} {self.fingerprint[:8]}"


class ImportedKey(models.Model):
    """A key that has been brought in as a record of a target, so that the same file changes nothing the second time.

    `digest` stands for the key column's name and the row's value in it, or for the whole row when no key was named: nothing
    of the file can be read from it. `object_id` is what the room's writer called the record.
    """

    target = models.CharField(_("target"), max_length=40)
    digest = models.BinaryField(_("digest"), max_length=16)
    object_id = models.CharField(_("record"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("imported key")
        verbose_name_plural = _("imported keys")
        constraints = [models.UniqueConstraint(fields=["target", "digest"], name="imported_key_once")]

    def __str__(self) -> str:
        return f"{self.target} {bytes(self.digest).hex()}"


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("To be mapped")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Not imported")


class ImportRun(models.Model):
    """One file on its way in through the import page: uploaded → checking → checked → importing → done or failed.

    `layout` is what the file looks like (sheets, columns, first rows), found once so that no page reads the file again.
    Seen only by the one who uploaded it, for the file may hold anything. Checking may be repeated with another mapping.
    `heartbeat_at` moves while a worker is at it; a run that claims to be at work without a pulse was interrupted, has
    written nothing (one transaction), and may be started again.
    """

    target = models.CharField(_("target"), max_length=40)
    file = models.FileField(_("file"), upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("file name"), max_length=255)
    size = models.BigIntegerField(_("size"))
    state = models.CharField(_("state"), max_length=16, choices=ImportState, default=ImportState.UPLOADED)
    layout = models.JSONField(_("layout"), default=dict, blank=True)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    skip_bad = models.BooleanField(_("leave faulty rows out"), default=False)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    shown_faults = models.JSONField(_("first faults"), default=list, blank=True)
    report = models.FileField(_("report"), upload_to="imports/%Y/%m/", blank=True)
    message = models.TextField(_("message"), blank=True)
    progress = models.PositiveBigIntegerField(_("rows done"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = querysets.ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["created_by", "-id"], name="import_run_mine")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.DONE) | Q(finished_at__isnull=False), name="import_run_done_has_time"
            )
        ]

    def __str__(self) -> str:
        return self.file_name
