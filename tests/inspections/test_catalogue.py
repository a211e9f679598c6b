"""What `load_catalogue` puts into an empty database, and that it never disturbs what is there."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from inspections import catalogue as room_catalogue
from inspections.models import ChecklistItem, HazardCategory, RiskBand, ViolationType
from inspections.services.standards import items_of, write_items
from responsibilities.models import Level, LevelTerm, Schedule, StageTerm
from safetyplant.documents.models import Clause, Document, DocumentVersion
from safetyplant.documents.services import draft_version, publish_version

NOW = datetime(2026, 6, 18, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def load() -> dict[str, int]:
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    counts: dict[str, int] = json.loads(out.getvalue().strip().splitlines()[-1])
    return counts


@pytest.fixture
def shipped(catalogue: None) -> dict[str, Any]:
    """The well site's shipped data, to be changed by a test as a new release would."""
    return dict(room_catalogue.read_data(room_catalogue.DATA / "standards" / "wellsite.json"))


def test_first_load_creates_everything_and_second_changes_nothing(no_catalogue: None) -> None:
    first = load()
    assert first["created"] > 138
    assert (first["updated"], first["unchanged"], first["skipped"]) == (0, 0, 0)
    second = load()
    assert (second["created"], second["updated"]) == (0, 0)
    assert second["unchanged"] == first["created"]


def test_an_altered_row_is_put_right(catalogue: None) -> None:
    HazardCategory.objects.filter(code="FIRE").update(name="Fir")
    assert load()["updated"] == 1
    assert HazardCategory.objects.get(code="FIRE").name == "Fire and explosion protection"


def test_the_shipped_lists_are_complete(catalogue: None) -> None:
    assert HazardCategory.objects.count() == 19
    assert ViolationType.objects.count() == 36
    assert set(ViolationType.objects.values_list("violation_class", flat=True)) == {
        "command", "operation", "discipline", "management",
    }  # fmt: skip
    assert ChecklistItem.objects.count() == Clause.objects.count() == 138
    assert ChecklistItem.objects.filter(possibly_major=True).exclude(level_id="G1").count() == 0
    assert not Clause.objects.filter(text_zh="").exists()
    in_force = DocumentVersion.objects.in_force(date(2026, 6, 1))
    assert sorted(in_force.values_list("document__code", flat=True)) == [
        "COMBINED", "INJECTION", "METERING", "MGMTAUDIT", "PERMIT", "TANK", "WELLSITE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "days", "owner", "verifier", "urgent", "major"),
    [
        ("G3", 1, "unit_head", "unit_head", False, False),
        ("G2", 7, "unit_head", "safety_officer", False, False),
        ("G1", 15, "unit_head", "leader_in_charge", True, False),
        ("M", 30, "leader_in_charge", "director", True, True),
    ],
)
def test_levels_and_terms(catalogue: None, code: str, days: int, owner: str, verifier: str, urgent: bool, major: bool) -> None:
    level, term = Level.objects.get(code=code), LevelTerm.objects.get(level_id=code)
    assert (level.is_urgent, level.is_major) == (urgent, major)
    assert (term.days, term.owner_role, term.verifier_role, term.valid_from) == (days, owner, verifier, date(2020, 1, 1))


def test_stage_terms(catalogue: None) -> None:
    assert {term.code: (term.hours, term.working_days) for term in StageTerm.objects.all()} == {
        "assess": (8, None),
        "assess_danger": (1, None),
        "decide_major": (24, None),
        "verify": (48, None),
        "answer": (None, 1),
        "extension": (None, 1),
        "acknowledge": (48, None),
        "release": (24, None),
        "excuse": (None, 1),
        "lapse": (336, None),
        "major_plan": (72, None),
        "major_approve": (48, None),
        "major_progress": (168, None),
        "major_outside": (None, 5),
        "notice": (None, 3),
        "receipt": (None, 2),
        "appeal": (None, 5),
        "proposal": (None, 3),
        "proof": (None, 2),
        "places": (None, 3),
    }


def test_schedules_choose_by_level_and_length(catalogue: None) -> None:
    day = timedelta(days=1)
    long, short, major = (Schedule.objects.get(code=code) for code in ("long", "short", "major"))
    assert (long.longer_than, long.up_to, long.level_id) == (2 * day, None, None)
    assert (short.longer_than, short.up_to) == (timedelta(0), 2 * day)
    assert major.level_id == "M"
    last = {schedule.code: schedule.steps.last() for schedule in (long, short, major)}
    assert {code: (step.offset, step.repeat, step.audience) for code, step in last.items()} == {
        "long": (14 * day, 7 * day, ["director"]),
        "short": (10 * day, 7 * day, ["director"]),
        "major": (10 * day, 7 * day, ["director"]),
    }
    answers = [(step.anchor, step.offset, step.audience) for step in long.steps.filter(asks_answer=True)]
    assert answers == [
        ("after", day, ["unit_head"]),
        ("after", 3 * day, ["leader_in_charge"]),
        ("after", 7 * day, ["director"]),
    ]


def test_risk_bands(catalogue: None) -> None:
    bands = {(band.method, int(band.at_least)): band.level_id for band in RiskBand.objects.all()}
    assert bands == {
        ("lec", 320): "M", ("lec", 160): "G1", ("lec", 70): "G2", ("lec", 0): "G3",
        ("matrix", 20): "M", ("matrix", 15): "G1", ("matrix", 9): "G2", ("matrix", 1): "G3",
    }  # fmt: skip


def test_changed_items_make_a_new_version_and_leave_the_old(shipped: dict[str, Any]) -> None:
    document = Document.objects.get(code="WELLSITE")
    first = document.versions.get()
    before = items_of(first)
    shipped["items"] = [*shipped["items"][1:], {**shipped["items"][0], "text": "Something new"}]
    counts = room_catalogue.load_standard(shipped, now=NOW)
    assert counts.created == 22
    second = document.versions.order_by("-number").first()
    assert (second.number, second.is_published, second.valid_from) == (2, True, NOW.date())
    assert items_of(second)[-1].text == "Something new"
    assert items_of(first) == before
    assert room_catalogue.load_standard(shipped, now=NOW).has_changes is False


def test_an_officers_own_version_stays_in_force(shipped: dict[str, Any]) -> None:
    document = Document.objects.get(code="WELLSITE")
    draft = draft_version(document, by=None)
    write_items(draft, items_of(document.versions.get(number=1))[:3])
    publish_version(draft, by=None, now=NOW)
    assert room_catalogue.load_standard(shipped, now=NOW).has_changes is False
    assert document.versions.count() == 2


def test_an_open_draft_is_not_overrun(shipped: dict[str, Any]) -> None:
    document = Document.objects.get(code="WELLSITE")
    draft_version(document, by=None)
    shipped["items"] = shipped["items"][:5]
    assert room_catalogue.load_standard(shipped, now=NOW).skipped == 5
    assert document.versions.count() == 2
