"""Past violations with their inspections, and past inspections: grouping, rights, privacy, the same file twice."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from inspections.models import Inspection, Violation
from inspections.permissions import can_acknowledge_inspection
from responsibilities.models import Deadline, Person, Unit
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Message
from safetyplant.reporting.imports.report import Kind
from tests.inspections.imports import PLATFORM_MAPPING, importer

HEADER = (
    "ID_NUMBER,INC_NUMBER,INC_ENFRC_CODE,STRUCTURE_NUMBER,STRUCTURE_NAME,MMS_COMPANY_NUM,COMPANY_NAME,INC_ISSUE_DATE,INSP_DATE\n"
)


def platform_look_alike():
    """100 rows, 36 of them exactly as one before: 64 findings of 8 structures on 2 days each."""
    rows = [
        f'{500 + n % 4},G{n // 8:03},{"WCS"[n % 3]},{n % 2},P{n % 2},7,"Sample Energy, Inc.",'
        f"{3 if n % 8 < 4 else 4}/{13 + n % 8}/1996,{3 if n % 8 < 4 else 4}/{13 + n % 8}/1996 12:00:00 AM\n"
        for n in range(64)
    ]
    return HEADER + "".join(rows) + "".join(rows[10:46])


@pytest.fixture
def bring(tmp_path, people):
    return importer(tmp_path, "violations", people.officer)


@pytest.fixture
def bring_inspections(tmp_path, people):
    return importer(tmp_path, "inspections", people.officer)


def test_exact_duplicates_are_refused_and_named(bring, branch):
    result, faults = bring(platform_look_alike(), mapping=PLATFORM_MAPPING)
    assert faults == []
    assert result.counts.as_json() == {"rows": 100, "created": 64, "updated": 0, "skipped": 36, "errors": 0}
    duplicates = [line for line in result.report.shown if line.kind == Kind.DUPLICATE]
    assert [(line.row, str(line.message)) for line in duplicates[:1]] == [(66, "The same as row 12.")]
    assert len({line.row for line in duplicates}) == 36
    again, _faults = bring(platform_look_alike(), mapping=PLATFORM_MAPPING)
    assert again.counts.as_json() == {"rows": 100, "created": 0, "updated": 0, "skipped": 100, "errors": 0}
    assert Violation.objects.count() == 64


def test_findings_of_a_day_belong_to_one_inspection(bring, branch):
    bring(platform_look_alike(), mapping=PLATFORM_MAPPING)
    violations = Violation.objects.select_related("inspection", "unit", "level")
    groups = {(each.unit_id, timezone.localdate(each.found_at)): set() for each in violations}
    for each in violations:
        groups[each.unit_id, timezone.localdate(each.found_at)].add(each.inspection_id)
    assert Inspection.objects.count() == len(groups)
    assert all(len(found) == 1 for found in groups.values())
    for inspection in Inspection.objects.all():
        assert inspection.failed_count == inspection.violations.count()
        assert (inspection.status, inspection.kind, inspection.outside_body) == ("submitted", "external", "BSEE")
        assert inspection.number.startswith("PINS-1996-")
    assert {each.level_id for each in violations} == {"G1", "G2", "G3"}
    assert {each.status for each in violations} == {"final"}
    assert not Deadline.objects.exists()
    assert not Message.objects.exists()


def test_a_later_file_finds_the_inspection_again(bring, branch):
    text = platform_look_alike()
    bring(text, mapping=PLATFORM_MAPPING)
    before = Inspection.objects.count()
    inspection = Violation.objects.get(number="PVI-1996-0001").inspection
    bring(HEADER + "500,X999,W,0,P0,7,Sample,3/13/1996,3/13/1996\n", mapping=PLATFORM_MAPPING)
    assert Inspection.objects.count() == before
    assert Violation.objects.get(clause_text="X999").inspection == inspection
    found = inspection.failed_count
    inspection.refresh_from_db()
    assert inspection.failed_count == found + 1


PERSONS = """违章人,违章描述,责任单位,违章日期,记分,检查人
Wang Fang,未戴安全帽,SA,2019-03-04,2,supervisor
,现场吸烟,SA,2019-03-05,4,
Unknown Contractor,无票作业,SA,2019-03-06,6,
"""


def test_unknown_persons_are_faulty_unless_kept_by_name(bring, people, station):
    _result, faults = bring(PERSONS)
    assert [(fault.row, fault.column) for fault in faults] == [(4, "违章人")]
    assert not Violation.objects.exists()
    _result, faults = bring(PERSONS, options={"make_people": True})
    assert faults == []
    violation = Violation.objects.select_related("person").get(description="无票作业")
    assert (violation.person.name, violation.person.is_external) == ("Unknown Contractor", True)
    assert violation.proposed_points == 6


def test_who_committed_it_is_seen_by_those_who_may(bring, client, people, station):
    bring(PERSONS, options={"make_people": True})
    violation = Violation.objects.get(description="未戴安全帽")
    assert (violation.person, violation.recorded_by) == (people.worker, people.supervisor)
    seen = {
        name: Violation.objects.visible_to(Person.objects.get(username=name)).filter(pk=violation.pk).exists()
        for name in ("director", "officer", "head", "worker", "supervisor", "head2", "worker2", "outsider")
    }
    assert seen == {
        "director": True,
        "officer": True,
        "head": True,
        "worker": True,
        "supervisor": True,
        "head2": False,
        "worker2": False,
        "outsider": False,
    }
    client.force_login(people.head2)
    assert client.get(f"/violations/{violation.pk}/").status_code == 404
    client.force_login(people.head)
    assert "Wang Fang" in client.get(f"/violations/{violation.pk}/").content.decode()


def test_the_name_of_a_person_stands_only_where_it_can_be_erased(bring, people, station):
    bring(PERSONS, options={"make_people": True})
    violation = Violation.objects.get(description="未戴安全帽")
    event = Event.objects.get(action="violation.imported", subject_id=violation.pk)
    assert event.personal == {"person": "Wang Fang"}
    assert "Wang Fang" not in json.dumps([event.detail, event.changes], ensure_ascii=False)
    for each in Violation.objects.exclude(person=None):
        assert each.person.name not in each.description


def test_a_violation_without_a_word_is_faulty(bring, station):
    _result, faults = bring("Unit,Found,Clause or item broken,What happened\nSA,2019-01-01,,\nSA,2019-01-02,7.2,\n")
    assert [(fault.row, fault.column) for fault in faults] == [(2, "What happened")]


VISITS = """检查编号,受检单位,检查日期,检查类型,检查人,得分,问题数,备注
J1,SA,2019-03-04 09:00,专项检查,supervisor、Ouyang Hua,92.5,3,消防
J1,SA,2019-03-04 09:00,专项检查,leader,92.5,3,电气
J1,SB,2019-03-04 09:00,专项检查,leader,,,
J2,SA,2019-03-04 15:00,夜查,,,,
"""


def test_rows_of_one_visit_are_one_inspection(bring_inspections, people, station, station2):
    result, faults = bring_inspections(VISITS)
    assert faults == []
    assert result.counts.as_json() == {"rows": 4, "created": 3, "updated": 1, "skipped": 0, "errors": 0}
    first = Inspection.objects.get(unit=station, kind="routine")
    assert set(first.inspectors.all()) == {people.supervisor, people.officer, people.leader}
    assert (float(first.score), first.failed_count, first.answered_count) == (92.5, 3, 3)
    assert first.note.splitlines() == ["消防", "Earlier number: J1", "电气"]
    assert Inspection.objects.filter(unit=station, kind="patrol").count() == 1
    again, _faults = bring_inspections(VISITS)
    assert again.counts.skipped == 4
    assert not Deadline.objects.exists()
    assert not Message.objects.exists()


def test_a_later_file_adds_to_the_visit(bring_inspections, people, station, station2):
    bring_inspections(VISITS)
    text = "检查编号,受检单位,检查日期,检查人,检查单位,备注\nJ1,SA,2019-03-04,worker2,安监局,防雷\nJ1,SA,2019-03-04,,,电气\n"
    result, _faults = bring_inspections(text)
    assert result.counts.as_json() == {"rows": 2, "created": 0, "updated": 1, "skipped": 1, "errors": 0}
    first = Inspection.objects.get(unit=station, kind="routine")
    assert (first.outside_body, first.inspectors.count()) == ("安监局", 4)
    assert first.note.splitlines()[-1] == "防雷"


def test_what_a_visit_said_it_found_is_not_counted_twice(bring_inspections, bring, station, station2):
    bring_inspections(VISITS)
    rows = "".join(f"SA,2019-03-04,吸烟{n},2019-03-04,J1\n" for n in range(4))
    header = "责任单位,违章日期,违章描述,检查日期,检查编号\n"
    bring(header + rows[: len(rows) // 2])
    first = Inspection.objects.get(unit=station, kind="routine")
    assert (first.violations.count(), first.failed_count) == (2, 3)
    bring(header + rows)
    first.refresh_from_db()
    assert (first.violations.count(), first.failed_count) == (4, 4)


def test_the_documented_mapping_is_the_tested_one():
    text = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    start = text.index("{", text.index("becomes units,\n"))
    assert json.JSONDecoder().raw_decode(text[start:])[0] == PLATFORM_MAPPING


def test_violations_join_the_inspection_of_their_number(bring_inspections, bring, station, station2):
    bring_inspections(VISITS)
    text = "责任单位,违章日期,违章描述,检查日期,检查编号\nSA,2019-03-04,吸烟,2019-03-04,J1\nSA,2019-03-04,睡岗,2019-03-04,J2\n"
    bring(text)
    assert Inspection.objects.count() == 3
    assert Violation.objects.get(description="吸烟").inspection.kind == "routine"
    assert Violation.objects.get(description="睡岗").inspection.kind == "patrol"


def test_nobody_is_asked_to_acknowledge_the_past(bring_inspections, client, people, station, station2):
    bring_inspections(VISITS)
    inspection = Inspection.objects.get(unit=station, kind="patrol")
    assert not can_acknowledge_inspection(people.head, inspection)
    client.force_login(people.head)
    page = client.get(f"/inspections/{inspection.pk}/")
    assert page.status_code == 200
    assert inspection.number in page.content.decode()


def test_the_command_counts_reports_and_fails_as_told(tmp_path, capsys, branch, station):
    path = tmp_path / "list.csv"
    path.write_text(
        "No,Unit,Found,What happened\n1,SA,2019-01-01,Smoking\n2,Nowhere,2019-01-01,Sleeping\n1,SA,2019-01-02,Changed\n",
        encoding="utf-8",
    )

    def command(*arguments):
        code = 0
        try:
            call_command("import_records", str(path), "--target", "violations", *arguments)
        except SystemExit as ended:
            code = ended.code
        lines = capsys.readouterr().out.splitlines()
        return code, json.loads(lines[-1]), lines[:-1]

    code, counts, lines = command("--key", "No", "--dry-run")
    assert (code, counts) == (1, {"rows": 3, "created": 1, "updated": 0, "skipped": 1, "errors": 1})
    assert any("row 3, column Unit, value 'Nowhere'" in line for line in lines)
    assert any("row 4" in line and "same key as row 2" in line for line in lines)
    code, counts, _lines = command("--key", "No")
    assert (code, counts["created"], Violation.objects.count()) == (1, 0, 0)
    code, counts, _lines = command("--key", "No", "--skip-bad", "--option", "under=BF")
    assert (code, counts["created"], counts["errors"], Violation.objects.count()) == (0, 1, 1, 1)
    code, counts, _lines = command("--key", "No", "--option", "make_units=yes")
    assert (code, counts) == (0, {"rows": 3, "created": 1, "updated": 0, "skipped": 2, "errors": 0})
    assert Unit.objects.get(code="Nowhere").parent == branch
    code, _counts, lines = command("--option", "make_units=maybe")
    assert code == 1


def test_points_too_wide_for_the_record_are_named(bring, station):
    text = """Unit,Found,What happened,Points
SA,2019-01-01,No helmet,99999999999999999999
SA,2019-01-02,No helmet,2e400
SA,2099-01-01,,4
"""
    result, faults = bring(text)
    assert [(fault.row, fault.column) for fault in faults] == [(2, "Points"), (3, "Points"), (4, "What happened"), (4, "Found")]
    assert result.counts.errors == 3


def test_what_could_not_be_read_is_not_called_blank(bring, station):
    _result, faults = bring("Unit,Found,What happened\nNowhere,2019-01-01,#REF!\n")
    assert [fault.column for fault in faults] == ["What happened", "Unit"]
