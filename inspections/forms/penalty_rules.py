"""What the safety officer can set about penalties: the rule, its thresholds, and what each breach costs."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.choices import BanDecider, DutyKind, Posting
from inspections.forms.penalties import fine_field
from inspections.models import PenaltyRule, ViolationType
from inspections.services.penalty_rules import RULE_FIELDS, ThresholdText
from responsibilities.forms.widgets import day_field
from responsibilities.models import Level
from safetyplant.texts import TextField

MOST_THRESHOLDS = 8


def _whole(label: Any, most: int, *, least: int = 0, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


class RuleForm(forms.Form):
    valid_from = day_field(label=_("Valid from"), help_text=_("Violations found before that day keep the rule of their day."))
    second_factor = forms.DecimalField(
        label=_("The second time in a year costs times"), max_digits=3, decimal_places=2, min_value=1
    )
    further_factor = forms.DecimalField(
        label=_("The third time and after cost times"), max_digits=3, decimal_places=2, min_value=1
    )
    at_most = _whole(_("Points for one violation are at most"), 99, least=1)
    appeal_days = _whole(_("Working days to appeal"), 60, least=1)
    linked_from = _whole(_("From how many points of a member does the unit head answer too?"), 99, least=1)
    linked_percent = _whole(_("With how many percent of them?"), 100)
    linked_least = _whole(_("And with at least how many points?"), 99, least=1)
    overdue_days = _whole(_("After how many days is a late fix proposed for points?"), 366, least=1)
    pay_deduction = forms.BooleanField(
        label=_("Pay deductions are used"), required=False, help_text=_("Off: no notice names one, whatever the breaches say.")
    )
    posting = forms.ChoiceField(label=_("Posted inside the plant"), choices=Posting.choices, widget=forms.RadioSelect)
    posting_days = _whole(_("Days on the board"), 366, least=1)
    ban_by = forms.ChoiceField(
        label=_("Who imposes a site ban on someone of a contractor?"),
        choices=BanDecider.choices,
        widget=forms.RadioSelect,
        help_text=_("This role, or one above it."),
    )
    ban_days = _whole(_("A site ban lasts at most how many days?"), 1000, help_text=_("0: site bans are not used."))
    credit_points = _whole(
        _("How many points does a verified report take off?"), 12, help_text=_("0: none. An account never falls below zero.")
    )
    credit_level = forms.ChoiceField(label=_("From which level of the hazard on?"))

    def __init__(self, *args: Any, rule: PenaltyRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(level.code, level.word) for level in Level.objects.order_by("rank")]
        self.fields["credit_level"].choices = levels  # type: ignore[attr-defined]
        self.initial = {name: getattr(rule, name) for name in RULE_FIELDS} | {"valid_from": timezone.localdate()}


class ThresholdForm(forms.Form):
    points = _whole(_("From points"), 99, least=1, required=False)
    duty = forms.ChoiceField(label=_("Duty"), choices=[("", _("Choose")), *DutyKind.choices], required=False)
    days = _whole(_("Days to see to it"), 366, least=1, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in ("points", "duty", "days") if cleaned.get(name)]
        if given and len(given) < 3 and not self.errors:
            self.add_error("points", _("Fill in the whole line, or leave it empty"))
        return cleaned


class BaseThresholdFormSet(forms.BaseFormSet):
    def thresholds(self) -> list[ThresholdText]:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("points")]
        return [ThresholdText(row["points"], row["duty"], row["days"]) for row in rows]


ThresholdFormSet = forms.formset_factory(
    ThresholdForm, formset=BaseThresholdFormSet, extra=2, max_num=MOST_THRESHOLDS, absolute_max=MOST_THRESHOLDS, validate_max=True
)


def threshold_lines(rule: PenaltyRule) -> list[dict[str, Any]]:
    return [{"points": each.points, "duty": each.duty, "days": each.days} for each in rule.thresholds.all()]


class TypeForm(forms.Form):
    """Points are one figure, or one for each level of the hazard it is about."""

    valid_from = day_field(label=_("Valid from"), help_text=_("Violations found before that day keep what it cost then."))
    name = TextField(label=_("Name (English)"), max_length=200)
    name_zh = TextField(label=_("Name (Chinese)"), max_length=200)
    points = _whole(_("Points"), 12, required=False)
    fine = fine_field(_("Pay deduction"), help_text=_("In yuan; used only while the rule allows pay deductions."))
    measures = TextField(label=_("Measures (English)"), max_length=200, required=False)
    measures_zh = TextField(label=_("Measures (Chinese)"), max_length=200, required=False)
    for_leaders = forms.BooleanField(label=_("Of heads and leaders only"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, kind: ViolationType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = ("name", "name_zh", "points", "fine", "measures", "measures_zh", "for_leaders", "is_active")
        self.initial = {name: getattr(kind, name) for name in plain} | {"valid_from": timezone.localdate()}
        self.levels: list[str] = []
        if kind.points_by_level:
            del self.fields["points"]
            for level in Level.objects.order_by("rank"):
                name = f"points_{level.code}"
                self.fields[name] = _whole(_("Points at level %(level)s") % {"level": level.word}, 12)
                self.initial[name] = kind.points_by_level.get(level.code, 0)
                self.levels.append(level.code)

    def values(self) -> dict[str, Any]:
        data = {
            name: value for name, value in self.cleaned_data.items() if name != "valid_from" and not name.startswith("points_")
        }
        by_level = {code: self.cleaned_data[f"points_{code}"] for code in self.levels}
        return {**data, "points": data.get("points"), "points_by_level": by_level}
