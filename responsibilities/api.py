"""API of the organisation, deadlines and corrective actions. Rows and rights are those of the pages."""

from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field as Limits

from responsibilities import permissions, workflows
from responsibilities.choices import AnswerKind, WaitingFor
from responsibilities.models import CorrectiveAction, Deadline, Escalation, ExtensionRequest, Person, Unit
from responsibilities.querysets import scope_by_unit
from safetyplant.attachments.limits import MAX_PHOTOS
from safetyplant.reporting.keyset import Sort
from safetyplant.rest.fields import Id, Line, Moment, RequiredText, Sha256, Text, person_brief
from safetyplant.rest.pages import DEFAULT_LIMIT, PageOut, page_of

units, people, deadlines, actions = (
    Router(tags=["units"]),
    Router(tags=["people"]),
    Router(tags=["deadlines"]),
    Router(tags=["actions"]),
)
escalations, extensions = Router(tags=["escalations"]), Router(tags=["extensions"])

BY_PATH = Sort("path", "path", ("path",))
BY_NAME = Sort("name", "name", ("name",))
BY_DUE = Sort("due", "due", ("due_at",))
NEWEST = Sort("new", "new", ("-id",))


class Brief(Schema):
    id: int
    name: str


class UnitOut(Schema):
    id: int
    code: str
    name: str
    kind: str
    parent: int | None
    is_active: bool


class UnitPage(PageOut):
    results: list[UnitOut]


class PersonOut(Schema):
    """`email` and `phone` only for those who may see the contact details of this person."""

    id: int
    name: str
    unit: int | None
    grade: str
    is_active: bool
    email: str | None = None
    phone: str | None = None


class PersonPage(PageOut):
    results: list[PersonOut]


class DeadlineOut(Schema):
    id: int
    kind: str
    status: str
    number: str
    title: str
    unit: int
    owner: Brief
    level: str | None
    starts_at: Any
    due_at: Any
    first_due_at: Any
    done_at: Any
    version: int


class DeadlinePage(PageOut):
    results: list[DeadlineOut]


class ActionOut(Schema):
    """`revision` goes back with a transition, so that nobody overwrites what they have not seen."""

    id: int
    subject: str
    number: str
    title: str
    status: str
    level: str | None
    unit: int
    owner: Brief
    verifier: Brief
    due_at: Any
    first_due_at: Any
    waiting_for: str
    interim_control: str
    submit_note: str
    returned_count: int
    revision: int


class ActionPage(PageOut):
    results: list[ActionOut]


