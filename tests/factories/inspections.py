"""Inspections, hazards and violations for tests, made through the services as in real life."""

from datetime import datetime
from typing import Any

from inspections.models import Hazard, HazardCategory, Inspection
from inspections.services import AnswerData, FindingData, HazardReport, InspectionData, start_inspection
from inspections.workflows import assess_hazard, report_hazard
from inspections.workflows.hazards import Assessment
from responsibilities.models import Level, Person, Unit
from safetyplant.documents.models import DocumentVersion


def reported(unit: Unit, by: Person, **kwargs: Any) -> Hazard:
    now: datetime | None = kwargs.pop("now", None)
    kwargs.setdefault("title", "Guard gate broken")
    hazard, _new = report_hazard(HazardReport(unit=unit, **kwargs), by=by, now=now)
    return hazard


def assigned(
    unit: Unit, by: Person, *, assessor: Person, level: str = "G2", now: datetime | None = None, **kwargs: Any
) -> Hazard:
    hazard = reported(unit, by, now=now, **kwargs)
    category = HazardCategory.objects.get(code="MECH")
    assessment = Assessment(Level.objects.get(code=level), category, interim_control="Unit stopped" if level == "M" else "")
    return assess_hazard(hazard, assessment, by=assessor, now=now)


def standard(code: str = "WELLSITE") -> DocumentVersion:
    return DocumentVersion.objects.get(document__code=code, number=1)


def answers(version: DocumentVersion, failed: dict[int, FindingData] | None = None) -> list[AnswerData]:
    """Every item answered OK, but those of `failed` (by position)."""
    failed = failed or {}
    return [
        AnswerData(clause.pk, "fail" if position in failed else "pass", finding=failed.get(position))
        for position, clause in enumerate(version.clauses.order_by("position"), start=1)
    ]


def draft(unit: Unit, by: Person, *, failed: dict[int, FindingData] | None = None, **kwargs: Any) -> Inspection:
    version = standard()
    data = InspectionData(unit=unit, standard=version, answers=answers(version, failed), **kwargs)
    inspection, _new = start_inspection(data, by=by)
    return inspection
