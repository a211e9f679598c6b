"""Pictures made for the tests."""

import hashlib
import io
from typing import Any

from PIL import ExifTags, Image


def picture(image_format: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any) -> bytes:
    """Navy with a white top left corner, so that turning shows."""
    image = Image.new("RGB", size, "navy")
    image.paste("white", (0, 0, size[0] // 4, size[1] // 4))
    output = io.BytesIO()
    image.convert(mode).save(output, image_format, **options)
    return output.getvalue()


def exif(*, orientation: int = 1, taken: str = "2026:06:12 09:42:10", offset: str = "", gps: bool = True) -> bytes:
    data = Image.Exif()
    data[ExifTags.Base.Orientation] = orientation
    data[ExifTags.Base.Make] = "SecretCameraMaker"
    details = data.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if gps:
        place = data.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef] = "N"
        place[ExifTags.GPS.GPSLatitude] = (30.0, 15.0, 1.0)
    return data.tobytes()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
