"""Standards: the checklists that inspections go by, in their versions."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.forms.standards import ItemForm, item_choices
from inspections.services.standards import ItemText, items_of, write_items
from responsibilities.permissions import can_manage_standards
from safetyplant.access.rules import requires, signed_in
from safetyplant.documents import views
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import DocumentVersion


def form_lines(version: DocumentVersion) -> list[dict[str, Any]]:
    return [{**vars(item), "order": index} for index, item in enumerate(items_of(version), start=1)]


def write_lines(version: DocumentVersion, lines: list[dict[str, Any]]) -> None:
    names = ("text", "text_zh", "category", "level", "points", "possibly_major")
    write_items(version, [ItemText(str(n), **{name: line[name] for name in names}) for n, line in enumerate(lines, start=1)])


def shown_items(version: DocumentVersion) -> Any:
    return version.clauses.select_related("checklist_item__category", "checklist_item__level").order_by("position")


SHELF = views.Shelf(
    kind=DocumentKind.STANDARD,
    name="inspections:standard",
    templates="inspections/standard",
    title=_("Standards"),
    new_title=_("New standard"),
    empty_text=_("A standard is a checklist that inspections go by. The safety officer writes and publishes it."),
    may_keep=can_manage_standards,
    line_form=ItemForm,
    lines=form_lines,
    write=write_lines,
    clauses=shown_items,
    form_kwargs=item_choices,
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
