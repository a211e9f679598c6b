"""The items of a standard as a file: out, and into a draft by way of a check that shows what would change."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inspections.forms.standards import ItemFileForm
from inspections.imports.items import ReadItems, read_items, table_of
from inspections.services.standards import ItemText, items_of, write_items
from inspections.views.standard_versions import compared
from inspections.views.standards import SHELF
from responsibilities.permissions import can_manage_standards
from safetyplant.access.rules import requires, signed_in
from safetyplant.documents import services
from safetyplant.documents.models import Document, DocumentVersion
from safetyplant.documents.views import editions_of
from safetyplant.reporting.exports import XLSX_TYPE, write_xlsx
from safetyplant.reporting.imports.reading import UnreadableFile

SALT = "inspections.standard-items"


@signed_in
@require_safe
def standard_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The items of a version, `version` by its number, else the newest that the reader sees."""
    document = SHELF.get(request.user, pk)
    version = _version(document, request, request.GET.get("version", ""))
    name = f"{document.code}-v{version.number}"
    book = write_xlsx(table_of(items_of(version)), document.code)
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def _version(document: Document, request: HttpRequest, number: str) -> DocumentVersion:
    editions = editions_of(document, with_drafts=can_manage_standards(request.user), on=timezone.localdate())
    for edition in editions:
        if number in ("", str(edition.version.number)):
            return edition.version
    raise Http404(_("There is no such version."))


@requires(can_manage_standards)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_import(request: HttpRequest, pk: int) -> HttpResponse:
    """A file is checked and shown beside the draft; only then is it written. What was checked comes back signed."""
    draft = SHELF.draft_of(SHELF.get(request.user, pk))
    if "checked" in request.POST:
        return _write(request, draft)
    form = ItemFileForm(request.POST or None, request.FILES or None)
    read = _read(request, form) if form.is_valid() else None
    context = SHELF.context(request, draft.document) | {"draft": draft, "form": form, "read": read}
    if read is not None and read.items and not read.faults:
        context |= {**compared(items_of(draft), read.items), "checked": _sealed(request, draft, read.items)}
        return render(request, "inspections/standard_import.html", context)
    return render(request, "inspections/standard_import.html", context, status=422 if request.method == "POST" else 200)


def _read(request: HttpRequest, form: ItemFileForm) -> ReadItems | None:
    upload: File = form.cleaned_data["file"]
    with tempfile.NamedTemporaryFile(prefix="items-") as local:
        for chunk in upload.chunks():
            local.write(chunk)
        local.flush()
        try:
            return read_items(Path(local.name), by=request.user)
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal.message))
            return None


def _sealed(request: HttpRequest, draft: DocumentVersion, items: list[ItemText]) -> str:
    # SECURITY: whose, for which draft and in which state of it, so that it serves for nothing else.
    about = {"by": request.user.pk, "draft": draft.pk, "edition": services.edition_of(draft)}
    return signing.dumps(about | {"items": [vars(item) for item in items]}, salt=SALT, compress=True)


def _write(request: HttpRequest, draft: DocumentVersion) -> HttpResponse:
    try:
        checked: dict[str, Any] = signing.loads(request.POST["checked"], salt=SALT)
    except signing.BadSignature:
        checked = {}
    if (checked.get("by"), checked.get("draft")) != (request.user.pk, draft.pk):
        raise Http404(_("This check belongs to something else. Check the file again."))
    items = [ItemText(**item) for item in checked["items"]]
    document = draft.document
    text = services.DraftText(document.title, document.title_zh, draft.note, checked["edition"])
    services.save_draft(draft, text, write=lambda version: write_items(version, items), by=request.user)
    said = ngettext("%(count)d item is in the draft.", "%(count)d items are in the draft.", len(items))
    messages.success(request, said % {"count": len(items)})
    return redirect(f"{SHELF.url('detail', document.pk)}?version={draft.number}")
