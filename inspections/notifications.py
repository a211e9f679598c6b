"""Messages of this room: who is told stands in the workflows, what they read stands here."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safetyplant.notifications.types import MessageType, register

MAJOR = (
    MessageType(
        "major.listed",
        _("Major hazard under listed supervision: %(title)s"),
        _("%(number)s, %(where)s. Interim control counts from now; the treatment plan is due within days."),
        "exclamation-octagon",
    ),
    MessageType(
        "major.plan_proposed",
        _("Approve the treatment plan: %(title)s"),
        _("%(number)s, %(where)s. %(by)s wrote the plan. Approve it and name who verifies the fix, or return it."),
        "journal-text",
    ),
    MessageType(
        "major.plan_returned",
        _("Treatment plan returned: %(title)s"),
        pgettext_lazy("message", "%(by)s on %(number)s: %(reason)s"),
        "arrow-return-left",
    ),
    MessageType(
        "major.plan_approved",
        _("Treatment plan approved: %(title)s"),
        _("%(number)s, %(where)s. Its date is now that of the plan. Read who does what and who verifies it."),
        "calendar-check",
    ),
    MessageType(
        "major.verify",
        _("Verify the fix of a major hazard: %(title)s"),
        _("%(number)s, %(where)s. It is handed in. Go and see it, then sign or object."),
        "pen",
    ),
    MessageType(
        "major.verified",
        _("%(by)s verified: %(title)s"),
        _("%(number)s. You close it once another leader and an expert have both signed. They say: %(reason)s"),
        "check2-square",
    ),
    MessageType(
        "major.objected",
        _("%(by)s objects: %(title)s"),
        _("%(number)s is not good enough yet. Return the fix. They say: %(reason)s"),
        "x-octagon",
    ),
    MessageType(
        "major.lifted",
        _("Listed supervision lifted: %(title)s"),
        _("%(number)s, %(where)s. %(by)s closed it after both verifications."),
        "check-circle",
    ),
)
CHECKS = (
    MessageType(
        "check.asked",
        _("Is it at your places too? %(title)s"),
        _("%(number)s. %(by)s asks you to look at %(count)s places and to say of each what you saw. Due: %(due)s"),
        "signpost-split",
    ),
    MessageType(
        "check.closed",
        _("All places have answered: %(title)s"),
        _("%(number)s. Places looked at: %(count)s. Found there too: %(found)s."),
        "check2-all",
    ),
    MessageType(
        "check.cancelled",
        _("No longer asked: %(title)s"),
        pgettext_lazy("message", "%(by)s on %(number)s: %(reason)s"),
        "x-circle",
    ),
)
TYPES = (
    MessageType("hazard.reported", _("Hazard reported: %(title)s"), _("%(number)s, %(where)s. Reported by %(by)s."), "flag"),
    MessageType(
        "hazard.danger",
        _("Someone is in danger: %(title)s"),
        _("%(number)s, %(where)s. Reported by %(by)s. Make sure nobody gets hurt, then assess it."),
        "exclamation-octagon",
    ),
    MessageType(
        "hazard.assessed",
        _("Hazard %(number)s is assessed"),
        _("%(title)s. %(by)s set its level and who fixes it."),
        "arrow-up-right",
    ),
    MessageType(
        "hazard.possibly_major",
        _("Decide whether it is major: %(title)s"),
        _("%(number)s, %(where)s. Found by %(by)s. It counts as serious until you decide."),
        "question-diamond",
    ),
    MessageType(
        "hazard.accepted",
        _("Accepted until %(until)s: %(title)s"),
        _("%(number)s, %(where)s. %(by)s accepted it for a time. Until then the date of the fix stands still."),
        "hourglass-split",
    ),
    MessageType(
        "hazard.acceptance_over",
        _("No longer accepted: %(title)s"),
        _("%(number)s, %(where)s. The date of the fix goes on from now."),
        "hourglass-bottom",
    ),
    MessageType(
        "hazard.seen_again",
        _("Seen again: %(title)s"),
        _("%(number)s, %(where)s. %(by)s saw it too: it is still there."),
        "eye",
    ),
    MessageType("hazard.closed", _("Hazard %(number)s is closed"), _("%(title)s. %(by)s accepted the fix."), "check-circle"),
    MessageType("hazard.cancelled", _("Hazard %(number)s is cancelled"), _("%(title)s. %(by)s: %(reason)s"), "x-circle"),
    MessageType(
        "hazard.work_stopped",
        _("Work stopped: %(title)s"),
        _("%(number)s, %(where)s. %(by)s stopped the work. It stays stopped until the named person releases it."),
        "sign-stop",
    ),
    MessageType(
        "hazard.work_released", _("Work released: %(title)s"), _("%(number)s, %(where)s. Released by %(by)s."), "play-circle"
    ),
    MessageType(
        "inspection.submitted",
        _("Inspection %(number)s of %(where)s"),
        _("%(by)s inspected it, %(failed)s failed. Read and acknowledge it."),
        "clipboard-check",
    ),
    MessageType("visit.planned", _("Inspect on %(day)s: %(where)s"), _("%(by)s planned this visit for you."), "calendar-plus"),
    MessageType(
        "visit.excuse_asked",
        _("Decide an excuse: %(where)s, %(day)s"),
        _("%(by)s asks to be excused from this visit: %(reason)s"),
        "calendar-x",
    ),
    MessageType("visit.excused", _("You are excused: %(where)s, %(day)s"), _("%(by)s: %(reason)s"), "check2-square"),
    MessageType(
        "visit.excuse_refused",
        _("Your excuse was not accepted: %(where)s, %(day)s"),
        _("%(by)s: %(reason)s. The visit is owed as before."),
        "x-circle",
    ),
    *MAJOR,
    *CHECKS,
    # SECURITY: names no one; mails travel further than pages.
    MessageType(
        "violation.recorded",
        _("Violation %(number)s recorded"),
        _("In %(unit)s, recorded by %(by)s. Open it to see what it says and what was put right."),
        "person-exclamation",
    ),
    MessageType(
        "penalty.to_serve",
        _("Say what violation %(number)s costs"),
        _("In %(unit)s, recorded by %(by)s. Look at it, then serve the notice."),
        "envelope-paper",
    ),
    MessageType(
        "penalty.noticed",
        _("Penalty notice %(number)s"),
        _("Served by %(by)s. Read it and sign for it; then you have some working days to appeal."),
        "envelope-paper",
    ),
    MessageType(
        "penalty.witness",
        _("You saw a refusal: %(number)s"),
        _("%(by)s names you as the witness that a notice was shown and not signed. Confirm it, or say that you did not see it."),
        "eye",
    ),
    MessageType(
        "penalty.appealed",
        _("Decide the appeal against %(number)s"),
        _("In %(unit)s. You had no part in it, so you decide, with reasons."),
        "chat-left-text",
    ),
    MessageType(
        "penalty.decided",
        _("The appeal against %(number)s is decided"),
        _("By %(by)s. Open it to read the reasons."),
        "check2-square",
    ),
    MessageType("penalty.final", _("Penalty notice %(number)s is final"), _("Nobody appealed in time."), "check-circle"),
    MessageType(
        "penalty.taken_back",
        _("Points taken back: %(number)s"),
        _("By %(by)s. Open it to read the reason."),
        "arrow-counterclockwise",
    ),
    MessageType(
        "points.credited",
        _("Your report %(number)s was verified"),
        _("It takes points off your account of the year. Thank you for reporting it."),
        "award",
    ),
    MessageType(
        "ban.imposed",
        _("Site ban %(number)s"),
        _("In %(unit)s, imposed by %(by)s. Open it to see whom it concerns, until when, and how to appeal."),
        "slash-circle",
    ),
    MessageType(
        "ban.appealed",
        _("Decide the appeal against site ban %(number)s"),
        _("In %(unit)s. You had no part in it, so you decide, with reasons. The ban stays in force until then."),
        "chat-left-text",
    ),
    MessageType(
        "ban.decided",
        _("The appeal against site ban %(number)s is decided"),
        _("By %(by)s. Open it to read the reasons."),
        "check2-square",
    ),
    MessageType("ban.lifted", _("Site ban %(number)s is lifted"), _("By %(by)s. Open it to read the reason."), "check-circle"),
    MessageType(
        "proposal.made",
        _("Decide a proposed penalty: %(number)s"),
        _("In %(unit)s. The rules propose it; nothing follows unless you confirm it."),
        "question-diamond",
    ),
    MessageType(
        "duty.opened",
        _("See to a duty after points: %(number)s"),
        _("In %(unit)s someone reached a threshold of points. Open it to see what is due."),
        "mortarboard",
    ),
    MessageType("duty.yours", _("Your points bring a duty: %(number)s"), _("Open it to see what, and by when."), "mortarboard"),
    MessageType("duty.done", _("Check the proof of %(number)s"), _("%(by)s saw to it. Accept it or return it."), "check2-square"),
    MessageType("duty.verified", _("Duty %(number)s is closed"), _("%(by)s accepted the proof."), "check-circle"),
    MessageType("duty.returned", _("Duty %(number)s was returned"), _("By %(by)s. Open it to read why."), "arrow-return-left"),
)


def register_types() -> None:
    register(*TYPES)
