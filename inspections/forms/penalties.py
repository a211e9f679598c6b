"""What is asked at each step of a penalty: the terms of a notice, its receipt, an appeal, a decision, a duty."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inspections.choices import AppealDecision
from inspections.forms.fields import PersonField, people_of
from inspections.models import Duty, SiteBan, Violation
from inspections.services.penalties import Reckoned
from inspections.workflows.appeals import Decision
from inspections.workflows.bans import BanDecision, BanTerms
from inspections.workflows.penalties import Terms
from responsibilities.forms.widgets import day_field, long_text, revision_field, side_by_side
from responsibilities.models import Person
from safetyplant.attachments.forms import PhotosField
from safetyplant.formats.days import day_text


def fine_field(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=9, decimal_places=2, **options)


class PenaltyActForm(forms.Form):
    """`revision` is the state its reader saw: an act on an older one is refused, its text kept."""

    revision = revision_field()

    def __init__(self, *args: Any, record: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.user = record, user
        self.fields["revision"].initial = record.revision
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the record and its reader."""


class ServeForm(PenaltyActForm):
    points = forms.IntegerField(label=_("Points"), min_value=0, max_value=99)
    fine = fine_field(_("Pay deduction"), help_text=_("In yuan. Empty: none."))
    measures = long_text(
        _("Measures"), required=False, help_text=_("What else follows, in words the person reads in the notice.")
    )
    reason = long_text(_("Why other points than proposed?"), required=False, help_text=_("The person reads it in the notice."))

    def prepare(self) -> None:
        """`reckoned` comes with the record: what the rule proposes today."""
        violation: Violation = self.record
        reckoned: Reckoned = violation.reckoned  # type: ignore[attr-defined]
        kind = violation.violation_type
        self.fields["points"].initial = reckoned.points if kind is not None else violation.proposed_points
        self.fields["measures"].initial = kind.measures_text if kind is not None else ""
        if reckoned.rule.pay_deduction:
            self.fields["fine"].initial = kind.fine if kind is not None else None
        else:
            del self.fields["fine"]

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(data["points"], data.get("fine"), data["measures"], data["reason"])


class SignForm(PenaltyActForm):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Signing says that you have read it. It does not say that you agree."),
    )


class PaperForm(PenaltyActForm):
    photos = PhotosField(label=_("Picture of the signed notice"), required=False)

    def prepare(self) -> None:
        self.fields["photos"].by = self.user  # type: ignore[attr-defined]


class RefusalForm(PenaltyActForm):
    witness = PersonField(
        label=_("Who saw it?"),
        help_text=_(
            "A second person who was there. They are asked to confirm it themself, and learn nothing else of the record."
        ),
    )

    def prepare(self) -> None:
        path = self.user.unit.path if self.user.unit else ""
        chosen = [self.data.get("witness", "")] if self.is_bound else []
        self.fields["witness"].offer(self.user, people_of(self.user, path), chosen=chosen)  # type: ignore[attr-defined]


class ConfirmForm(PenaltyActForm):
    """Nothing to fill in: the page says what is confirmed."""


class AppealForm(PenaltyActForm):
    text = long_text(
        _("Why do you disagree?"),
        help_text=_("It is decided by someone who neither recorded nor proposed it. The points can never become more."),
        error_messages={"required": _("Say why you disagree")},
    )


class DecideForm(PenaltyActForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (AppealDecision.UPHOLD.value, _("Uphold")),
            (AppealDecision.REDUCE.value, _("Reduce")),
            (AppealDecision.WITHDRAW.value, _("Withdraw")),
        ],
        widget=side_by_side([]),
        error_messages={"required": _("Choose what becomes of it")},
    )
    points = forms.IntegerField(label=_("Points left, if reduced"), min_value=0, max_value=99, required=False)
    fine = fine_field(_("Pay deduction left, if reduced"))
    reason = long_text(_("Reasons"), help_text=_("The person reads them."), error_messages={"required": _("Give the reasons")})

    def prepare(self) -> None:
        if self.record.penalty.fine is None:
            del self.fields["fine"]

    def outcome(self) -> Decision:
        data = self.cleaned_data
        return Decision(data["decision"], data["reason"], data["points"], data.get("fine"))


class ReasonForm(PenaltyActForm):
    reason = long_text(_("Why?"), error_messages={"required": _("Say why")})


#: What a form proposes; the rule says how long it may last at most.
USUAL_BAN = timedelta(days=29)


class BanForm(PenaltyActForm):
    starts_on = day_field(label=_("From"), error_messages={"required": _("Choose the first day")})
    ends_on = day_field(
        label=_("Through"),
        help_text=_("The last day of the ban. It ends by itself."),
        error_messages={"required": _("Choose the last day")},
    )
    reason = long_text(
        _("Reason"),
        help_text=_(
            "The person and the head of the contractor read it. The gate reads the name, the unit and the last day alone."
        ),
        error_messages={"required": _("Give the reason")},
    )

    def prepare(self) -> None:
        today = timezone.localdate()
        self.fields["starts_on"].initial, self.fields["ends_on"].initial = today, today + USUAL_BAN

    def terms(self) -> BanTerms:
        data = self.cleaned_data
        return BanTerms(data["starts_on"], data["ends_on"], data["reason"])


class BanAppealForm(PenaltyActForm):
    text = long_text(
        _("Why do you disagree?"),
        help_text=_("It is decided by someone who had no part in it. The ban can never become longer, and holds until then."),
        error_messages={"required": _("Say why you disagree")},
    )


class BanDecideForm(PenaltyActForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (AppealDecision.UPHOLD.value, _("Uphold")),
            (AppealDecision.REDUCE.value, _("Shorten")),
            (AppealDecision.WITHDRAW.value, _("Withdraw")),
        ],
        widget=side_by_side([]),
        error_messages={"required": _("Choose what becomes of it")},
    )
    ends_on = day_field(label=_("Last day, if shortened"), required=False)
    reason = long_text(_("Reasons"), help_text=_("The person reads them."), error_messages={"required": _("Give the reasons")})

    def prepare(self) -> None:
        ban: SiteBan = self.record
        self.fields["ends_on"].help_text = gettext("Before %(day)s.") % {"day": day_text(ban.ends_on)}

    def outcome(self) -> BanDecision:
        data = self.cleaned_data
        return BanDecision(data["decision"], data["reason"], data["ends_on"])


class DutyDoneForm(PenaltyActForm):
    note = long_text(_("What was done?"), error_messages={"required": _("Say what was done")})
    photos = PhotosField(label=_("Proof"), required=False, help_text=_("Signed record, attendance sheet or result."))

    def prepare(self) -> None:
        duty: Duty = self.record
        self.fields["photos"].by = self.user  # type: ignore[attr-defined]
        if self.is_bound:
            return
        self.fields["note"].initial = duty.note


class ProposalReasonForm(forms.Form):
    """A proposal has one step and no revision: who comes second finds it decided."""

    reason = long_text(_("Why does nothing follow?"), error_messages={"required": _("Say why nothing follows")})
