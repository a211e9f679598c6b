"""Files on their way in, in pieces, each resumable where it stopped: by any web host, after any interruption.

Pieces lie in storage, their order in the database. A piece is stored before its row is written and the row only if it follows
the ones before, so what `received` says has truly come.
"""

import hashlib
import io
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from safetyplant.attachments import limits, services
from safetyplant.attachments.exceptions import BadRequest, TooLarge, TooMany, WrongHash, WrongRange
from safetyplant.attachments.models import Attachment, Upload, UploadPiece


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to `start + size` of a file of `total` bytes, still to be read."""

    start: int
    size: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`attachment` is set once the file is complete, checked and kept."""

    received: int
    total: int
    attachment: Attachment | None = None


def progress_of(sent_sha256: str, *, by: Any) -> Progress | None:
    """How much has come, or None if nothing has. SECURITY: only one's own uploads exist."""
    found = Attachment.objects.of(by).filter(sent_sha256=sent_sha256).first()
    if found is not None:
        return Progress(found.sent_size, found.sent_size, found)
    upload = Upload.objects.filter(person=by, sent_sha256=sent_sha256).first()
    return Progress(upload.received, upload.total) if upload else None


def take_piece(sent_sha256: str, piece: Piece, read: Callable[[int], bytes], *, by: Any, now: datetime | None = None) -> Progress:
    """Append a piece; with the last one, check the whole and keep it. Raises `UploadRefused` in one of its kinds.

    A piece that came before is accepted again without effect; one that leaves a hole is `WrongRange`. When the connection
    breaks in the middle, what came is kept and the sender goes on from there.
    """
    _check_size(piece)
    services.check_quota(by, now=now)
    upload = _open(sent_sha256, piece.total, by=by, now=now)
    if piece.start > upload.received:
        raise WrongRange(_("Continue from byte %(received)s.") % {"received": upload.received}, received=upload.received)
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as body:
        size = _read(read, piece.size, body)
        body.seek(0)
        received = _append(upload, piece.start, size, body, now=now)
    if received < piece.total:
        return Progress(received, piece.total)
    return Progress(received, piece.total, finish(upload, by=by, now=now))


def _check_size(piece: Piece) -> None:
    if piece.total > limits.MAX_BYTES:
        raise TooLarge(_("A photo may have up to %(limit)s MB.") % {"limit": limits.MAX_BYTES // 1024 // 1024})
    if piece.total < 1 or piece.size < 0 or piece.start < 0 or piece.start + piece.size > piece.total:
        raise BadRequest(_("The range of bytes makes no sense."))


def _open(sent_sha256: str, total: int, *, by: Any, now: datetime | None) -> Upload:
    upload = Upload.objects.filter(person=by, sent_sha256=sent_sha256).first()
    if upload is None:
        if Upload.objects.filter(person=by).count() >= limits.MAX_OPEN_UPLOADS:
            raise TooMany(_("Too many photos are on their way at once. Let them finish first."))
        moment = now or timezone.now()
        upload, _made = Upload.objects.get_or_create(
            person=by, sent_sha256=sent_sha256, defaults={"total": total, "created_at": moment, "updated_at": moment}
        )
    if upload.total != total:
        raise WrongRange(_("This photo was announced with another size."), received=upload.received)
    return upload


def _read(read: Callable[[int], bytes], size: int, into: IO[bytes]) -> int:
    """Up to `size` bytes; fewer when the connection breaks."""
    done = 0
    while done < size:
        try:
            chunk = read(min(limits.CHUNK, size - done))
        except OSError:
            break
        if not chunk:
            break
        into.write(chunk)
        done += len(chunk)
    return done


def _append(upload: Upload, start: int, size: int, body: IO[bytes], *, now: datetime | None) -> int:
    """Store what is new of the piece; returns how much has come in all."""
    new_from = upload.received
    skip = new_from - start
    if size <= skip:
        return upload.received
    body.seek(skip)
    key = default_storage.save(f"partial/{uuid.uuid4().hex}", File(io.BytesIO(body.read()), name="piece"))
    with transaction.atomic():
        current = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if current is not None and current.received == new_from:
            UploadPiece.objects.create(upload=current, start=new_from, size=size - skip, key=key)
            current.received, current.updated_at = new_from + size - skip, now or timezone.now()
            current.save(update_fields=["received", "updated_at"])
            return current.received
    # Another request was faster with the same bytes; ours are not needed.
    default_storage.delete(key)
    if current is None:
        raise WrongRange(_("Continue from byte %(received)s.") % {"received": 0}, received=0)
    return current.received


def finish(upload: Upload, *, by: Any, now: datetime | None = None) -> Attachment:
    """Put the pieces together, compare the hash, keep the photo. Whatever the outcome, the pieces go: a wrong one starts anew."""
    try:
        with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as whole:
            digest = hashlib.sha256()
            for piece in upload.pieces.order_by("start"):
                with default_storage.open(piece.key) as stored:
                    for chunk in stored.chunks(limits.CHUNK):
                        digest.update(chunk)
                        whole.write(chunk)
            if digest.hexdigest() != upload.sent_sha256:
                raise WrongHash(_("The bytes received are not those announced. Send the photo again."))
            return services.receive(whole, by=by, sent_sha256=upload.sent_sha256, now=now)
    finally:
        drop(upload)


def drop(upload: Upload) -> None:
    keys = list(upload.pieces.values_list("key", flat=True))
    Upload.objects.filter(pk=upload.pk).delete()
    for key in keys:
        default_storage.delete(key)
