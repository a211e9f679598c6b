"""Taking files in, and binding them to records as evidence."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import WrongState
from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.models import Attachment, AttachmentSet


def new_set(owner_kind: str) -> AttachmentSet:
    """An empty set for a record that is about to be made."""
    return AttachmentSet.objects.create(owner_kind=owner_kind)


def bind(
    attachment_set: AttachmentSet,
    attachments_or_shas: Iterable[Attachment | str],
    *,
    by: Any,
    purpose: str,
    now: datetime | None = None,
) -> list[Attachment]:
    """Make received files the evidence of a record, for good. Returns them in the order given.

    Takes attachments or the SHA-256 of the bytes sent. Only the uploader binds; binding the same file to the same set again
    is a no-op (a repeated request), to another set `WrongState`.
    """
    wanted = list(attachments_or_shas)
    if not wanted:
        return []
    with transaction.atomic():
        return [_bind_one(attachment_set, item, by=by, purpose=Purpose(purpose), now=now or timezone.now()) for item in wanted]


def _bind_one(attachment_set: AttachmentSet, item: Attachment | str, *, by: Any, purpose: Purpose, now: datetime) -> Attachment:
    own = Attachment.objects.select_for_update().filter(uploaded_by_id=by.pk)
    if isinstance(item, str):
        found = (
            own.filter(sent_sha256=item.lower(), set=None).first()
            or own.filter(sent_sha256=item.lower(), set=attachment_set, purpose=purpose).first()
        )
    else:
        found = own.filter(pk=item.pk).first()
    if found is None:
        raise WrongState(_("A photo has not arrived. Add it again."))
    if found.set_id is not None:
        if found.set_id == attachment_set.pk and found.purpose == purpose:
            return found
        raise WrongState(_("A photo belongs to a record already. Add it again."))
    found.set, found.purpose, found.bound_by, found.bound_at = attachment_set, purpose, by, now
    found.save(update_fields=["set", "purpose", "bound_by", "bound_at"])
    return found
