"""Points off for verified reports, and accounts reckoned anew from the records."""

import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inspections.choices import EntryKind
from inspections.models import Hazard, PenaltyRule, PointsEntry
from inspections.services.penalty_rules import RULE_FIELDS, change_rule
from inspections.services.replay import repair_points, replay_points
from inspections.workflows import take_back_points
from responsibilities.workflows import submit_fix, verify_fix
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned
from tests.factories.penalties import made_final
from tests.factories.responsibilities import PersonFactory

pytestmark = pytest.mark.usefixtures("catalogue", "people")
YEAR = timezone.localdate().year


@pytest.fixture
def from_g2(officer):
    """Major ones need two more hands; the rule may say another level, so these tests say a lower one."""
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    values = {name: getattr(rule, name) for name in RULE_FIELDS} | {"credit_level": "G2"}
    return change_rule(values, [], valid_from=timezone.localdate(), by=officer)


def closed(unit, reporter, officer, head, leader, *, level="G2"):
    """Fixed by the head, checked by the officer or, for serious ones, by the leader."""
    hazard = assigned(unit, reporter, assessor=officer, level=level)
    submit_fix(hazard.action, by=head, note="Welded")
    verify_fix(hazard.action, by=leader)
    return Hazard.objects.get(pk=hazard.pk)


def balance(person):
    return PointsEntry.objects.balance(person.pk, YEAR)


def replayed(*arguments):
    """The lines of the command, and its exit status."""
    out = StringIO()
    try:
        call_command("replay_points", *arguments, stdout=out)
    except SystemExit as stopped:
        status = stopped.code
    else:
        status = 0
    return [json.loads(line) for line in out.getvalue().splitlines()], status


# --- credits --------------------------------------------------------------------------------------------------------------


def test_a_verified_report_takes_points_off_once_and_tells_its_reporter(
    from_g2, station, supervisor, officer, leader, head, worker
):
    made_final(station, supervisor, officer, worker)
    hazard = closed(station, worker, officer, head, leader)
    entry = PointsEntry.objects.get(hazard=hazard)
    assert (entry.kind, entry.points, balance(worker)) == (EntryKind.CREDIT, -2, 2)
    assert Message.objects.filter(code="points.credited", recipient=worker).count() == 1
    assert replay_points().differences == []
    with pytest.raises(IntegrityError, match="points_entry_credited_once"), transaction.atomic():
        PointsEntry.objects.create(
            person=worker, year=YEAR, kind=EntryKind.CREDIT, points=-2, hazard=hazard, rule=entry.rule, factor=1,
            created_at=timezone.now(),
        )  # fmt: skip


def test_an_account_never_falls_below_zero_and_saves_nothing_up(from_g2, station, supervisor, officer, leader, head, worker):
    closed(station, worker, officer, head, leader)
    assert (balance(worker), PointsEntry.objects.get().points) == (0, 0)
    assert not Message.objects.filter(code="points.credited").exists()
    charged = made_final(station, supervisor, officer, worker, code="VO19")
    assert balance(worker) == 2
    closed(station, worker, officer, head, leader)
    take_back_points(charged, by=leader, reason="Another person")
    assert balance(worker) == 0
    assert replay_points().differences == []


def test_no_credit_below_the_level_nor_for_what_one_fixes_or_checks_oneself(
    from_g2, station, officer, leader, head, worker, supervisor
):
    closed(station, worker, officer, head, leader, level="G3")
    closed(station, head, officer, head, leader)
    closed(station, leader, officer, head, officer)
    assert PointsEntry.objects.count() == 1
    assert PointsEntry.objects.get().person == leader


def test_the_shipped_rule_counts_major_hazards_alone(station, officer, leader, head, worker):
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    assert (rule.credit_points, rule.credit_level) == (2, "M")
    closed(station, worker, officer, head, leader, level="G1")
    assert not PointsEntry.objects.exists()


def test_the_database_knows_whose_report_it_was(from_g2, station, supervisor, officer, leader, head, worker):
    hazard = closed(station, worker, officer, head, leader)
    reported = assigned(station, supervisor, assessor=officer)
    for one, person in ((hazard, supervisor), (reported, supervisor)):
        with pytest.raises(IntegrityError, match="points_entry"), transaction.atomic():
            PointsEntry.objects.create(
                person=person, year=YEAR, kind=EntryKind.CREDIT, points=-2, hazard=one, rule=from_g2, factor=1,
                created_at=timezone.now(),
            )  # fmt: skip


