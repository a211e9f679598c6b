"""A paper as its reader sees it: pixels, for text can be extracted from a page that prints empty boxes."""

import pypdfium2
from PIL import Image

SCALE = 2


def pages_of(content: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=SCALE).to_pil().convert("L") for page in document]


def title_of(content: bytes) -> bytes:
    """The pixels of the strip in which the title stands."""
    page = pages_of(content)[0]
    return page.crop((40 * SCALE, 68 * SCALE, 480 * SCALE, 98 * SCALE)).tobytes()


def ink(pixels: bytes) -> float:
    """The share of dark pixels."""
    return sum(value < 128 for value in pixels) / len(pixels)
