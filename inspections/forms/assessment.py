"""Assessing a hazard: how grave, who fixes, by when; and the shorter decisions about it afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from inspections.catalogue import bands_in_force
from inspections.choices import AssessMethod
from inspections.forms.fields import PersonField, people_of
from inspections.forms.hazards import HazardActForm
from inspections.models import HazardCategory
from inspections.permissions import can_change_level
from inspections.scoring import LEC_SCALES, MATRIX_SCALE, Assessed, NotOnScale, assess_lec, assess_matrix
from inspections.services.acceptances import last_day_to_accept
from inspections.workflows.hazards import Assessment
from responsibilities.chain import chain_for
from responsibilities.choices import Field
from responsibilities.forms.units import UnitChoiceField
from responsibilities.forms.widgets import day_field, long_text, searchable
from responsibilities.models import Level, LevelTerm, Person, Unit
from responsibilities.services.owners import require_fixer
from safetyplant.shell.moments import day_text

LIKELIHOOD = (
    _("to be expected"), _("quite possible"), _("possible, but not usual"), _("only unexpectedly"),
    _("conceivable, but unlikely"), _("very unlikely"), _("practically impossible"),
)  # fmt: skip
EXPOSURE = (_("all the time"), _("daily in working hours"), _("weekly"), _("monthly"), _("a few times a year"), _("very rarely"))
CONSEQUENCE = (
    _("catastrophe, many dead"), _("disaster, several dead"), _("very serious, one dead"), _("serious, disabling injury"),
    _("considerable, injury"), _("noticeable, first aid"),
)  # fmt: skip
CHANCES = (_("hardly ever"), _("seldom"), _("sometimes"), _("often"), _("nearly always"))
SEVERITIES = (_("negligible"), _("light injury"), _("lost time"), _("serious injury"), _("death"))


#: In plain words; the letters stand beside the questions for whoever knows them.
METHODS = (
    (AssessMethod.DIRECT.value, _("I know the level and choose it")),
    (AssessMethod.LEC.value, _("By three questions: how likely, how often, how bad (LEC)")),
    (AssessMethod.MATRIX.value, _("By two questions: how likely, how bad (5 × 5 matrix)")),
)


def scale(values: Any, words: Any) -> list[tuple[str, str]]:
    return [
        ("", ""),
        *(
            (str(value), _("%(value)s: %(word)s") % {"value": value, "word": word})
            for value, word in zip(values, words, strict=True)
        ),
    ]


@dataclass(frozen=True)
class LevelChoice:
    """A level with what follows from it today, for the assessor to see before choosing."""

    level: Level
    days: int
    due_on: date


def level_choices(today: date) -> list[LevelChoice]:
    """Levels, least first, with the days of the term in force. Two queries."""
    terms: dict[str, int] = dict(
        LevelTerm.objects.filter(valid_from__lte=today).order_by("valid_from").values_list("level_id", "days")
    )
    return [
        LevelChoice(level, terms[level.pk], today + timedelta(days=terms[level.pk]))
        for level in Level.objects.order_by("rank")
        if level.pk in terms
    ]


def figure(score: Decimal) -> str:
    """420, 0.5: without the zeros and exponents that Decimal keeps."""
    return f"{score.normalize():f}"


def end_of(day: date) -> datetime:
    """Due on a day means until its end."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


class LevelField(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.RadioSelect())
        super().__init__(Level.objects.order_by("rank"), empty_label=None, **options)

    def label_from_instance(self, obj: Any) -> str:
        return obj.word


