"""What bodies name by ids, read once for all of them.

SECURITY: resolved among what the reader may see, so that ids of others cannot be written or probed.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from inspections.api import schemas
from inspections.services import AnswerData, FindingData, InspectionData
from responsibilities.models import Person, Place, Unit
from safetyplant.documents.models import DocumentVersion
from safetyplant.rest.ids import each_of

M = TypeVar("M", bound=Model)


def published_standards() -> Any:
    return DocumentVersion.objects.filter(document__kind="standard", status="published").select_related("document")


class References:
    """Of the inspections of one request. Asked for something that is not there, or not for this reader: 404."""

    def __init__(self, request: HttpRequest, bodies: Sequence[schemas.InspectionIn]) -> None:
        self.user = request.user
        self.bodies = bodies

    def inspection(self, body: schemas.InspectionIn) -> InspectionData:
        unit = _one(self._units, body.unit)
        return InspectionData(
            unit=unit,
            place=self._place(unit, body.place),
            standard=_one(self._standards, body.standard) if body.standard else None,
            kind=body.kind,
            field=body.field,
            note=body.note,
            outside_body=body.outside_body,
            inspectors=self._inspectors(body.inspectors),
            started_at=body.started_at,
            visit=body.visit,
            answers=[_answer(answer) for answer in body.answers],
            client_id=body.client_id,
        )

    def _inspectors(self, ids: Sequence[int]) -> list[Person]:
        """Also those who have left since: a phone may send what they did together weeks later, and once more."""
        return each_of(Person.objects.visible_to(self.user), ids, field="inspectors") if ids else []

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return _read(Unit.objects.visible_to(self.user).active(), [body.unit for body in self.bodies])

    @cached_property
    def _standards(self) -> dict[int, DocumentVersion]:
        return _read(published_standards(), [body.standard for body in self.bodies])

    @cached_property
    def _places(self) -> dict[int, Place]:
        return _read(Place.objects.visible_to(self.user).active(), [body.place for body in self.bodies])

    def _place(self, unit: Unit, pk: int | None) -> Place | None:
        if not pk:
            return None
        place = _one(self._places, pk)
        if place.unit_id != unit.pk:
            raise Http404
        return place


def _read(rows: "QuerySet[M]", ids: "Sequence[int | None]") -> dict[int, M]:
    return {row.pk: row for row in rows.filter(pk__in={pk for pk in ids if pk})}


def _one(found: dict[int, M], pk: int) -> M:
    if pk not in found:
        raise Http404
    return found[pk]


def _answer(answer: schemas.AnswerIn) -> AnswerData:
    finding = FindingData(**answer.finding.model_dump()) if answer.finding else None
    return AnswerData(item=answer.item, result=answer.result, note=answer.note, finding=finding)
