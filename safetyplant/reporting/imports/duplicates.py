"""Finding equal rows in a file of any length: 16 bytes and a row number each, in flat arrays."""

from array import array
from collections.abc import Sequence
from hashlib import blake2b

from safetyplant.reporting.imports.parsers.cells import Cell, cell_text

DIGEST = 16
_FIRST_SIZE = 1 << 12


def digest_of(parts: Sequence[str]) -> bytes:
    """16 bytes that stand for the texts: equal for equal texts, and by chance for one pair in 10^27 at a million rows."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()


def row_digest(cells: Sequence[Cell]) -> bytes:
    """Stands for a row as its reader sees it: padding and blank cells at its end make no difference."""
    texts = [cell_text(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return digest_of(texts)


class SeenRows:
    """Open-addressed table of digest → number of the first row that had it. About 35 bytes a row; a dict takes 200."""

    def __init__(self) -> None:
        self._allocate(_FIRST_SIZE)
        self._count = 0

    def first_seen(self, digest: bytes, number: int) -> int:
        """The number of the earlier row with this digest, or 0 after noting this one."""
        slot = self._slot(digest)
        if self._numbers[slot]:
            return self._numbers[slot]
        self._put(slot, digest, number)
        self._count += 1
        if self._count * 3 > self._size * 2:
            self._grow()
        return 0

    def _allocate(self, size: int) -> None:
        self._size = size
        self._digests = bytearray(size * DIGEST)
        self._numbers = array("I", bytes(size * 4))

    def _slot(self, digest: bytes) -> int:
        mask = self._size - 1
        slot = int.from_bytes(digest[:8], "little") & mask
        while self._numbers[slot] and self._digests[slot * DIGEST : slot * DIGEST + DIGEST] != digest:
            slot = (slot + 1) & mask
        return slot

    def _put(self, slot: int, digest: bytes, number: int) -> None:
        self._digests[slot * DIGEST : slot * DIGEST + DIGEST] = digest
        self._numbers[slot] = number

    def _grow(self) -> None:
        digests, numbers = self._digests, self._numbers
        self._allocate(self._size * 2)
        for slot, number in enumerate(numbers):
            if number:
                digest = bytes(digests[slot * DIGEST : slot * DIGEST + DIGEST])
                self._put(self._slot(digest), digest, number)
