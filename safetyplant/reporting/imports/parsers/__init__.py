"""Parsers of cells. A room that needs another one subclasses `Parser` and writes `parse(cell, style)`."""

from safetyplant.reporting.imports.parsers.cells import PLAIN, Cell, CellFault, CellStyle, cell_text, normal_text
from safetyplant.reporting.imports.parsers.dates import Date, DateTime, TimeOfDay
from safetyplant.reporting.imports.parsers.values import Boolean, Choice, Integer, Many, Money, Name, Number, Parser, Text

__all__ = [
    "PLAIN",
    "Boolean",
    "Cell",
    "CellFault",
    "CellStyle",
    "Choice",
    "Date",
    "DateTime",
    "Integer",
    "Many",
    "Money",
    "Name",
    "Number",
    "Parser",
    "Text",
    "TimeOfDay",
    "cell_text",
    "normal_text",
]
