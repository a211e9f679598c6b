"""QR labels of places: what the sticker on the well says, and in which sizes a plant prints them."""

from dataclasses import dataclass

import segno
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from responsibilities.models import Place


@dataclass(frozen=True)
class LabelSize:
    """Labels of one size: how many stand side by side on a sheet of A4, and what that is in millimetres."""

    key: str
    columns: int
    words: str | Promise


SIZES = (
    LabelSize("small", 4, _("Small, 45 mm")),
    LabelSize("medium", 3, _("Medium, 60 mm")),
    LabelSize("large", 2, _("Large, 90 mm")),
)


@dataclass(frozen=True)
class Label:
    place: Place
    code: SafeString


def label_of(place: Place, address: str) -> Label:
    """`address` is whole, with scheme and host: a phone's camera reads it. Level Q: a quarter of it may be scratched off."""
    picture = segno.make(address, error="q", micro=False).svg_inline(omitsize=True, border=2, svgclass="sp-qr", lineclass=None)
    return Label(place, mark_safe(picture))  # noqa: S308 - drawn by segno from an address of ours


def size_of(key: str) -> LabelSize:
    return next((size for size in SIZES if size.key == key), SIZES[1])
