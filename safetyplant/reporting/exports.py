"""Spreadsheets of a list: the same rows, order and columns, read in keyset chunks so that memory does not grow.

Cells that a spreadsheet program would run as a formula are made inert by a leading apostrophe; numbers stay numbers. A list
longer than the limit is cut, and the last line says so.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, gettext, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from safetyplant.reporting.columns import Column, as_text
from safetyplant.reporting.keyset import Key, Sort, resolve_keys, slice_after

CHUNK = 1000
LIMITS = {"csv": 1_000_000, "xlsx": 100_000}
FORMATS = ("xlsx", "csv")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000
# The plain signs, their full-width forms (which some spreadsheet programs read alike), and the control characters before which
# the rest of a cell is still parsed.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """A file for csv.writer whose write gives the line back."""

    def write(self, line: str) -> str:
        return line


def export(
    rows: QuerySet,
    columns: Sequence[Column],
    file_format: str,
    *,
    keys: Sequence[Key] | None = None,
    filename: str = "list",
    limit: int | None = None,
) -> HttpResponseBase:
    """The queryset as a download. Without `keys` in the order of the primary key. Headings are in the active language."""
    if file_format not in FORMATS:
        raise ValueError(f"Exports are {' or '.join(FORMATS)}, not {file_format!r}.")
    keys = keys or resolve_keys(rows, Sort("pk", "", ("pk",)))
    name = f"{get_valid_filename(filename)}-{timezone.localdate():%Y-%m-%d}.{file_format}"
    lines = export_lines(rows, columns, keys=keys, limit=limit or LIMITS[file_format])
    if file_format == "xlsx":
        return FileResponse(write_xlsx(lines, filename), as_attachment=True, filename=name, content_type=XLSX_TYPE)
    response = StreamingHttpResponse(csv_lines(lines, get_language()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def export_lines(rows: QuerySet, columns: Sequence[Column], *, keys: Sequence[Key], limit: int) -> Iterator[list[Any]]:
    """Headings, then one list of values per row, then a note if the list was longer than the limit."""
    yield [str(column.label) for column in columns]
    written, after = 0, None
    while True:
        # One row more than is written tells whether anything was cut.
        chunk = list(slice_after(rows, keys, after, min(CHUNK, limit - written + 1)))
        for row in chunk:
            if written == limit:
                yield [gettext("Only the first %(count)s rows are here. Narrow the list to export the rest.") % {"count": limit}]
                return
            yield [exportable(column.value_for(row)) for column in columns]
            written += 1
        if not chunk or (len(chunk) < CHUNK and written < limit):
            return
        after = [key.value_of(chunk[-1]) for key in keys]


def exportable(value: Any) -> Any:
    """Numbers, days and moments as such (plant time, without zone, which spreadsheets don't know); all else as inert text."""
    match value:
        case bool():
            return as_text(value)
        case int() | float() | Decimal():
            return value
        case datetime():
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        case date() | time():
            return value
        case None:
            return ""
        case _:
            return inert(as_text(value) if isinstance(value, list | tuple | set) else str(value))


def inert(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, without characters that no spreadsheet can hold."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]
    # Blanks before the sign don't save from every program.
    return f"'{clean}" if clean.startswith(DANGEROUS) or clean.lstrip().startswith(DANGEROUS) else clean


def live(text: str) -> str:
    """What `inert` made of a text, as it was: for files of ours that come back."""
    return text[1:] if text.startswith("'") and inert(text[1:]) == text else text


def csv_lines(lines: Iterable[list[Any]], language: str | None) -> Iterator[str]:
    """CSV with the byte order mark without which Excel misreads Chinese. Streamed after the view is left, so the language
    of the request is set again for what is still to be written."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    with override(language):
        for line in lines:
            yield writer.writerow([_csv_cell(value) for value in line])


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value


def write_xlsx(lines: Iterable[list[Any]], title: str) -> Any:
    """A temporary file with one sheet, written row by row; it vanishes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, line in enumerate(lines):
        if place == 0:
            for number, heading in enumerate(line, start=1):
                sheet.column_dimensions[get_column_letter(number)].width = max(12, min(40, len(heading) * 2))
        sheet.append([_xlsx_cell(sheet, value, bold=place == 0) for value in line])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    book.save(file)
    file.seek(0)
    return file


def _xlsx_cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, str) and not bold and not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = Font(bold=True)
    return cell
