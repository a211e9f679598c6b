"""Letters of outside inspectors: noted with the inspection, answered by whoever owes the reply."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspections.choices import InspectionKind
from inspections.forms.letters import LetterForm, ReplyForm
from inspections.models import Inspection, OutsideLetter
from inspections.permissions import can_note_letter, can_reply_letter
from inspections.workflows.letters import note_letter, reply_letter
from responsibilities.permissions import can_view_records
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require
from safetyplant.shell.answers import form_page, sent


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """First the note, then, once it is there, its answer."""
    rows = Inspection.objects.visible_to(request.user).filter(kind=InspectionKind.EXTERNAL).select_related("unit", "place")
    inspection = get_object_or_404(rows, pk=pk)
    known = OutsideLetter.objects.select_related("deadline", "inspection__unit").filter(inspection=inspection).first()
    return _answer(request, known) if known is not None else _note(request, inspection)


def _note(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    require(can_note_letter(request.user, inspection), _("You may not note this."))
    form = LetterForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            note_letter(inspection, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Noted. The reply has its date now."))
            return redirect("inspections:inspection-detail", inspection.pk)
    context = {"inspection": inspection, "title": _("Their document")}
    return form_page(request, "inspections/letter_form.html", form, context)


def _answer(request: HttpRequest, known: OutsideLetter) -> HttpResponse:
    require(can_reply_letter(request.user, known), _("This is for someone else to do."))
    form = ReplyForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        reply_letter(known, by=request.user, reply=form.cleaned_data["reply"])
        messages.success(request, _("The reply is on record."))
        return redirect("inspections:inspection-detail", known.inspection_id)
    context = {"inspection": known.inspection, "title": _("Reply"), "letter": known}
    return form_page(request, "inspections/letter_form.html", form, context)
