"""XLSX workbooks: their structure and styles through openpyxl, their sheets streamed row by row (`sheet_xml`).

SECURITY: a workbook is a zip of XML from anyone. Before anything is unpacked its declared sizes are held against the limits
(a zip member can't yield more than it declares); documents that declare a DTD are refused; rows, columns, cells and the bytes of
one row are bounded while reading.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext_lazy as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from safetyplant.reporting.imports import limits
from safetyplant.reporting.imports.reading import Merge, RawRow, UnreadableFile
from safetyplant.reporting.imports.shared_strings import SharedStrings
from safetyplant.reporting.imports.sheet_xml import SheetReader, SheetXmlError, merged_areas

# What openpyxl and zipfile raise over damaged or hostile archives; SyntaxError is the parent of XML parse errors.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    InvalidFileException,
    SheetXmlError,
    ExpatError,
    SyntaxError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


class WorkbookSource:
    kind = "xlsx"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path) -> None:
        self._strings: SharedStrings | None = None
        self._file = path.open("rb")
        try:
            refuse_bomb(path)
            self._open()
        except UnreadableFile:
            self._file.close()
            raise
        except DAMAGED as error:
            self._file.close()
            raise UnreadableFile(_("The workbook is damaged or not an XLSX file. Save it again and try once more.")) from error
        if not self.sheets:
            raise UnreadableFile(_("The workbook has no sheet with cells."))

    def _open(self) -> None:
        # An open file, not its name: openpyxl judges names, and an uploaded file has one of ours.
        reader = _Structure(self._file, read_only=True, data_only=True, keep_links=False)
        reader.read()
        self._archive = reader.archive
        self._parts = reader.sheet_parts
        self._strings_part = reader.strings_part
        self.sheets = reader.visible or list(reader.sheet_parts)
        self.epoch_1904 = reader.wb.epoch == CALENDAR_MAC_1904
        self._epoch = reader.wb.epoch
        self._date_styles = frozenset(reader.wb._date_formats) | frozenset(reader.wb._timedelta_formats)

    def rows(self, sheet: str) -> Iterator[RawRow]:
        reader = SheetReader(strings=self._shared_strings(), epoch=self._epoch, date_styles=self._date_styles)
        try:
            with self._archive.open(self._parts[sheet]) as stream:
                yield from reader.rows(stream)
        except UnreadableFile:
            raise
        except DAMAGED as error:
            raise UnreadableFile(
                _("Sheet “%(sheet)s” is damaged after row %(row)s.") % {"sheet": sheet, "row": reader.last_row}
            ) from error

    def merges(self, sheet: str) -> list[Merge]:
        try:
            with self._archive.open(self._parts[sheet]) as stream:
                return merged_areas(stream)
        except DAMAGED:
            # Merges only help to name columns; the rows will say what is wrong with the sheet.
            return []

    def close(self) -> None:
        self._archive.close()
        self._file.close()
        if self._strings is not None:
            self._strings.close()

    def _shared_strings(self) -> SharedStrings:
        if self._strings is None:
            self._strings = SharedStrings()
            if self._strings_part:
                try:
                    with self._archive.open(self._strings_part) as stream:
                        self._strings.load(stream)
                except DAMAGED as error:
                    raise UnreadableFile(_("The texts of the workbook are damaged. Save it again and try once more.")) from error
        return self._strings


class _Structure(ExcelReader):
    """openpyxl's reader without what we read ourselves (texts, cells) or don't need (properties, themes, names)."""

    def read(self) -> None:
        self.sheet_parts: dict[str, str] = {}
        self.visible: list[str] = []
        self.read_manifest()
        part = self.package.find(SHARED_STRINGS)
        self.strings_part = part.PartName[1:] if part is not None and part.PartName[1:] in self.valid_files else ""
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, relation in self.parser.find_sheets():
            if "chartsheet" in relation.Type or relation.target not in self.valid_files:
                continue
            self.sheet_parts[sheet.name] = relation.target
            if sheet.state == "visible":
                self.visible.append(sheet.name)


def refuse_bomb(path: Path) -> None:
    """Raise `UnreadableFile` when the archive would unpack beyond bounds, or holds XML with a DTD."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        packed = max(sum(member.compress_size for member in members), 1)
        if unpacked > limits.UNPACKED_BYTES or (unpacked > limits.UNPACKED_FREE and unpacked / packed > limits.UNPACKED_RATIO):
            raise UnreadableFile(_("The workbook unpacks to far more than it can hold. It was not opened."))
        for member in members:
            _refuse_member(archive, member)


def _refuse_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if not member.filename.endswith((".xml", ".rels")):
        return
    if member.file_size > limits.PART_BYTES and not _is_streamed(member.filename):
        raise UnreadableFile(_("The workbook unpacks to far more than it can hold. It was not opened."))
    with archive.open(member) as stream:
        if b"<!DOCTYPE" in stream.read(4096):
            raise UnreadableFile(_("The workbook holds XML that no spreadsheet program writes. It was not opened."))


def _is_streamed(name: str) -> bool:
    """Parts we never hold as a whole; openpyxl reads the others into memory, so they must be small."""
    return name.startswith("xl/worksheets/") or "sharedstrings" in name.casefold()


def unpacked_size(path: Path) -> int:
    """How many bytes of XML a workbook holds, to tell small from large; 0 when it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except DAMAGED:
        return 0
