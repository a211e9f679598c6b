"""The penalty notice: what someone did, what it costs and how that was reckoned, and how to appeal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inspections.models import Penalty, SiteBan, Violation
from inspections.papers.pictures import pictures_of
from safetyplant.reporting.papers import Block, Facts, Notice, Paper, Pictures, Signatures, Text


def penalty_notice(violation: Violation, *, issuer: str, address: str) -> Paper:
    """SECURITY: names the person. Whoever calls has asked whether its reader may know them."""
    return Paper(
        title=_("Penalty notice"),
        number=violation.number,
        issuer=issuer,
        blocks=list(_blocks(violation, violation.penalty)),
        footer=f"{violation.number} · {violation.unit.name}",
        address=address,
    )


def _blocks(violation: Violation, penalty: Penalty) -> Iterator[Block]:
    addressee = penalty.addressee
    yield Facts([(_("To"), addressee.name), (_("Employee number"), addressee.username), (_("Unit"), violation.unit.name)])
    yield Facts(_what(violation), _("What happened"))
    yield Facts(_cost(penalty), _("What it costs"))
    for ban in violation.bans.order_by("pk"):
        yield Facts(_banned(ban), _("Site ban %(number)s") % {"number": ban.number})
    if violation.self_reported:
        yield Notice(_("You reported it yourself: it costs no points."), "good")
    yield Notice(_appeal(penalty))
    if penalty.decision:
        yield Text(penalty.decide_reason, _("Decision: %(decision)s") % {"decision": penalty.get_decision_display()})
    if violation.photos_id and (pictures := pictures_of({violation.photos_id: violation.number})):
        yield Pictures(pictures, _("Photos"))
    yield Signatures(_signatures(penalty))


def _what(violation: Violation) -> list[tuple[str, object]]:
    kind, clause = violation.violation_type, violation.clause or violation.item
    return [
        (_("Breach"), kind.label if kind else ""),
        (_("What happened"), violation.description),
        (_("Clause"), f"{clause.number} {clause.label}" if clause else violation.clause_text),
        (_("Where"), violation.place.name if violation.place else violation.unit.name),
        (_("Found"), violation.found_at),
        (_("Put right on the spot"), violation.correction),
        (_("Recorded by"), violation.recorded_by.name),
    ]


def _cost(penalty: Penalty) -> list[tuple[str, object]]:
    reckoned = ""
    if penalty.proposed_points is not None:
        words = {"time": penalty.repeats + 1, "factor": penalty.factor.normalize(), "points": penalty.proposed_points}
        reckoned = _("Number %(time)s of its kind this year, factor %(factor)s: %(points)s points proposed") % words
    return [
        (_("Points"), penalty.points),
        (_("How reckoned"), reckoned),
        (_("Pay deduction"), penalty.fine),
        (_("Measures"), penalty.measures),
        (_("Why other points than proposed"), penalty.reason),
        (_("By the rule of"), penalty.rule.valid_from),
        (_("Points after the decision"), penalty.decided_points if penalty.decision else None),
    ]


def _banned(ban: SiteBan) -> list[tuple[str, object]]:
    return [
        (_("From"), ban.starts_on),
        (_("Through"), ban.ends_on),
        (_("Reason"), ban.reason),
        (_("Imposed by"), ban.imposed_by.name),
        (_("Appeal until"), ban.appeal_until),
        (_("Lifted"), ban.lifted_at),
    ]


def _appeal(penalty: Penalty) -> str:
    days = {"days": penalty.rule.appeal_days}
    return (
        _(
            "You can appeal within %(days)s working days after you received this notice. Someone who neither recorded nor"
            " proposed it decides, with reasons; the points can never become more. They count once the notice is final."
        )
        % days
    )


def _signatures(penalty: Penalty) -> list[tuple[str, str, object]]:
    """Signed on screen where it was; else empty lines to sign on paper."""
    is_signed = penalty.receipt == "signed"
    lines: list[tuple[str, str, object]] = [
        (_("Served by"), penalty.noticed_by.name, penalty.noticed_at),
        (_("Received by"), penalty.addressee.name, penalty.received_at if is_signed else None),
    ]
    if penalty.receipt == "refused" and penalty.witness is not None:
        lines.append((_("Refusal seen by"), penalty.witness.name, penalty.received_at))
    elif not is_signed:
        lines.append((_("Witness, if refused"), "", None))
    return lines
