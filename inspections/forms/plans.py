"""Writing a plan: how often in words that people use, which become data; and what is asked about one visit."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.choices import ByWhom, Excuse, FreeDays, InspectionKind, Rhythm
from inspections.forms.fields import PeopleField, Where, WhereField, groups_of_places, people_of
from inspections.forms.inspections import standards_in_force
from inspections.models import InspectionPlan, PlannedVisit
from inspections.recurrence import DAY_SHIFT, NIGHT_SHIFT, NO_SHIFT, BadRule, require_pattern
from inspections.services import PlanData
from responsibilities.choices import Field
from responsibilities.forms.widgets import day_field, long_text, revision_field
from responsibilities.models import Person, Unit
from responsibilities.roles import Right
from safetyplant.documents.models import Document
from safetyplant.texts import TextField

WEEKDAYS = [
    ("MO", _("Monday")), ("TU", _("Tuesday")), ("WE", _("Wednesday")), ("TH", _("Thursday")), ("FR", _("Friday")),
    ("SA", _("Saturday")), ("SU", _("Sunday")),
]  # fmt: skip
NTH = [("1", _("First")), ("2", _("Second")), ("3", _("Third")), ("4", _("Fourth")), ("-1", _("Last"))]
DAILY, WORKING, WEEKLY, MONTHLY, SHIFTS, COUNT = "daily", "working", "weekly", "monthly", "shifts", "count"
REPEATS = [
    (DAILY, _("Every day")),
    (WORKING, _("Every working day")),
    (WEEKLY, _("On days of the week")),
    (MONTHLY, _("On one weekday of the month")),
    (SHIFTS, _("By shifts")),
    (COUNT, _("So many times a month")),
]
KINDS = [kind for kind in InspectionKind.choices if kind[0] != InspectionKind.EXTERNAL]
MOST_TARGETS, MOST_PEOPLE = 60, 40


class TargetsField(forms.MultipleChoiceField):
    """Several places or units; cleans to a list of `Where`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.SelectMultiple(attrs={"data-search": "", "size": 8}), **options)
        self.one = WhereField()

    def offer(self, user: Person, *, chosen: Sequence[Where] = (), typed: Sequence[str] = ()) -> None:
        self.one.user, self.one.right = user, Right.PLAN_VISITS
        groups = groups_of_places(user, Right.PLAN_VISITS)
        known = {value for _label, options in groups for value, _text in options}
        missing = [(where.value, where.label) for where in (*chosen, *self._typed(typed)) if where.value not in known]
        self.widget.attrs["data-search-url"] = f"{reverse('inspections:place-lookup')}?right={Right.PLAN_VISITS}&q="
        self.widget.choices = [*groups, *missing]

    def _typed(self, values: Sequence[str]) -> list[Where]:
        found = []
        for value in values[:MOST_TARGETS]:
            try:
                found.append(self.one.clean(value))
            except ValidationError:
                continue
        return [where for where in found if where is not None]

    def valid_value(self, value: Any) -> bool:
        """`clean` asks each of them by itself: what may be chosen is more than what is offered."""
        return True

    def clean(self, value: Any) -> list[Where]:
        values = super().clean(value)
        if len(values) > MOST_TARGETS:
            raise ValidationError(_("At most %(count)d places in one plan.") % {"count": MOST_TARGETS})
        found = {}
        for each in values:
            where = self.one.clean(each)
            if where is not None:
                found[where.value] = where
        return list(found.values())


