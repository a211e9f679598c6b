"""Who holds which role, for which unit, in which days; and the frozen chain that records carry."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets
from responsibilities.choices import SINGLE_HOLDER_ROLES, LeaderField, RoleCode


class DateSpan(Func):
    """A daterange from two date columns, both days inside; an open end has no through day."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Appointment(models.Model):
    """A person holds a role for a unit from a day through a day (`ends_on` empty: until further notice).

    A deputy's appointment names the appointment it stands in for (`deputy_of`) and the days of acting; on those days the
    chain shows the deputy in the holder's place. One holder at a time of director, leader in charge and unit head per
    unit, and one deputy at a time of an appointment, are guarded by exclusion constraints, not by the form.
    """

    person = models.ForeignKey("responsibilities.Person", models.PROTECT, related_name="appointments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=RoleCode)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="appointments", verbose_name=_("unit"))
    field = models.CharField(_("field"), max_length=12, choices=LeaderField, blank=True)
    deputy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("deputy of")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("through"), null=True, blank=True)
    #: When, after its last day, what had come to the person by it went to those who answer now.
    handed_over_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("responsibilities.Person", models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["unit_id", "role", "starts_on"]
        indexes = [
            models.Index(fields=["unit", "role"], name="appointment_unit_role"),
            models.Index(fields=["person", "starts_on"], name="appointment_person"),
            # Read by every sweep: it finds what ended since the last one, whatever the number of those long over.
            models.Index(fields=["ends_on"], name="appointment_to_hand_over", condition=Q(handed_over_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(role=RoleCode.FIELD_LEADER, field__gt="") | (~Q(role=RoleCode.FIELD_LEADER) & Q(field="")),
                name="appointment_field_of_field_leader",
            ),
            models.CheckConstraint(
                condition=Q(role=RoleCode.DEPUTY, deputy_of__isnull=False)
                | (~Q(role=RoleCode.DEPUTY) & Q(deputy_of__isnull=True)),
                name="appointment_deputy_of_someone",
            ),
            ExclusionConstraint(
                name="appointment_one_holder",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateSpan(F("starts_on"), F("ends_on"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=[role.value for role in SINGLE_HOLDER_ROLES]),
                violation_error_message=_(
                    "Someone else holds this role for this unit in these days. End that appointment first."
                ),
            ),
            ExclusionConstraint(
                name="appointment_one_field_leader",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("field", RangeOperators.EQUAL),
                    (DateSpan(F("starts_on"), F("ends_on"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=RoleCode.FIELD_LEADER),
                violation_error_message=_("Another field leader answers for this field in these days."),
            ),
            # The chain shows one person in the holder's place: two would leave open which of them answers.
            ExclusionConstraint(
                name="appointment_one_deputy",
                expressions=[
                    ("deputy_of", RangeOperators.EQUAL),
                    (DateSpan(F("starts_on"), F("ends_on"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=RoleCode.DEPUTY),
                violation_error_message=_("Another deputy stands in for this appointment in these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.unit_id}: {self.person_id}"


class ChainSnapshot(models.Model):
    """Who held each link of a unit's chain on a day, frozen for the records made under it.

    `links` is a list of {"role", "unit_id", "person_id", "acting_for_id"}, nearest first. Records share a row while the
    chain stays the same: `digest` is the SHA-256 of the canonical links. Never changed after it is made.
    """

    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    links = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.ChainSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain snapshot")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.digest[:8]}"
