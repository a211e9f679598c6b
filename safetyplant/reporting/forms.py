"""Forms of the import page: upload, and the mapping of columns to the fields of a target."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports import Boolean, Choice, limits
from safetyplant.reporting.imports.encodings import CHOICES, encoding_label
from safetyplant.reporting.imports.mapping import Mapping, mapping_from_json
from safetyplant.reporting.imports.preparing import ALL_SHEETS
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.targets import ImportField, ImportOption, ImportTarget
from safetyplant.texts import TextField

MAPPING_BYTES = 1024 * 1024
#: So many columns stand in every list to choose from. Of a wider file one types the name: as many lists of thousands of columns
#: as there are fields keep a worker busy for half a minute and weigh megabytes.
LISTED_COLUMNS = 200
TYPED = {"list": "columns", "autocomplete": "off"}
NO_SUCH_COLUMN = {"invalid_choice": _("The file has no such column. Choose one of those offered while you type.")}


class UploadForm(forms.Form):
    target = forms.ChoiceField(label=_("What is in the file?"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, TSV or XLSX, up to 50 MB. Any layout: you say next which column is what."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    mapping = forms.FileField(
        label=_("Mapping file"),
        required=False,
        help_text=_("Only if you have one from an earlier import (JSON)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
    )

    def __init__(self, *args: Any, targets: Iterable[ImportTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {target.code: target for target in targets}
        self.fields["target"].choices = [(code, target.label) for code, target in self.targets.items()]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > limits.UPLOAD_BYTES:
            raise forms.ValidationError(_("The file is larger than 50 MB. Have it imported with the import_records command."))
        return file

    def clean_mapping(self) -> Any:
        file = self.cleaned_data.get("mapping")
        if not file:
            return None
        if file.size > MAPPING_BYTES:
            raise forms.ValidationError(_("This is not a mapping."))
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("This is not a mapping.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        target = self.targets.get(data.get("target", ""))
        if target and data.get("mapping") is not None:
            try:
                mapping_from_json(data["mapping"], target)
            except UnreadableFile as refusal:
                self.add_error("mapping", str(refusal.message))
        return data

    @property
    def chosen(self) -> ImportTarget:
        return self.targets[self.cleaned_data["target"]]


class ReadingForm(forms.Form):
    """How the file is read, where it was guessed wrong."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=_("Row of the column names"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("0 if there is none."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, help_text=_("Choose another one if letters or characters look wrong above.")
    )

    def __init__(self, *args: Any, layout: dict[str, Any], options: dict[str, Any], **kwargs: Any) -> None:
        sheets = options.get("sheets") or []
        initial = {
            "sheet": sheets[0] if sheets else layout.get("sheet"),
            "header_row": options.get("header_row", layout.get("header_row")),
            "encoding": options.get("encoding", ""),
        }
        super().__init__(*args, initial=initial, prefix="read", **kwargs)
        names = layout.get("sheets", [])
        self.fields["sheet"].choices = [(name, name) for name in names] + [(ALL_SHEETS, _("All sheets"))]
        if len(names) < 2:
            del self.fields["sheet"]
        if layout.get("kind") == "xlsx":
            del self.fields["encoding"]
        else:
            self._offer_encodings(layout.get("encoding", ""), options.get("encoding", ""))

    def _offer_encodings(self, found: str, given: str) -> None:
        itself = gettext("Find out by itself")
        detected = itself if given else gettext("As detected: %(name)s") % {"name": encoding_label(found)}
        known = dict(CHOICES)
        others = [] if not given or given in known else [(given, encoding_label(given))]
        self.fields["encoding"].choices = [("", detected), *known.items(), *others]  # type: ignore[attr-defined]

    def options(self, before: dict[str, Any]) -> dict[str, Any]:
        """The reading options for a mapping; those about values stay as they were."""
        kept = {name: value for name, value in before.items() if name in {"date_order", "decimal", "separators", "key"}}
        data = self.cleaned_data
        if data.get("sheet"):
            kept["sheets"] = [data["sheet"]]
        if data.get("header_row") is not None:
            kept["header_row"] = data["header_row"]
        if data.get("encoding"):
            kept["encoding"] = data["encoding"]
        return kept


