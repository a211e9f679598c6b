"""A checklist with nothing in it yet, for days on paper: filled in by hand, entered later with the sheet as evidence."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inspections.models import ChecklistItem, PlannedVisit
from safetyplant.documents.models import DocumentVersion
from safetyplant.reporting.papers import Block, Facts, Paper, Signatures, Table, Text

LINE = "____________________________"
BOX = "□"
FINDING_ROWS = 6


def blank_checklist(version: DocumentVersion, visit: PlannedVisit | None, *, issuer: str, address: str) -> Paper:
    """`visit`: the planned one it is printed for, whose place and day stand on it already."""
    return Paper(
        title=version.document.label,
        number=f"{version.document.code} · {version.number}",
        issuer=issuer,
        blocks=list(_blocks(version, visit)),
        footer=_("Enter it the same day. Both times are kept: when it was seen, and when it was entered."),
        address=address,
    )


def _marks(item: ChecklistItem) -> Iterator[str]:
    """What the page with signal would ask by itself stands below the item."""
    if item.shown_if is not None:
        words = {"number": item.shown_if.number, "answer": item.get_shown_on_display()}
        yield _("Only if item %(number)s: %(answer)s") % words
    if item.is_critical:
        yield _("Critical: %(cap)s %% at most") % {"cap": item.score_cap}
    if item.photo_on_fail:
        yield _("Photo if it fails")
    if item.note_on_fail:
        yield _("Note if it fails")


def _blocks(version: DocumentVersion, visit: PlannedVisit | None) -> Iterator[Block]:
    where = f"{visit.where}, {visit.unit.name}" if visit else LINE
    yield Facts([(_("Place"), where), (_("Seen on"), visit.on if visit else LINE), (_("From, until"), LINE), (_("With"), LINE)])
    groups: dict[str, list[tuple[str, str, str, str, str]]] = {}
    items = version.clauses.select_related("checklist_item__category", "checklist_item__shown_if").order_by("position")
    for clause in items:
        item = getattr(clause, "checklist_item", None)
        asked = "\n".join([clause.label, *(_marks(item) if item else ())])
        row = (clause.number, asked, BOX, BOX, BOX)
        groups.setdefault((item.heading or item.category.label) if item else "", []).append(row)
    for name, rows in groups.items():
        yield Table(
            ("", _("Item"), pgettext("item", "OK"), pgettext("item", "Fail"), pgettext("item", "N/A")),
            rows,
            (2, 18, 2, 2, 2),
            name,
        )
    yield Text(_("For each failed item: its number, what is wrong, what was done at once."), _("What was found"))
    yield Table((_("Number"), _("What is wrong"), _("Done at once")), [("", "\u00a0", "")] * FINDING_ROWS, (2, 12, 8))
    yield Signatures([(_("Inspector"), "", ""), (_("Head of the unit"), "", "")], _("Signatures"))
