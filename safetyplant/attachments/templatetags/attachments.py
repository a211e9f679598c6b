"""`{% load attachments %}{% show_photos hazard.attachment_set %}`: the photos of a record, before left and after right."""

from itertools import chain, zip_longest
from typing import Any

from django import template

from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.models import Attachment, AttachmentSet

register = template.Library()


@register.inclusion_tag("attachments/photos.html")
def show_photos(attachment_set: AttachmentSet | None, purpose: str = "") -> dict[str, Any]:
    """One query. With `purpose` only those; else before and after in pairs, then the rest."""
    if attachment_set is None:
        return {"photos": []}
    photos = list(attachment_set.attachments.select_related("uploaded_by").order_by("id"))
    if purpose:
        return {"photos": [photo for photo in photos if photo.purpose == purpose]}
    return {"photos": in_pairs(photos)}


def in_pairs(photos: list[Attachment]) -> list[Attachment]:
    """Two columns: before, after, before, after; what has no partner follows in its order."""
    before = [photo for photo in photos if photo.purpose == Purpose.BEFORE]
    after = [photo for photo in photos if photo.purpose == Purpose.AFTER]
    rest = [photo for photo in photos if photo.purpose not in {Purpose.BEFORE, Purpose.AFTER}]
    pairs = chain.from_iterable(zip_longest(before, after))
    return [photo for photo in pairs if photo is not None] + rest
