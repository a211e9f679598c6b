"""Photos as a phone sends them, for tests of forms."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(colour: str = "orange", *, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A small JPEG; each colour has its own bytes."""
    stream = BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")
