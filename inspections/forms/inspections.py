"""Starting an inspection, and the logging page: one small form per item, saved as it is typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.asking import Condition
from inspections.choices import InspectionKind, Result
from inspections.forms.fields import PeopleField, Where, WhereField, people_of
from inspections.forms.hazards import moment_field
from inspections.models import Inspection, InspectionAnswer, ViolationType
from inspections.moments import require_past
from inspections.permissions import can_record_violation_in
from inspections.services import AnswerData, FindingData, InspectionData
from inspections.services.bans import require_admitted
from inspections.services.inspections import FIXED, HAZARD, VIOLATION
from responsibilities.choices import Field
from responsibilities.models import Person
from responsibilities.roles import Right
from safetyplant.attachments.forms import PhotosField
from safetyplant.attachments.models import Attachment
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Clause, DocumentVersion
from safetyplant.texts import TextField

#: What the tap control sends, and what is stored.
TAPS = {"ok": Result.PASS, "fail": Result.FAIL, "na": Result.NA}
TAP_OF = {stored.value: tap for tap, stored in TAPS.items()}


class StandardField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(_("%(title)s (version %(number)s)") % {"title": obj.document.label, "number": obj.number})


def standards_in_force() -> Any:
    versions = DocumentVersion.objects.in_force(timezone.localdate()).filter(document__kind=DocumentKind.STANDARD)
    return versions.select_related("document").order_by("document__code")


class StartForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What kind of visit?"), choices=InspectionKind.choices, initial=InspectionKind.ROUTINE, widget=forms.RadioSelect
    )
    where = WhereField(
        label=_("What do you inspect?"),
        help_text=_("A well, tank or station, a unit as a whole, or a route with all its stops."),
    )
    standard = StandardField(
        DocumentVersion.objects.none(),
        label=_("By which checklist?"),
        required=False,
        empty_label=_("None: free inspection, findings one after another"),
    )
    inspectors = PeopleField(label=_("Who is with you?"), required=False)
    started_at = moment_field(label=_("Started"), required=False, help_text=_("Empty: now."))
    field = forms.ChoiceField(
        label=pgettext_lazy("area of work", "Field"), choices=Field.choices, initial=Field.PRODUCTION, required=False
    )
    outside_body = TextField(
        label=_("Outside body"),
        max_length=120,
        required=False,
        help_text=_("Only for findings of outside inspectors: who they are."),
    )
    scans = PhotosField(
        label=_("Filled in on paper?"),
        required=False,
        help_text=_("Photos of the sheet stay with the inspection. Say above when it was seen."),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["scans"].by = user  # type: ignore[attr-defined]
        self.fields["standard"].queryset = standards_in_force()  # type: ignore[attr-defined]
        chosen = self.data.get("where", "") if self.is_bound else self.initial.get("where", "")
        self.fields["where"].offer(user, Right.INSPECT, chosen=chosen)  # type: ignore[attr-defined]
        others = people_of(user, user.unit.path if user.unit else "").exclude(pk=user.pk)
        typed = self.data.getlist("inspectors") if hasattr(self.data, "getlist") else []
        self.fields["inspectors"].offer(user, others[:100], chosen=typed)  # type: ignore[attr-defined]
        self.fields["client_id"].initial = uuid4
        self.fields["where"].widget.attrs["data-proposes"] = self["standard"].auto_id
        self.fields["where"].widget.attrs["data-proposal-url"] = f"{reverse('inspections:standard-proposal')}?where="

    def clean_started_at(self) -> datetime | None:
        return require_past(self.cleaned_data["started_at"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == InspectionKind.EXTERNAL and not data.get("outside_body"):
            self.add_error("outside_body", _("Say who the outside inspectors are"))
        day = timezone.localdate(data["started_at"]) if data.get("started_at") else timezone.localdate()
        try:
            require_admitted(data.get("inspectors") or (), field="inspectors", day=day)
        except ValidationError as refused:
            self.add_error(None, refused)
        return data

    def start(self) -> InspectionData:
        data = self.cleaned_data
        where: Where = data["where"]
        return InspectionData(
            unit=where.unit,
            place=where.place,
            standard=data["standard"],
            kind=data["kind"],
            field=data["field"] or Field.PRODUCTION,
            outside_body=data["outside_body"] if data["kind"] == InspectionKind.EXTERNAL else "",
            inspectors=list(data["inspectors"]),
            started_at=data["started_at"],
            scans=[photo.sent_sha256 for photo in data["scans"]],
            client_id=data["client_id"] or uuid4(),
        )


class AskedText(TextField):
    """Asked for, not optional; but a draft is saved without it, and the review says that it is missing."""

    def validate(self, value: Any) -> None:
        """Empty is fine while one types."""


class FindingForm(forms.Form):
    """One item: the tap, and what a Fail asks. Nothing is required while it is typed; the review says what is missing."""

    use_required_attribute = False

    result = forms.ChoiceField(choices=[(tap, tap) for tap in TAPS], required=False)
    kind = forms.ChoiceField(label=_("What is it?"), required=False, widget=forms.RadioSelect(attrs={"data-look": "seg"}))
    text = AskedText(label=_("What is wrong?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(label=_("Photo"), required=False)
    after = PhotosField(label=_("Photo after"), required=False)
    interim_control = AskedText(
        label=_("What keeps people safe until it is fixed?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    stop_work = forms.BooleanField(label=_("Stop work now"), required=False)
    violation_type = forms.ChoiceField(label=_("Which breach?"), required=False)
    person = forms.ChoiceField(label=_("Who?"), required=False, widget=forms.Select(attrs={"data-search": ""}))
    correction = TextField(
        label=_("What was put right on the spot?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    note = TextField(label=_("Note"), required=False, max_length=1000)

    def __init__(self, *args: Any, offers: "Offers", item: Clause | None = None, position: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.position, self.fault = item, position, ""
        self.fields["kind"].choices = self._kinds(offers)  # type: ignore[attr-defined]
        self.fields["violation_type"].choices = offers.violation_types  # type: ignore[attr-defined]
        self.fields["person"].choices = offers.people  # type: ignore[attr-defined]
        for name in ("photos", "after"):
            self.fields[name].by = offers.user  # type: ignore[attr-defined]
        if not self.is_bound:
            self._show_received(offers)

    def _kinds(self, offers: "Offers") -> list[tuple[str, Any]]:
        """What may be major is never offered as fixed on the spot; chosen before, it stays to be seen and is named as a fault."""
        is_refused = getattr(self.checklist_item, "possibly_major", False) and self.initial.get("kind") != FIXED
        return [kind for kind in offers.kinds if not (is_refused and kind[0] == FIXED)]

    def _show_received(self, offers: "Offers") -> None:
        for name, key in (("photos", "photos"), ("after", "after_photos")):
            shas = self.initial.get(key, ())
            self.fields[name].widget.received = [offers.received[sha] for sha in shas if sha in offers.received]  # type: ignore[attr-defined]

    @property
    def tap(self) -> str:
        return str(self["result"].value() or "")

    @property
    def checklist_item(self) -> Any:
        return getattr(self.item, "checklist_item", None) if self.item else None

    @property
    def condition(self) -> Condition | None:
        """When this item is asked; None for a finding of a free inspection."""
        item = self.checklist_item
        if self.item is None:
            return None
        return Condition(self.item.pk, item.shown_if_id, item.shown_on) if item else Condition(self.item.pk)

    @property
    def shown_on_tap(self) -> str:
        """The tap on the other item that asks this one."""
        return TAP_OF.get(self.checklist_item.shown_on, "") if self.checklist_item else ""

    @property
    def is_empty_free(self) -> bool:
        """A row of a free inspection that nobody filled: neither text nor photo."""
        data = self.cleaned_data
        return self.item is None and not (data.get("text", "").strip() or data.get("photos") or data.get("after"))

    def answer(self) -> AnswerData | None:
        """What to store; None while the item is not answered."""
        data = self.cleaned_data
        result = Result.FAIL if self.item is None else TAPS.get(data.get("result", ""))
        if result is None or self.is_empty_free:
            return None
        finding = self._finding(data) if result == Result.FAIL else None
        return AnswerData(item=self.item.pk if self.item else None, result=result, note=data.get("note", ""), finding=finding)

    def _finding(self, data: dict[str, Any]) -> FindingData:
        kind = data.get("kind") or HAZARD
        return FindingData(
            kind=kind,
            text=data.get("text", ""),
            photos=self._shas("photos"),
            after_photos=self._shas("after") if kind == FIXED else (),
            # Also beside another kind, where it means nothing: the review then says so, rather than losing it without a word.
            stop_work=bool(data.get("stop_work")),
            interim_control=data.get("interim_control", ""),
            violation_type=data.get("violation_type", "") if kind == VIOLATION else "",
            person=data.get("person", "") if kind == VIOLATION else "",
            correction=data.get("correction", "") if kind == VIOLATION else "",
        )

    def _shas(self, name: str) -> list[str]:
        """Of the photos that arrived, also of those beside a refused one."""
        return [photo.sent_sha256 for photo in self.fields[name].widget.received]  # type: ignore[attr-defined]


@dataclass
class Offers:
    """What all items of one page share, read once: kinds, breaches, people of the unit, photos received."""

    user: Person
    kinds: list[tuple[str, Any]]
    violation_types: list[Any]
    people: list[tuple[str, str]]
    received: dict[str, Attachment]


def offers_for(inspection: Inspection, user: Person, answers: Iterable[InspectionAnswer] = ()) -> Offers:
    kinds: list[tuple[str, Any]] = [(HAZARD, _("Hazard")), (FIXED, _("Fixed on the spot"))]
    may_record = can_record_violation_in(user, inspection.unit)
    if may_record:
        kinds.insert(1, (VIOLATION, _("Violation")))
    people = people_of(user, inspection.unit.path)[:300] if may_record else []
    return Offers(
        user=user,
        kinds=kinds,
        violation_types=violation_type_choices() if may_record else [("", "")],
        people=[("", str(_("The unit as a whole"))), *((person.username, person.name) for person in people)],
        received=received_photos(user, answers),
    )


def blank_offers(user: Person) -> Offers:
    """Everything that may be recorded anywhere: at which unit, and who is there, the phone knows when one has chosen."""
    records = user.standing.has(Right.RECORD_VIOLATION)
    kinds: list[tuple[str, Any]] = [(HAZARD, _("Hazard")), (FIXED, _("Fixed on the spot"))]
    if records:
        kinds.insert(1, (VIOLATION, _("Violation")))
    types = violation_type_choices() if records else [("", "")]
    return Offers(user=user, kinds=kinds, violation_types=types, people=[("", str(_("The unit as a whole")))], received={})


def violation_type_choices() -> list[Any]:
    """By class, with the breach in the reader's language; of each code the newest that counts today."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in ViolationType.objects.in_force(timezone.localdate()):
        groups.setdefault(str(kind.get_violation_class_display()), []).append((kind.code, kind.label))
    return [("", _("Not in the catalogue")), *groups.items()]


def received_photos(user: Person, answers: Iterable[InspectionAnswer]) -> dict[str, Attachment]:
    shas = {sha for answer in answers for name in ("photos", "after_photos") for sha in (answer.draft or {}).get(name, ())}
    if not shas:
        return {}
    return {photo.sent_sha256: photo for photo in Attachment.objects.filter(uploaded_by=user, sent_sha256__in=shas, set=None)}


class AcknowledgeForm(forms.Form):
    note = TextField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The inspectors read it."),
    )
