"""`{% load attachments %}{% show_photos hazard.photos %}`: the photos of a record, before left and after right."""

from collections.abc import Sequence
from typing import Any

from django import template

from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.models import Attachment, AttachmentSet

register = template.Library()


@register.inclusion_tag("attachments/photos.html")
def show_photos(sets: AttachmentSet | Sequence[int] | None) -> dict[str, Any]:
    """One query for all sets, given as ids: a record may keep what was found in one and what was done in another."""
    wanted = [sets.pk] if isinstance(sets, AttachmentSet) else sets
    photos = list(Attachment.objects.filter(set__in=wanted).select_related("uploaded_by").order_by("id")) if wanted else []
    return {
        "before": [photo for photo in photos if photo.purpose == Purpose.BEFORE],
        "after": [photo for photo in photos if photo.purpose == Purpose.AFTER],
        "others": [photo for photo in photos if photo.purpose not in {Purpose.BEFORE, Purpose.AFTER}],
    }
