"""Texts of the demo come in pairs, English and Chinese; one language is chosen for the whole load."""

from dataclasses import dataclass

#: (English, Chinese)
Words = tuple[str, str]
LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True)
class Language:
    """Picks one text of each pair; `code` is one of `LANGUAGES`."""

    code: str

    @property
    def is_chinese(self) -> bool:
        return self.code == "zh-hans"

    def __call__(self, words: Words, **values: object) -> str:
        """The text in the language of the load, `{name}` filled in."""
        text = words[1] if self.is_chinese else words[0]
        return text.format(**values) if values else text