@units.get("/", response=UnitPage, summary="Units of the organisation tree, in the order of the tree")
def list_units(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    return page_of(request, Unit.objects.visible_to(request.user), BY_PATH, _unit, cursor=cursor, limit=limit)


@units.get("/{pk}/", response=UnitOut, summary="One unit")
def get_unit(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _unit(get_object_or_404(Unit.objects.visible_to(request.user), pk=pk))


@people.get("/", response=PersonPage, summary="People, by name")
def list_people(request: HttpRequest, unit: Id | None = None, cursor: str = "", limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    rows = Person.objects.visible_to(request.user).select_related("unit")
    rows = rows.filter(unit=unit) if unit else rows
    return page_of(request, rows, BY_NAME, lambda person: _person(request, person), cursor=cursor, limit=limit)


@people.get("/{pk}/", response=PersonOut, summary="One person")
def get_person(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _person(request, get_object_or_404(Person.objects.visible_to(request.user).select_related("unit"), pk=pk))


@deadlines.get("/", response=DeadlinePage, summary="What falls due, the earliest first")
def list_deadlines(
    request: HttpRequest,
    status: Literal["open", "paused", "met", "cancelled"] | None = "open",
    mine: bool = False,
    cursor: str = "",
    limit: int = DEFAULT_LIMIT,
) -> dict[str, Any]:
    user: Any = request.user
    chosen: dict[str, Any] = {"status": status} if status else {}
    rows = Deadline.objects.visible_to(user).select_related("owner").filter(**chosen)
    # One's own are few and have their own index.
    scope = None if mine else scope_by_unit(Deadline.objects.known_to(user).filter(**chosen), user, lambda: (Q(owner=user),))
    rows = rows.filter(owner=user) if mine else rows
    return page_of(request, rows, BY_DUE, _deadline, cursor=cursor, limit=limit, scope=scope)


@deadlines.get("/{pk}/", response=DeadlineOut, summary="One deadline")
def get_deadline(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _deadline(get_object_or_404(Deadline.objects.visible_to(request.user).select_related("owner"), pk=pk))


@actions.get("/", response=ActionPage, summary="Corrective actions, the newest first")
def list_actions(
    request: HttpRequest, status: Line | None = None, cursor: str = "", limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    rows = _actions(request)
    rows = rows.filter(status=status) if status else rows
    return page_of(request, rows, NEWEST, _action, cursor=cursor, limit=limit)


@actions.get("/{pk}/", response=ActionOut, summary="One corrective action")
def get_action(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _action(_one_action(request, pk))


class RevisionIn(Schema):
    revision: int | None = None


class WaitIn(RevisionIn):
    waiting_for: WaitingFor
    interim_control: RequiredText


class SubmitIn(RevisionIn):
    note: RequiredText
    photos: list[Sha256] = Limits(default=[], max_length=MAX_PHOTOS)


class ReasonIn(RevisionIn):
    reason: RequiredText


class VerifyIn(RevisionIn):
    note: Text = ""


class ReassignIn(ReasonIn):
    owner: Id


class DateIn(ReasonIn):
    due_at: Moment


class ExtendIn(Schema):
    """`approval`: SHA-256 of the pages of the upper plant's written approval, for a major fix that was extended before."""

    due_at: Moment
    reason: RequiredText
    approval: list[Sha256] = Limits(default=[], max_length=6)
    approval_number: Line = ""


@actions.post("/{pk}/start/", response=ActionOut, summary="Begin the fix")
def start(request: HttpRequest, pk: Id, data: RevisionIn) -> dict[str, Any]:
    workflows.start_fix(_one_action(request, pk), by=request.user, revision=data.revision)
    return _action(_one_action(request, pk))


@actions.post("/{pk}/wait/", response=ActionOut, summary="Wait for parts, a shutdown or money, with interim control")
def wait(request: HttpRequest, pk: Id, data: WaitIn) -> dict[str, Any]:
    workflows.wait_fix(
        _one_action(request, pk),
        by=request.user,
        waiting_for=data.waiting_for,
        interim_control=data.interim_control,
        revision=data.revision,
    )
    return _action(_one_action(request, pk))


@actions.post("/{pk}/submit/", response=ActionOut, summary="Submit the fix with photos already sent")
def submit(request: HttpRequest, pk: Id, data: SubmitIn) -> dict[str, Any]:
    workflows.submit_fix(_one_action(request, pk), by=request.user, note=data.note, photos=data.photos, revision=data.revision)
    return _action(_one_action(request, pk))


@actions.post("/{pk}/return/", response=ActionOut, summary="Return the fix with a reason")
def give_back(request: HttpRequest, pk: Id, data: ReasonIn) -> dict[str, Any]:
    workflows.return_fix(_one_action(request, pk), by=request.user, reason=data.reason, revision=data.revision)
    return _action(_one_action(request, pk))


@actions.post("/{pk}/verify/", response=ActionOut, summary="Accept the fix; never by whoever fixed it")
def verify(request: HttpRequest, pk: Id, data: VerifyIn) -> dict[str, Any]:
    workflows.verify_fix(_one_action(request, pk), by=request.user, note=data.note, revision=data.revision)
    return _action(_one_action(request, pk))


@actions.post("/{pk}/assign/", response=ActionOut, summary="Give the fix to someone else")
def assign(request: HttpRequest, pk: Id, data: ReassignIn) -> dict[str, Any]:
    # SECURITY: the new owner must be someone this reader may see, else ids of others could be probed.
    owner = get_object_or_404(Person.objects.visible_to(request.user), pk=data.owner)
    action = _one_action(request, pk)
    workflows.reassign_fix(action, by=request.user, owner=owner, reason=data.reason, revision=data.revision)
    return _action(_one_action(request, pk))


@actions.post("/{pk}/date/", response=ActionOut, summary="Change the date, from above; not that of a major fix")
def change_date(request: HttpRequest, pk: Id, data: DateIn) -> dict[str, Any]:
    workflows.change_date(_one_action(request, pk), by=request.user, **data.dict())
    return _action(_one_action(request, pk))


@actions.post("/{pk}/extend/", response=ActionOut, summary="Ask for a later date")
def extend(request: HttpRequest, pk: Id, data: ExtendIn) -> dict[str, Any]:
    workflows.ask_extension(_one_action(request, pk), by=request.user, **data.dict())
    return _action(_one_action(request, pk))


class DecisionIn(Schema):
    grant: bool
    note: Text = ""


@extensions.post("/{pk}/decide/", response=ActionOut, summary="Grant or refuse an extension; never by whoever asked")
def decide(request: HttpRequest, pk: Id, data: DecisionIn) -> dict[str, Any]:
    asked = get_object_or_404(
        ExtensionRequest.objects.filter(action__in=CorrectiveAction.objects.visible_to(request.user)), pk=pk
    )
    workflows.decide_extension(asked, by=request.user, grant=data.grant, note=data.note)
    return _action(_one_action(request, asked.action_id))


class AnswerIn(Schema):
    """`due_at` goes with extend, `owner` with reassign."""

    answer: AnswerKind
    text: Text = ""
    due_at: Moment | None = None
    owner: Id | None = None


class EscalationOut(Schema):
    id: int
    deadline: int
    addressee: Brief
    answer: str
    answer_text: str
    settled_at: Any


@escalations.post("/{pk}/answer/", response=EscalationOut, summary="Answer an escalation: fix, extend, reassign or visit")
def answer(request: HttpRequest, pk: Id, data: AnswerIn) -> dict[str, Any]:
    escalation = get_object_or_404(Escalation.objects.visible_to(request.user), pk=pk)
    owner = get_object_or_404(Person.objects.visible_to(request.user), pk=data.owner) if data.owner else None
    workflows.answer_escalation(escalation, by=request.user, answer=data.answer, text=data.text, due_at=data.due_at, owner=owner)
    escalation = Escalation.objects.select_related("addressee").get(pk=pk)
    return {
        "id": escalation.pk,
        "deadline": escalation.deadline_id,
        "addressee": person_brief(escalation.addressee),
        "answer": escalation.answer,
        "answer_text": escalation.answer_text,
        "settled_at": escalation.settled_at,
    }


def _actions(request: HttpRequest) -> Any:
    return CorrectiveAction.objects.visible_to(request.user).select_related("owner", "verifier", "deadline")


def _one_action(request: HttpRequest, pk: int) -> CorrectiveAction:
    action: CorrectiveAction = get_object_or_404(_actions(request), pk=pk)
    return action


def _unit(unit: Unit) -> dict[str, Any]:
    fields = {name: getattr(unit, name) for name in ("code", "name", "kind", "is_active")}
    return {"id": unit.pk, "parent": unit.parent_id, **fields}


def _person(request: HttpRequest, person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(person, name) for name in ("name", "grade", "is_active")}
    if permissions.can_view_contact(request.user, person):
        shown |= {"email": person.email, "phone": person.phone}
    return {"id": person.pk, "unit": person.unit_id, **shown}


def _deadline(deadline: Deadline) -> dict[str, Any]:
    names = ("kind", "status", "number", "title", "starts_at", "due_at", "first_due_at", "done_at", "version")
    shown = {name: getattr(deadline, name) for name in names}
    return {
        "id": deadline.pk,
        "unit": deadline.unit_id,
        "owner": person_brief(deadline.owner),
        "level": deadline.level_id,
        **shown,
    }


def _action(action: CorrectiveAction) -> dict[str, Any]:
    names = ("number", "title", "status", "waiting_for", "interim_control", "submit_note", "returned_count", "revision")
    shown = {name: getattr(action, name) for name in names}
    return {
        "id": action.pk,
        "subject": action.subject_kind,
        "level": action.level_id,
        "unit": action.unit_id,
        "owner": person_brief(action.owner),
        "verifier": person_brief(action.verifier),
        "due_at": action.deadline.due_at,
        "first_due_at": action.deadline.first_due_at,
        **shown,
    }
