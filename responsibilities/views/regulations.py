"""Regulations of the plant, with numbered clauses that records cite."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from responsibilities.permissions import can_manage_standards
from safetyplant.access.rules import requires, signed_in
from safetyplant.documents import views
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.forms import ClauseForm, clause_lines, parent_number
from safetyplant.documents.models import DocumentVersion
from safetyplant.documents.services import ClauseText, write_clauses


def write_lines(version: DocumentVersion, lines: list[dict[str, Any]]) -> None:
    """A clause stands under the one whose number its own begins with."""
    before: list[str] = []
    clauses = []
    for line in lines:
        clauses.append(ClauseText(line["number"], line["text"], line["text_zh"], parent_number(line["number"], before)))
        before.append(line["number"])
    write_clauses(version, clauses)


def shown_clauses(version: DocumentVersion) -> Any:
    return version.clauses.order_by("position")


SHELF = views.Shelf(
    kind=DocumentKind.REGULATION,
    name="responsibilities:regulation",
    templates="responsibilities/regulation",
    title=_("Regulations"),
    new_title=_("New regulation"),
    empty_text=_(
        "Regulations are the rules that violations and hazards are measured by. The safety officer writes and publishes them."
    ),
    may_keep=can_manage_standards,
    line_form=ClauseForm,
    lines=clause_lines,
    write=write_lines,
    clauses=shown_clauses,
)


@signed_in
@require_safe
def regulation_list(request: HttpRequest) -> HttpResponseBase:
    return views.list_documents(request, SHELF)


@signed_in
@require_safe
def regulation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return views.show_document(request, SHELF, pk)


@requires(can_manage_standards)
@require_http_methods(["GET", "HEAD", "POST"])
def regulation_new(request: HttpRequest) -> HttpResponse:
    return views.new_document(request, SHELF)


@requires(can_manage_standards)
@require_http_methods(["GET", "HEAD", "POST"])
def regulation_draft(request: HttpRequest, pk: int) -> HttpResponse:
    return views.edit_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def regulation_start(request: HttpRequest, pk: int) -> HttpResponse:
    return views.start_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def regulation_discard(request: HttpRequest, pk: int) -> HttpResponse:
    return views.discard_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def regulation_publish(request: HttpRequest, pk: int) -> HttpResponse:
    return views.publish_draft(request, SHELF, pk)


@requires(can_manage_standards)
@require_POST
def regulation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return views.withdraw(request, SHELF, pk)
