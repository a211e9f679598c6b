"""Papers: what is printed, signed and filed. A room says what stands on a paper; this package sets it in type."""

from safetyplant.reporting.papers.blocks import Block, Facts, Notice, Paper, Pictures, Signatures, Table, Text
from safetyplant.reporting.papers.pictures import PaperPicture
from safetyplant.reporting.papers.typesetting import paper_response, render_paper

__all__ = [
    "Block",
    "Facts",
    "Notice",
    "Paper",
    "PaperPicture",
    "Pictures",
    "Signatures",
    "Table",
    "Text",
    "paper_response",
    "render_paper",
]
