"""What the page of a violation tells of its consequences, for one reader. SECURITY: points and reasons by permission."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import penalty_permissions as may
from inspections.choices import ViolationStatus
from inspections.models import Penalty, PenaltyRule, SiteBan, Violation
from inspections.permissions import can_view_violation_points
from responsibilities.choices import UnitKind
from responsibilities.panels import Button
from safetyplant.shell.moments import day_text
from safetyplant.shell.templatetags.shell import when

if TYPE_CHECKING:
    from responsibilities.models import Person

PENALTY_RELATED = (
    "penalty__addressee", "penalty__noticed_by", "penalty__receipt_by", "penalty__witness", "penalty__decided_by",
    "penalty__rule", "penalty__appeal_deadline__owner", "penalty__receipt_deadline", "penalty__paper", "notice_deadline__owner",
)  # fmt: skip


@dataclass(frozen=True)
class PenaltyCard:
    """Heading, what is due, facts, and what this reader may do now; the first button is the main one."""

    title: str
    text: str = ""
    due_at: Any = None
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    penalty: Penalty | None = None
    bans: list[SiteBan] = field(default_factory=list)

    @property
    def main(self) -> Button | None:
        return next((button for button in self.buttons if button.is_primary), None)

    @property
    def others(self) -> list[Button]:
        return [button for button in self.buttons if not button.is_primary]


def penalty_card(reader: "Person", violation: Violation) -> PenaltyCard | None:
    """None for earlier records and cancelled ones: nothing follows from them here."""
    penalty = may.penalty_of(violation)
    if penalty is None:
        return _recorded(reader, violation) if violation.status == ViolationStatus.RECORDED else None
    title, text, due_at = _heading(violation, penalty)
    is_close = can_view_violation_points(reader, violation) or may.is_asked_about(reader, violation)
    buttons, bans = list(_buttons(reader, violation, penalty)), []
    if UnitKind.CONTRACTOR in (
        violation.unit.kind,
        violation.person.unit.kind if violation.person and violation.person.unit else "",
    ):
        bans = list(SiteBan.objects.visible_to(reader).filter(violation=violation).order_by("pk"))
        if may.can_ban(reader, violation, PenaltyRule.objects.in_force(timezone.localdate())):
            buttons.append(_button("ban", _("Impose a site ban"), "slash-circle", violation, is_primary=False))
    return PenaltyCard(title, text, due_at, _facts(penalty) if is_close else [], buttons, penalty, bans)


def _recorded(reader: "Person", violation: Violation) -> PenaltyCard:
    deadline = violation.notice_deadline
    text = _("%(name)s looks at it and says what it costs.") % {"name": deadline.owner.name} if deadline else ""
    buttons = (
        [_button("serve", _("Serve the notice"), "envelope-paper", violation)] if may.can_serve_notice(reader, violation) else []
    )
    return PenaltyCard(_("No notice yet"), text, deadline.due_at if deadline else None, [], buttons)


def _heading(violation: Violation, penalty: Penalty) -> tuple[str, str, Any]:
    if violation.status == ViolationStatus.NOTICED and penalty.received_at is None:
        due_at = penalty.receipt_deadline.due_at if penalty.receipt_deadline else None
        waits = _("Waits for the witness to confirm the refusal.") if penalty.waits_for_witness else _("Waits for the signature.")
        return _("Notice served"), waits, due_at
    if violation.status == ViolationStatus.NOTICED:
        assert penalty.appeal_until is not None  # set with the receipt
        until = day_text(timezone.localtime(penalty.appeal_until))
        return _("Notice received"), _("An appeal is possible through %(day)s. Then it is final.") % {"day": until}, None
    if violation.status == ViolationStatus.APPEALED:
        deadline = penalty.appeal_deadline
        name = deadline.owner.name if deadline else ""
        return (
            _("Appealed"),
            _("%(name)s decides. Nothing counts until then.") % {"name": name},
            deadline.due_at if deadline else None,
        )
    if penalty.decision:
        return _("Final"), str(penalty.get_decision_display()), None
    return _("Final"), _("Nobody appealed in time."), None


def _facts(penalty: Penalty) -> list[tuple[Any, Any]]:
    decided = [
        (_("Decision"), penalty.get_decision_display()),
        (_("Points after the decision"), penalty.decided_points),
        (_("Pay deduction after the decision"), penalty.decided_fine),
        (_("Reasons of the decision"), penalty.decide_reason),
        (_("Decided by"), penalty.decided_by.name if penalty.decided_by else ""),
    ]
    return [
        (_("Points"), penalty.points),
        (_("How reckoned"), reckoning(penalty)),
        (_("Pay deduction"), penalty.fine),
        (_("Measures"), penalty.measures),
        (_("Reasons"), penalty.reason),
        (_("Served on"), penalty.addressee.name),
        (_("Served by"), penalty.noticed_by.name),
        (_("Served"), when(penalty.noticed_at)),
        (_("Receipt"), penalty.get_receipt_display()),
        (_("Witness"), penalty.witness.name if penalty.witness else ""),
        (_("Received"), when(penalty.received_at) if penalty.received_at else ""),
        (_("Appeal until"), when(penalty.appeal_until) if penalty.appeal_until else ""),
        (_("Appeal"), penalty.appeal_text),
        *(decided if penalty.decision else ()),
    ]


def reckoning(penalty: Penalty) -> str:
    """The formula in words: which time in the year, times what."""
    if penalty.proposed_points is None:
        return ""
    words = {"time": penalty.repeats + 1, "factor": penalty.factor.normalize(), "points": penalty.proposed_points}
    return _("Number %(time)s of its kind this year, factor %(factor)s: %(points)s points proposed") % words


def _buttons(reader: "Person", violation: Violation, penalty: Penalty) -> Iterable[Button]:
    """What this reader may do in the present state; the first is what is asked of them."""
    if violation.status == ViolationStatus.NOTICED:
        if may.can_sign_notice(reader, penalty):
            yield _button("sign", _("Sign for the notice"), "pen", violation)
        if may.can_appeal(reader, penalty) and penalty.appeal_until and timezone.now() <= penalty.appeal_until:
            yield _button("appeal", _("Appeal"), "chat-left-text", violation)
        if may.can_record_receipt(reader, penalty):
            yield _button("paper", _("Signed on paper"), "file-earmark-check", violation, is_primary=False)
            yield _button("refuse", _("The signature was refused"), "x-circle", violation, is_primary=False)
    if violation.status == ViolationStatus.APPEALED and may.can_decide_appeal(reader, penalty):
        yield _button("decide", _("Decide the appeal"), "check2-square", violation)
    if violation.status == ViolationStatus.FINAL and penalty.final_points and may.can_take_back_points(reader, penalty):
        yield _button("takeback", _("Take the points back"), "arrow-counterclockwise", violation, is_primary=False)


def _button(verb: str, label: str, icon: str, violation: Violation, *, is_primary: bool = True) -> Button:
    return Button(verb, label, icon, reverse("inspections:violation-act", args=[violation.pk, verb]), is_primary)
