"""States and kinds of inspections, hazards and violations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InspectionKind(TextChoices):
    ROUTINE = "routine", _("Inspection")
    PATROL = "patrol", _("Patrol")
    LEADER = "leader", _("Leader's visit")
    EXTERNAL = "external", _("Finding of outside inspectors")


class InspectionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")


class Result(TextChoices):
    PASS = "pass", pgettext_lazy("item", "OK")
    FAIL = "fail", pgettext_lazy("item", "Fail")
    NA = "na", pgettext_lazy("item", "N/A")


class HazardStatus(TextChoices):
    """The hazard's own state; once a corrective action exists it mirrors that action (see `subjects.py`)."""

    REPORTED = "reported", _("Reported")
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    SUBMITTED = "submitted", _("Waiting for check")
    RETURNED = "returned", _("Returned")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


#: Not over: what lists, deadlines, indexes and figures mean by an open hazard. A list, as migrations wrote it down.
OPEN_HAZARD = [
    HazardStatus.REPORTED.value,
    HazardStatus.ASSIGNED.value,
    HazardStatus.IN_PROGRESS.value,
    HazardStatus.WAITING.value,
    HazardStatus.SUBMITTED.value,
    HazardStatus.RETURNED.value,
]


class AssessMethod(TextChoices):
    DIRECT = "direct", _("Chosen directly")
    LEC = "lec", _("LEC (likelihood × exposure × consequence)")
    MATRIX = "matrix", _("5 × 5 matrix")


class AcceptanceEnd(TextChoices):
    """How a temporary acceptance of a hazard ended."""

    LAPSED = "lapsed", pgettext_lazy("acceptance", "Its date came")
    WITHDRAWN = "withdrawn", pgettext_lazy("acceptance", "Withdrawn")
    FIXED = "fixed", pgettext_lazy("acceptance", "The fix was handed in")
    RELEVELLED = "relevelled", pgettext_lazy("acceptance", "The level changed")
    OVER = "over", pgettext_lazy("acceptance", "The hazard was cancelled")


class MajorStatus(TextChoices):
    """Of the treatment of a major hazard (`MajorTreatment`)."""

    PLANNING = "planning", pgettext_lazy("treatment", "Plan to be written")
    PROPOSED = "proposed", pgettext_lazy("treatment", "Plan waits for approval")
    APPROVED = "approved", pgettext_lazy("treatment", "In treatment")
    LIFTED = "lifted", pgettext_lazy("treatment", "Supervision lifted")
    DROPPED = "dropped", pgettext_lazy("treatment", "No longer major")


#: The board shows these, and each of them still asks for something.
LISTED = [MajorStatus.PLANNING.value, MajorStatus.PROPOSED.value, MajorStatus.APPROVED.value]


class VerifierRole(TextChoices):
    """The two who verify the fix of a major hazard before the director closes it."""

    LEADER = "leader", _("Another leader")
    EXPERT = "expert", _("Expert")


class Addressee(TextChoices):
    """Who is told of a major hazard (Work Safety Law, article 41)."""

    REGULATOR = "regulator", _("The regulator")
    CONGRESS = "congress", _("The workers' congress")


class ViolationStatus(TextChoices):
    RECORDED = "recorded", _("Recorded")
    NOTICED = "noticed", _("Notice served")
    APPEALED = "appealed", _("Appealed")
    FINAL = "final", _("Final")
    CANCELLED = "cancelled", _("Cancelled")


class ViolationClass(TextChoices):
    COMMAND = "command", _("Illegal command")
    OPERATION = "operation", _("Illegal operation")
    DISCIPLINE = "discipline", _("Breach of labour discipline")
    MANAGEMENT = "management", _("Management default")


class Rhythm(TextChoices):
    """How the days of a plan are found (`inspections/recurrence.py`)."""

    RULE = "rule", _("By a rule")
    SHIFTS = "shifts", _("By a shift pattern")
    COUNT = "count", _("So many times a month")


