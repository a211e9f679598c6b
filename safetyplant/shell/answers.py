"""How views answer a form: 422 with the form when it is faulty, 409 with the text kept when someone was faster."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from safetyplant.access.exceptions import StaleVersion

UNPROCESSABLE, CONFLICT = 422, 409


def sent(request: HttpRequest) -> dict[str, Any]:
    """The arguments that bind a form to what was sent; nothing on a first visit."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any] | None = None, *, status: int | None = None
) -> HttpResponse:
    faulty = form.is_bound and bool(form.errors)
    return render(request, template, {"form": form, **(context or {})}, status=status or (UNPROCESSABLE if faulty else 200))


def note_stale(form: Any, refusal: StaleVersion, revision: int) -> None:
    """Say that the record has changed, and let the next sending be a deliberate one: it carries the present revision."""
    form.data = form.data.copy()
    form.data["revision"] = str(revision)
    form.add_error(None, str(refusal.message))
