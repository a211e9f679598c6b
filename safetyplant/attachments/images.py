"""From what was sent to a fresh photo: recognised by its bytes, decoded under limits, drawn anew from its pixels.

Nothing of the sent file survives but its pixels and the moment it was taken: no EXIF, GPS, comments, profiles, trailing
bytes or scripts.
"""

import hashlib
import io
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any

import puremagic
from django.utils import timezone as plant_time
from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import ExifTags, Image, UnidentifiedImageError

from safetyplant.attachments import limits
from safetyplant.attachments.exceptions import Unreadable, Unsupported

register_heif_opener()

#: Pillow format by media type. Only the decoder of the recognised kind is ever tried.
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF", "image/heif": "HEIF"}
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
HEAD = 512
#: EXIF orientation → what makes it upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
BAD_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    RuntimeError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Photo:
    """A fresh JPEG with its thumbnail. `taken_at` is the camera's claim, None when it makes none or an impossible one."""

    data: bytes
    thumb: bytes
    sha256: str
    width: int
    height: int
    taken_at: datetime | None


def recognise(head: bytes) -> str:
    """The Pillow format the first bytes speak of, or `Unsupported`."""
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "HEIF"
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        matches = []
    for match in matches:
        if match.mime_type in FORMATS:
            return FORMATS[match.mime_type]
    raise Unsupported(_("Only JPEG, PNG, WebP and HEIC photos are accepted. Take a photo or save the picture as JPEG."))


def make_photo(stream: IO[bytes], *, now: datetime | None = None) -> Photo:
    """Check, decode and redraw. `stream` is seekable. Raises Unsupported or Unreadable with a sentence for the sender."""
    stream.seek(0)
    image_format = recognise(stream.read(HEAD))
    stream.seek(0)
    try:
        with Image.open(stream, formats=[image_format]) as sent:
            _check_pixels(sent)
            taken_at = read_taken_at(sent, now=now or plant_time.now())
            full = _redraw(sent)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels() from bomb
    except UnidentifiedImageError as fault:
        raise _damaged() from fault
    except MemoryError as fault:
        raise _too_many_pixels() from fault
    except BAD_IMAGE as fault:
        raise _damaged() from fault
    data = _encode(full, limits.JPEG_QUALITY)
    thumb = full.copy()
    thumb.thumbnail((limits.THUMB_SIDE, limits.THUMB_SIDE), Image.Resampling.LANCZOS)
    return Photo(data, _encode(thumb, limits.THUMB_QUALITY), hashlib.sha256(data).hexdigest(), full.width, full.height, taken_at)


def _check_pixels(image: Any) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise _damaged()
    if width * height > limits.MAX_PIXELS:
        raise _too_many_pixels()


def _redraw(sent: Any) -> Image.Image:
    """Upright, at most `MAX_SIDE`, opaque, in an image object that never knew the file."""
    target = (limits.MAX_SIDE, limits.MAX_SIDE)
    if sent.format in {"JPEG", "MPO"}:
        sent.draft("RGB", target)  # lets the decoder scale down while reading: less memory, less time
    sent.load()
    turn = TURNS.get(sent.getexif().get(ExifTags.Base.Orientation))
    small = _in_colour(sent)
    small.thumbnail(target, Image.Resampling.LANCZOS)
    if turn is not None:
        small = small.transpose(turn)
    fresh = Image.new("RGB", small.size, "white")
    # On white: evidence has no transparent parts, and a JPEG can't have any.
    fresh.paste(small, mask=small.getchannel("A") if small.mode == "RGBA" else None)
    return fresh


def _in_colour(image: Any) -> Any:
    """RGB or RGBA, the image itself where it is that already: a copy of 50 megapixels costs 150 MB."""
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode.startswith("I"):
        # 16-bit grey: a plain conversion would clip it to white instead of scaling it.
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _encode(image: Image.Image, quality: int) -> bytes:
    output = io.BytesIO()
    image.save(output, "JPEG", quality=quality, optimize=True, progressive=True)
    return output.getvalue()


def read_taken_at(image: Any, *, now: datetime) -> datetime | None:
    """The EXIF moment, in the offset it names or else in plant time. None if absent, unreadable, before 1990 or in the future."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        offset = details.get(ExifTags.Base.OffsetTimeOriginal) or ""
    except BAD_IMAGE:
        return None  # cameras write broken EXIF; the photo is none the worse for it
    try:
        moment = datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    taken = moment.replace(tzinfo=_zone(str(offset).strip("\x00 ")))
    if taken.year < 1990 or taken > now + timedelta(days=1):
        return None
    return taken.astimezone(UTC)


def _zone(offset: str) -> Any:
    try:
        return datetime.strptime(offset, "%z").tzinfo or plant_time.get_default_timezone()
    except ValueError:
        return plant_time.get_default_timezone()


def _too_many_pixels() -> Unreadable:
    return Unreadable(
        _("The photo has more than %(count)s million pixels. Send a smaller one.") % {"count": limits.MAX_PIXELS // 1_000_000}
    )


def _damaged() -> Unreadable:
    return Unreadable(_("The photo is damaged or not complete. Take it again or choose another one."))
