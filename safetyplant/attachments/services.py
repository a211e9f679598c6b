"""Taking files in, and binding them to records as evidence."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import WrongState
from safetyplant.attachments import limits
from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.exceptions import TooLarge, TooMany, WrongHash
from safetyplant.attachments.images import Photo, make_photo
from safetyplant.attachments.models import Attachment, AttachmentSet, Upload
from safetyplant.attachments.owners import is_wanted


def new_set(owner_kind: str) -> AttachmentSet:
    """An empty set for a record that is about to be made."""
    return AttachmentSet.objects.create(owner_kind=owner_kind)


def receive(stream: IO[bytes], *, by: Any, sent_sha256: str | None = None, now: datetime | None = None) -> Attachment:
    """Take in a photo. The same bytes from the same person give the same unbound attachment, however often they are sent.

    Raises `UploadRefused` in one of its kinds, with a sentence for the sender. Nothing is kept of a file that is refused.
    """
    digest, sent_size = _digest(stream)
    if sent_sha256 is not None and digest != sent_sha256.lower():
        raise WrongHash(_("The bytes received are not those announced. Send the photo again."))
    known = find_received(digest, by=by, now=now)
    if known is not None:
        return known
    check_quota(by, now=now)
    return _keep(make_photo(stream, now=now), digest, sent_size, by=by, now=now or timezone.now())


def find_received(sent_sha256: str, *, by: Any, now: datetime | None = None) -> Attachment | None:
    """This person's unbound photo of these bytes; if theirs is bound already, a new one that shares its files.

    So a photo can be evidence in two records, each with its own row, and a repeated upload costs nothing.
    """
    own = Attachment.objects.filter(uploaded_by_id=by.pk, sent_sha256=sent_sha256)
    found = own.filter(set=None).first()
    if found is not None:
        return found
    with transaction.atomic():
        # Locked, so that the removal of orphans can't take the files between our look and our insert.
        source = own.select_for_update().order_by("-pk").first()
        if source is None:
            return None
        source.pk, source.set, source.purpose, source.bound_by, source.bound_at = None, None, "", None, None
        source.caption, source.uploaded_at = "", now or timezone.now()
        source._state.adding = True
        return _insert_once(source)


def check_quota(by: Any, *, now: datetime | None = None) -> None:
    """TooMany past what a person can sensibly have on the way, so that one account can't fill the storage."""
    since = (now or timezone.now()) - timedelta(days=1)
    recent = Attachment.objects.filter(uploaded_by_id=by.pk, uploaded_at__gte=since)
    if Attachment.objects.of(by).count() >= limits.MAX_UNBOUND or recent.count() >= limits.MAX_PER_DAY:
        raise TooMany(
            _("You have sent very many photos that belong to no record yet. Finish those records first, or try tomorrow.")
        )


def _digest(stream: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(limits.CHUNK):
        size += len(chunk)
        if size > limits.MAX_BYTES:
            raise TooLarge(_("A photo may have up to %(limit)s MB.") % {"limit": limits.MAX_BYTES // 1024 // 1024})
        digest.update(chunk)
    return digest.hexdigest(), size


def _keep(photo: Photo, sent_sha256: str, sent_size: int, *, by: Any, now: datetime) -> Attachment:
    folder = f"photos/{now:%Y/%m}"
    keys = [default_storage.save(f"{folder}/{uuid.uuid4().hex}", ContentFile(data)) for data in (photo.data, photo.thumb)]
    attachment = Attachment(
        sent_sha256=sent_sha256,
        sent_size=sent_size,
        sha256=photo.sha256,
        file_key=keys[0],
        thumb_key=keys[1],
        size=len(photo.data),
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        uploaded_by=by,
        uploaded_at=now,
    )
    kept = _insert_once(attachment)
    if kept.file_key != keys[0]:
        _delete_files(*keys)
    return kept


def _insert_once(attachment: Attachment) -> Attachment:
    """The row, or the one a simultaneous request inserted for the same bytes: the constraint decides."""
    try:
        with transaction.atomic():
            attachment.save(force_insert=True)
            return attachment
    except IntegrityError:
        return Attachment.objects.get(uploaded_by_id=attachment.uploaded_by_id, sent_sha256=attachment.sent_sha256, set=None)


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
            # Evidence of another record already: the same photo counts here too, as a row of its own.
            or find_received(item.lower(), by=by, now=now)
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


def remove_orphans(now: datetime | None = None) -> int:
    """Remove photos nobody bound, and uploads nobody finished, after `KEEP_UNBOUND`. Returns how many photos went."""
    before = (now or timezone.now()) - limits.KEEP_UNBOUND
    removed = 0
    for pk in list(Attachment.objects.unbound().filter(uploaded_at__lt=before).values_list("pk", flat=True)):
        removed += _remove_orphan(pk)
    for upload in Upload.objects.filter(updated_at__lt=before):
        keys = list(upload.pieces.values_list("key", flat=True))
        upload.delete()
        _delete_files(*keys)
    return removed


def _remove_orphan(pk: int) -> int:
    with transaction.atomic():
        attachment = Attachment.objects.unbound().select_for_update(skip_locked=True).filter(pk=pk).first()
        if attachment is None or is_wanted(attachment):
            return 0
        attachment.delete()
        if Attachment.objects.filter(file_key=attachment.file_key).exists():
            return 1
    # After the commit: a file without a row is a little waste, a row without its file would be lost evidence.
    _delete_files(attachment.file_key, attachment.thumb_key)
    return 1


def _delete_files(*keys: str) -> None:
    for key in keys:
        default_storage.delete(key)