class AssessForm(HazardActForm):
    method = forms.ChoiceField(
        label=_("How do you judge it?"),
        choices=METHODS,
        widget=forms.RadioSelect,
        initial=AssessMethod.DIRECT,
        error_messages={"required": _("Choose how you judge it")},
    )
    likelihood = forms.ChoiceField(
        label=_("How likely is it that something happens? (L)"),
        choices=lambda: scale(LEC_SCALES["likelihood"], LIKELIHOOD),
        required=False,
        help_text=_("For example: the belt guard is missing: quite possible. A tested safety valve sticks: very unlikely."),
    )
    exposure = forms.ChoiceField(
        label=_("How often is someone there? (E)"),
        choices=lambda: scale(LEC_SCALES["exposure"], EXPOSURE),
        required=False,
        help_text=_("For example: each round passes the well: daily. The roof of the tank is climbed for gauging: weekly."),
    )
    consequence = forms.ChoiceField(
        label=_("How bad would it be? (C)"),
        choices=lambda: scale(LEC_SCALES["consequence"], CONSEQUENCE),
        required=False,
        help_text=_("For example: a fall from the ladder: disabling injury. Hydrogen sulphide in a pit: one dead or more."),
    )
    chance = forms.ChoiceField(label=_("How likely is it?"), choices=lambda: scale(MATRIX_SCALE, CHANCES), required=False)
    severity = forms.ChoiceField(label=_("How bad would it be?"), choices=lambda: scale(MATRIX_SCALE, SEVERITIES), required=False)
    level = LevelField(label=_("Level"), required=False)
    category = forms.ModelChoiceField(
        HazardCategory.objects.filter(is_active=True),
        label=_("Category"),
        empty_label="",
        error_messages={"required": _("Choose a category")},
    )
    field = forms.ChoiceField(label=pgettext_lazy("area of work", "Field"), choices=Field.choices)
    interim_control = long_text(
        _("What keeps people safe until it is fixed?"),
        required=False,
        help_text=_("Needed for a major hazard. For example: unit stopped, gate chained, sign posted."),
    )
    unit = UnitChoiceField(Unit.objects.none(), label=_("Unit that fixes it"), widget=searchable())
    owner = PersonField(
        label=_("Person who fixes it"), required=False, help_text=_("Empty: whom the chain names for this level.")
    )
    assisting = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units that help"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": "", "size": 4}),
    )
    due_on = day_field(label=_("Fix by"), required=False, help_text=_("Empty: the term of the level."))

    def prepare(self) -> None:
        hazard = self.hazard
        units = Unit.objects.visible_to(self.user).active().order_by("path")
        for name in ("unit", "assisting"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = hazard.unit_id
        self.fields["field"].initial = hazard.field
        self.fields["category"].initial = hazard.category_id
        chosen = [self.data.get("owner", "")] if self.is_bound else []
        self.fields["owner"].offer(self.user, self._likely_owners(), chosen=chosen)  # type: ignore[attr-defined]

    def _likely_owners(self) -> list[Person]:
        """The chain, nearest first, then the people of the unit."""
        chain = list(chain_for(self.hazard.unit).people)
        others = people_of(self.user, self.hazard.unit.path).exclude(pk__in=[person.pk for person in chain])
        return [*chain, *others[:100]]

    @cached_property
    def levels(self) -> list[LevelChoice]:
        return level_choices(timezone.localdate())

    @property
    def lec_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("likelihood", "exposure", "consequence")]

    @property
    def matrix_fields(self) -> list[forms.BoundField]:
        return [self["chance"], self["severity"]]

    # --- judging -----------------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> dict[str, Any]:
        names = {AssessMethod.LEC: ("likelihood", "exposure", "consequence"), AssessMethod.MATRIX: ("chance", "severity")}
        return {name: self.cleaned_data.get(name, "") for name in names.get(self.cleaned_data.get("method", ""), ())}  # type: ignore[call-overload]

    def judge(self) -> Assessed | None:
        """What the method makes of its figures; None for a level chosen directly or figures still missing."""
        given = self.inputs
        if not given or not all(given.values()):
            return None
        method = self.cleaned_data["method"]
        bands = bands_in_force(method, timezone.localdate())
        try:
            if method == AssessMethod.LEC:
                return assess_lec(**{name: Decimal(value) for name, value in given.items()}, bands=bands)
            return assess_matrix(likelihood=int(given["chance"]), severity=int(given["severity"]), bands=bands)
        except NotOnScale:
            return None

    @cached_property
    def judged(self) -> Assessed | None:
        return self.judge() if self.is_bound and hasattr(self, "cleaned_data") else None

    def suggested(self) -> Level | None:
        return Level.objects.filter(pk=self.judged.level).first() if self.judged else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_level(data)
        level = data.get("level")
        if level and level.is_major and not data.get("interim_control"):
            self.add_error("interim_control", _("Major: say what keeps people safe until it is fixed"))
        owner, unit = data.get("owner"), data.get("unit")
        if owner and unit:
            try:
                require_fixer(owner, unit)
            except ValidationError as fault:
                self.add_error(None, fault)
        return data

    def _clean_level(self, data: dict[str, Any]) -> None:
        """Chosen directly it must be there; by figures it follows from them, and may be raised but not lowered."""
        for name, value in self.inputs.items():
            if not value:
                self.add_error(name, forms.ValidationError(_("Choose a value"), code="required"))
        suggested, chosen = self.suggested(), data.get("level")
        if suggested is not None and (chosen is None or chosen.rank < suggested.rank):
            if chosen is not None:
                words = {"score": figure(self.judged.score), "level": suggested.word}  # type: ignore[union-attr]
                self.add_error("level", gettext("The score %(score)s means %(level)s. Choose that or a graver level.") % words)
                return
            data["level"] = suggested
        if data.get("level") is None and data.get("method") == AssessMethod.DIRECT and "level" not in self.errors:
            self.add_error("level", _("Choose a level"))

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose today or later."))
        return day

    def assessment(self) -> Assessment:
        data = self.cleaned_data
        return Assessment(
            level=data["level"],
            category=data["category"],
            unit=data["unit"],
            owner=data["owner"],
            assisting=[unit for unit in data["assisting"] if unit != data["unit"]],
            method=data["method"],
            inputs=self.inputs,
            score=self.judged.score if self.judged else None,
            field=data["field"],
            interim_control=data["interim_control"],
            due_at=end_of(data["due_on"]) if data["due_on"] else None,
        )


