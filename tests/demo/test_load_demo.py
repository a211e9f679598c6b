"""The demo data as the command loads it: whole, believable, and quiet."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from inspections.choices import AppealDecision, DutyStatus, HazardStatus, InspectionStatus, ViolationStatus
from inspections.models import Duty, Hazard, HazardDelta, Inspection, Penalty, PlaceCheck, PlannedVisit, PointsEntry, Violation
from inspections.services.bans import gate_list
from inspections.services.replay import replay_points
from responsibilities.choices import ActionStatus, ExtensionStatus, RoleCode
from responsibilities.models import Appointment, CorrectiveAction, Deadline, Escalation, ExtensionRequest, Person, Place, Unit
from safetyplant.attachments.models import Attachment
from safetyplant.audit.chain import verify_chain
from safetyplant.demo.organisation import account_keys
from safetyplant.demo.pictures import SCENES
from safetyplant.notifications.models import Delivery, Message

ACCOUNTS = ["director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def english(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """Loaded once by the command, for all tests of this module that only read; undone after them."""
    with django_db_blocker.unblock():
        undo = transaction.atomic()
        undo.__enter__()
        out = StringIO()
        call_command("load_demo", stdout=out)
        yield json.loads(out.getvalue().splitlines()[-1])
        transaction.set_rollback(True)
        undo.__exit__(None, None, None)


def test_load_gives_a_branch_with_its_three_months(english: dict[str, int], db: None) -> None:
    assert english["units"] == Unit.objects.count() == 15
    assert 170 <= english["people"] <= 200
    assert Place.objects.filter(kind="well").count() >= 110
    assert 145 <= english["inspections"] <= 195
    assert 240 <= english["hazards"] <= 300
    assert 30 <= english["violations"] <= 40
    assert Person.objects.filter(email="").count() > 60


def test_load_has_every_state(english: dict[str, int], db: None) -> None:
    assert set(Hazard.objects.values_list("status", flat=True)) == set(HazardStatus.values)
    assert set(CorrectiveAction.objects.values_list("status", flat=True)) == set(ActionStatus.values)
    assert set(Inspection.objects.values_list("status", flat=True)) == set(InspectionStatus.values)
    assert set(CorrectiveAction.objects.exclude(waiting_for="").values_list("waiting_for", flat=True)) == {
        "parts",
        "shutdown",
        "money",
    }
    decided = {ExtensionStatus.ASKED, ExtensionStatus.GRANTED, ExtensionStatus.REFUSED}
    assert decided <= set(ExtensionRequest.objects.values_list("status", flat=True))


@pytest.mark.parametrize(
    "wanted",
    [
        {"possibly_major": True, "status": "assigned"},
        {"level": "M", "status": "waiting"},
        {"treatments__status": "approved", "status": "in_progress", "treatments__outside_reports__recorded_at__isnull": False},
        {"treatments__progress__missed_at__isnull": False},
        {"treatments__status": "lifted", "status": "closed"},
        {"fixed_on_spot": True, "status": "closed"},
        {"stopped_at__isnull": False, "released_at__isnull": True},
        {"stopped_at__isnull": False, "released_at__isnull": False, "status": "closed"},
        {"repeat_of__isnull": False},
        {"accepted_until__isnull": False, "action__deadline__status": "paused"},
        {"immediate_danger": True, "status": "reported"},
        {"action__returned_count__gt": 0, "status": "closed"},
    ],
    ids=" ".join,
)
def test_load_has_what_pages_show(english: dict[str, int], db: None, wanted: dict[str, Any]) -> None:
    assert Hazard.objects.filter(**wanted).exists()


def test_plans_have_visits_of_every_kind(english: dict[str, int], db: None) -> None:
    states = set(PlannedVisit.objects.values_list("status", flat=True))
    assert {"planned", "done", "missed", "excused"} <= states
    assert PlannedVisit.objects.filter(owner__username="supervisor", status="planned", deadline__status="open").exists()


def test_each_level_of_escalation_is_reached_today(english: dict[str, int], db: None) -> None:
    asked = Escalation.objects.waiting().select_related("addressee")
    assert {"head", "leader", "director"} <= {escalation.addressee.username for escalation in asked}
    late = Deadline.objects.open().filter(due_at__lt=timezone.now(), kind="fix")
    assert {"head", "head2"} <= set(late.values_list("owner__username", flat=True))
    assert Escalation.objects.filter(answered_at__isnull=False).exists()
    told = set(Message.objects.filter(code__startswith="deadline.").values_list("recipient__username", flat=True))
    assert {"director", "leader", "officer", "head", "head2"} <= told


def test_nothing_is_left_to_sweep_seal_or_send(english: dict[str, int], db: None) -> None:
    verdict = verify_chain()
    assert (verdict.ok, verdict.pending) == (True, 0)
    assert verdict.sealed == verdict.events > 1500
    assert not HazardDelta.objects.exists()
    assert not Delivery.objects.filter(state__in=["queued", "held", "sending"]).exists()
    assert not Deadline.objects.due_for_sweep(timezone.now()).filter(next_step_at__lt=Hazard.objects.latest("pk").reported_at)


def test_what_happened_is_told_on_its_own_day(english: dict[str, int], db: None) -> None:
    days = {timezone.localdate(moment) for moment in Message.objects.values_list("created_at", flat=True)}
    assert len(days) > 80
    first_number = Hazard.objects.order_by("pk").first()
    assert first_number is not None
    assert not Hazard.objects.filter(found_at__gt=timezone.now()).exists()
    assert not Hazard.objects.filter(closed_at__gt=timezone.now()).exists()


def test_photos_are_evidence_and_share_their_files(english: dict[str, int], db: None) -> None:
    assert not Attachment.objects.filter(set=None).exists()
    assert set(Attachment.objects.values_list("purpose", flat=True)) >= {"before", "after"}
    # Each scene is drawn at most twice, broken and put right, however many records show it.
    assert Attachment.objects.values("sha256").distinct().count() <= 2 * len(SCENES) < Attachment.objects.count()


def test_penalties_stand_at_every_step(english: dict[str, int], db: None) -> None:
    assert set(Violation.objects.values_list("status", flat=True)) == set(ViolationStatus.values)
    decided = set(Penalty.objects.exclude(decision="").values_list("decision", flat=True))
    assert decided == set(AppealDecision.values)
    assert set(Penalty.objects.values_list("receipt", flat=True)) >= {"signed", "paper", "refused"}
    assert PointsEntry.objects.exists()
    assert Duty.objects.filter(status=DutyStatus.VERIFIED).exists()


def test_the_gate_has_someone_on_its_list_and_the_accounts_are_true(english: dict[str, int], db: None) -> None:
    assert [line.unit for line in gate_list(timezone.localdate())] == ["Dingxin Anticorrosion"]
    assert replay_points().differences == []


def test_gaps_are_there_on_purpose(english: dict[str, int], db: None) -> None:
    today = timezone.localdate()
    headed = set(Appointment.objects.covering(today).filter(role=RoleCode.UNIT_HEAD).values_list("unit__code", flat=True))
    assert set(Unit.objects.exclude(code__in=headed).values_list("code", flat=True)) == {"BH", "MS7", "DX"}
    assert Appointment.objects.covering(today).filter(role=RoleCode.DEPUTY).count() == 1
    assert Appointment.objects.covering(today).filter(role=RoleCode.LEADER).count() == 1


def test_violations_cite_the_branch_s_own_rules(english: dict[str, int], db: None) -> None:
    cited = Violation.objects.filter(clause__isnull=False)
    assert cited.values("clause__version__document").distinct().count() == 3
    assert Violation.objects.filter(person__username="worker").exists()
    assert Violation.objects.filter(person=None, unit__kind="contractor").exists()


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_account_signs_in_with_the_demo_password(
    english: dict[str, int], db: None, client: Client, settings: Any, account: str
) -> None:
    answer = client.post("/login/", {"username": account, "password": settings.DEMO_PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert Message.objects.filter(recipient__username=account, read_at=None).count() >= 1


def test_the_accounts_are_those_of_the_contract(english: dict[str, int], db: None) -> None:
    assert account_keys() == ACCOUNTS
    assert set(Person.objects.filter(is_demo=True).values_list("username", flat=True)) == set(ACCOUNTS)


def test_loading_again_changes_nothing(english: dict[str, int], db: None) -> None:
    out = StringIO()
    call_command("load_demo", "--language", "zh-hans", stdout=out)
    assert set(json.loads(out.getvalue().splitlines()[-1]).values()) == {0}
    assert Unit.objects.count() == 15


def test_a_check_of_similar_places_is_half_answered(english: dict[str, int]) -> None:
    check = PlaceCheck.objects.with_counts().get()
    assert (check.status, check.total, check.found, check.na) == ("open", 30, 2, 1)
    assert 10 <= check.waiting <= 20
    assert check.answers.waiting().filter(share__deadline__owner__username="head").exists()
