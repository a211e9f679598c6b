"""The lines of a standard: what is asked on site, and what its failure means by default."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inspections.models import HazardCategory
from responsibilities.models import Level
from safetyplant.documents.forms import LineForm

Choices = Sequence[tuple[str, Any]]


class ItemForm(LineForm):
    """One item. Its number is its place in the list."""

    category = forms.ChoiceField(label=_("Category"))
    level = forms.ChoiceField(label=_("Level if it fails"))
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100, initial=1)
    possibly_major = forms.BooleanField(label=_("Possibly major"), required=False)

    def __init__(self, *args: Any, categories: Choices, levels: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Choose")), *categories]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", _("Choose")), *levels]  # type: ignore[attr-defined]
        self.gravest = levels[-1] if levels else ("", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        code, word = self.gravest
        if cleaned.get("possibly_major") and cleaned.get("level") and cleaned["level"] != code:
            self.add_error("level", gettext("A possibly major item opens as “%(level)s”: choose that level") % {"level": word})
        return cleaned


def item_choices() -> dict[str, Choices]:
    """Read once for all lines of a form. An item never opens as major at once: the safety officer decides that."""
    return {
        "categories": [(category.code, category.label) for category in HazardCategory.objects.filter(is_active=True)],
        "levels": [(level.code, level.word) for level in Level.objects.filter(is_major=False).order_by("rank")],
    }
