"""What goes in and out. Every record can be sent again under its `client_id`: the same body is the same record."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from ninja import Schema
from pydantic import AfterValidator
from pydantic import Field as Limits

from inspections.choices import InspectionKind
from inspections.moments import require_recent
from responsibilities.choices import Field
from safetyplant.rest.fields import Id, Line, Moment, RequiredLine, RequiredText, Sha256, Text
from safetyplant.rest.pages import PageOut


def _recent(moment: datetime) -> datetime:
    try:
        require_recent(moment)
    except ValidationError as refused:
        raise ValueError(refused.messages[0]) from None
    return moment


#: When something was seen. One that is still to come counts as now: clocks of phones run ahead.
Seen = Annotated[Moment, AfterValidator(_recent)]

#: Characters of all bodies of one batch together: some twenty times what 25 checklists of twenty items take.
MOST_IN_BATCH = 2_000_000


class Brief(Schema):
    id: int
    name: str


class HazardIn(Schema):
    """`place` belongs to `unit`. `photos` are the SHA-256 of files already sent to /api/v1/files/<sha256>/."""

    client_id: UUID
    title: RequiredLine
    unit: Id
    place: Id | None = None
    description: Text = ""
    immediate_danger: bool = False
    stop_work: bool = False
    field: Field = Field.PRODUCTION
    category: Line | None = None
    found_at: Seen | None = None
    photos: list[Sha256] = Limits(default=[], max_length=6)


class HazardOut(Schema):
    id: int
    client_id: UUID
    number: str
    title: str
    description: str
    status: str
    level: str | None
    category: str | None
    field: str
    unit: int
    place: int | None
    found_at: Any
    reported_by: Brief
    holder: Brief | None
    due_at: Any
    first_due_at: Any
    closed_at: Any
    immediate_danger: bool
    possibly_major: bool
    fixed_on_spot: bool
    interim_control: str
    stopped_at: Any
    released_at: Any
    accepted_until: Any
    action: int | None
    inspection: int | None
    revision: int


class HazardPage(PageOut):
    results: list[HazardOut]


class AssessIn(Schema):
    level: Line
    category: Line
    unit: Id | None = None
    owner: Id | None = None
    assisting: list[Id] = Limits(default=[], max_length=20)
    interim_control: Text = ""
    due_at: Moment | None = None
    revision: int | None = None


class LevelIn(Schema):
    level: Line
    reason: RequiredText
    interim_control: Text = ""
    revision: int | None = None


class DecideIn(Schema):
    is_major: bool
    reason: RequiredText
    revision: int | None = None


class CancelIn(Schema):
    reason: RequiredText
    revision: int | None = None


class NoteIn(Schema):
    note: RequiredText


OutsideBody = Annotated[Line, Limits(max_length=120)]


class FindingIn(Schema):
    """What is said of a failed item; `photos` and `after_photos` are SHA-256 of files already sent."""

    kind: Literal["hazard", "violation", "fixed"] = "hazard"
    text: Text = ""
    photos: list[Sha256] = Limits(default=[], max_length=6)
    after_photos: list[Sha256] = Limits(default=[], max_length=6)
    stop_work: bool = False
    interim_control: Text = ""
    violation_type: Line = ""
    person: Line = ""
    correction: Text = ""


class AnswerIn(Schema):
    item: Id | None = None
    result: Literal["pass", "fail", "na"]
    note: Text = ""
    finding: FindingIn | None = None


class InspectionIn(Schema):
    """A whole inspection; with `submit` its failed items become hazards and violations at once, or nothing of it is kept.

    `outside_body` says who the outside inspectors are; findings of theirs (kind `external`) need it. `visit` is the planned visit
    it was begun from; one that is gone meanwhile is passed over.
    """

    client_id: UUID
    unit: Id
    place: Id | None = None
    standard: Id | None = None
    kind: InspectionKind = InspectionKind.ROUTINE
    field: Field = Field.PRODUCTION
    note: Text = ""
    outside_body: OutsideBody = ""
    inspectors: list[Id] = Limits(default=[], max_length=20)
    started_at: Seen | None = None
    visit: Id | None = None
    answers: list[AnswerIn] = Limits(default=[], max_length=500)
    submit: bool = True


class InspectionOut(Schema):
    id: int
    client_id: UUID
    number: str | None
    kind: str
    status: str
    unit: int
    place: int | None
    standard: int | None
    note: str
    started_at: Any
    submitted_at: Any
    created_by: Brief
    score: float | None
    answered_count: int
    failed_count: int


class ReceiptOut(Schema):
    """What has arrived: `photos` by the SHA-256 of the bytes sent. Keep your own copy until `complete` and all are listed."""

    client_id: UUID
    number: str | None
    complete: bool
    photos: list[str]
    missing: list[str]


class SealedIn(Schema):
    """A record as it was frozen on the device: the text of an inspection's body, and the SHA-256 of that text in UTF-8."""

    body: Annotated[str, Limits(max_length=MOST_IN_BATCH)]
    sha256: Sha256


class BatchIn(Schema):
    records: list[SealedIn] = Limits(min_length=1, max_length=25)


class BatchAnswer(Schema):
    """`status` and, by it, `inspection` or `problem` as the single address would have answered; with the first, its receipt."""

    status: int
    inspection: InspectionOut | None = None
    problem: dict[str, Any] | None = None
    receipt: ReceiptOut | None = None


class BatchOut(Schema):
    """One for each record, in the order sent."""

    results: list[BatchAnswer]


class InspectionPage(PageOut):
    results: list[InspectionOut]


class ViolationIn(Schema):
    """`person` empty: the unit or contractor as a whole."""

    client_id: UUID
    unit: Id
    description: RequiredText
    violation_type: Line | None = None
    person: Id | None = None
    place: Id | None = None
    clause: Id | None = None
    correction: Text = ""
    self_reported: bool = False
    found_at: Seen | None = None
    photos: list[Sha256] = Limits(default=[], max_length=6)


class ViolationOut(Schema):
    """`person` only for those who need to know it."""

    id: int
    client_id: UUID
    number: str
    status: str
    unit: int
    place: int | None
    person: Brief | None
    violation_type: str | None
    description: str
    correction: str
    proposed_points: int | None
    found_at: Any
    recorded_by: Brief


class ViolationPage(PageOut):
    results: list[ViolationOut]


class ItemOut(Schema):
    """A failed item with a `score_cap` (per cent) caps the whole score. One with `shown_if` (the id of an earlier item) is asked
    only where that one was answered with `shown_on`; answers to items that are not asked are dropped at submission."""

    id: int
    number: str
    text: str
    text_zh: str
    category: str | None
    level: str | None
    possibly_major: bool
    points: int
    section: str
    section_zh: str
    score_cap: int | None
    photo_on_fail: bool
    note_on_fail: bool
    reference: int | None
    shown_if: int | None
    shown_on: str


class StandardOut(Schema):
    """A published version of a standard; `id` is what an inspection names as its standard."""

    id: int
    code: str
    title: str
    title_zh: str
    version: int
    valid_from: Any


class StandardDetailOut(StandardOut):
    items: list[ItemOut]


class StandardPage(PageOut):
    results: list[StandardOut]
