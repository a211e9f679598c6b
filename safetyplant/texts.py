"""What people type, and what of it can be seen."""

import unicodedata
from typing import Any

from django import forms

#: Blanks, controls, format characters such as the zero-width space, and halves of characters. What Python does not know yet
#: (new signs) and private characters (rare names) count as seen.
_UNSEEN_KINDS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
#: Letters and marks by their kind, yet drawn as nothing: fillers of Hangul, empty braille, joiners and variation selectors.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)


def trimmed(text: str) -> str:
    """Without blanks and unseen characters around it; empty when nothing of it can be seen: no reason and no name."""
    start, end = 0, len(text)
    while start < end and _is_unseen(text[start]):
        start += 1
    while start < end and unicodedata.category(text[end - 1]) in _UNSEEN_KINDS:
        end -= 1
    return text[start:end]


def _is_unseen(character: str) -> bool:
    return character in _UNSEEN or unicodedata.category(character) in _UNSEEN_KINDS


class TextField(forms.CharField):
    """Text of a form. Django's own takes blanks away, but lets a lone zero-width space pass for an answer."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return (trimmed(text) or self.empty_value) if self.strip and text else text
