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


class ViolationStatus(TextChoices):
    RECORDED = "recorded", _("Recorded")
    FINAL = "final", _("Final")
    CANCELLED = "cancelled", _("Cancelled")


class ViolationClass(TextChoices):
    COMMAND = "command", _("Illegal command")
    OPERATION = "operation", _("Illegal operation")
    DISCIPLINE = "discipline", _("Breach of labour discipline")
    MANAGEMENT = "management", _("Management default")
