"""Two versions of a standard side by side, item by item and field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from inspections.choices import Result
from inspections.comparing import ADDED, CHANGED, FIELDS, REMOVED, Change, compare_items
from inspections.forms.standards import regulations
from inspections.models import HazardCategory
from inspections.services.standards import ItemText, items_of
from inspections.views.standards import SHELF
from responsibilities.models import Level
from safetyplant.access.rules import signed_in
from safetyplant.documents.citing import Citations
from safetyplant.documents.models import DocumentVersion
from safetyplant.documents.views import Edition, editions_of
from safetyplant.reporting.columns import as_text

LABELS: dict[str, str | Promise] = {
    "text": gettext_lazy("Text in English"),
    "text_zh": gettext_lazy("Text in Chinese"),
    "section": gettext_lazy("Section"),
    "section_zh": gettext_lazy("Section in Chinese"),
    "place": gettext_lazy("Place in the list"),
    "category": gettext_lazy("Category"),
    "level": gettext_lazy("Level if it fails"),
    "points": gettext_lazy("Points"),
    "possibly_major": gettext_lazy("Possibly major"),
    "score_cap": gettext_lazy("Score at most, if it fails (%)"),
    "photo_on_fail": gettext_lazy("Photo required when it fails"),
    "note_on_fail": gettext_lazy("Note required when it fails"),
    "reference": gettext_lazy("Clause behind it"),
    "condition": gettext_lazy("Asked only if"),
}
KINDS: dict[str, tuple[str | Promise, str, str]] = {
    ADDED: (gettext_lazy("Added"), "plus-lg", "good"),
    REMOVED: (gettext_lazy("Removed"), "dash-lg", "bad"),
    CHANGED: (pgettext_lazy("item", "Changed"), "pencil", "check"),
}


@dataclass(frozen=True)
class Row:
    label: str | Promise
    before: str
    after: str
    differs: bool


@dataclass(frozen=True)
class Shown:
    """A change as the page shows it: of a changed item what differs, of another all that it says."""

    change: Change
    rows: list[Row]

    @property
    def kind(self) -> tuple[str | Promise, str, str]:
        return KINDS[self.change.kind]

    @property
    def number(self) -> str:
        numbers = [item.number for item in (self.change.old, self.change.new) if item is not None]
        return " → ".join(dict.fromkeys(numbers))


class Words:
    """How the values of an item are said, in the reader's language."""

    def __init__(self) -> None:
        self._categories = {category.code: category.label for category in HazardCategory.objects.all()}
        self._levels = {level.code: level.word for level in Level.objects.all()}
        self._citations: Citations = regulations()

    def of(self, item: ItemText | None, name: str) -> str:  # noqa: PLR0911 - one answer per kind of value
        if item is None:
            return ""
        match name:
            case "place":
                return item.number
            case "category":
                return self._categories.get(item.category, item.category)
            case "level":
                return self._levels.get(item.level, item.level)
            case "reference":
                return self._citations.text_of(item.reference)
            case "condition":
                words = {"number": item.shown_if, "answer": Result(item.shown_on).label if item.shown_on else ""}
                return _("Item %(number)s: %(answer)s") % words if item.shown_if else ""
            case _:
                return as_text(getattr(item, name))


@signed_in
@require_safe
def standard_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """`old` and `new` are numbers of versions; without them the two newest that the reader sees."""
    document = SHELF.get(request.user, pk)
    context = SHELF.context(request, document)
    editions = editions_of(document, with_drafts=context["may_keep"], on=timezone.localdate())
    old, new = _chosen(editions, request.GET)
    context |= {"editions": editions, "old": old, "new": new}
    if old is not None and new is not None:
        context |= compared(items_of(old), items_of(new))
    return render(request, "inspections/standard_compare.html", context)


def compared(old: list[ItemText], new: list[ItemText]) -> dict[str, Any]:
    """For the page: the changes, and how many there are of each kind."""
    comparison, words = compare_items(old, new), Words()
    counts = [(*KINDS[kind], comparison.of_kind(kind)) for kind in (ADDED, REMOVED, CHANGED)]
    return {
        "shown": [Shown(change, list(_rows(change, words))) for change in comparison.changes],
        "counts": counts,
        "same": comparison.same,
    }


def _rows(change: Change, words: Words) -> Iterable[Row]:
    for name in FIELDS:
        before, after = words.of(change.old, name), words.of(change.new, name)
        if change.kind == CHANGED and name not in change.fields:
            continue
        if change.kind != CHANGED and (name == "place" or not _is_said(change, name)):
            continue
        yield Row(LABELS[name], before, after, change.kind == CHANGED)


def _is_said(change: Change, name: str) -> bool:
    """Of an item that came or went, only what it says: not each thing that it does not ask for."""
    item = change.old or change.new
    value = getattr(item, "shown_if" if name == "condition" else name)
    return value is not None and value is not False and value != ""


def _chosen(editions: list[Edition], asked: Any) -> tuple[DocumentVersion | None, DocumentVersion | None]:
    by_number = {str(edition.version.number): edition.version for edition in editions}
    newest = [edition.version for edition in editions[:2]]
    new = _named(by_number, asked.get("new", "")) or (newest[0] if newest else None)
    usual = next((edition.version for edition in editions if new is not None and edition.version.number < new.number), None)
    return _named(by_number, asked.get("old", "")) or usual, new


def _named(by_number: dict[str, DocumentVersion], number: str) -> DocumentVersion | None:
    if number and number not in by_number:
        raise Http404(_("There is no such version."))
    return by_number.get(number)
