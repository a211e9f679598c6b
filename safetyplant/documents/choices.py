"""Kinds and states of versioned documents."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    REGULATION = "regulation", _("Regulation")
    STANDARD = "standard", _("Standard")
    PLAN = "plan", _("Plan")


class VersionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
