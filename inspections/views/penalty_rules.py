"""The schedule of penalties, open to everyone, and its pages for the safety officer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inspections.forms.penalty_rules import RuleForm, ThresholdFormSet, TypeForm, threshold_lines
from inspections.models import PenaltyRule, ViolationType
from inspections.services.penalty_rules import change_rule, change_type
from responsibilities.models import Level
from responsibilities.permissions import can_manage_catalogue, can_view_records
from responsibilities.views.form_page import add_faults, form_page
from safetyplant.access.rules import requires
from safetyplant.audit.history import history

UNPROCESSABLE = 422


@requires(can_view_records)
@require_GET
def penalty_rule(request: HttpRequest) -> HttpResponse:
    """Transparent: what each breach costs and what follows from points is everyone's to read."""
    today = timezone.localdate()
    rule, may_change = PenaltyRule.objects.in_force(today), can_manage_catalogue(request.user)
    kinds = list(ViolationType.objects.in_force(today))
    context = {
        "rule": rule,
        "credit_level": Level.objects.filter(code=rule.credit_level).first(),
        "thresholds": list(rule.thresholds.all()),
        "later": list(PenaltyRule.objects.filter(valid_from__gt=today).order_by("valid_from", "edition")),
        "kinds": kinds,
        "kinds_later": list(ViolationType.objects.filter(valid_from__gt=today).order_by("valid_from", "code"))
        if may_change
        else [],
        "may_change": may_change,
        "entries": history(*PenaltyRule.objects.all()[:50], *kinds, limit=30) if may_change else [],
    }
    return render(request, "inspections/penalty_rule.html", context)


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def penalty_rule_edit(request: HttpRequest) -> HttpResponse:
    """The rule with its thresholds on one page; saved, it is the next edition."""
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    lines = ThresholdFormSet(request.POST if request.method == "POST" else None, initial=threshold_lines(rule), prefix="line")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        values = dict(form.cleaned_data)
        try:
            change_rule(values, lines.thresholds(), valid_from=values.pop("valid_from"), by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("Saved. It holds from the day given; what was found before keeps its rule."))
            return redirect("inspections:penalty-rule")
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"form": form, "lines": lines, "back": reverse("inspections:penalty-rule")}
    return render(request, "inspections/penalty_rule_form.html", context, status=status)


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def violation_type(request: HttpRequest, code: str) -> HttpResponse:
    today = timezone.localdate()
    rows = ViolationType.objects.filter(code=code, valid_from__lte=today).order_by("-valid_from")
    kind = get_object_or_404(rows[:1])
    form = TypeForm(request.POST if request.method == "POST" else None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            change_type(kind, form.values(), valid_from=form.cleaned_data["valid_from"], by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("Saved. It holds from the day given; what was found before keeps its rule."))
            return redirect("inspections:penalty-rule")
    back = reverse("inspections:penalty-rule")
    crumbs: Any = [(_("Violations"), reverse("inspections:violation-list")), (_("What violations cost"), back)]
    return form_page(request, form, title=f"{kind.code} {kind.label}", submit=_("Save"), back=back, crumbs=crumbs)