class DocumentField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class PlanForm(forms.Form):
    title = TextField(label=_("What is it called?"), max_length=120)
    kind = forms.ChoiceField(
        label=_("What kind of visit?"), choices=KINDS, initial=InspectionKind.ROUTINE, widget=forms.RadioSelect
    )
    targets = TargetsField(
        label=_("What is inspected?"),
        help_text=_("Each place or unit gets visits of its own. A route counts as one visit, with its points in order."),
    )
    inspectors = PeopleField(label=_("By whom?"))
    by_whom = forms.ChoiceField(
        label=_("Who of them?"),
        choices=ByWhom.choices,
        initial=ByWhom.ANYONE,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
        help_text=_("Any one: their turn goes round, and whoever comes counts. Every one: each owes a visit of their own."),
    )
    repeats = forms.ChoiceField(label=_("How often?"), choices=REPEATS, initial=WEEKLY, widget=forms.RadioSelect)
    weekdays = forms.MultipleChoiceField(
        label=_("On which days?"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    interval = forms.IntegerField(label=_("Every how many weeks?"), min_value=1, max_value=52, initial=1, required=False)
    nth = forms.ChoiceField(label=_("Which one of the month?"), choices=NTH, required=False)
    weekday = forms.ChoiceField(label=_("Which weekday?"), choices=WEEKDAYS, required=False)
    shifts = TextField(
        label=_("Shift pattern"),
        max_length=60,
        required=False,
        help_text=_("A letter a day from the first day on: D day shift, N night shift, - none. Four shifts: DDNN----"),
    )
    times = forms.IntegerField(label=_("How many times a month?"), min_value=1, max_value=28, required=False)
    starts_on = day_field(label=_("From"))
    ends_on = day_field(label=_("Through"), required=False, help_text=_("Empty: until further notice."))
    standard = DocumentField(
        Document.objects.none(), label=_("By which checklist?"), required=False, empty_label=_("Whoever inspects chooses")
    )
    due_time = forms.TimeField(
        label=_("Done by what time?"), initial=time(18), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    days_before = forms.IntegerField(
        label=_("How many days before may it be done?"), min_value=0, max_value=31, initial=0, required=False
    )
    free_days = forms.ChoiceField(
        label=_("If the day is free?"),
        choices=FreeDays.choices,
        initial=FreeDays.KEEP,
        help_text=_("By the calendar of the plant: holidays, and weekends unless they are worked."),
    )
    field = forms.ChoiceField(
        label=pgettext_lazy("area of work", "Field"), choices=Field.choices, initial=Field.PRODUCTION, required=False
    )
    revision = revision_field()

    #: What the answer to "How often?" asks besides; the page shows them beneath it.
    ASKED = {WEEKLY: ("weekdays",), MONTHLY: ("nth", "weekday"), SHIFTS: ("shifts",), COUNT: ("times",)}
    MORE = ("standard", "due_time", "days_before", "free_days", "field")

    def __init__(self, *args: Any, user: Person, plan: InspectionPlan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        if plan is not None:
            self.initial = {**initial_of(plan), **self.initial}
        else:
            self.initial = {"starts_on": timezone.localdate(), "revision": 0, **self.initial}
        typed = self.data.getlist("targets") if hasattr(self.data, "getlist") else []
        chosen = self.initial.get("where", [])
        fields["targets"].offer(user, chosen=chosen, typed=typed)
        self.initial["targets"] = self.initial.get("targets") or [where.value for where in chosen]
        people = self.data.getlist("inspectors") if hasattr(self.data, "getlist") else self.initial.get("inspectors", [])
        fields["inspectors"].offer(
            user, people_of(user, user.unit.path if user.unit else "")[:100], chosen=[str(p) for p in people]
        )
        fields["standard"].queryset = Document.objects.filter(
            pk__in=[version.document_id for version in standards_in_force()]
        ).order_by("code")

    def clean_shifts(self) -> str:
        text = self.cleaned_data["shifts"].upper().replace(" ", "").replace("－", NO_SHIFT)
        if text:
            try:
                require_pattern(text)
            except BadRule:
                raise ValidationError(
                    _("Use only the letters %(letters)s, at least one of them a shift."),
                    params={"letters": f"{DAY_SHIFT}, {NIGHT_SHIFT}, {NO_SHIFT}"},
                ) from None
        return text

    def clean_inspectors(self) -> list[Person]:
        people = list(self.cleaned_data["inspectors"])
        if len(people) > MOST_PEOPLE:
            raise ValidationError(_("At most %(count)d people in one plan.") % {"count": MOST_PEOPLE})
        return people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.ASKED.get(data.get("repeats", ""), ()):
            if name not in self.errors and not data.get(name):
                self.add_error(name, _("Say this too, for visits as often as that."))
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day comes before the first one."))
        return data

    def plan(self) -> PlanData:
        data = self.cleaned_data
        targets = [(where.unit, where.place) for where in data["targets"]]
        return PlanData(
            title=data["title"],
            kind=data["kind"],
            unit=unit_above([unit for unit, _place in targets]),
            targets=targets,
            inspectors=data["inspectors"],
            by_whom=data["by_whom"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            standard=data["standard"],
            due_time=data["due_time"],
            days_before=data["days_before"] or 0,
            field=data["field"] or Field.PRODUCTION,
            **rhythm_of(data),
        )


def rhythm_of(data: dict[str, Any]) -> dict[str, Any]:
    """The answer to "How often?" as data."""
    free_days = data["free_days"]
    match data["repeats"]:
        case "shifts":
            return {"rhythm": Rhythm.SHIFTS, "shifts": data["shifts"], "free_days": FreeDays.KEEP}
        case "count":
            return {"rhythm": Rhythm.COUNT, "times": data["times"], "free_days": FreeDays.KEEP}
        case "working":
            return {"rule": "FREQ=DAILY", "free_days": FreeDays.SKIP}
        case "weekly":
            return {
                "rule": f"FREQ=WEEKLY;INTERVAL={data['interval'] or 1};BYDAY={','.join(data['weekdays'])}",
                "free_days": free_days,
            }
        case "monthly":
            return {"rule": f"FREQ=MONTHLY;BYDAY={data['nth']}{data['weekday']}", "free_days": free_days}
    return {"rule": "FREQ=DAILY", "free_days": FreeDays.KEEP if free_days == FreeDays.SKIP else free_days}


def initial_of(plan: InspectionPlan) -> dict[str, Any]:
    """The form as it was filled in when the plan was written."""
    names = (
        "title",
        "kind",
        "by_whom",
        "starts_on",
        "ends_on",
        "standard",
        "due_time",
        "days_before",
        "free_days",
        "field",
        "revision",
    )
    targets = [Where(target.unit, target.place) for target in plan.targets.select_related("unit", "place__unit")]
    return {
        **{name: getattr(plan, name) for name in names},
        **repeats_of(plan),
        "inspectors": list(plan.inspectors.values_list("pk", flat=True)),
        "where": targets,
    }


def repeats_of(plan: InspectionPlan) -> dict[str, Any]:
    if plan.rhythm == Rhythm.SHIFTS:
        return {"repeats": SHIFTS, "shifts": plan.shifts}
    if plan.rhythm == Rhythm.COUNT:
        return {"repeats": COUNT, "times": plan.times}
    parts = dict(part.split("=", 1) for part in plan.rule.split(";"))
    days = parts.get("BYDAY", "")
    if parts["FREQ"] == "WEEKLY":
        return {"repeats": WEEKLY, "weekdays": days.split(","), "interval": int(parts.get("INTERVAL", "1"))}
    if parts["FREQ"] == "MONTHLY":
        return {"repeats": MONTHLY, "nth": days[:-2], "weekday": days[-2:]}
    return {"repeats": WORKING if plan.free_days == FreeDays.SKIP else DAILY}


def unit_above(units: Sequence[Unit]) -> Unit:
    """The nearest unit that has all of these below it: whose plan it is."""
    lineages = [unit.path.strip(".").split(".") for unit in units]
    common = [ids[0] for ids in zip(*lineages, strict=False) if len(set(ids)) == 1]
    return Unit.objects.get(pk=int(common[-1]))


class ExcuseForm(forms.Form):
    """Why a visit cannot be or was not made. `is_asked`: its owner writes; else someone above decides."""

    excuse = forms.ChoiceField(label=_("What kept you from it?"), choices=Excuse.choices, widget=forms.RadioSelect)
    note = long_text(_("What happened"), help_text=_("It stays with the visit, for all who see it."))
    revision = revision_field()


class DecideExcuseForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Does the reason hold?"),
        choices=[("accept", _("Yes, the visit is excused")), ("refuse", _("No, it is owed as before"))],
        widget=forms.RadioSelect,
    )
    note = long_text(_("Why"), help_text=_("Whoever owes the visit reads it."))
    revision = revision_field()


class GapForm(forms.Form):
    """One visit for a gap: who, where, when."""

    owner = forms.ModelChoiceField(Person.objects.none())
    unit = forms.ModelChoiceField(Unit.objects.none())
    on = day_field()

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].queryset = Person.objects.visible_to(user).active()
        fields["unit"].queryset = Unit.objects.visible_to(user).active()


def revision_of(record: InspectionPlan | PlannedVisit) -> dict[str, int]:
    return {"revision": record.revision}
