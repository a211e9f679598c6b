"""Levels, stages and reminder schedules: what they ask for today and from which day on that changes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from responsibilities.choices import ScheduleCode, StageCode
from responsibilities.forms.levels import AUDIENCE, LevelTermForm, QuietHoursForm, StageTermForm, StepFormSet, step_lines
from responsibilities.models import Level, LevelTerm, Schedule, ScheduleStep, StageTerm
from responsibilities.permissions import can_manage_catalogue
from responsibilities.services.levels import change_level_term, change_quiet_hours, change_schedule, change_stage_term
from responsibilities.views.form_page import add_faults, form_page, posted
from safetyplant.access.rules import requires, signed_in
from safetyplant.audit.history import history
from safetyplant.notifications.models import QuietHours
from safetyplant.notifications.quiet import hours_on


@dataclass(frozen=True)
class Dated:
    """Something that changes from a day on: what holds today, and what comes."""

    code: str
    label: Any
    now: Any
    later: list[Any] = field(default_factory=list)
    level: Level | None = None


def _dated(rows: list[Any], today: date) -> tuple[Any, list[Any]]:
    """Of rows in the order of their days: the one in force today, and those still to come."""
    begun = [row for row in rows if row.valid_from <= today]
    return (begun[-1] if begun else None), [row for row in rows if row.valid_from > today]


@signed_in
@require_safe
def level_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    may_change = can_manage_catalogue(request.user)
    terms, stages = list(LevelTerm.objects.order_by("valid_from")), list(StageTerm.objects.order_by("valid_from"))
    schedules = list(Schedule.objects.select_related("level").prefetch_related("steps").order_by("valid_from", "edition"))
    quiet = list(QuietHours.objects.order_by("valid_from"))
    now_quiet, later_quiet = _dated(quiet, today)
    levels = Level.objects.order_by("rank")
    context = {
        "may_change": may_change,
        "levels": [
            Dated(each.code, each.word, *_dated([t for t in terms if t.level_id == each.code], today), each) for each in levels
        ],
        "stages": [
            Dated(code, label, *_dated([t for t in stages if t.code == code], today)) for code, label in StageCode.choices
        ],
        "schedules": [_schedule(code, label, schedules, today) for code, label in ScheduleCode.choices],
        "quiet": now_quiet or QuietHours(valid_from=today),
        "quiet_later": later_quiet,
        "entries": history(*terms, *stages, *schedules, *quiet) if may_change else [],
    }
    return render(request, "responsibilities/level_list.html", context)


def _schedule(code: str, label: Any, schedules: list[Schedule], today: date) -> Dated:
    now, _later = _dated([schedule for schedule in schedules if schedule.code == code], today)
    return Dated(code, label, now and {"valid_from": now.valid_from, "steps": [_step(step) for step in now.steps.all()]})


def _step(step: ScheduleStep) -> dict[str, Any]:
    names = dict(AUDIENCE)
    return {"step": step, "audience": _(", ").join(str(names.get(who, who)) for who in step.audience)}


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def level_term(request: HttpRequest, code: str) -> HttpResponse:
    level = get_object_or_404(Level, pk=code)
    form = LevelTermForm(request.POST or None, level=level)
    if form.is_valid():
        try:
            change_level_term(level, **form.cleaned_data, by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            return _saved(request)
    return _form(request, form, _("Terms of the level %(level)s") % {"level": level.word})


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def stage_term(request: HttpRequest, code: str) -> HttpResponse:
    if code not in StageCode.values:
        raise Http404
    today = timezone.localdate()
    term = StageTerm.objects.filter(code=code, valid_from__lte=today).order_by("-valid_from").first()
    is_paper = bool(term and term.working_days)
    amount = (term.working_days or term.hours) if term else None
    initial = {"valid_from": today, "amount": amount, "unit": "working_days" if is_paper else "hours"}
    form = StageTermForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_stage_term(code, **form.terms(), by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            return _saved(request)
    return _form(request, form, StageCode(code).label)


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def quiet_hours(request: HttpRequest) -> HttpResponse:
    now = hours_on(timezone.now())
    initial = {"valid_from": timezone.localdate(), "starts": now.starts, "ends": now.ends, "is_on": now.is_on}
    form = QuietHoursForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            change_quiet_hours(**form.cleaned_data, by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            return _saved(request)
    return _form(request, form, _("Quiet hours"), lead=_("Serious and major hazards, stopped work and accidents never wait."))


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_steps(request: HttpRequest, code: str) -> HttpResponse:
    schedule = Schedule.objects.filter(code=code, valid_from__lte=timezone.localdate()).order_by("valid_from", "edition").last()
    if schedule is None or code not in ScheduleCode.values:
        raise Http404
    formset = StepFormSet(request.POST or None, initial=step_lines(schedule), prefix="step")
    refusal = ""
    if formset.is_bound and formset.is_valid():
        try:
            change_schedule(schedule, formset.steps(), by=request.user)
            return _saved(request)
        except ValidationError as fault:
            refusal = " ".join(fault.messages)
    status = 422 if formset.is_bound else 200
    context = {
        "formset": formset,
        "title": ScheduleCode(code).label,
        "refusal": refusal,
        "back": reverse("responsibilities:level-list"),
    }
    return render(request, "responsibilities/schedule_form.html", context, status=status)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved. It holds from the day given; what happened before keeps its terms."))
    return redirect("responsibilities:level-list")


def _form(request: HttpRequest, form: Any, title: Any, *, lead: Any = "") -> HttpResponse:
    back = reverse("responsibilities:level-list")
    crumbs = [(_("Levels and reminders"), back)]
    return form_page(request, form, title=title, submit=_("Save"), back=back, lead=lead, crumbs=crumbs)
