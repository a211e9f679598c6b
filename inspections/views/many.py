"""One change for many hazards of the list: chosen, previewed row by row, confirmed, with a result for each row."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inspections.filters import is_id
from inspections.forms.many import ManyDatesForm, ManyForm, ManyOwnerForm
from inspections.models import Hazard
from inspections.permissions import can_change_many
from inspections.workflows.many import MOST_AT_ONCE, change_many
from safetyplant.access.rules import requires
from safetyplant.shell.answers import UNPROCESSABLE

Text = str | Promise
RELATED = ("unit", "place", "level", "holder", "action__unit", "action__level", "action__owner", "action__deadline__level")


@dataclass(frozen=True)
class Many:
    """A change that can be made to many hazards, and the words of its pages."""

    title: Text
    form_class: type[ManyForm]


ASSIGN = Many(gettext_lazy("Give them to someone else"), ManyOwnerForm)
DATE = Many(gettext_lazy("Change their dates"), ManyDatesForm)


@requires(can_change_many)
@require_http_methods(["GET", "HEAD", "POST"])
def hazards_assign(request: HttpRequest) -> HttpResponse:
    return _run(request, ASSIGN)


@requires(can_change_many)
@require_http_methods(["GET", "HEAD", "POST"])
def hazards_date(request: HttpRequest) -> HttpResponse:
    return _run(request, DATE)


def _run(request: HttpRequest, many: Many) -> HttpResponse:
    """Asked on GET; on POST previewed, gone back to (`again`), or done (`confirm`)."""
    is_sent = request.method == "POST"
    given = request.POST if is_sent else request.GET
    ids = [int(pk) for pk in dict.fromkeys(given.getlist("hazard")) if is_id(pk)]
    if len(ids) > MOST_AT_ONCE or not ids:
        context = {"many": many, "most": MOST_AT_ONCE, "is_too_many": bool(ids)}
        return render(request, "inspections/many_none.html", context, status=UNPROCESSABLE if is_sent or ids else 200)
    hazards = _chosen(request, ids)
    if not is_sent or "again" in given:
        form = many.form_class(hazards=hazards, initial=given.dict() if is_sent else None)
        return _page(request, many, form, hazards)
    form = many.form_class(given, hazards=hazards)
    if not form.is_valid():
        return _page(request, many, form, hazards, status=UNPROCESSABLE)
    if "confirm" in given:
        outcomes = change_many(hazards, form.change(), by=request.user, revisions=_revisions(request, ids))
        return _answer(request, "inspections/many_done.html", many, form, outcomes)
    outcomes = change_many(hazards, form.change(), by=request.user, is_trial=True)
    return _answer(request, "inspections/many_preview.html", many, form, outcomes)


def _chosen(request: HttpRequest, ids: list[int]) -> list[Hazard]:
    """In the order of the list. 404 when one of them is outside the reader's scope."""
    rows = Hazard.objects.visible_to(request.user).filter(pk__in=ids).select_related(*RELATED).defer("search")
    found = {hazard.pk: hazard for hazard in rows}
    if len(found) < len(ids):
        raise Http404
    return [found[pk] for pk in ids]


def _revisions(request: HttpRequest, ids: list[int]) -> dict[int, int]:
    """As previewed. A row without one was never previewed: it is refused as changed since."""
    sent = {pk: request.POST.get(f"revision_{pk}", "") for pk in ids}
    return {pk: int(revision) if is_id(revision) else -1 for pk, revision in sent.items()}


def _page(request: HttpRequest, many: Many, form: ManyForm, hazards: list[Hazard], *, status: int = 200) -> HttpResponse:
    return render(request, "inspections/many_form.html", {"many": many, "form": form, "hazards": hazards}, status=status)


def _answer(request: HttpRequest, template: str, many: Many, form: ManyForm, outcomes: list[Any]) -> HttpResponse:
    done = [outcome for outcome in outcomes if outcome.is_done]
    refused = [outcome for outcome in outcomes if not outcome.is_done]
    said = [(field.label, form.cleaned_data[field.name]) for field in form]
    hidden = [(name, form.data[name]) for name in form.fields]
    title = many.title if done else _("None of them can change")
    context = {"many": many, "title": title, "done": done, "refused": refused, "said": said, "hidden": hidden}
    return render(request, template, context)
