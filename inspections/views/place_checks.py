"""Checks of similar places: sent from a hazard, answered place by place, read on one page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.choices import CheckStatus, HazardStatus, PlaceResult
from inspections.filters import CheckFilter
from inspections.forms.place_checks import CancelCheckForm, PlaceAnswerForm, SendCheckForm, SimilarForm
from inspections.models import PlaceAnswer, PlaceCheck
from inspections.permissions import can_answer_place, can_cancel_check, can_send_check
from inspections.services.place_checks import MOST_PLACES, PlaceSeen
from inspections.views.check_columns import CHECK_COLUMNS, CHECK_EMPTY, CHECK_SORTS, CHECK_VIEWS
from inspections.views.check_story import ANSWER_RELATED, by_unit, tell_check
from inspections.views.hazard_acts import seen_hazard
from inspections.workflows import answer_places, cancel_check, send_check
from responsibilities.permissions import can_view_records
from responsibilities.views.form_page import add_faults
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require, require_state
from safetyplant.intake.services import DifferentBody
from safetyplant.reporting.lists import ListPage
from safetyplant.shell.answers import CONFLICT, form_page, note_stale, sent

CHECK_RELATED = ("unit", "sent_by", "cancelled_by")


@requires(can_view_records)
@require_GET
def check_list(request: HttpRequest) -> HttpResponseBase:
    checks = PlaceCheck.objects.visible_to(request.user).with_counts(request.user).select_related("unit", "sent_by")
    page = ListPage(
        request,
        checks,
        title=_("Checks of similar places"),
        columns=CHECK_COLUMNS,
        sorts=CHECK_SORTS,
        filterset_class=CheckFilter,
        views=CHECK_VIEWS,
        default_view="open",
        empty=CHECK_EMPTY,
        filename=_("checks"),
    )
    return page.response("inspections/check_list.html")


@requires(can_view_records)
@require_GET
def check_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check = seen_check(request, pk)
    return render(request, "inspections/check_detail.html", {"check": check, "story": tell_check(check, request.user)})


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def check_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First which places are like this one (by the address), then what they are asked. Sent twice, it is one check."""
    hazard = seen_hazard(request, pk)
    if hazard.status == HazardStatus.CANCELLED:
        raise WrongState(_("This hazard is cancelled: there is nothing to look for."))
    require(can_send_check(request.user, hazard), _("Officers, leaders and the unit's head send a check to other places."))
    kind = hazard.place.kind if hazard.place else ""
    similar = SimilarForm(request.GET if "kind" in request.GET else {"kind": kind}, hazard=hazard, user=request.user)
    form = SendCheckForm(**sent(request), hazard=hazard, user=request.user)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            check, _is_new = send_check(form.check(), by=request.user)
        except DifferentBody as refusal:
            form.add_error(None, str(refusal.message))
            status = CONFLICT
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("Sent. Whoever answers for these places is told."))
            return redirect("inspections:check-detail", check.pk)
    places = list(similar.places())
    too_many = len(places) > MOST_PLACES
    chosen = {int(value) for value in form.data.getlist("places") if value.isdigit()} if form.is_bound else None
    context = {
        "hazard": hazard,
        "similar": similar,
        "groups": [] if too_many else by_unit(places, chosen),
        "too_many": too_many,
        "most": MOST_PLACES,
        "running": hazard.place_checks.filter(status=CheckStatus.OPEN).first(),
    }
    return form_page(request, "inspections/check_new.html", form, context, status=status)


@requires(can_view_records)
@require_POST
def check_fine(request: HttpRequest, pk: int) -> HttpResponse:
    """Several places at once: looked at, and fine."""
    check = seen_check(request, pk)
    require_state(check, CheckStatus.OPEN)
    wanted = [value for value in request.POST.getlist("fine") if value.isascii() and value.isdigit() and len(value) < 19]
    answers = list(_answers(request, check).filter(pk__in=wanted[:MOST_PLACES]))
    for answer in answers:
        require(can_answer_place(request.user, answer), _("Whoever answers for this place says what was seen there."))
    if not answers:
        messages.error(request, _("Tick the places you looked at first."))
        return redirect("inspections:check-detail", pk)
    answer_places(check, [PlaceSeen(answer, PlaceResult.FINE) for answer in answers], by=request.user)
    count = len(answers)
    said = ngettext("%(count)d place is noted as fine.", "%(count)d places are noted as fine.", count) % {"count": count}
    messages.success(request, said)
    return redirect("inspections:check-detail", pk)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def check_answer(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponse:
    """What was seen at one place: fine, found (which makes a hazard), or not applicable."""
    check = seen_check(request, pk)
    answer = get_object_or_404(_answers(request, check), pk=answer_pk)
    require(can_answer_place(request.user, answer), _("Whoever answers for this place says what was seen there."))
    require_state(check, CheckStatus.OPEN)
    if answer.answer:
        raise WrongState(_("%(place)s has an answer already.") % {"place": answer.place.name})
    form = PlaceAnswerForm(**sent(request), answer=answer, user=request.user)
    if request.method == "POST" and form.is_valid():
        answer_places(check, [form.seen()], by=request.user)
        messages.success(request, _("Answered. Thank you for looking."))
        return redirect("inspections:check-detail", pk)
    return form_page(request, "inspections/check_answer.html", form, {"check": check, "answer": answer})


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def check_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    check = seen_check(request, pk)
    require(can_cancel_check(request.user, check), _("Whoever sent the check, or assesses hazards there, cancels it."))
    require_state(check, CheckStatus.OPEN)
    form = CancelCheckForm(**sent(request), check=check)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            cancel_check(check, by=request.user, **form.cleaned_data)
        except StaleVersion as refusal:
            check.refresh_from_db()
            note_stale(form, refusal, check.revision)
            status = CONFLICT
        else:
            messages.success(request, _("Cancelled. The reason stays with it."))
            return redirect("inspections:check-detail", pk)
    return form_page(request, "inspections/check_cancel.html", form, {"check": check}, status=status)


def seen_check(request: HttpRequest, pk: int) -> PlaceCheck:
    """404 outside the reader's scope."""
    return get_object_or_404(PlaceCheck.objects.visible_to(request.user).select_related(*CHECK_RELATED), pk=pk)


def _answers(request: HttpRequest, check: PlaceCheck) -> "QuerySet[PlaceAnswer]":
    return PlaceAnswer.objects.visible_to(request.user).filter(place_check=check).select_related(*ANSWER_RELATED)
