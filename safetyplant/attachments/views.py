"""Files in and out. In: idempotent by the hash of the bytes, resumable. Out: only through the rule of the record."""

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from safetyplant.access.rendering import problem
from safetyplant.access.rules import signed_in
from safetyplant.attachments import services, uploads
from safetyplant.attachments.exceptions import BadRequest, UploadRefused
from safetyplant.attachments.models import Attachment
from safetyplant.attachments.problems import refusal

CONTENT_RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")


@signed_in
@require_http_methods(["PUT", "HEAD"])
def upload(request: HttpRequest, sent_sha256: str) -> HttpResponse:
    """`HEAD` tells how much has come (`Upload-Offset`), `PUT` sends the rest.

    201 the photo is kept, 200 it was kept before, 202 a piece is kept and more is expected.
    """
    if request.method == "HEAD":
        return _tell_progress(request, sent_sha256)
    known = services.find_received(sent_sha256, by=request.user)
    if known is not None:
        return _kept(known, status=200)
    try:
        progress = uploads.take_piece(sent_sha256, _piece_of(request), request.read, by=request.user)
    except UploadRefused as refused:
        return refusal(request, refused)
    if progress.attachment is not None:
        return _kept(progress.attachment, status=201)
    body = {"complete": False, "received": progress.received, "total": progress.total}
    return JsonResponse(body, status=202, headers={"Upload-Offset": str(progress.received), "Upload-Complete": "?0"})


def _tell_progress(request: HttpRequest, sent_sha256: str) -> HttpResponse:
    progress = uploads.progress_of(sent_sha256, by=request.user)
    if progress is None:
        return problem(request, 404, _("Nothing of this photo has arrived."))
    response = HttpResponse(status=200, content_type="application/json", headers={"Cache-Control": "no-store"})
    response["Upload-Complete"] = "?1" if progress.attachment else "?0"
    response["Upload-Offset"], response["Upload-Length"] = str(progress.received), str(progress.total)
    return response


def _piece_of(request: HttpRequest) -> uploads.Piece:
    """From `Content-Range: bytes start-end/total`; without it the body is the whole file."""
    try:
        length = int(request.headers.get("Content-Length") or "")
    except ValueError:
        raise BadRequest(_("The upload must say how many bytes it has (Content-Length).")) from None
    text = request.headers.get("Content-Range")
    if text is None:
        return uploads.Piece(start=0, size=length, total=length)
    match = CONTENT_RANGE.fullmatch(text.strip())
    if match is None:
        raise BadRequest(_("Content-Range must read: bytes start-end/total."))
    start, end, total = (int(number) for number in match.groups())
    if end - start + 1 != length:
        raise BadRequest(_("The range of bytes makes no sense."))
    return uploads.Piece(start=start, size=length, total=total)


def _kept(attachment: Attachment, *, status: int) -> JsonResponse:
    body = {
        "complete": True,
        "id": attachment.pk,
        "sent_sha256": attachment.sent_sha256,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "taken_at": attachment.taken_at.isoformat() if attachment.taken_at else None,
        "url": attachment.url,
        "thumb_url": attachment.thumb_url,
    }
    return JsonResponse(body, status=status, headers={"Upload-Complete": "?1"})


@signed_in
@require_safe
def serve_file(request: HttpRequest, pk: int) -> HttpResponse:
    attachment = _find(request, pk)
    return _serve(request, attachment, attachment.file_key, f'"{attachment.sha256}"')


@signed_in
@require_safe
def serve_thumb(request: HttpRequest, pk: int) -> HttpResponse:
    attachment = _find(request, pk)
    return _serve(request, attachment, attachment.thumb_key, f'"{attachment.sha256}-thumb"')


def _find(request: HttpRequest, pk: int) -> Attachment:
    # Larger numbers than the column holds are simply not there.
    attachment = Attachment.objects.find_visible(request.user, pk) if pk < 2**63 else None
    if attachment is None:
        raise Http404(_("This photo does not exist, or you may not see it."))
    return attachment


def _serve(request: HttpRequest, attachment: Attachment, key: str, etag: str) -> HttpResponse:
    """SECURITY: `no-cache` makes the browser ask each time, so whoever loses the right loses the photo at once.

    The ETag keeps that cheap.
    """
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        # Whole, not streamed: redrawn photos have a megabyte at most, and a stored file is closed before anything can go wrong.
        try:
            with default_storage.open(key) as stored:
                response = HttpResponse(stored.read(), content_type=attachment.content_type)
        except FileNotFoundError:
            raise Http404(_("This photo is missing in storage.")) from None
        response["Content-Disposition"] = f'inline; filename="photo-{attachment.pk}.jpg"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_vary_headers(response, ["Cookie"])
    return response
