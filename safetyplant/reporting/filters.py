"""The filters of a list: in the address, above the list as removable words, and in a form that works without script."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from safetyplant.reporting.columns import as_text

# What the list itself reads from the address; everything else there belongs to filters.
OWN_PARAMETERS = frozenset({"q", "sort", "after", "before", "size", "columns", "format", "all", "filters"})


@dataclass(frozen=True)
class Chip:
    """One filter in force: "State not closed", with the address of the list without it."""

    label: str
    value: str
    remove_url: str


FEW_CHOICES = 8


def prepare_form(form: forms.Form) -> None:
    """Make a filter form's controls those of the house: the device's own date picker, boxes to tick instead of a list box.

    Called before any field of the form is drawn. Nothing in a filter is obligatory, so nothing is marked as optional either.
    """
    form.use_required_attribute = False
    for field in form.fields.values():
        if isinstance(field, forms.MultiValueField):
            ends = zip(field.fields, field.widget.widgets, (gettext("from"), gettext("until")), strict=False)
            for part, widget, end in ends:
                widget.attrs["aria-label"] = f"{field.label} {end}"
                _show_as_date(part, widget)
        else:
            _show_as_date(field, field.widget)
        if isinstance(field.widget, forms.SelectMultiple) and len(field.choices) <= FEW_CHOICES:
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)


def _show_as_date(field: forms.Field, widget: forms.Widget) -> None:
    if isinstance(field, forms.DateField) and isinstance(widget, forms.TextInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"  # type: ignore[attr-defined]


def query_string(data: QueryDict) -> str:
    return f"?{data.urlencode()}"


def without(data: QueryDict, *names: str) -> QueryDict:
    """A copy without these parameters, and without a position, which belonged to the list as it was."""
    dropped = {*names, "after", "before", "format", "filters"}
    # Not `data.copy()`, which copies deeply: a page makes twenty addresses.
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if name not in dropped:
            kept.setlist(name, list(values))
    return kept


def parameter_names(name: str, field: forms.Field) -> list[str]:
    """The address parameters of one filter: a range has two or more ("found_after", "found_before")."""
    suffixes = getattr(field.widget, "suffixes", None) or getattr(field.widget, "widgets_names", None)
    return [f"{name}_{suffix.lstrip('_')}" for suffix in suffixes if suffix] if suffixes else [name]


def is_given(data: QueryDict, name: str) -> bool:
    return any(value.strip() for value in data.getlist(name))


def chips_of_choices(filterset_class: type[django_filters.FilterSet], data: QueryDict) -> list[Chip] | None:
    """The same chips without a form, where all that narrows are single choices of declared words; None where one is not."""
    chips = []
    for name in [key for key in data if (key == "q" or key not in OWN_PARAMETERS) and is_given(data, key)]:
        declared = filterset_class.base_filters.get(name)
        words = dict(declared.extra.get("choices", ())) if type(declared) is django_filters.ChoiceFilter else {}
        if data[name] not in words:
            return None
        chips.append(Chip(str(declared.label or name), str(words[data[name]]), query_string(_widened(data, name))))
    return chips


def _widened(data: QueryDict, *names: str) -> QueryDict:
    """The address without these filters; never bare, which would mean the default view."""
    rest = without(data, *names)
    if not any(key not in OWN_PARAMETERS or key == "q" for key in rest):
        rest["all"] = "1"
    return rest


def chips_of(filterset: django_filters.FilterSet, data: QueryDict) -> list[Chip]:
    """A chip for each filter that narrows the list. A value that was not understood has none: the form tells of it."""
    chips = []
    for name, field in filterset.form.fields.items():
        names = parameter_names(name, field)
        if not any(is_given(data, each) for each in names) or name in filterset.form.errors:
            continue
        value = filterset.form.cleaned_data.get(name)
        chips.append(Chip(str(field.label or name), value_in_words(field, value), query_string(_widened(data, *names))))
    return chips


def value_in_words(field: forms.Field, value: Any) -> str:
    """What the reader chose, as the form showed it."""
    if isinstance(value, slice):
        return range_in_words(value.start, value.stop)
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, QuerySet | list | tuple):
        return gettext(", ").join(value_in_words(field, part) for part in value)
    for code, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple):
            named = dict(label)
            if value in named:
                return str(named[value])
        elif str(code) == str(value):
            return str(label)
    return as_text(value)


def day_or_moment(value: Any) -> Any:
    """A range of days arrives as moments from midnight to the last of the day; people chose days."""
    is_day = isinstance(value, datetime) and value.time() in (time.min, time.max)
    return value.date() if is_day else value


def range_in_words(start: Any, end: Any) -> str:
    start, end = day_or_moment(start), day_or_moment(end)
    if start and end:
        return gettext("%(start)s to %(end)s") % {"start": as_text(start), "end": as_text(end)}
    if start:
        return gettext("from %(start)s") % {"start": as_text(start)}
    return gettext("until %(end)s") % {"end": as_text(end)}