# --- replay ---------------------------------------------------------------------------------------------------------------


def break_rows(sql, *values):
    """As someone with the keys of the database could: past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inspections_pointsentry DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE inspections_pointsentry ENABLE TRIGGER USER")


def test_a_replay_of_true_accounts_finds_nothing(from_g2, station, supervisor, officer, leader, head, worker, worker2):
    taken = made_final(station, supervisor, officer, worker, code="VO10")
    made_final(station, supervisor, officer, worker, code="VO10")
    take_back_points(taken, by=leader, reason="Another person")
    closed(station, worker, officer, head, leader)
    assert replayed() == ([{"entries": 4, "differences": 0}], 0)


def test_one_changed_row_is_found_said_and_mended_with_a_reason(station, supervisor, officer, worker):
    violation = made_final(station, supervisor, officer, worker, code="VO10")
    break_rows("UPDATE inspections_pointsentry SET points = 1 WHERE violation_id = %s", violation.pk)
    line = {
        "difference": "points", "person": worker.username, "year": YEAR, "violation": violation.number, "expected": 4, "found": 1,
    }  # fmt: skip
    assert replayed() == ([line, {"entries": 1, "differences": 1}], 1)
    assert replayed("--repair", "Changed by hand, see ticket 12")[1] == 0
    corrected = PointsEntry.objects.get(kind=EntryKind.CORRECTION)
    assert (corrected.points, corrected.reason, balance(worker)) == (3, "Changed by hand, see ticket 12", 4)
    assert Event.objects.filter(action="points.corrected", subject_id=violation.pk).count() == 1
    assert replayed() == ([{"entries": 2, "differences": 0}], 0)


def test_missing_and_strange_rows_are_found(from_g2, station, supervisor, officer, leader, head, worker, worker2):
    gone = made_final(station, supervisor, officer, worker, code="VO19")
    strange = made_final(station, supervisor, officer, worker, code="VO16")
    hazard = closed(station, worker, officer, head, leader)
    break_rows("DELETE FROM inspections_pointsentry WHERE violation_id = %s", gone.pk)
    break_rows("UPDATE inspections_pointsentry SET person_id = %s WHERE violation_id = %s", worker2.pk, strange.pk)
    break_rows("DELETE FROM inspections_pointsentry WHERE hazard_id = %s", hazard.pk)
    found = {(line["difference"], line["person"], line.get("violation", line.get("hazard"))) for line in replayed()[0][:-1]}
    assert found == {
        ("missing", "worker", gone.number),
        ("missing", "worker", strange.number),
        ("surplus", "worker2", strange.number),
        ("missing", "worker", hazard.number),
    }
    repair_points(reason="Restored from the log")
    assert (balance(worker), balance(worker2)) == (2, 0)


def test_a_deleted_counter_entry_is_known_from_the_log(station, supervisor, officer, leader, worker):
    violation = made_final(station, supervisor, officer, worker)
    take_back_points(violation, by=leader, reason="Another person")
    break_rows("DELETE FROM inspections_pointsentry WHERE kind = 'reversal'")
    assert balance(worker) == 4
    assert [(each.expected, each.found) for each in replay_points().differences] == [(0, 4)]


def test_another_factor_is_said_but_no_entry_can_mend_it(station, supervisor, officer, worker):
    made_final(station, supervisor, officer, worker)
    break_rows("UPDATE inspections_pointsentry SET factor = 2")
    assert [each.kind for each in replay_points().differences] == ["differs"]
    assert replayed("--repair", "Try")[1] == 1


def test_nothing_is_mended_without_a_reason(station, supervisor, officer, worker):
    violation = made_final(station, supervisor, officer, worker)
    break_rows("UPDATE inspections_pointsentry SET points = 1 WHERE violation_id = %s", violation.pk)
    with pytest.raises(ValidationError):
        repair_points(reason=" ")
    with pytest.raises(CommandError, match="reason"):
        call_command("replay_points", "--repair", " ")
    assert PointsEntry.objects.count() == 1


def test_the_record_shows_the_credit(client, from_g2, station, supervisor, officer, leader, head, worker):
    made_final(station, supervisor, officer, worker)
    hazard = closed(station, worker, officer, head, leader)
    worker.refresh_from_db()
    client.force_login(worker)
    html = client.get("/violations/record/").content.decode()
    assert hazard.number in html
    assert "Verified report" in html
    other = PersonFactory(unit=station)
    client.force_login(other)
    assert client.get(f"/violations/people/{worker.pk}/").status_code == 403
