"""Forms of documents: what a document is called, the lines of a draft, the day it comes into force."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safetyplant.documents.models import Document, DocumentVersion
from safetyplant.texts import TextField

#: A draft's form has at most so many lines: past it, a browser's form grows too long to be sent whole.
MOST_LINES = 200


class TitleForm(forms.Form):
    """Either language will do; the other one is shown in its place until it is written."""

    title = TextField(label=_("Title in English"), max_length=240, required=False)
    title_zh = TextField(label=_("Title in Chinese"), max_length=240, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("title") and not cleaned.get("title_zh") and not self.errors:
            self.add_error("title", gettext("Give a title in one of the two languages"))
        return cleaned


class DocumentForm(TitleForm):
    """A new document."""

    code = TextField(label=_("Code"), max_length=60, help_text=_("How people cite it, for example HSE-07 or WELLSITE"))
    field_order = ["code", "title", "title_zh"]

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Document.objects.filter(kind=self.kind, code__iexact=code).exists():
            raise forms.ValidationError(gettext("There is a document with this code already. Open it and begin a new version."))
        return code


class DraftForm(TitleForm):
    """What a draft has beside its lines. `edition` tells whether someone else saved it in between."""

    note = TextField(
        label=_("What changed in this version"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    edition = TextField(widget=forms.HiddenInput)


class LineForm(forms.Form):
    """One numbered line. Lines without text in either language that were never filled are left out."""

    order = forms.DecimalField(
        label=_("Order"),
        max_digits=7,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
    )
    text = TextField(label=_("Text in English"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    text_zh = TextField(label=_("Text in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def has_changed(self) -> bool:
        """Only a new line's text counts: a default chosen beside it does not make it a line."""
        if self.empty_permitted:
            return any(name in self.changed_data for name in ("text", "text_zh"))
        return super().has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("text", "text_zh"):
            # Browsers send line ends of their own; kept, no file or comparison would find the text equal.
            cleaned[name] = (cleaned.get(name) or "").replace("\r\n", "\n")
        if not cleaned.get("text") and not cleaned.get("text_zh"):
            self.add_error("text", gettext("Write the line in one of the two languages, or tick “Remove”"))
        return cleaned


class ClauseForm(LineForm):
    """A clause of a regulation, numbered by its writer; 2.4 stands under 2."""

    number = TextField(label=_("Number"), max_length=32)
    field_order = ["number", "order", "text", "text_zh"]


class BaseLineFormSet(forms.BaseFormSet):
    """The lines of a draft, in the order the writer gave."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def clean(self) -> None:
        if any(self.errors):
            return
        seen: set[str] = set()
        for form in self.forms:
            number = form.cleaned_data.get("number")
            if not number or form in self.deleted_forms:
                continue
            if number in seen:
                form.add_error("number", gettext("The number %(number)s stands twice") % {"number": number})
            seen.add(number)
        if any(form.errors for form in self.forms):
            raise forms.ValidationError(gettext("Each number may stand once."))

    def kept(self) -> list[forms.Form]:
        """The forms of the lines that stay, in their order; those without one come last. Call when all are clean."""
        kept = [form for form in self.forms if _is_written(form) and form not in self.deleted_forms]
        return sorted(kept, key=lambda form: _place(form.cleaned_data["order"]))

    def lines(self) -> list[dict[str, Any]]:
        """Cleaned lines in their order."""
        return [form.cleaned_data for form in self.kept()]

    def shown(self) -> list[forms.Form]:
        """All lines as the page lists them: a line that was moved stands in its new place also when the form comes back."""
        return sorted(self.forms, key=lambda form: _place(form["order"].value()))

    def faults(self) -> list[tuple[str, str]]:
        """For the summary above the form: the field to go to, and what is wrong there."""
        return [
            (form[name].auto_id, gettext("Line %(number)s: %(fault)s") % {"number": index, "fault": error})
            for index, form in enumerate(self.forms, start=1)
            for name, errors in form.errors.items()
            if name in form.fields
            for error in errors
        ]


def _place(order: Any) -> Decimal:
    try:
        place = Decimal(str(order))
    except InvalidOperation:
        return Decimal("Infinity")
    return place if place.is_finite() else Decimal("Infinity")


def _is_written(form: forms.Form) -> bool:
    return bool(form.cleaned_data and (form.cleaned_data.get("text") or form.cleaned_data.get("text_zh")))


def line_formset(form: type[LineForm], *, extra: int = 0, base: type[BaseLineFormSet] = BaseLineFormSet) -> type[BaseLineFormSet]:
    formset: type[BaseLineFormSet] = forms.formset_factory(
        form,
        formset=base,
        extra=extra,
        can_delete=True,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
        validate_max=True,
    )
    return formset


def moved(data: QueryDict, prefix: str, step: str) -> QueryDict:
    """The posted lines with one of them a place up or down: `step` is "line-3-up", the prefix of a line's form and the way.

    A step that leads nowhere changes nothing. Each line is given a whole number, so that the next step finds neighbours.
    """
    line, _dash, way = step.rpartition("-")
    names = [f"{prefix}-{index}-order" for index in range(MOST_LINES)]
    lines = sorted((name for name in names if data.get(name)), key=lambda name: _place(data[name]))
    if f"{line}-order" not in lines:
        return data
    at = lines.index(f"{line}-order")
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < len(lines):
        lines[at], lines[to] = lines[to], lines[at]
    changed = data.copy()
    for place, name in enumerate(lines, start=1):
        changed[name] = str(place)
    return changed


def clause_lines(version: DocumentVersion) -> list[dict[str, Any]]:
    """A version's clauses as the form shows them."""
    return [
        {"order": index, "number": clause.number, "text": clause.text, "text_zh": clause.text_zh}
        for index, clause in enumerate(version.clauses.order_by("position"), start=1)
    ]


def parent_number(number: str, before: Iterable[str]) -> str:
    """The clause a number stands under: 2.4.1 under 2.4, or under 2 where there is no 2.4."""
    known = set(before)
    while "." in number:
        number = number.rpartition(".")[0]
        if number in known:
            return number
    return ""


class _FromTodayForm(forms.Form):
    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()


class PublishForm(_FromTodayForm):
    """From which day on a version counts: never in the past, so that records already made keep the version they were made by."""

    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields["valid_from"].initial = self.today

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(gettext("The day must not be in the past"))
        last = self.document.versions.published().order_by("-valid_from").first()
        if last is not None and last.valid_from is not None and day < last.valid_from:
            words = {"number": last.number, "day": date_format(last.valid_from, "DATE_FORMAT")}
            raise forms.ValidationError(
                gettext("Version %(number)s is valid from %(day)s: choose that day or a later one") % words
            )
        return day


class WithdrawForm(_FromTodayForm):
    """From which day on no version counts any more."""

    on = forms.DateField(label=_("Withdrawn from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day < self.today:
            raise forms.ValidationError(gettext("The day must not be in the past"))
        return day
