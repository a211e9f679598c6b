"""What holds for every form of ours."""

from collections.abc import Iterator

from django import forms
from django.urls import get_resolver


def forms_of(kind: type = forms.BaseForm) -> Iterator[type]:
    for form in kind.__subclasses__():
        yield form
        yield from forms_of(form)


def test_no_text_of_a_form_passes_for_an_answer_without_being_seen() -> None:
    """Django's own `CharField` takes a zero-width space for a reason."""
    assert get_resolver().url_patterns  # all views, and with them all forms, are loaded
    ours = [form for form in forms_of() if form.__module__.startswith(("safetyplant.", "responsibilities.", "inspections."))]
    plain = [
        f"{form.__module__}.{form.__qualname__}: {name}"
        for form in ours
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField and field.strip
    ]

    assert len(ours) > 30
    assert not plain
