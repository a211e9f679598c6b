"""Inputs that plants' phones know how to help with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safetyplant.texts import TextField


class DayInput(forms.DateInput):
    """The device's own calendar; the value travels as ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The device's own clock; the value travels as HH:MM whatever the language."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), **options)


def revision_field() -> forms.IntegerField:
    """The state of the record its reader saw. Never left out: without it an act on what someone has changed since would pass."""
    again = _("Open this page again, then send it: it does not say which state of the record you saw.")
    return forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": again, "invalid": again})


def long_text(label: Any, **options: Any) -> TextField:
    """A few sentences; the limit keeps a pasted report out of a reason."""
    options.setdefault("max_length", 2000)
    return TextField(label=label, widget=forms.Textarea(attrs={"rows": 3}), **options)


def side_by_side(choices: Any) -> forms.RadioSelect:
    return forms.RadioSelect(choices=choices, attrs={"data-look": "seg"})


def searchable() -> forms.Select:
    """A list too long to scroll: types to find, and stays a plain select without script."""
    return forms.Select(attrs={"data-search": ""})
