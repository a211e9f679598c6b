"""Recording a breach of rules: what, where, who if it was one person, and what was put right at once."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.forms.fields import (
    MOST_CLAUSES,
    PersonField,
    Where,
    WhereField,
    clause_label,
    clauses_in_force,
    people_of,
)
from inspections.forms.hazards import moment_field
from inspections.forms.inspections import violation_type_choices
from inspections.models import ViolationType
from inspections.moments import require_past
from inspections.services import ViolationData
from responsibilities.forms.widgets import long_text
from responsibilities.models import Level, Person
from responsibilities.roles import Right
from safetyplant.attachments.forms import PhotosField
from safetyplant.documents.models import Clause
from safetyplant.texts import TextField


class LevelChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.word


class ViolationForm(forms.Form):
    photos = PhotosField(label=_("Photo"), required=False)
    description = TextField(
        label=_("What happened?"),
        help_text=_("What was done against which rule. Not who: that has its own field, seen by few."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what happened")},
    )
    where = WhereField(label=_("Where?"), help_text=_("The unit or contractor concerned, or one of its places."))
    person = PersonField(
        label=_("Who?"),
        required=False,
        help_text=_(
            "Empty: the unit or contractor as a whole. The name is seen by the person, you, and those who may see persons."
        ),
    )
    violation_type = forms.ChoiceField(
        label=_("Which breach?"), required=False, help_text=_("The catalogue proposes the points.")
    )
    correction = long_text(_("What was put right on the spot?"), required=False)
    self_reported = forms.BooleanField(
        label=_("They reported it themself"), required=False, help_text=_("Then it is recorded and never costs points.")
    )
    clause = forms.ModelChoiceField(
        Clause.objects.none(), label=_("Clause broken"), required=False, widget=forms.Select(attrs={"data-search": ""})
    )
    clause_text = TextField(label=_("Or in your words"), required=False, max_length=200)
    level = LevelChoice(Level.objects.order_by("rank"), label=_("Level"), required=False, empty_label=_("None"))
    found_at = moment_field(label=_("When?"), required=False, help_text=_("Empty: now."))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["photos"].by = user  # type: ignore[attr-defined]
        self.fields["violation_type"].choices = violation_type_choices()  # type: ignore[attr-defined]
        self.fields["client_id"].initial = uuid4
        chosen = self.data.get("where", "") if self.is_bound else self.initial.get("where", "")
        self.fields["where"].offer(user, Right.RECORD_VIOLATION, chosen=chosen)  # type: ignore[attr-defined]
        self._offer_people(chosen)
        self._offer_clauses()

    def _offer_people(self, chosen: str) -> None:
        """Of the unit when it is known already, else of the reader's own part of the plant."""
        path = self.user.unit.path if self.user.unit else ""
        if chosen:
            try:
                where = self.fields["where"].clean(chosen)
                path = where.unit.path if where else path
            except forms.ValidationError:
                pass  # the field says so itself
        typed = [self.data.get("person", "")] if self.is_bound else []
        seen = Person.objects.visible_to(self.user)
        self.fields["person"].offer(self.user, people_of(self.user, path), chosen=typed, everyone=seen)  # type: ignore[attr-defined]

    def _offer_clauses(self) -> None:
        clauses = clauses_in_force(timezone.localdate())
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        groups: dict[str, list[tuple[int, str]]] = {}
        for clause in clauses[:MOST_CLAUSES]:
            groups.setdefault(clause.version.document.label, []).append((clause.pk, f"{clause.number} {clause.label}"))
        widget = self.fields["clause"].widget
        widget.choices = [("", ""), *groups.items(), *self._typed_clause(clauses)]  # type: ignore[attr-defined]

    def _typed_clause(self, clauses: Any) -> list[tuple[int, str]]:
        """One that was found by typing and stands past what is offered."""
        typed = str(self.data.get("clause", "")) if self.is_bound else ""
        if not (typed.isascii() and typed.isdigit() and len(typed) < 19) or clauses[:MOST_CLAUSES].count() < MOST_CLAUSES:
            return []
        return [(clause.pk, clause_label(clause)) for clause in clauses.filter(pk=typed)]

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in ("clause", "clause_text", "level", "found_at", "self_reported")]

    @property
    def has_details(self) -> bool:
        return any(bound.errors for bound in self.details)

    def clean_found_at(self) -> datetime | None:
        return require_past(self.cleaned_data["found_at"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        person, where = data.get("person"), data.get("where")
        belongs = person and where and person.unit and person.unit.path.startswith(where.unit.path)
        if person and where and not belongs and not self._is_of_leaders():
            self.add_error("person", _("%(name)s does not belong to %(unit)s") % {"name": person.name, "unit": where.unit.name})
        return data

    def _is_of_leaders(self) -> bool:
        """Those above a unit belong to another one; whether the person is a leader at all, the service asks."""
        code = self.cleaned_data.get("violation_type")
        return bool(code) and ViolationType.objects.in_force(timezone.localdate()).filter(code=code, for_leaders=True).exists()

    def record(self) -> ViolationData:
        data = self.cleaned_data
        where: Where = data["where"]
        types = ViolationType.objects.in_force(timezone.localdate()).filter(code=data["violation_type"])
        return ViolationData(
            unit=where.unit,
            place=where.place,
            person=data["person"],
            description=data["description"],
            violation_type=types.first() if data["violation_type"] else None,
            level=data["level"],
            clause=data["clause"],
            clause_text=data["clause_text"],
            correction=data["correction"],
            self_reported=data["self_reported"],
            found_at=data["found_at"],
            photos=data["photos"],
            client_id=data["client_id"] or uuid4(),
        )


class CancelViolationForm(forms.Form):
    reason = long_text(
        _("Why is it cancelled?"),
        help_text=_("It stays in the list with this reason."),
        error_messages={"required": _("Say why it is cancelled")},
    )
