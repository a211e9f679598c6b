"""Standards: the checklists that inspections go by, in their versions."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.forms.standards import ItemForm, ItemFormSet, item_choices, items_from, lines_of
from inspections.services.standards import items_of, write_items
from responsibilities.permissions import can_manage_standards
from safetyplant.access.rules import requires, signed_in
from safetyplant.documents import views
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Clause, DocumentVersion


def write_lines(version: DocumentVersion, lines: list[dict[str, Any]]) -> None:
    write_items(version, items_from(lines))


def copy_items(draft: DocumentVersion, newest: DocumentVersion) -> None:
    write_items(draft, items_of(newest))


@dataclass(frozen=True)
class Section:
    heading: str
    clauses: list[Clause]


class ShownItems(list[Clause]):
    """The items of a version as its page shows them, and what their score is made of."""

    @property
    def sections(self) -> list[Section]:
        grouped = groupby(self, key=lambda clause: clause.checklist_item.heading)
        return [Section(heading, list(clauses)) for heading, clauses in grouped]

    @property
    def items(self) -> int:
        return len(self)

    @property
    def points(self) -> int:
        return sum(clause.checklist_item.points for clause in self)

    @property
    def critical(self) -> list[Clause]:
        return [clause for clause in self if clause.checklist_item.is_critical]


def shown_items(version: DocumentVersion) -> ShownItems:
    related = ("category", "level", "shown_if", "reference__version__document")
    rows = version.clauses.select_related(*(f"checklist_item__{name}" for name in related)).order_by("position")
    return ShownItems(rows)


SHELF = views.Shelf(
    kind=DocumentKind.STANDARD,
    name="inspections:standard",
    templates="inspections/standard",
    title=_("Standards"),
    new_title=_("New standard"),
    empty_text=_("A standard is a checklist that inspections go by. The safety officer writes and publishes it."),
    may_keep=can_manage_standards,
    line_form=ItemForm,
    lines=lines_of,
    write=write_lines,
    copy=copy_items,
    formset=ItemFormSet,
    clauses=shown_items,
    form_kwargs=item_choices,
    pages=("compare", "export", "import"),
)


@signed_in
@require_safe
def standard_list(request: HttpRequest) -> HttpResponseBase:
    return views.list_documents(request, SHELF)


@signed_in
@require_safe
def standard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return views.show_document(request, SHELF, pk)


@requires(can_manage_standards)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_new(request: HttpRequest) -> HttpResponse:
    return views.new_document(request, SHELF)


@requires(can_manage_standards)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    return views.edit_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def standard_start(request: HttpRequest, pk: int) -> HttpResponse:
    return views.start_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def standard_discard(request: HttpRequest, pk: int) -> HttpResponse:
    return views.discard_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def standard_publish(request: HttpRequest, pk: int) -> HttpResponse:
    return views.publish_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def standard_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return views.withdraw(request, SHELF, pk)
