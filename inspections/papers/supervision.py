"""Notices of listed supervision: that a major hazard is listed, and that it is lifted (挂牌督办, DOMAIN.md)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inspections.choices import VerifierRole
from inspections.models import MajorTreatment
from inspections.services.major import signatures
from safetyplant.reporting.papers import Block, Facts, Notice, Paper, Signatures, Table


def supervision_notice(treatment: MajorTreatment, *, issuer: str, address: str) -> Paper:
    """`treatment` as `views.major_story.read_treatment` gives it."""
    return _paper(_("Notice of listed supervision"), treatment, _listing(treatment), issuer=issuer, address=address)


def lifting_notice(treatment: MajorTreatment, *, issuer: str, address: str) -> Paper:
    return _paper(_("Notice of lifted supervision"), treatment, _lifting(treatment), issuer=issuer, address=address)


def _paper(title: str, treatment: MajorTreatment, blocks: Iterator[Block], *, issuer: str, address: str) -> Paper:
    footer = f"{treatment.number} · {treatment.hazard.number} · {treatment.hazard.unit.name}"
    return Paper(title=title, number=treatment.number, issuer=issuer, blocks=list(blocks), footer=footer, address=address)


def _listing(treatment: MajorTreatment) -> Iterator[Block]:
    hazard, action = treatment.hazard, treatment.hazard.action
    yield Facts(_hazard_facts(treatment))
    yield Notice(_("Interim control stays until the hazard is closed: %(control)s") % {"control": hazard.interim_control}, "bad")
    if treatment.approved_at is not None:
        yield Facts(_five(treatment), _("Treatment plan: the five implementations"))
    else:
        due = treatment.plan_deadline.due_at if treatment.plan_deadline else None
        yield Facts([(_("Treatment plan due"), due)], _("Asked of the unit"))
    yield Facts(
        [
            (_("Put right by"), action.owner.name if action else ""),
            (_("Due"), action.deadline.due_at if action else None),
            (_("Progress"), _("a report every week")),
            (_("Verified by"), _both(treatment)),
            (_("Closed by"), action.verifier.name if action else ""),
        ],
        _("Who does what, until when"),
    )
    yield Signatures([(_("Issued by"), "", ""), (_("Received by the head of the unit"), "", "")])


def _lifting(treatment: MajorTreatment) -> Iterator[Block]:
    closed_by = treatment.ended_by.name if treatment.ended_by else ""
    yield Facts([*_hazard_facts(treatment), (_("Lifted"), treatment.ended_at)])
    yield Notice(_("The hazard is put right and verified. The listed supervision ends with this notice."), "good")
    signed = signatures(treatment)
    rows = [[each.get_role_display(), each.person.name, each.note, each.signed_at] for each in signed.values()]
    yield Table((_("As"), _("Name"), _("What was seen"), _("On")), rows, (4, 5, 10, 6), _("Verified by"))
    lines = [(VerifierRole(each.role).label, each.person.name, each.signed_at) for each in signed.values()]
    yield Signatures([*lines, (_("Closed by"), closed_by, treatment.ended_at)], _("Signatures"))


def _hazard_facts(treatment: MajorTreatment) -> list[tuple[str, object]]:
    hazard = treatment.hazard
    return [
        (_("To"), hazard.unit.name),
        (_("Hazard"), f"{hazard.number}  {hazard.title}"),
        (_("Where"), hazard.place.name if hazard.place else hazard.unit.name),
        (_("What is wrong"), hazard.description),
        (_("Level"), hazard.level.label if hazard.level else ""),
        (_("Listed since"), treatment.opened_at),
    ]


def _five(treatment: MajorTreatment) -> list[tuple[str, object]]:
    return [
        (_("Responsibility"), treatment.responsibility),
        (_("Measures"), treatment.measures),
        (_("Funds"), treatment.funds),
        (_("Time limit"), treatment.plan_due_at),
        (_("Contingency plan"), treatment.contingency),
    ]


def _both(treatment: MajorTreatment) -> str:
    return ", ".join(person.name for person in (treatment.checker, treatment.expert) if person is not None)