class _ColumnField(forms.ChoiceField):
    """Shown as required where it is, yet may be blank: a text for every row does as well (the form's `clean` sees to it)."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class _TypedColumnField(_ColumnField):
    """The name of a column, typed; the browser offers those that fit. The value is the same as that of a list."""

    widget = forms.TextInput
    default_error_messages = NO_SUCH_COLUMN

    def prepare_value(self, value: Any) -> Any:
        """One column stands there by its bare name; several together as they are written in a mapping."""
        try:
            name = json.loads(value or '""')
        except ValueError:
            return value
        return name if isinstance(name, str) else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).strip()
        return text if not text or self.valid_value(text) else json.dumps(text, ensure_ascii=False)


class MappingForm(forms.Form):
    """One row per field of the target: its column, or always the same text; for fields of few values also the words."""

    use_required_attribute = False

    date_order = forms.ChoiceField(
        label=_("Dates such as 3/4/2026"),
        required=False,
        choices=[
            ("", _("Find out by column")),
            ("mdy", _("Month first (3/4 is 4 March)")),
            ("dmy", _("Day first (3/4 is 3 April)")),
        ],
    )
    key = forms.ChoiceField(
        label=_("Column that tells records apart"),
        required=False,
        help_text=_("A number or code. Rows whose number was imported before are skipped, so a file can be imported again."),
    )

    def __init__(self, *args: Any, target: ImportTarget, layout: dict[str, Any], mapping: Mapping, **kwargs: Any) -> None:
        super().__init__(*args, prefix="map", **kwargs)
        self.target = target
        self.columns: list[str] = layout.get("columns", [])
        self.is_wide = len(self.columns) > LISTED_COLUMNS
        self.before = mapping
        for field in target.fields:
            self._add_field(field)
        for option in target.options:
            self._add_option(option)
        key = mapping.options.get("key") or ""
        if self.is_wide:
            self.fields["key"].widget = forms.TextInput(attrs=TYPED)
            self.fields["key"].error_messages.update(NO_SUCH_COLUMN)
        self.fields["key"].choices = [("", _("None: only equal rows are the same")), *((name, name) for name in self.columns)]
        given = {"key": key if isinstance(key, str) else key[0], "date_order": mapping.options.get("date_order", "")}
        self.initial = {**self.initial, **given}

    def _add_field(self, field: ImportField) -> None:
        source = self.before.columns.get(field.name)
        choices = [("", "—"), *((json.dumps(name, ensure_ascii=False), name) for name in self.columns)]
        chosen = json.dumps(source.as_json(), ensure_ascii=False) if source else ""
        if source and source.const is None and chosen not in dict(choices):
            choices.insert(1, (chosen, " + ".join(source.columns)))
        is_const = source is not None and source.const is not None
        texts: dict[str, Any] = {"label": field.label, "required": field.required, "help_text": field.help}
        self.fields[f"column_{field.name}"] = (
            _TypedColumnField(choices=choices, widget=forms.TextInput(attrs=TYPED), **texts)
            if self.is_wide
            else _ColumnField(choices=choices, **texts)
        )
        self.fields[f"const_{field.name}"] = TextField(label=_("Or the same text in every row"), required=False, max_length=500)
        self.initial[f"column_{field.name}"] = "" if is_const else chosen
        self.initial[f"const_{field.name}"] = source.const if source is not None and is_const else ""
        if isinstance(field.parser, Choice | Boolean):
            words = self.before.values.get(field.name, {})
            self.initial[f"words_{field.name}"] = "\n".join(f"{word} = {meaning}" for word, meaning in words.items())
            self.fields[f"words_{field.name}"] = TextField(
                label=_("Words in the file"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("One per line: word in the file = value here."),
            )

    def _add_option(self, option: ImportOption) -> None:
        given = self.before.options.get(option.name)
        texts: dict[str, Any] = {"label": option.label, "help_text": option.help, "required": False}
        form_field: forms.Field
        if isinstance(option.parser, Boolean):
            form_field = forms.BooleanField(**texts)
            given = bool(option.parser(given))
        elif isinstance(option.parser, Choice):
            words = option.parser.words() if callable(option.parser.words) else option.parser.words
            form_field = forms.ChoiceField(
                choices=[("", "—"), *((code, meanings[0]) for code, meanings in words.items())], **texts
            )
        else:
            form_field = TextField(max_length=200, **texts)
        self.fields[f"option_{option.name}"] = form_field
        self.initial[f"option_{option.name}"] = given

    def options(self) -> list[Any]:
        """For the template: what the owner of the file decides for all its rows."""
        return [self[f"option_{option.name}"] for option in self.target.options]

    def rows(self) -> list[dict[str, Any]]:
        """For the template: what belongs to one field of the target."""
        return [
            {
                "field": field,
                "column": self[f"column_{field.name}"],
                "const": self[f"const_{field.name}"],
                "words": self[f"words_{field.name}"] if f"words_{field.name}" in self.fields else None,
                "is_open": any(self[name].value() or self[name].errors for name in self._folded(field)),
            }
            for field in self.target.fields
        ]

    def _folded(self, field: ImportField) -> list[str]:
        """What is said rarely stands folded away beneath the column, open as soon as something is said there."""
        return [name for name in (f"const_{field.name}", f"words_{field.name}") if name in self.fields]

    @property
    def has_choices(self) -> bool:
        """Whether anything but the defaults is chosen for the file as a whole."""
        return any(self[name].value() or self[name].errors for name in ("date_order", "key"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        columns = {}
        for field in self.target.fields:
            column, const = data.get(f"column_{field.name}"), data.get(f"const_{field.name}")
            if column or const:
                columns[field.name] = json.loads(column) if column else {"const": const}
            elif field.required:
                self.add_error(f"column_{field.name}", _("Choose a column, or a text that holds for every row."))
        options = {**self.before.options, "date_order": data.get("date_order") or "", "key": data.get("key") or ""}
        for option in self.target.options:
            options[option.name] = data.get(f"option_{option.name}") or ""
        if self.errors:
            return data
        try:
            self.mapping = mapping_from_json({"columns": columns, "values": self._words(data), "options": options}, self.target)
        except UnreadableFile as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return data

    def _words(self, data: dict[str, Any]) -> dict[str, dict[str, str]]:
        values = {}
        for field in self.target.fields:
            lines = (line.partition("=") for line in (data.get(f"words_{field.name}") or "").splitlines())
            words = {word.strip(): meaning.strip() for word, sign, meaning in lines if sign}
            if words:
                values[field.name] = words
        return values
