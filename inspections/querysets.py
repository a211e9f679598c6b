"""Which inspections, hazards and violations exist for whom, and the questions asked of them."""

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self, cast

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from inspections.choices import LISTED, OPEN_HAZARD, OPEN_VISIT
from responsibilities.models import CorrectiveAction, Deadline
from responsibilities.querysets import visible_by_unit
from responsibilities.roles import Right
from responsibilities.services.deadlines import MissingTerm

if TYPE_CHECKING:
    from inspections.models import Hazard, PenaltyRule
    from responsibilities.models import Person

#: The same danger at the same place within a quarter counts as repeated.
REPEAT_DAYS = timedelta(days=90)


class OneOf(models.Func):
    """`action_id = ANY(ARRAY(…))`: read once beforehand, so that even among other conditions the column's index serves."""

    arg_joiner, template = " = ANY(", "%(expressions)s)"
    output_field = models.BooleanField()


class PublicReportQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """SECURITY: how to reach someone who wanted no account: for those who assess the hazard alone."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(hazard__unit__in=user.standing.unit_ids(Right.ASSESS_HAZARD))


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, and one's own; a draft exists for its writer alone."""
        if not user.is_authenticated:
            return self.none()
        return visible_by_unit(self, user, Q(created_by=user)).exclude(~Q(created_by=user), status="draft")

    def submitted(self) -> Self:
        return self.exclude(status="draft")


class HazardQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see or that fix them, those one reported, and those one has to deal with."""
        if not user.is_authenticated:
            return self.none()
        # Asked first: whoever sees everything needs no conditions, and what they would cost to make.
        own = Q() if user.standing.everywhere(Right.VIEW_RECORDS) else reduce(or_, self.own_conditions(user))
        return visible_by_unit(self, user, own)

    def own_conditions(self, user: "Person") -> tuple[Q, ...]:
        """One's own rows, those one verifies, and those of other units which one's units lead or help to fix.

        Each with an index of its own.
        """
        # Ids rather than a subquery: with them each condition finds its index.
        units = user.standing.unit_ids(Right.VIEW_RECORDS)
        helped = CorrectiveAction.assisting_units.through.objects.filter(unit_id__in=units).values("correctiveaction_id")
        helping = Q(OneOf("action_id", ArraySubquery(helped)))
        treatments = self.model._meta.get_field("treatments").related_model.objects.filter(Q(checker=user) | Q(expert=user))
        verifying = Q(OneOf("pk", ArraySubquery(treatments.values("hazard_id"))))
        return Q(reported_by=user), Q(holder=user), Q(fixer=user), Q(lead_unit__in=units), helping, verifying

    def open(self) -> Self:
        return self.filter(status__in=OPEN_HAZARD)

    def late(self, now: datetime) -> Self:
        """Open past what is owed now; a fix that waits for its check is late only when the check is."""
        return self.open().filter(due_at__lt=now)

    def repeated_by(self, hazard: "Hazard") -> Self:
        """Earlier hazards of the same category at the same place within `REPEAT_DAYS`, the latest first."""
        if hazard.place_id is None or hazard.category_id is None:
            return self.none()
        since = hazard.found_at - REPEAT_DAYS
        same = self.filter(place=hazard.place_id, category=hazard.category_id, found_at__gte=since, found_at__lte=hazard.found_at)
        return same.exclude(pk=hazard.pk).exclude(status="cancelled").order_by("-found_at")


class AcceptanceQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the hazards one sees."""
        hazards = self.model._meta.get_field("hazard").related_model.objects
        return self.filter(hazard__in=hazards.visible_to(user).values("pk"))

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def over(self, now: datetime) -> Self:
        """Standing past their date: what the sweep ends."""
        return self.standing().filter(ends_at__lte=now)


class SightingQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the hazards one sees."""
        hazards = self.model._meta.get_field("hazard").related_model.objects
        return self.filter(hazard__in=hazards.visible_to(user).values("pk"))


class MajorTreatmentQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the hazards one sees. What the board shows of the listed ones, everyone reads (`listed`)."""
        hazards = self.model._meta.get_field("hazard").related_model.objects
        return self.filter(hazard__in=hazards.visible_to(user).values("pk"))

    def living(self) -> Self:
        """All but what turned out not to be major: at most one of each hazard."""
        return self.exclude(status="dropped")

    def listed(self) -> Self:
        """Under supervision now. SECURITY: read by everyone signed in, but only what the board says of each."""
        return self.filter(status__in=LISTED)


class PlaceCheckQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those about hazards of the units whose records one may see, those that ask such a unit or oneself, those one sent."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.standing.everywhere(Right.VIEW_RECORDS):
            return self
        units = user.standing.unit_ids(Right.VIEW_RECORDS)
        # Subqueries rather than joins: a check of many places stays one row.
        answers = self.model._meta.get_field("answers").related_model.objects.filter(unit__in=units).values("place_check_id")
        shares = self.model._meta.get_field("shares").related_model.objects.filter(deadline__owner=user).values("place_check_id")
        return self.filter(Q(unit__in=units) | Q(sent_by=user) | Q(pk__in=answers) | Q(pk__in=shares))

    def open(self) -> Self:
        return self.filter(status="open")

    def with_counts(self, user: "Person | None" = None) -> Self:
        """`total`, `fine`, `found`, `na` and `waiting`: how many places were answered how; with a reader of those they see.

        None where there are none of a kind.
        """
        answers = self.model._meta.get_field("answers").related_model.objects
        seen = answers.all() if user is None else answers.visible_to(user)
        of_check = seen.filter(place_check=models.OuterRef("pk")).order_by()
        counts = {
            name: _counted(of_check if answer is None else of_check.filter(answer=answer))
            for name, answer in (("total", None), ("fine", "fine"), ("found", "found"), ("na", "na"), ("waiting", ""))
        }
        return self.annotate(**counts)


def _counted(rows: models.QuerySet) -> models.Subquery:
    return models.Subquery(
        rows.values("place_check").annotate(n=models.Count("pk")).values("n")[:1], output_field=models.IntegerField()
    )


class PlaceAnswerQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, those one owes, and all of the checks one sent."""
        own = Q(place_check__sent_by=user) | Q(share__deadline__owner=user)
        return visible_by_unit(self, user, own)

    def waiting(self) -> Self:
        return self.filter(answer="")


class ViolationQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """SECURITY: personal data. Those who may see persons of the unit, the recorder, the person concerned, whoever must act.

        The last are named in its own deadlines: who serves the notice, who decides the appeal.
        """
        if not user.is_authenticated:
            return self.none()
        own = reduce(or_, self.own_conditions(user))
        return visible_by_unit(self, user, own, right=Right.VIEW_PERSONAL)

    def own_conditions(self, user: "Person") -> tuple[Q, ...]:
        """One's own rows, each found by an index."""
        asked = Deadline.objects.filter(owner=user, status="open", kind__in=["notice", "appeal"]).values("pk")
        penalties = apps.get_model("inspections", "Penalty").objects.filter(appeal_deadline__in=asked).values("pk")
        return Q(recorded_by=user), Q(person=user), Q(pk__in=penalties), Q(notice_deadline__in=asked)

    def to_be_witnessed_by(self, user: "Person") -> Self:
        """Those whose refused notice this person is asked to have seen; they learn no more of it than that."""
        return self.filter(penalty__witness=user, penalty__receipt="refused", penalty__received_at=None)


class InspectionPlanQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, those that visit such a unit, and those one inspects by."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.standing.everywhere(Right.VIEW_RECORDS):
            return self
        units = user.standing.unit_ids(Right.VIEW_RECORDS)
        # Subqueries rather than joins: a plan with many targets stays one row.
        targets = self.model._meta.get_field("targets").related_model.objects.filter(unit__in=units).values("plan_id")
        mine = (
            self.model._meta.get_field("inspectors")
            .remote_field.through.objects.filter(person_id=user.pk)
            .values("inspectionplan_id")
        )
        return self.filter(Q(unit__in=units) | Q(pk__in=targets) | Q(pk__in=mine))

    def in_force(self) -> Self:
        return self.filter(ended_at__isnull=True)


class PlannedVisitQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, and those one owes or may make."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.standing.everywhere(Right.VIEW_RECORDS):
            return self
        return visible_by_unit(self, user, Q(owner=user) | self.shared_with(user))

    def of_person(self, user: "Person") -> Self:
        """What this person owes, and the any-one visits of plans they inspect by."""
        return self.filter(Q(owner=user) | self.shared_with(user))

    def shared_with(self, user: "Person") -> Q:
        """Any-one visits of the plans they inspect by."""
        plans = self.model._meta.get_field("plan").related_model.inspectors.through.objects.filter(person_id=user.pk)
        return Q(person__isnull=True, plan__in=plans.values("inspectionplan_id"))

    def open(self) -> Self:
        return self.filter(status__in=OPEN_VISIT)

    def living(self) -> Self:
        """All but what was taken back."""
        return self.exclude(status="cancelled")


class ViolationTypeQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        """Of each code the row of that day, withdrawn ones left out."""
        begun = self.filter(valid_from__lte=on)
        newest = begun.order_by("code", "-valid_from").distinct("code").values("pk")
        return self.filter(pk__in=newest, is_active=True).order_by("code")


class PenaltyRuleQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "PenaltyRule":
        """The rule of a day. MissingTerm when the catalogue has not been loaded."""
        rule = self.filter(valid_from__lte=on).order_by("-valid_from", "-edition").first()
        if rule is None:
            raise MissingTerm(f"No penalty rule on {on}: run manage.py load_catalogue.")
        return cast("PenaltyRule", rule)


class PenaltyQuerySet(models.QuerySet):
    def window_over(self, now: datetime) -> Self:
        """Nobody appealed in time."""
        return self.filter(final_at=None, appealed_at=None, appeal_until__lt=now)


class PointsEntryQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """One's own, and those of people whose records one may see."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return visible_by_unit(self, user, Q(person=user), unit_field="person__unit", right=Right.VIEW_PERSONAL)

    def balance(self, person_id: int, year: int) -> int:
        """The sum of a person's year; never below zero, also when a charge is taken back after points were taken off."""
        return max(self.filter(person=person_id, year=year).aggregate(sum=models.Sum("points"))["sum"] or 0, 0)


class DutyQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """The person, those who may see persons of the unit, and whoever has to see to it or to check it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owed = Deadline.objects.filter(owner=user, kind__in=["duty", "proof"]).values("pk")
        own = Q(person=user) | Q(deadline__in=owed) | Q(check_deadline__in=owed)
        return visible_by_unit(self, user, own, right=Right.VIEW_PERSONAL)

    def open(self) -> Self:
        return self.filter(status__in=["open", "done"])


class SiteBanQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """The person, those who may see persons of the contractor, who imposed it, and whoever decides the appeal.

        SECURITY: the gate reads no more of them than `services.bans.gate_list` says.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        asked = Deadline.objects.filter(owner=user, status="open", kind="appeal").values("pk")
        own = Q(person=user) | Q(imposed_by=user) | Q(appeal_deadline__in=asked)
        return visible_by_unit(self, user, own, right=Right.VIEW_PERSONAL)

    def on(self, day: date) -> Self:
        """In force on that day."""
        return self.filter(lifted_at=None, starts_on__lte=day, ends_on__gte=day)


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those who may serve penalties in the unit, and whoever has to decide it; never the person it is about.

        SECURITY: a proposal is nobody's record yet.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return visible_by_unit(self, user, Q(deadline__owner=user), right=Right.SERVE_PENALTY).exclude(person=user)


class RecordViewQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Who looked is told to the person alone."""
        return self.filter(person=user) if user.is_authenticated else self.none()
