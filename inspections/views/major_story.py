"""The treatment of a major hazard as a page tells it, and the part of it that the hazard's own page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inspections import permissions
from inspections.choices import LISTED, Addressee, MajorStatus, VerifierRole
from inspections.models import Hazard, MajorProgress, MajorTreatment, MajorVerification, OutsideReport
from inspections.services.major import DEADLINES, signatures
from inspections.views.offers import Offer
from responsibilities.choices import ActionStatus, RoleCode
from responsibilities.models import CorrectiveAction, Deadline, Person

Text = str | Promise
PAGE = ("plan_deadline", "approve_deadline", "checker", "expert", "approved_by", "ended_by")


@dataclass(frozen=True)
class Signature:
    """One of the two who verify it: who, and what they said in the present round."""

    role: Text
    person: Person | None
    signed: MajorVerification | None


@dataclass(frozen=True)
class TreatmentStory:
    treatment: MajorTreatment
    text: Text
    due: Deadline | None
    progress: list[MajorProgress]
    signatures: list[Signature]
    outside: list[tuple[OutsideReport, str]]
    offers: tuple[Offer, ...]

    @property
    def owed(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.tone == "primary")

    @property
    def others(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.tone != "primary")


def read_treatment(hazard: Hazard) -> MajorTreatment | None:
    """The living one, in one query, and in none for what is not major.

    It carries `signed` (by role: whether they accepted it, in the present round) and `outside_deadlines`.
    """
    if hazard.level is None or not hazard.level.is_major:
        return None
    treatment: MajorTreatment | None = _treatments().filter(hazard=hazard.pk).first()
    if treatment is None:
        return None
    treatment.hazard = hazard
    treatment.signed = {each["role"]: each["accepted"] for each in treatment.verdicts}  # type: ignore[attr-defined]
    return treatment


def _treatments() -> Any:
    verdicts = MajorVerification.objects.filter(treatment=OuterRef("pk"), round=OuterRef("round")).order_by()
    outside = OutsideReport.objects.filter(treatment=OuterRef("pk")).order_by("pk").values("deadline")
    words = verdicts.values(found=JSONObject(role="role", accepted="accepted"))
    rows = MajorTreatment.objects.living().select_related(*PAGE)
    return rows.annotate(verdicts=ArraySubquery(words), outside_deadlines=ArraySubquery(outside))


def deadlines_of(treatment: MajorTreatment) -> list[int]:
    own = [getattr(treatment, name) for name in DEADLINES]
    return [pk for pk in (*own, *treatment.outside_deadlines) if pk]  # type: ignore[attr-defined]


def is_verified(treatment: MajorTreatment) -> bool:
    """Both accepted it: the director may close."""
    signed = treatment.signed  # type: ignore[attr-defined]
    return treatment.status == MajorStatus.APPROVED and all(signed.get(role) for role in VerifierRole)


def tell_treatment(treatment: MajorTreatment, user: Person) -> TreatmentStory:
    """`treatment` as `read_treatment` gives it."""
    rows = list(treatment.progress.select_related("written_by").order_by("-week"))
    outside = treatment.outside_reports.select_related("recorded_by", "deadline", "files")
    return TreatmentStory(
        treatment=treatment,
        text=_text(treatment),
        due=_running(treatment),
        progress=rows,
        signatures=_signatures(treatment),
        outside=[(report, _outside_url(report, treatment, user)) for report in outside],
        offers=tuple(major_offers(treatment, user)),
    )


def _signatures(treatment: MajorTreatment) -> list[Signature]:
    signed = signatures(treatment)
    return [
        Signature(VerifierRole.LEADER.label, treatment.checker, signed.get(VerifierRole.LEADER)),
        Signature(VerifierRole.EXPERT.label, treatment.expert, signed.get(VerifierRole.EXPERT)),
    ]


def _outside_url(report: OutsideReport, treatment: MajorTreatment, user: Person) -> str:
    if report.recorded_at is not None or not permissions.can_report_outside(user, treatment):
        return ""
    return reverse("inspections:hazard-treatment-outside", args=[treatment.hazard_id, report.addressee])


def _text(treatment: MajorTreatment) -> Text:
    match treatment.status:
        case MajorStatus.PLANNING:
            return _("Whoever fixes it writes the plan: responsibility, measures, funds, time limit and contingency plan.")
        case MajorStatus.PROPOSED:
            return _("The director approves the plan, names who verifies the fix, or returns it.")
        case MajorStatus.LIFTED:
            return _("%(name)s closed it after both verifications.") % {
                "name": treatment.ended_by.name if treatment.ended_by else ""
            }
    action = treatment.hazard.action
    if action is not None and action.status == ActionStatus.SUBMITTED:
        if is_verified(treatment):
            return _("Both have verified it. The director closes it.")
        return _("The fix is handed in. Another leader and an expert verify it, then the director closes it.")
    return _("The plan is being carried out. Progress is reported every week; interim control stays until it is closed.")


def _running(treatment: MajorTreatment) -> Deadline | None:
    deadline = {MajorStatus.PLANNING: treatment.plan_deadline, MajorStatus.PROPOSED: treatment.approve_deadline}.get(
        MajorStatus(treatment.status)
    )
    action = treatment.hazard.action
    if deadline is not None or treatment.status not in LISTED or action is None or action.status == ActionStatus.SUBMITTED:
        return deadline
    return action.deadline


def major_offers(treatment: MajorTreatment, user: Person) -> Iterable[Offer]:
    """What this reader may do about the treatment now; primary is what they owe."""
    hazard, action = treatment.hazard, treatment.hazard.action
    if action is None or not treatment.is_listed:
        return
    is_fixing = action.owner_id == user.pk
    if treatment.status == MajorStatus.PLANNING and permissions.can_write_plan(user, treatment):
        yield _offer(hazard, "plan", _("Write the treatment plan"), "journal-text", is_owed=is_fixing)
    if treatment.status == MajorStatus.PROPOSED and permissions.can_decide_plan(user, treatment):
        yield _offer(hazard, "decide", _("Decide the treatment plan"), "calendar-check", is_owed=True)
    if treatment.status == MajorStatus.APPROVED:
        role = permissions.verifier_role(user, treatment)
        is_open = action.status == ActionStatus.SUBMITTED and role not in treatment.signed  # type: ignore[attr-defined]
        if is_open and permissions.can_sign_verification(user, treatment):
            yield _offer(hazard, "sign", _("Verify the fix"), "pen", is_owed=True)
        if permissions.can_name_verifiers(user, treatment):
            yield _offer(hazard, "verifiers", _("Name who verifies"), "people")
    if permissions.can_report_progress(user, treatment):
        yield _offer(hazard, "progress", _("Report progress"), "graph-up-arrow")


def _offer(hazard: Hazard, verb: str, label: Text, icon: str, *, is_owed: bool = False) -> Offer:
    address = reverse(f"inspections:hazard-treatment-{verb}", args=[hazard.pk])
    return Offer(label, address, icon, "primary" if is_owed else "plain")


def responsible_post(action: CorrectiveAction) -> str:
    """As what someone answers for the fix, by the chain of the day it was assigned.

    SECURITY: never a name, the board is for everyone.
    """
    links = action.chain.links if action.chain is not None else []
    for link in links:
        if link.get("person_id") == action.owner_id:
            if link["role"] == RoleCode.UNIT_HEAD:
                return _("Head of %(unit)s") % {"unit": action.unit.name}
            return str(RoleCode(link["role"]).label)
    return action.owner.post.name if action.owner.post is not None else action.unit.name


ADDRESSEES = {each.value for each in Addressee}
