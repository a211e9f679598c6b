"""Which encoding a text file is in. Proof first (marks, strict UTF-8), then likelihood."""

import codecs
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.reading import UnreadableFile

CHUNK = 1024 * 1024
SAMPLE = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "ascii": "utf-8", "utf_8": "utf-8", "latin-1": "cp1252"}

#: What a person chooses from: the codec and how people call it. Any other still works in a mapping file.
CHOICES = (
    ("utf-8-sig", _("Unicode (UTF-8)")),
    ("gb18030", _("Chinese, simplified (GB 18030, GBK)")),
    ("big5", _("Chinese, traditional (Big5)")),
    ("utf-16", _("Unicode (UTF-16), as Excel's “Unicode text”")),
    ("cp1252", _("Western European (Windows 1252)")),
    ("cp1251", _("Cyrillic (Windows 1251)")),
)
_ALIKE = {
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "cp950": "big5",
    "big5hkscs": "big5",
    "ascii": "utf-8-sig",
    "utf-8": "utf-8-sig",
}


def encoding_label(codec: str) -> str:
    """How people call it; a codec that has no such name keeps its own."""
    return str(dict(CHOICES).get(_ALIKE.get(codec, codec), codec))


_TOLD_APART = frozenset(
    [
        "gb18030",
        "big5",
        "big5hkscs",
        "cp950",
        "cp932",
        "shift_jis",
        "shift_jis_2004",
        "euc_jp",
        "euc_kr",
        "cp949",
        "johab",
        "cp1251",
        "koi8_r",
        "koi8_u",
        "cp866",
        "cp1253",
        "cp1255",
        "cp1256",
        "tis_620",
        "cp874",
    ]
)


def named_encoding(name: str) -> str:
    """The codec of a name someone typed. Raises `UnreadableFile` for one that isn't a text encoding."""
    cleaned = name.strip().casefold()
    cleaned = _NAMES.get(cleaned, cleaned)
    try:
        info = codecs.lookup(cleaned)
        "".encode(info.name)
    except (LookupError, ValueError) as error:
        raise UnreadableFile(_("“%(name)s” is not a text encoding.") % {"name": name}) from error
    return "utf-8-sig" if info.name == "utf-8" else info.name


def detect_encoding(path: Path) -> str:
    """The codec a file is in, by its whole length where proof is cheap. A few broken bytes don't make UTF-8 something else."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if wide := _unmarked_utf16(start):
        return wide
    good, bad, sample = _weigh_utf8(path)
    if bad == 0 or good > 10 * bad:
        return "utf-8-sig"
    return _likely(sample)


def _unmarked_utf16(start: bytes) -> str:
    """UTF-16 without its mark: zero bytes, which no other text has, that turn into the signs every table is made of."""
    if b"\0" not in start:
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = start[: len(start) // 2 * 2].decode(encoding, errors="replace")
        if "\n" in text and "\0" not in text and sum(map(str.isascii, text)) * 20 >= len(text):
            return encoding
    return ""


def _weigh_utf8(path: Path) -> tuple[int, int, bytes]:
    """(characters beyond ASCII that are right, bytes that are wrong, the lines with such bytes as a sample)."""
    good = bad = 0
    sample = bytearray()
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            data = rest + chunk
            if data.isascii():
                rest = b""
                continue
            cut = max(data.rfind(b"\n"), 0) + 1 if b"\n" in data else len(data)
            rest = data[cut:] if len(data) - cut < CHUNK else b""
            right, wrong = _count_utf8(data[:cut])
            good, bad = good + right, bad + wrong
            if len(sample) < SAMPLE:
                sample += b"\n".join(line for line in data[:cut].splitlines() if not line.isascii())[:SAMPLE]
    right, wrong = _count_utf8(rest)
    sample += b"" if rest.isascii() else rest[:SAMPLE]
    return good + right, bad + wrong, bytes(sample)


def _count_utf8(data: bytes) -> tuple[int, int]:
    text = data.decode("utf-8", errors="replace")
    # A replacement character that was written as such is no error.
    wrong = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    return len(text) - len(text.encode("ascii", "ignore")) - wrong, wrong


def _likely(sample: bytes) -> str:
    if _common_chinese_share(sample) > 0.6:
        return "gb18030"
    best = from_bytes(sample).best()
    if best is None:
        return "cp1252"
    found = _NAMES.get(best.encoding, best.encoding)
    # Western encodings differ in a few letters and are told apart by luck; cp1252 is what Windows writes there.
    return found if found in _TOLD_APART else "cp1252"


def _common_chinese_share(sample: bytes) -> float:
    """How much of what lies beyond ASCII is, read as GB18030, in the first level of GB 2312 (the 3,755 common characters) or
    its punctuation. Western text read so gives rare characters or none."""
    try:
        text = sample[: sample.rfind(b"\n") + 1 or None].decode("gb18030")
    except UnicodeDecodeError:
        return 0.0
    beyond = [character.encode("gb18030") for character in text if not character.isascii()]
    if not beyond:
        return 0.0
    common = sum(len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or 0xA1 <= code[0] <= 0xA3) and code[1] >= 0xA1 for code in beyond)
    return common / len(beyond)
