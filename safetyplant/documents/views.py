"""Pages of documents, written once: each room has a shelf for its kind and thin views that name it and who may enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.audit.history import history
from safetyplant.documents import services
from safetyplant.documents.filters import SORTS, VIEWS, VIEWS_OF_KEEPERS, DocumentFilter
from safetyplant.documents.forms import (
    BaseLineFormSet,
    DocumentForm,
    DraftForm,
    LineForm,
    PublishForm,
    WithdrawForm,
    line_formset,
    moved,
)
from safetyplant.documents.models import Document, DocumentVersion
from safetyplant.reporting.columns import Column
from safetyplant.reporting.lists import Empty, ListPage

Text = str | Promise
MORE_LINES = 5


@dataclass(frozen=True)
class Shelf:
    """One kind of document as its room keeps it.

    `name` begins the names of its addresses ("inspections:standard"), `templates` its templates ("inspections/standard").
    `lines` gives a version's lines as the form shows them, `write` replaces a draft's lines by the form's.
    """

    kind: str
    name: str
    templates: str
    title: Text
    new_title: Text
    empty_text: Text
    may_keep: Callable[[Any], bool]
    line_form: type[LineForm]
    lines: Callable[[DocumentVersion], list[dict[str, Any]]]
    write: Callable[[DocumentVersion, list[dict[str, Any]]], Any]
    clauses: Callable[[DocumentVersion], Any]
    form_kwargs: Callable[[], dict[str, Any]] = dict
    formset: type[BaseLineFormSet] = BaseLineFormSet
    #: `copy(draft, newest)` fills a new draft; without it, by what `write` makes of `lines`.
    copy: Callable[[DocumentVersion, DocumentVersion], Any] | None = None
    #: Further pages of a document, by the ends of their names.
    pages: Sequence[str] = ()
    columns: Sequence[Column] = ()

    def url(self, page: str, pk: int | None = None) -> str:
        return reverse(f"{self.name}-{page}", args=[] if pk is None else [pk])

    def urls(self, pk: int) -> dict[str, str]:
        pages = ("detail", "draft", "start", "discard", "publish", "withdraw", *self.pages)
        return {"list": self.url("list"), **{page: self.url(page, pk) for page in pages}}

    def get(self, user: Any, pk: int) -> Document:
        documents = Document.objects.of_kind(self.kind).visible_to(user, with_drafts=self.may_keep(user))
        return get_object_or_404(documents, pk=pk)

    def draft_of(self, document: Document) -> DocumentVersion:
        draft = document.versions.drafts().select_related("document").first()
        if draft is None:
            raise WrongState(_("This document has no draft. Begin a new version first."))
        return draft

    def fill(self, draft: DocumentVersion, newest: DocumentVersion) -> None:
        """Begin a draft as a copy."""
        if self.copy is not None:
            self.copy(draft, newest)
        else:
            self.write(draft, self.lines(newest))

    def context(self, request: HttpRequest, document: Document) -> dict[str, Any]:
        return {"shelf": self, "document": document, "urls": self.urls(document.pk), "may_keep": self.may_keep(request.user)}


@dataclass(frozen=True)
class Edition:
    """A version and what it counts for today: draft, planned (published for a later day), active, superseded or withdrawn."""

    version: DocumentVersion
    state: str
    is_shown: bool = False

    @property
    def label(self) -> str:
        words = {
            "draft": _("Draft"),
            "planned": _("Published, not yet valid"),
            "active": _("In force"),
            "superseded": _("Replaced"),
            "withdrawn": _("Withdrawn"),
        }
        return words[self.state]


def list_documents(request: HttpRequest, shelf: Shelf) -> HttpResponseBase:
    may_keep = shelf.may_keep(request.user)
    documents = Document.objects.of_kind(shelf.kind).visible_to(request.user, with_drafts=may_keep)
    page = ListPage(
        request,
        documents.with_in_force(timezone.localdate()),
        title=shelf.title,
        columns=_columns(shelf),
        sorts=SORTS,
        filterset_class=DocumentFilter,
        views=VIEWS_OF_KEEPERS if may_keep else VIEWS,
        default_view="current",
        empty=Empty(
            _("Nothing here yet"),
            shelf.empty_text,
            action=shelf.new_title if may_keep else "",
            url=shelf.url("new") if may_keep else "",
            icon="journal-text",
        ),
        filename=shelf.kind,
    )
    context = {"shelf": shelf, "may_keep": may_keep, "new_url": shelf.url("new") if may_keep else ""}
    return page.response(f"{shelf.templates}_list.html", context)


def _columns(shelf: Shelf) -> list[Column]:
    return [
        Column("code", _("Code"), "code", sort="code", css="c-level"),
        Column("title", _("Title"), "label", css="c-title", link=lambda row: shelf.url("detail", row.pk)),
        Column("lines", _("Lines"), "clause_count", css="c-who num", template="documents/_lines_cell.html"),
        Column("version", _("Version"), "number", css="c-state", template="documents/_version_cell.html"),
        Column("valid_from", _("Valid from"), "valid_from", sort="newest", css="c-due"),
        *shelf.columns,
    ]


def editions_of(document: Document, *, with_drafts: bool, on: date) -> list[Edition]:
    """All versions, newest first, each with what it counts for on that day."""
    versions = list(document.versions.select_related("published_by").order_by("-number"))
    valid = [version for version in versions if version.valid_from and version.is_published and version.valid_from <= on]
    current = max(valid, key=lambda version: (version.valid_from, version.number), default=None)
    is_withdrawn = document.withdrawn_on is not None and document.withdrawn_on <= on
    return [
        Edition(version, _state(version, current, is_withdrawn=is_withdrawn, on=on))
        for version in versions
        if with_drafts or version.is_published
    ]


def _state(version: DocumentVersion, current: DocumentVersion | None, *, is_withdrawn: bool, on: date) -> str:
    if not version.is_published:
        return "draft"
    if is_withdrawn:
        return "withdrawn"
    if version.valid_from is not None and version.valid_from > on:
        return "planned"
    return "active" if version == current else "superseded"


def show_document(request: HttpRequest, shelf: Shelf, pk: int, *, forms: dict[str, Any] | None = None) -> HttpResponse:
    """A document in the version asked for, else the one in force. `forms` are those that came back with errors (422)."""
    document = shelf.get(request.user, pk)
    today = timezone.localdate()
    context = shelf.context(request, document)
    editions = editions_of(document, with_drafts=context["may_keep"], on=today)
    shown = _chosen(editions, request.GET.get("version", ""))
    context |= {
        "editions": editions,
        "shown": shown,
        "version": shown.version,
        "clauses": shelf.clauses(shown.version),
        "has_draft": editions[0].state == "draft",
        "is_withdrawn": document.withdrawn_on is not None and document.withdrawn_on <= today,
        "entries": history(document),
        "publish_form": PublishForm(document=document),
        "withdraw_form": WithdrawForm(prefix="withdraw"),
        **(forms or {}),
    }
    return render(request, f"{shelf.templates}_detail.html", context, status=422 if forms else 200)


def _chosen(editions: list[Edition], number: str) -> Edition:
    if number:
        found = next((edition for edition in editions if str(edition.version.number) == number), None)
        if found is None:
            raise Http404(_("There is no such version."))
        return found
    by_state = {edition.state: edition for edition in reversed(editions)}
    wanted = (by_state.get(state) for state in ("active", "withdrawn", "planned", "draft"))
    return next(edition for edition in wanted if edition is not None)


def new_document(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    form = DocumentForm(request.POST or None, kind=shelf.kind)
    if form.is_valid():
        document = services.create_document(shelf.kind, **form.cleaned_data, by=request.user)
        return redirect(shelf.url("draft", document.pk))
    context = {"form": form, "shelf": shelf, "list_url": shelf.url("list")}
    return render(request, f"{shelf.templates}_form.html", context, status=422 if form.is_bound else 200)


def start_draft(request: HttpRequest, shelf: Shelf, pk: int) -> HttpResponse:
    """Begin the next version as a copy of the newest one; an open draft is simply opened."""
    document = shelf.get(request.user, pk)
    if not document.versions.drafts().exists():
        newest = document.versions.published().order_by("-number").first()
        services.draft_version(document, by=request.user, write=lambda draft: shelf.fill(draft, newest))
    return redirect(shelf.url("draft", pk))


def edit_draft(request: HttpRequest, shelf: Shelf, pk: int) -> HttpResponse:
    document = shelf.get(request.user, pk)
    draft = shelf.draft_of(document)
    if request.method == "POST":
        return _save_draft(request, shelf, draft)
    initial = {"title": document.title, "title_zh": document.title_zh, "note": draft.note, "edition": services.edition_of(draft)}
    lines = shelf.lines(draft)
    extra = MORE_LINES if "more" in request.GET or not lines else 1
    formset = line_formset(shelf.line_form, extra=extra, base=shelf.formset)(
        initial=lines, prefix="line", form_kwargs=shelf.form_kwargs()
    )
    return _show_draft(request, shelf, draft, DraftForm(initial=initial), formset)


def _save_draft(request: HttpRequest, shelf: Shelf, draft: DocumentVersion) -> HttpResponse:
    step = request.POST.get("move", "")
    data = moved(request.POST, "line", step) if step else request.POST
    form = DraftForm(data)
    known = {"initial": shelf.lines(draft), "prefix": "line", "form_kwargs": shelf.form_kwargs()}
    formset = line_formset(shelf.line_form, base=shelf.formset)(data, **known)
    if not (form.is_valid() & formset.is_valid()):
        return _show_draft(request, shelf, draft, form, formset, status=422)
    lines = formset.lines()
    try:
        text = services.DraftText(**form.cleaned_data)
        services.save_draft(draft, text, write=lambda version: shelf.write(version, lines), by=request.user)
    except StaleVersion as stale:
        # Saving once more is then done knowingly, over what the other one wrote.
        form.data = {**form.data.dict(), "edition": services.edition_of(draft)}
        return _show_draft(request, shelf, draft, form, formset, status=409, stale=stale.message)
    if step:
        return redirect(f"{shelf.url('draft', draft.document_id)}#line-{_place_of(formset, step)}")
    messages.success(request, _("The draft is saved."))
    if "more" in request.POST:
        return redirect(f"{shelf.url('draft', draft.document_id)}?more=1#new")
    return redirect(f"{shelf.url('detail', draft.document_id)}?version={draft.number}")


def _place_of(formset: BaseLineFormSet, step: str) -> int:
    """Where the line that was moved stands now, counted from 1."""
    prefix = step.rpartition("-")[0]
    places = (place for place, form in enumerate(formset.kept(), start=1) if form.prefix == prefix)
    return next(places, 1)


def _show_draft(
    request: HttpRequest,
    shelf: Shelf,
    draft: DocumentVersion,
    form: DraftForm,
    formset: Any,
    *,
    status: int = 200,
    stale: object = "",
) -> HttpResponse:
    context = shelf.context(request, draft.document) | {"draft": draft, "form": form, "formset": formset, "stale": stale}
    return render(request, f"{shelf.templates}_draft.html", context, status=status)


def discard_draft(request: HttpRequest, shelf: Shelf, pk: int) -> HttpResponse:
    document = shelf.get(request.user, pk)
    services.discard_draft(shelf.draft_of(document), by=request.user)
    messages.success(request, _("The draft is discarded. What is published stays as it was."))
    is_left = Document.objects.filter(pk=pk).exists()
    return redirect(shelf.url("detail", pk) if is_left else shelf.url("list"))


def publish_draft(request: HttpRequest, shelf: Shelf, pk: int) -> HttpResponse:
    document = shelf.get(request.user, pk)
    draft = shelf.draft_of(document)
    form = PublishForm(request.POST, document=document)
    if not form.is_valid():
        request.GET = request.GET.copy()
        request.GET["version"] = str(draft.number)
        return show_document(request, shelf, pk, forms={"publish_form": form})
    services.publish_version(draft, by=request.user, valid_from=form.cleaned_data["valid_from"])
    messages.success(request, _("Version %(number)s is published.") % {"number": draft.number})
    return redirect(f"{shelf.url('detail', pk)}?version={draft.number}")


def withdraw(request: HttpRequest, shelf: Shelf, pk: int) -> HttpResponse:
    document = shelf.get(request.user, pk)
    form = WithdrawForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return show_document(request, shelf, pk, forms={"withdraw_form": form})
    services.withdraw_document(document, by=request.user, on=form.cleaned_data["on"])
    messages.success(request, _("The document is withdrawn. Records that cite it keep it."))
    return redirect(shelf.url("detail", pk))
