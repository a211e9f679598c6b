"""Reporting a hazard: anyone, for every place; at a label also without an account."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from inspections.models import Hazard, PublicReport
from inspections.permissions import can_report_hazard
from inspections.services.hazards import HazardReport, new_hazard, params_of, save_new, subject_of
from inspections.services.public import code_of, public_reporter
from inspections.workflows.stops import stop_work
from responsibilities.chain import Chain, ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.services.owners import choose_assessor
from responsibilities.workflows import asked_key
from safetyplant.access.transitions import require
from safetyplant.audit.services import record
from safetyplant.intake.services import write_once
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.models import Person


def report_hazard(report: HazardReport, *, by: "Person", now: datetime | None = None) -> tuple[Hazard, bool]:
    """Take a report from anyone; the safety officer owes an assessment. Returns the hazard and whether it is new.

    Immediate danger shortens the assessment to the hour; stopped work tells the whole chain at once. Raises DifferentBody
    when the same client id came with another body.
    """
    require(can_report_hazard(by))
    moment = now or timezone.now()

    def make(digest: str) -> Hazard:
        return _make_reported(report, digest, by, moment)

    return write_once(
        Hazard.objects, creator_field="reported_by", by=by, client_id=report.client_id, body=report.canonical(), make=make
    )


def report_publicly(report: HazardReport, *, contact: str = "", now: datetime | None = None) -> tuple[Hazard, PublicReport]:
    """Take a report from somebody who has not signed in, at a place whose label allows it. Sent twice, it is one.

    It goes the way of every report; danger is told at once. Work is stopped by people of the plant alone: nobody could say
    afterwards who had stopped it.
    """
    require(report.place is not None and report.place.is_active and report.place.takes_public_reports and not report.stop_work)
    moment, by = now or timezone.now(), public_reporter()

    def make(digest: str) -> Hazard:
        hazard = _make_reported(report, digest, by, moment)
        PublicReport.objects.create(hazard=hazard, code=code_of(report.client_id), contact=contact, created_at=moment)
        return hazard

    hazard, _is_new = write_once(
        Hazard.objects, creator_field="reported_by", by=by, client_id=report.client_id, body=report.canonical(), make=make
    )
    return hazard, hazard.public_report


def _make_reported(report: HazardReport, digest: str, by: "Person", moment: datetime) -> Hazard:
    reader = ChainReader(timezone.localdate(moment))
    chain = reader.chain(report.unit.pk)
    assessor = choose_assessor(reader, report.unit)
    hazard = new_hazard(report, chain, by=by, now=moment)
    hazard.body_hash = digest
    hazard.holder = assessor
    hazard.due_at = stage_due_at("assess_danger" if report.immediate_danger or report.stop_work else "assess", moment)
    save_new(hazard, report.photos, by=by)
    hazard.assess_deadline = open_deadline(
        DeadlineKind.ASSESS,
        subject_of(hazard),
        owner=assessor,
        unit=report.unit,
        is_urgent=report.immediate_danger or report.stop_work,
        starts_at=moment,
        due_at=hazard.due_at,
    )
    hazard.save(update_fields=["assess_deadline"])
    record("hazard.reported", hazard, by=by, detail={"quote": report.description}, at=moment)
    _tell_reported(hazard, chain, assessor, by=by, now=moment)
    if report.stop_work:
        hazard = stop_work(hazard, by=by, now=moment)
    return hazard


def _tell_reported(hazard: Hazard, chain: Chain, assessor: "Person", *, by: "Person", now: datetime) -> None:
    params = params_of(hazard, by)
    people = [assessor, chain.head]
    if hazard.immediate_danger:
        people = [assessor, *chain.people]
    recipients = [person for person in people if person is not None and person.pk != by.pk]
    code = "hazard.danger" if hazard.immediate_danger else "hazard.reported"
    link = subject_of(hazard).link
    key = asked_key(hazard.assess_deadline)
    notify(code, recipients, params=params, link=link, urgent=hazard.immediate_danger, withdraw_key=key, now=now)
