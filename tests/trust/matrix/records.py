"""The records the matrix walks over: everything twice, for station A and for station B, with a mark in each private field."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from inspections.choices import HazardStatus
from inspections.models import ChecklistItem, Duty, Hazard, PlannedVisit, Proposal, Violation, ViolationType
from inspections.recurrence import END_OF_DAY
from inspections.services import FindingData, HazardReport, InspectionData, ViolationData, record_violation, start_inspection
from inspections.services.feeds import make_feed
from inspections.services.standards import ItemText, write_items
from inspections.workflows import (
    accept_hazard,
    appeal,
    appeal_ban,
    ask_excuse,
    do_duty,
    propose_plan,
    record_refusal,
    report_publicly,
    stop_work,
    submit_inspection,
)
from responsibilities.choices import RoleCode
from responsibilities.models import Escalation, Person, Unit
from responsibilities.services.devices import register_device
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import ask_extension, submit_fix, verify_fix
from safetyplant.access.tokens import issue_token
from safetyplant.attachments.services import receive
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Document
from safetyplant.documents.services import ClauseText, draft_version, publish_version
from safetyplant.notifications.models import Message
from safetyplant.notifications.services import notify
from safetyplant.reporting.models import ImportRun
from tests.factories.inspections import answers, assigned, draft, reported, standard
from tests.factories.major import Verifiers, approved, major, plan_text, verified
from tests.factories.penalties import PASSWORD, banned, final, made_final, noticed, received, recorded
from tests.factories.place_checks import answer_of, answered, sent, source
from tests.factories.plans import plan
from tests.factories.responsibilities import PersonFactory, PlaceFactory, PostFactory, UnitFactory, appoint, manager
from tests.factories.site_plans import planned
from tests.inspections.photos import photo
from tests.trust.cast import Cast
from tests.trust.matrix.table import ASSESSORS, HEAD, PERSONAL, RECORD, WORKER, there

POINTS = (7919, 7927)


@dataclass(frozen=True)
class Mark:
    """A text found nowhere else, and who may ever read it."""

    text: str
    readers: frozenset[str]
    what: str


@dataclass
class Records:
    """`ids[kind][side]`: the arguments of an address; `marks`: what must not be read by others."""

    cast: Cast
    ids: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, kind: str, pk: Any, **more: Any) -> None:
        self.ids.setdefault(kind, []).append({"pk": pk, **more})

    def mark(self, side: int, readers: frozenset[str], text: str, what: str) -> str:
        self.marks.append(Mark(text, there(readers, side), what))
        return text


def make_records(cast: Cast) -> Records:
    records = Records(cast)
    late = timezone.now() - timedelta(days=12)
    checker = manager(username="checker", name="The checker", unit=cast.branch)
    appoint(checker, RoleCode.PARTY_SECRETARY, cast.branch)
    for side, unit in enumerate((cast.station, cast.station2)):
        head, worker = (cast.head, cast.worker) if side == 0 else (cast.head2, cast.worker2)
        _people(records, side, unit, worker)
        _hazards(records, side, unit, head, worker, late)
        _major(records, unit, worker, checker)
        _checks(records, side, unit, worker)
        _visits(records, side, unit)
        _plans(records, unit)
        _violations(records, side, unit, worker)
        _penalties(records, side, unit, head, worker)
        _bans(records, side, unit)
        _own(records, side, worker)
        _places(records, side, unit)
        records.add("appointment", head.appointments.get().pk)
    # Last: while others are made final, time passes for every notice.
    for unit, worker in ((cast.station, cast.worker), (cast.station2, cast.worker2)):
        violation = noticed(recorded(unit, cast.officer, worker, code="VO19"), cast.officer, points=2, reason="Seen")
        records.add("received violation", received(violation).pk)
    sweep_deadlines()
    _escalations(records)
    _documents(records)
    return records


def _people(records: Records, side: int, unit: Unit, worker: Person) -> None:
    letter = "AB"[side]
    worker.phone = records.mark(side, PERSONAL, f"1390007700{side}", "phone")
    worker.email = records.mark(side, PERSONAL, f"zqmail{letter.lower()}@plant.example", "e-mail")
    worker.save()
    records.add("person", worker.pk)
    gone = PersonFactory(name=f"Gone {letter}", unit=unit, is_active=False)
    records.add("suspended person", gone.pk)


def _hazards(records: Records, side: int, unit: Unit, head: Person, worker: Person, late: Any) -> None:
    cast, letter = records.cast, "AB"[side]

    def fresh(**more: Any) -> Hazard:
        return assigned(unit, worker, assessor=cast.officer, now=late, **more)

    title = records.mark(side, RECORD, f"ZQHAZ{letter}", "hazard")
    picture = photo(("orange", "teal")[side], name="a.jpg")
    hazard = fresh(title=f"{title} helmet", description="helmet", photos=[receive(picture, by=worker)])
    records.add("hazard", hazard.pk)
    records.add("action", hazard.action_id)
    records.add("deadline", hazard.action.deadline_id)
    assert hazard.photos is not None
    records.add("file", hazard.photos.attachments.get().pk)
    records.add("reported", reported(unit, worker, now=timezone.now()).pk)
    resting, until = fresh(), timezone.now() + timedelta(days=20)
    accept_hazard(resting, by=cast.officer, reason="Part comes", interim_control="Fenced", until=until)
    records.add("accepted", resting.pk)
    records.add("stopped", stop_work(fresh(), by=cast.supervisor).pk)
    note = records.mark(side, RECORD, f"ZQNOTE{letter}", "what was done")
    records.add("submitted", submit_fix(fresh().action, by=head, note=note).pk)
    request = ask_extension(fresh().action, by=head, due_at=timezone.now() + timedelta(days=30), reason="Parts")
    records.add("asked", request.action_id)
    records.add("extension", request.pk)


def _major(records: Records, unit: Unit, worker: Person, checker: Person) -> None:
    """One at each step of its treatment, so that every address has a hazard it can be about."""
    cast = records.cast
    named = Verifiers(checker, cast.supervisor)

    def fresh() -> Hazard:
        return major(unit, worker, cast.officer)

    records.add("listed", fresh().pk)
    proposed = fresh()
    propose_plan(proposed, plan_text(), by=proposed.action.owner)
    records.add("proposed", proposed.pk)
    treated = fresh()
    approved(treated, cast, named)
    records.add("in treatment", treated.pk)
    done = verified(fresh(), cast, named)
    verify_fix(done.action, by=cast.director)
    records.add("lifted", done.pk)


def _checks(records: Records, side: int, unit: Unit, worker: Person) -> None:
    """A check sent to two places of the same unit, one of them to be answered, so that no other unit is asked."""
    cast = records.cast
    places = [PlaceFactory(unit=unit) for _number in range(2)]
    check = sent(source(unit, worker), cast.officer, places)
    note = records.mark(side, RECORD, f"ZQSEEN{'AB'[side]}", "what was seen at a place")
    answered(check, places[0], "na", cast.head if side == 0 else cast.head2, note=note)
    records.add("place check", check.pk)
    records.add("place to check", check.pk, answer_pk=answer_of(check, places[1]).pk)
    records.values.setdefault("place", []).append(places[1].pk)


def _visits(records: Records, side: int, unit: Unit) -> None:
    cast, letter = records.cast, "AB"[side]
    item = ChecklistItem.objects.filter(clause__version=standard(), possibly_major=True).earliest("pk")
    finding = FindingData(text="Valve leaks", interim_control="Watched by two")
    visit = submit_inspection(draft(unit, cast.supervisor, failed={item.clause.position: finding}), by=cast.supervisor)
    records.add("visit", visit.pk)
    records.add("major", Hazard.objects.exclude(status=HazardStatus.CLOSED).get(inspection=visit).pk)
    writer = (cast.supervisor, cast.leader)[side]
    text = f"ZQDRAFT{letter}"
    records.marks.append(Mark(text, frozenset({("supervisor", "leader")[side]}), "draft"))
    own, _new = start_inspection(
        InspectionData(unit=unit, standard=standard(), note=text, answers=answers(standard())), by=writer
    )
    records.add("draft", own.pk)


def _plans(records: Records, unit: Unit) -> None:
    """A plan with a visit that is owed today, and one of which its owner asks to be excused."""
    cast, now = records.cast, timezone.now()
    mine = plan(unit, [cast.supervisor], cast.officer, now=now, due_time=END_OF_DAY)
    first, second = PlannedVisit.objects.filter(plan=mine).order_by("due_at")[:2]
    outside = draft(unit, cast.supervisor, kind="external", outside_body="Provincial bureau")
    records.add("outside visit", submit_inspection(outside, by=cast.supervisor).pk)
    records.ids.setdefault("feed", []).append({"secret": make_feed(cast.worker, by=cast.worker)})
    records.add("inspection plan", mine.pk)
    records.add("planned visit", first.pk)
    records.add("asked visit", ask_excuse(second, excuse="weather", note="Sandstorm", by=cast.supervisor).pk)


def _violations(records: Records, side: int, unit: Unit, worker: Person) -> None:
    """One by a colleague, one by somebody known by name only: their name is in no other record."""
    cast, letter = records.cast, "AB"[side]
    kind = ViolationType.objects.earliest("pk")
    data = ViolationData(
        unit=unit,
        description=records.mark(side, PERSONAL, f"ZQVIOL{letter}", "violation") + " helmet",
        correction=records.mark(side, PERSONAL, f"ZQCORR{letter}", "correction"),
        clause_text=records.mark(side, PERSONAL, f"ZQCLAUSE{letter}", "clause broken"),
        violation_type=kind,
        person=worker,
    )
    violation, _new = record_violation(data, by=cast.leader)
    violation.proposed_points = POINTS[side]
    violation.save()
    records.mark(side, PERSONAL, str(POINTS[side]), "points")
    records.mark(side, PERSONAL, violation.number, "number of a violation")
    records.add("violation", violation.pk)
    name = records.mark(side, ASSESSORS | {HEAD}, f"ZQNAME{letter}", "person known by name")
    outside = PersonFactory(name=name, username=f"zqext{letter.lower()}", unit=unit, is_active=False, is_external=True)
    second, _new = record_violation(ViolationData(unit=unit, description="No helmet", person=outside), by=cast.officer)
    records.values.setdefault("external", []).append(outside.pk)
    records.values.setdefault("second violation", []).append(second.pk)


def _bans(records: Records, side: int, unit: Unit) -> None:
    """Of a contractor under the station, imposed by the director: the leader decides the appeal."""
    cast, letter = records.cast, "AB"[side]
    contractor = UnitFactory(name=f"Contractor of {letter}", kind="contractor", parent=unit)
    for kind in ("ban", "appealed ban"):
        person = PersonFactory(name=f"Banned {letter} {kind}", unit=contractor)
        why = records.mark(side, ASSESSORS | {HEAD}, f"ZQBAN{letter}{len(records.marks)}", "reason of a ban")
        ban = banned(contractor, cast.officer, cast.officer, person, cast.director, reason=why, code="VO02")
        if kind == "appealed ban":
            appeal_ban(ban, by=person, text=records.mark(side, ASSESSORS | {HEAD}, f"ZQBANAPP{letter}", "appeal against a ban"))
        records.add(kind, ban.pk)
    records.add("contractor violation", ban.violation_id)


def _penalties(records: Records, side: int, unit: Unit, head: Person, worker: Person) -> None:
    """At each step; recorded and served by the officer, so that director and leader are uninvolved. Reasons are marked."""
    officer, letter = records.cast.officer, "AB"[side]
    worker.set_password(PASSWORD)
    worker.save()

    def fresh(code: str = "VO19") -> Violation:
        why = records.mark(side, PERSONAL, f"ZQWHY{letter}{len(records.marks)}", "reason of a notice")
        return noticed(recorded(unit, officer, worker, code=code), officer, points=2, reason=why)

    records.add("noticed violation", fresh().pk)
    witnessed = fresh()
    record_refusal(witnessed, by=officer, witness=head)
    records.add("witnessed violation", witnessed.pk)
    text = records.mark(side, PERSONAL, f"ZQAPPEAL{letter}", "appeal")
    waiting = received(fresh())
    appeal(waiting, by=worker, text=text)
    records.add("appealed violation", waiting.pk)
    records.add("final violation", final(received(fresh())).pk)
    final(received(noticed(recorded(unit, officer, worker, code="VO03"), officer, points=8, reason="Grave")))
    records.add("proposal", Proposal.objects.get(unit=unit).pk)
    duty = Duty.objects.filter(person=worker).earliest("pk")
    records.add("duty", duty.pk)
    made_final(unit, officer, officer, worker, code="VO18", points=2, reason="First")
    done = Duty.objects.filter(person=worker).latest("pk")
    note = records.mark(side, PERSONAL, f"ZQDUTY{letter}", "note of a duty")
    do_duty(done, by=head, note=note, photos=[receive(photo(("pink", "brown")[side]), by=head)])
    records.add("done duty", done.pk)
    records.ids.setdefault("violation type", []).append({"code": "VO10"})


def _own(records: Records, side: int, worker: Person) -> None:
    """What belongs to one person alone: messages, tokens, files not yet bound, imports."""
    letter = "AB"[side]
    mine = frozenset({WORKER})
    text = records.mark(side, mine, f"ZQMSG{letter}", "message")
    notify("action.assigned", [worker], params={"number": "HZ-0", "title": text, "by": "x", "reason": ""}, link="/hazards/")
    records.add("message", Message.objects.filter(recipient=worker).latest("pk").pk)
    token, _secret = issue_token(worker, name=records.mark(side, mine, f"ZQTOKEN{letter}", "token"), by=worker)
    records.add("token", token.pk)
    records.add("upload", receive(photo(("red", "green")[side]), by=worker).pk)
    owner = ("officer", "director")[side]
    name = f"ZQIMPORT{letter}.csv"
    records.marks.append(Mark(name, frozenset({owner}), "import"))
    run = ImportRun(target="units", file_name=name, size=9, created_by=getattr(records.cast, owner), layout={"sheets": []})
    run.file.save(name, ContentFile(b"code,name\n"), save=False)
    run.save()
    records.add("import", run.pk)


def _places(records: Records, side: int, unit: Unit) -> None:
    place, post = PlaceFactory(unit=unit), PostFactory(unit=unit)
    records.add("place", place.pk)
    records.add("round", PlaceFactory(unit=unit, kind="route").pk)
    records.add("unit", unit.pk)
    records.ids.setdefault("unit of places", []).append({"unit_pk": unit.pk})
    records.ids.setdefault("place of unit", []).append({"unit_pk": unit.pk, "pk": place.pk})
    site_plan = planned(unit, records.cast.officer, {place: (40, 60)})
    records.add("site plan", site_plan.pk)
    records.ids.setdefault("site plan of unit", []).append({"unit_pk": unit.pk, "pk": site_plan.pk})
    records.ids.setdefault("label", []).append({"label": place.label})
    contact = records.mark(side, ASSESSORS, f"ZQCONTACT{'AB'[side]}", "contact of a visitor")
    _hazard, report = report_publicly(HazardReport(title="Oil on the stairs", unit=unit, place=place), contact=contact)
    device = register_device(
        f"ex-{side}", name="Ex phone", certificate="Ex ib", valid_until=date(2099, 1, 1), by=records.cast.officer
    )
    records.add("device", device.pk)
    records.ids.setdefault("receipt", []).append({"code": report.code})
    records.ids.setdefault("post of unit", []).append({"unit_pk": unit.pk, "pk": post.pk})


def _escalations(records: Records) -> None:
    for ids in records.ids["deadline"]:
        records.add("escalation", Escalation.objects.filter(deadline=ids["pk"]).earliest("pk").pk)


def _documents(records: Records) -> None:
    """Not of a unit: both sides are the same."""
    officer = records.cast.officer
    clauses = [ClauseText("1", "Guards", "防护装置")]
    shipped = Document.objects.filter(kind=DocumentKind.STANDARD).earliest("pk")
    rule = Document.objects.create(kind=DocumentKind.REGULATION, code="R-1", title="Hot work", title_zh="动火")
    publish_version(draft_version(rule, by=officer, clauses=clauses), by=officer)
    for kind, present in (("standard", shipped), ("regulation", rule)):
        waiting = Document.objects.create(kind=kind, code=f"D-{kind}", title="In writing", title_zh="编写中")
        version = draft_version(waiting, by=officer, clauses=clauses)
        if kind == DocumentKind.STANDARD:
            write_items(version, [ItemText("1", "Guards", "MECH", "G2", text_zh="防护装置")])
        records.ids[kind] = [{"pk": present.pk}] * 2
        records.ids[f"{kind} draft"] = [{"pk": waiting.pk}] * 2
    records.ids["published"] = [{"pk": standard().pk}] * 2
    for kind, code in (("level", "G2"), ("stage", "assess"), ("schedule", "long")):
        records.ids[kind] = [{"code": code}] * 2
