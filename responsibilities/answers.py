"""What an escalated level can answer, in words that fit what is late: a fix is made, a check is done, work is released."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibilities.choices import AnswerKind, DeadlineKind

Text = str | Promise

ANSWER_ICONS = {
    AnswerKind.FIX: "wrench",
    AnswerKind.EXTEND: "calendar-plus",
    AnswerKind.REASSIGN: "person-up",
    AnswerKind.VISIT: "geo-alt",
}
#: Only a fix is fixed: of all else the one who is asked says that it gets done.
SEES_TO_IT: dict[str, Text] = {
    DeadlineKind.FIX: AnswerKind.FIX.label,
    DeadlineKind.VERIFY: gettext_lazy("I have the fix checked"),
    DeadlineKind.ASSESS: gettext_lazy("I have it assessed"),
    DeadlineKind.DECIDE: gettext_lazy("I have it decided"),
    DeadlineKind.RELEASE: gettext_lazy("I have the stopped work looked at"),
    DeadlineKind.ACKNOWLEDGE: gettext_lazy("I have note taken of it"),
    DeadlineKind.VISIT: gettext_lazy("I have it inspected"),
    DeadlineKind.EXCUSE: gettext_lazy("I have it decided"),
    DeadlineKind.REPLY: gettext_lazy("I have it replied to"),
    DeadlineKind.NOTICE: gettext_lazy("I have the notice served"),
    DeadlineKind.RECEIPT: gettext_lazy("I have the notice signed for"),
    DeadlineKind.APPEAL: gettext_lazy("I have the appeal decided"),
    DeadlineKind.PROPOSAL: gettext_lazy("I have the proposal decided"),
    DeadlineKind.DUTY: gettext_lazy("I have the duty seen to"),
    DeadlineKind.PROOF: gettext_lazy("I have the proof checked"),
    DeadlineKind.PLAN: gettext_lazy("I have the plan written"),
    DeadlineKind.APPROVE: gettext_lazy("I have the plan decided"),
    DeadlineKind.PROGRESS: gettext_lazy("I have the progress reported"),
    DeadlineKind.OUTSIDE: gettext_lazy("I have it reported"),
    DeadlineKind.PLACES: gettext_lazy("I have the places checked"),
    DeadlineKind.ACCEPTANCE: gettext_lazy("I have it looked at again"),
}
#: What is late, as the subject of a sentence.
LATE_THINGS: dict[str, Text] = {
    DeadlineKind.FIX: gettext_lazy("The fix"),
    DeadlineKind.VERIFY: gettext_lazy("The check of the fix"),
    DeadlineKind.ASSESS: gettext_lazy("The assessment"),
    DeadlineKind.DECIDE: gettext_lazy("The decision"),
    DeadlineKind.RELEASE: gettext_lazy("The release of the stopped work"),
    DeadlineKind.ACKNOWLEDGE: gettext_lazy("Taking note"),
    DeadlineKind.VISIT: gettext_lazy("The inspection"),
    DeadlineKind.EXCUSE: gettext_lazy("The decision on the excuse"),
    DeadlineKind.REPLY: gettext_lazy("The reply"),
    DeadlineKind.PLAN: gettext_lazy("The treatment plan"),
    DeadlineKind.APPROVE: gettext_lazy("The decision on the treatment plan"),
    DeadlineKind.PROGRESS: gettext_lazy("The progress report"),
    DeadlineKind.OUTSIDE: gettext_lazy("The report outside"),
    DeadlineKind.PLACES: gettext_lazy("The check of other places"),
    DeadlineKind.ACCEPTANCE: gettext_lazy("The end of the acceptance"),
    DeadlineKind.ANSWER: gettext_lazy("The answer"),
    DeadlineKind.NOTICE: gettext_lazy("The penalty notice"),
    DeadlineKind.RECEIPT: gettext_lazy("The signature under the notice"),
    DeadlineKind.APPEAL: gettext_lazy("The decision about the appeal"),
    DeadlineKind.PROPOSAL: gettext_lazy("The decision about the proposal"),
    DeadlineKind.DUTY: gettext_lazy("The duty after points"),
    DeadlineKind.PROOF: gettext_lazy("The check of the proof"),
}
#: Nothing is to be seen on the spot about these: they are done at a desk.
AT_A_DESK = (
    DeadlineKind.DECIDE,
    DeadlineKind.ACKNOWLEDGE,
    DeadlineKind.EXCUSE,
    DeadlineKind.REPLY,
    DeadlineKind.NOTICE,
    DeadlineKind.RECEIPT,
    DeadlineKind.APPEAL,
    DeadlineKind.PROPOSAL,
    DeadlineKind.PROOF,
    DeadlineKind.PLAN,
    DeadlineKind.APPROVE,
    DeadlineKind.OUTSIDE,
)


def answer_icon(answer: str, kind: str) -> str:
    return "check2-square" if answer == AnswerKind.FIX and kind != DeadlineKind.FIX else ANSWER_ICONS[AnswerKind(answer)]


def answer_label(answer: str, kind: str) -> Text:
    """The words of an answer about what is owed in a deadline of this kind."""
    if answer == AnswerKind.FIX:
        return SEES_TO_IT.get(kind, AnswerKind.FIX.label)
    return AnswerKind(answer).label if answer in AnswerKind.values else answer


def late_thing(kind: str) -> str:
    return str(LATE_THINGS.get(kind, _("It")))
