"""The page around a single form: every form of this room looks and answers alike."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

TEMPLATE = "responsibilities/form.html"


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: Any,
    submit: Any,
    back: str,
    lead: Any = "",
    crumbs: Sequence[tuple[Any, str]] = (),
    tone: str = "",
    status: int | None = None,
    template: str = TEMPLATE,
    **context: Any,
) -> HttpResponse:
    """The form with what was typed: 200 when it is asked for, 422 when it comes back with errors (outside contract)."""
    is_refused = form is not None and form.is_bound and bool(form.errors)
    page = {"form": form, "title": title, "submit": submit, "back": back, "lead": lead, "crumbs": crumbs, "tone": tone}
    return render(request, template, {**page, **context}, status=status or (422 if is_refused else 200))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when nothing was: an empty form is a faulty form, not one that was never sent."""
    return request.POST if request.method == "POST" else None


def add_faults(form: Any, fault: ValidationError) -> None:
    """What a service refused, next to the field it is about; a field the form does not have speaks at its head."""
    if not hasattr(fault, "error_dict"):
        form.add_error(None, fault)
        return
    for name, errors in fault.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
