"""The shared texts of a workbook, kept on disk: a million rows may have millions of them."""

import tempfile
from array import array
from collections import OrderedDict
from typing import IO
from xml.parsers import expat

from safetyplant.reporting.imports import limits

CHUNK = 256 * 1024
CACHED = 20_000
CACHED_CHARS = 200  # longer texts aren't worth their memory


class SharedStrings:
    """Texts by index. Raises `IndexError` for an index the workbook doesn't have, `ValueError` for forbidden XML."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="import-strings-")  # noqa: SIM115 (lives as long as this object; see close)
        self._ends = array("Q", [0])
        self._cache: OrderedDict[int, str] = OrderedDict()
        self._parts: list[str] = []
        self._length = 0
        self._in_text = False
        self._phonetic = 0

    def load(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = refuse_doctype
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        text = self._cache.get(index)
        if text is None:
            self._file.seek(self._ends[index])
            text = self._file.read(self._ends[index + 1] - self._ends[index]).decode("utf-8")
            if len(text) <= CACHED_CHARS:
                self._cache[index] = text
                if len(self._cache) > CACHED:
                    self._cache.popitem(last=False)
        return text

    def close(self) -> None:
        self._file.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t" and not self._phonetic:
            self._in_text = True
        elif tag == "rPh":
            # How to pronounce the text (Japanese); not part of it.
            self._phonetic += 1

    def _data(self, data: str) -> None:
        # One character beyond the limit is kept, so that the parser can name the cell as too long.
        if self._in_text and self._length <= limits.CELL_CHARS:
            data = data[: limits.CELL_CHARS + 1 - self._length]
            self._parts.append(data)
            self._length += len(data)

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "si":
            self._ends.append(self._ends[-1] + self._file.write("".join(self._parts).encode("utf-8", errors="replace")))
            self._parts.clear()
            self._length = 0


def refuse_doctype(*declaration: object) -> None:
    # SECURITY: entity expansion begins with a DTD, which spreadsheets never have.
    raise ValueError("DTD in a workbook")
