"""Form parts after the GOV.UK pattern: label, hint, error, control; and a summary that links to each fault."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

CLASSES: tuple[tuple[Any, str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    ((forms.widgets.Input, forms.Textarea, forms.MultiWidget), "form-control"),
)
OPTION_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def kind_of(bound: BoundField) -> str:
    """How the row is built: `check`, `seg`, `options`, `group` (brings its own parts) or `plain`."""
    widget = bound.field.widget
    if isinstance(widget, OPTION_LISTS):
        return "seg" if widget.attrs.get("data-look") in ("seg", "chips") else "options"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "group" if getattr(widget, "is_group", False) else "plain"


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The widget with the classes it needs (composed widgets bring their own); ARIA attributes are Django's."""
    widget = bound.field.widget
    wanted = next((name for kind, name in CLASSES if isinstance(widget, kind)), None)
    if wanted is None or getattr(widget, "is_group", False):
        return bound.as_widget()
    own = widget.attrs.get("class", "")
    return bound.as_widget(attrs={"class": f"{wanted} {own}".strip()})


@register.simple_tag
def option_control(option: BoundWidget, look: str = "form-check-input") -> SafeString:
    """One radio button or checkbox of a list, without the label Django would wrap around it."""
    attrs = {**option.data["attrs"], "class": False if look == "plain" else look}
    attrs.pop("data-look", None)
    markup = option.renderer.render(option.template_name, {"widget": {**option.data, "wrap_label": False, "attrs": attrs}})
    return mark_safe(markup)  # noqa: S308 - Django's own widget template has escaped it


@register.filter
def is_tick(option: BoundWidget) -> bool:
    """A checkbox (square) rather than a radio button (round)."""
    return option.data["type"] == "checkbox"


@register.inclusion_tag("_components/field.html")
def field(bound: BoundField, *, hide_label: bool = False, mark_optional: bool = True) -> dict[str, Any]:
    """One form row. Filters, where nothing is obligatory, mark nothing as optional."""
    look = bound.field.widget.attrs.get("data-look", "")
    return {
        "field": bound,
        "kind": kind_of(bound),
        "look": look,
        "hide_label": hide_label,
        "mark_optional": mark_optional and not bound.field.required,
    }


@register.inclusion_tag("_components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """Everything to correct, each line a link to its field."""
    if not getattr(form, "is_bound", False) or not form.errors:
        return {"faults": [], "general": []}
    faults = [
        (_focus_id(form[name]), _fault_text(form[name], fault))
        for name, found in form.errors.as_data().items()
        if name in form.fields
        for fault in found
    ]
    return {"faults": faults, "general": form.non_field_errors()}


@register.filter
def faults(bound: BoundField) -> list[str]:
    """What is wrong with a field, in the words of the summary above the form."""
    return [_fault_text(bound, fault) for fault in bound.errors.as_data()]


def _fault_text(bound: BoundField, fault: forms.ValidationError) -> str:
    """Django's "This field is required" says nothing in a list of faults: name the question."""
    if fault.code == "required" and bound.field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        return _("Answer “%(question)s”") % {"question": bound.label}
    return " ".join(fault.messages)


def _focus_id(bound: BoundField) -> str:
    """Radio and checkbox lists have no element of the field's own id: the first option takes the focus."""
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, OPTION_LISTS) else str(bound.auto_id)


@register.inclusion_tag("_components/tri.html")
def tri(name: str, value: object = None, *, id: str = "", legend: object = "", na: bool = True) -> dict[str, Any]:  # noqa: A002 - HTML's word
    """OK, Fail or N/A as real radio buttons with values `ok`, `fail`, `na`."""
    return {"name": name, "value": value, "id": id or name, "legend": legend, "na": na}


@register.inclusion_tag("_components/seg.html")
def seg(bound: BoundField) -> dict[str, Any]:
    """Few exclusive answers side by side; for a field whose widget is a RadioSelect."""
    return {"field": bound, "look": bound.field.widget.attrs.get("data-look", "seg")}
