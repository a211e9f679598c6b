"""The rectification notice: what a unit must put right, who does it, by when, and until then what keeps people safe."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from inspections.models import Hazard
from inspections.papers.pictures import pictures_of
from responsibilities.models import CorrectiveAction, Unit
from safetyplant.attachments.choices import Purpose
from safetyplant.reporting.papers import Block, Facts, Notice, Paper, Pictures, Signatures, Table


def rectification_notice(unit: Unit, hazards: Sequence[Hazard], *, number: str, issuer: str, address: str) -> Paper:
    """`hazards` of one unit, each with its `action` if it has one; `number` is that of the record the notice comes from."""
    return Paper(
        title=_("Rectification notice"),
        number=number,
        issuer=issuer,
        blocks=list(_blocks(unit, hazards)),
        footer=f"{number} · {unit.name}",
        address=address,
    )


def _blocks(unit: Unit, hazards: Sequence[Hazard]) -> Iterator[Block]:
    yield Facts([(_("To"), unit.name), (_("Hazards to put right"), len(hazards))])
    if any(hazard.stopped_at and not hazard.released_at for hazard in hazards):
        yield Notice(_("Work is stopped. It goes on only after the person named below has released it."), "bad")
    for hazard in hazards:
        yield Facts(_facts(hazard, hazard.action), f"{hazard.number}  {hazard.title}")
    sets = {hazard.photos_id: hazard.number for hazard in hazards if hazard.photos_id}
    if pictures := pictures_of(sets, purposes=(Purpose.BEFORE, Purpose.EVIDENCE)):
        yield Pictures(pictures, _("What was found"))
    columns = (_("Number"), _("What was done"), _("On"), _("Signed"))
    yield Table(columns, [[hazard.number, "\n\n", "", ""] for hazard in hazards], (4, 11, 4, 5), _("Reply of the unit"))
    yield Signatures([(_("Issued by"), "", ""), (_("Received by the head of the unit"), "", "")])


def _facts(hazard: Hazard, action: CorrectiveAction | None) -> list[tuple[str, object]]:
    place = hazard.place.name if hazard.place else hazard.unit.name
    clause = hazard.clause
    return [
        (_("Where"), place),
        (_("Found"), hazard.found_at),
        (_("What is wrong"), hazard.description),
        (_("Level"), hazard.level.label if hazard.level else _("Not assessed")),
        (_("Clause"), f"{clause.number} {clause.label}" if clause else ""),
        (_("Put right by"), action.owner.name if action and action.owner else ""),
        (_("Due"), action.deadline.due_at if action and action.deadline else hazard.due_at),
        (_("Until then"), action.interim_control if action else ""),
        (_("Checked by"), action.verifier.name if action and action.verifier else ""),
    ]
