"""Photos at the size a sheet of A4 shows: a file of 12 megapixels would make a paper nobody can mail."""

import io
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from PIL import Image

#: Pixels of the longer side: half of an A4 sheet's width at about 250 dpi.
LONGER_SIDE = 900
QUALITY = 82


@dataclass(frozen=True)
class PaperPicture:
    """`open_file() -> a binary file` of a checked picture, such as an attachment's; its caption is plain text."""

    open_file: Any
    caption: str | Promise = ""


def shrink(picture: PaperPicture) -> bytes:
    """JPEG bytes with `LONGER_SIDE` pixels at most."""
    with picture.open_file() as file, Image.open(file) as image:
        # The decoder itself leaves out the pixels nobody will see; much faster than shrinking all of them.
        image.draft("RGB", (LONGER_SIDE, LONGER_SIDE))
        shown = image.convert("RGB")
        shown.thumbnail((LONGER_SIDE, LONGER_SIDE))
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