class ChangeLevelForm(HazardActForm):
    level = LevelField(label=_("New level"), error_messages={"required": _("Choose a level")})
    reason = long_text(
        _("Why"), help_text=_("Date and checker follow from the level."), error_messages={"required": _("Say why")}
    )
    interim_control = long_text(
        _("What keeps people safe until it is fixed?"),
        help_text=_("Needed for a major hazard. For example: unit stopped, gate chained, sign posted."),
        required=False,
    )

    def prepare(self) -> None:
        allowed = [level.pk for level in Level.objects.all() if can_change_level(self.user, self.hazard, level)]
        levels = Level.objects.filter(pk__in=allowed).exclude(pk=self.hazard.level_id)
        self.fields["level"].queryset = levels.order_by("rank")  # type: ignore[attr-defined]
        self.fields["interim_control"].initial = self.hazard.interim_control


class DecideForm(HazardActForm):
    is_major = forms.ChoiceField(
        label=_("Is it a major hazard?"),
        choices=[("yes", _("Yes, it is major")), ("no", _("No, it stays serious"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Decide whether it is major")},
    )
    reason = long_text(
        _("Reason"), help_text=_("Everyone who sees the hazard reads it."), error_messages={"required": _("Give the reason")}
    )


class CancelForm(HazardActForm):
    reason = long_text(
        _("Why is it cancelled?"),
        help_text=_("For example: the same as HZ-2026-0412. Whoever reported it is told."),
        error_messages={"required": _("Say why it is cancelled")},
    )


class AcceptForm(HazardActForm):
    reason = long_text(
        _("Why may it stay for a time?"),
        help_text=_("For example: the part comes in three weeks, and a shutdown now is the greater danger."),
        error_messages={"required": _("Say why it may stay for a time")},
    )
    interim_control = long_text(
        _("What keeps people safe meanwhile?"),
        help_text=_("For example: pressure lowered to 2 MPa, read every hour, area fenced."),
        error_messages={"required": _("Say what keeps people safe meanwhile")},
    )
    until_on = day_field(label=_("Accepted until"), error_messages={"required": _("Choose the last day")})

    def prepare(self) -> None:
        last_day = last_day_to_accept(self.hazard, by=self.user, now=timezone.now())
        self.fields["interim_control"].initial = self.hazard.interim_control
        if last_day is not None:
            self.fields["until_on"].help_text = gettext("At most until %(day)s for this level.") % {"day": day_text(last_day)}

    @property
    def until(self) -> datetime:
        return end_of(self.cleaned_data["until_on"])


class EndAcceptanceForm(HazardActForm):
    reason = long_text(
        _("Why does it end?"),
        help_text=_("The date of the fix goes on at once; whoever fixes it is told."),
        error_messages={"required": _("Say why it ends")},
    )


class ReleaseForm(HazardActForm):
    note = long_text(
        _("What makes it safe again?"),
        help_text=_("The whole chain reads this."),
        error_messages={"required": _("Say what makes it safe again")},
    )
