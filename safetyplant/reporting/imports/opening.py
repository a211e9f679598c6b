"""Opening a file of any layout as sheets of rows. Readers stream: memory does not grow with the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.delimited import DelimitedSource
from safetyplant.reporting.imports.reading import ReadOptions, Source, UnreadableFile
from safetyplant.reporting.imports.workbook import WorkbookSource

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


@contextmanager
def open_source(path: Path, options: ReadOptions | None = None) -> Iterator[Source]:
    """Open a CSV, TSV or XLSX file by what it holds, not by its name. Raises `UnreadableFile`."""
    source = _source_for(Path(path), options or ReadOptions())
    try:
        yield source
    finally:
        source.close()


def _source_for(path: Path, options: ReadOptions) -> Source:
    try:
        with path.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        raise UnreadableFile(_("The file can't be opened: %(reason)s.") % {"reason": error.strerror or error}) from error
    if start.startswith(ZIP_MAGIC):
        return WorkbookSource(path)
    if start.startswith(OLE_MAGIC):
        raise UnreadableFile(_("An old .xls file, or one with a password. Save it as .xlsx without a password."))
    if start.lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise UnreadableFile(_("A web page or XML file, not a table. Open it in a spreadsheet program and save it as .xlsx."))
    if start.startswith((b"%PDF", b"\xff\xd8\xff", b"\x89PNG")):
        raise UnreadableFile(_("A document or picture, not a table. Files can be CSV, TSV or XLSX."))
    return DelimitedSource(path, options)