class FreeDays(TextChoices):
    """What happens to a day of a plan that is no working day."""

    KEEP = "keep", _("The visit takes place all the same")
    SKIP = "skip", _("The visit is left out")
    BEFORE = "before", _("The working day before")
    AFTER = "after", _("The working day after")


class ByWhom(TextChoices):
    ANYONE = "anyone", _("Any one of them")
    EVERYONE = "everyone", _("Every one of them")


class VisitStatus(TextChoices):
    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    DONE = "done", pgettext_lazy("visit", "Done")
    MISSED = "missed", pgettext_lazy("visit", "Missed")
    EXCUSED = "excused", pgettext_lazy("visit", "Excused")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


#: Not made yet: what an inspection may still meet, and what may be excused.
OPEN_VISIT = [VisitStatus.PLANNED.value, VisitStatus.MISSED.value]


class Excuse(TextChoices):
    WEATHER = "weather", _("Weather")
    ROAD = "road", _("Road closed")
    SHUTDOWN = "shutdown", _("Shutdown")
    OTHER = "other", pgettext_lazy("excuse", "Something else")


class CheckStatus(TextChoices):
    """Of a check of similar places (`PlaceCheck`)."""

    OPEN = "open", pgettext_lazy("place check", "Open")
    CLOSED = "closed", pgettext_lazy("place check", "All answered")
    CANCELLED = "cancelled", pgettext_lazy("place check", "Cancelled")


class PlaceResult(TextChoices):
    """What was seen at one place of a check."""

    FINE = "fine", pgettext_lazy("place", "Fine here")
    FOUND = "found", pgettext_lazy("place", "Found here too")
    NA = "na", pgettext_lazy("place", "Not applicable")


class Receipt(TextChoices):
    """How someone came to know a penalty notice."""

    SIGNED = "signed", _("Signed for with their password")
    PAPER = "paper", _("Signed on paper")
    REFUSED = "refused", _("Refused to sign, seen by a witness")


class AppealDecision(TextChoices):
    UPHOLD = "uphold", _("Upheld")
    REDUCE = "reduce", _("Reduced")
    WITHDRAW = "withdraw", _("Withdrawn")


class BanState(TextChoices):
    """Of a site ban on a day; it follows from its days alone, unless it was lifted."""

    AHEAD = "ahead", pgettext_lazy("ban", "Not begun")
    IN_FORCE = "in_force", pgettext_lazy("ban", "In force")
    OVER = "over", pgettext_lazy("ban", "Over")
    LIFTED = "lifted", pgettext_lazy("ban", "Lifted")


class BanDecider(TextChoices):
    """The lowest role that may impose a site ban; those above it may too."""

    OFFICER = "safety_officer", _("Safety officer")
    LEADER = "leader_in_charge", _("Leader in charge")
    DIRECTOR = "director", _("Director")


class EntryKind(TextChoices):
    CHARGE = "charge", pgettext_lazy("points", "Charged")
    REVERSAL = "reversal", pgettext_lazy("points", "Taken back")
    CREDIT = "credit", pgettext_lazy("points", "Verified report")
    CORRECTION = "correction", pgettext_lazy("points", "Corrected")


class DutyKind(TextChoices):
    """What crossing a threshold of points asks for (catalogue.json `points_rule.thresholds`)."""

    TALK = "talk", _("Reminder talk")
    TRAINING = "training", _("Criticism notice and one day of training")
    OFF_POST = "off_post", _("Off-post training of 7 days")
    REEXAM = "reexam", _("Off post, retraining and re-examination")


class DutyStatus(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Waiting for check")
    VERIFIED = "verified", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ProposalKind(TextChoices):
    LINKED = "linked", _("Linked responsibility of the unit head")
    OVERDUE = "overdue", _("Rectification overdue")


class ProposalStatus(TextChoices):
    OPEN = "open", _("Open")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")


class Posting(TextChoices):
    """What is posted inside the plant about a final penalty."""

    OFF = "off", _("Nothing is posted")
    NAME = "name", _("The name, the breach and the points")
    POST = "post", _("The post only, without the name")
