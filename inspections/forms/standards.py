"""The lines of a standard: headings of sections, and what is asked on site with what its failure means by default."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inspections.choices import Result
from inspections.models import HazardCategory
from inspections.services.standards import ItemText, items_of, usual_cap
from responsibilities.models import Level
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.citing import Citations
from safetyplant.documents.forms import BaseLineFormSet, LineForm
from safetyplant.documents.models import DocumentVersion
from safetyplant.texts import TextField

Choices = Sequence[tuple[str, Any]]
LONGEST_HEADING = 120
MOST_BYTES = 5 * 1024 * 1024


class LineKind(TextChoices):
    ITEM = "item", _("Item")
    SECTION = "section", _("Section heading")


class ItemForm(LineForm):
    """One line: an item, or the heading of a section. `number` is the item's when the page was made; empty for a new one."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=LineKind.choices,
        required=False,
        initial=LineKind.ITEM,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    number = TextField(required=False, max_length=32, widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("Category"))
    level = forms.ChoiceField(label=_("Level if it fails"))
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100, initial=1)
    possibly_major = forms.BooleanField(label=_("Possibly major"), required=False)
    critical = forms.BooleanField(label=_("Critical"), required=False, help_text=_("If it fails, the whole score is capped."))
    score_cap = forms.IntegerField(label=_("Score at most, if it fails (%)"), min_value=0, max_value=100, required=False)
    photo_on_fail = forms.BooleanField(label=_("Photo required when it fails"), required=False)
    note_on_fail = forms.BooleanField(
        label=_("Note required when it fails"), required=False, help_text=_("A reading or a number, besides what is wrong.")
    )
    reference = TextField(
        label=_("Clause behind it"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "citations", "autocomplete": "off"}),
    )
    shown_if = TextField(
        label=_("Ask only if item no."),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    shown_on = forms.ChoiceField(
        label=_("was answered"), required=False, choices=[("", _("(always ask)")), *Result.choices], widget=forms.Select
    )

    def __init__(self, *args: Any, categories: Choices, levels: Choices, citations: Citations, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Choose")), *categories]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", _("Choose")), *levels]  # type: ignore[attr-defined]
        self.fields["score_cap"].widget.attrs["placeholder"] = str(usual_cap())
        for name in ("category", "level", "points"):
            self.fields[name].required = not self.is_section
        self.gravest = levels[-1] if levels else ("", "")
        self.citations = citations

    @property
    def is_section(self) -> bool:
        return self["kind"].value() == LineKind.SECTION

    @property
    def has_more(self) -> bool:
        """Something is said, or wrong, among what is seldom needed: it is shown unfolded."""
        names = ("critical", "photo_on_fail", "note_on_fail", "reference", "shown_if")
        more = (*names, "score_cap", "shown_on")
        return any(self[name].value() for name in names) or any(name in self.errors for name in more if self.is_bound)

    def clean_reference(self) -> int | None:
        text = self.cleaned_data["reference"]
        if not text:
            return None
        found = self.citations.find(text)
        if found is None:
            raise forms.ValidationError(gettext("No regulation has this clause. Write its code and number: HSE-07 2.4"))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["kind"] = cleaned.get("kind") or LineKind.ITEM
        if cleaned["kind"] == LineKind.SECTION:
            self._clean_heading(cleaned)
        else:
            self._clean_item(cleaned)
        return cleaned

    def _clean_heading(self, cleaned: dict[str, Any]) -> None:
        for name in ("text", "text_zh"):
            if len(cleaned.get(name) or "") > LONGEST_HEADING:
                self.add_error(name, gettext("A heading has at most %(count)d characters") % {"count": LONGEST_HEADING})

    def _clean_item(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("critical"):
            cleaned["score_cap"] = None
        elif cleaned.get("score_cap") is None and "score_cap" not in self.errors:
            cleaned["score_cap"] = usual_cap()
        code, word = self.gravest
        if cleaned.get("possibly_major") and cleaned.get("level") and cleaned["level"] != code:
            self.add_error("level", gettext("A possibly major item opens as “%(level)s”: choose that level") % {"level": word})
        if bool(cleaned.get("shown_if")) != bool(cleaned.get("shown_on")) and "shown_if" not in self.errors:
            missing = "shown_on" if cleaned.get("shown_if") else "shown_if"
            self.add_error(missing, gettext("A condition names an item and an answer"))


class ItemFormSet(BaseLineFormSet):
    """The lines of a standard. What depends on another line is looked at when each line by itself is sound."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        before: set[str] = set()
        forms_ = self.kept()
        for place, form in enumerate(forms_, start=1):
            below = forms_[place] if place < len(forms_) else None
            line = form.cleaned_data
            if line["kind"] == LineKind.SECTION and (below is None or below.cleaned_data["kind"] == LineKind.SECTION):
                form.add_error("text", gettext("No item stands under this heading. Move it, or tick “Remove”"))
            if line["kind"] == LineKind.ITEM and line["shown_if"] and line["shown_if"] not in before:
                form.add_error("shown_if", gettext("There is no item of this number before it"))
            if line["number"]:
                before.add(line["number"])
        if any(form.errors for form in self.forms):
            raise forms.ValidationError(gettext("Some lines do not fit where they stand."))

    @property
    def citations(self) -> list[tuple[str, str]]:
        """Clauses to choose from while one types, once for the page."""
        return self.form_kwargs["citations"].offers


class ItemFileForm(forms.Form):
    """Items from a file, into a draft."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, best one exported here. It replaces all items of the draft; you see first what changes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 5 MB"))
        return upload


def item_choices() -> dict[str, Any]:
    """Read once for all lines of a form. An item never opens as major at once: the safety officer decides that."""
    return {
        "categories": [(category.code, category.label) for category in HazardCategory.objects.filter(is_active=True)],
        "levels": [(level.code, level.word) for level in Level.objects.filter(is_major=False).order_by("rank")],
        "citations": regulations(),
    }


def regulations() -> Citations:
    return Citations(DocumentKind.REGULATION, on=timezone.localdate())


def lines_of(version: DocumentVersion) -> list[dict[str, Any]]:
    """A version as the form shows it: a heading wherever a section begins, then its items."""
    citations = regulations()
    lines: list[dict[str, Any]] = []
    section = ("", "")
    for item in items_of(version):
        if (item.section, item.section_zh) != section:
            section = (item.section, item.section_zh)
            lines.append({"kind": LineKind.SECTION, "text": item.section, "text_zh": item.section_zh})
        values = {**vars(item), "kind": LineKind.ITEM, "critical": item.score_cap is not None}
        lines.append(values | {"reference": citations.text_of(item.reference)})
    return [{**line, "order": place} for place, line in enumerate(lines, start=1)]


def items_from(lines: Sequence[dict[str, Any]]) -> Iterator[ItemText]:
    """The items of cleaned lines, numbered anew; a condition follows the item that it named by its old number."""
    section, number, new_numbers = ("", ""), 0, {}
    names = ItemText.__dataclass_fields__.keys()
    for line in lines:
        if line["kind"] == LineKind.SECTION:
            section = (line["text"], line["text_zh"])
            continue
        number += 1
        if line["number"]:
            new_numbers[line["number"]] = str(number)
        item = ItemText(**{name: line[name] for name in names if name in line})
        named = new_numbers.get(item.shown_if, "")
        yield replace(item, number=str(number), section=section[0], section_zh=section[1], shown_if=named)
