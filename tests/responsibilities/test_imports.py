"""Units, people and places from a spreadsheet: what is taken, and how each fault is named."""

from datetime import UTC, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from responsibilities.models import Person, Place, Unit
from safetyplant.reporting.imports.report import Kind
from safetyplant.reporting.imports.running import ImportPlan, run_import
from safetyplant.reporting.imports.suggesting import suggest_mapping
from safetyplant.reporting.imports.targets import target_for


@pytest.fixture
def run(tmp_path, people):
    def run(target, text, *, by=None, **options):
        path = Path(tmp_path) / "list.csv"
        path.write_text(text, encoding="utf-8")
        faults = []
        plan = ImportPlan(target=target_for(target), by=by or people.officer, **options)
        result = run_import(path, plan, sink=faults.append)
        return result, [line for line in faults if line.kind == Kind.FAULT]

    return run


UNITS = """编码,单位名称,类型,上级
T1,注采一班,班组,S9
S9,九号站,站,SA
"""


def test_units_may_stand_above_their_parents(run, station):
    result, faults = run("units", UNITS)
    assert faults == []
    assert result.counts.created == 2
    team = Unit.objects.get(code="T1")
    assert team.path == f"{station.path}{team.parent_id}.{team.pk}."


def test_each_fault_of_units_is_named_and_nothing_stays(run, station):
    text = """Code,Name,Kind,Under
A,Team A,team,B
B,Team B,team,A
C,Team C,team,Nowhere
SA,Another name,station,BF
D,Team D,office,SA
E,Team E,team,SA
"""
    result, faults = run("units", text)
    words = [str(fault.message) for fault in faults]
    assert any("in a circle" in text for text in words)
    assert any("Nowhere" in text for text in words)
    assert any("Another unit has this code" in text for text in words)
    assert len(faults) == 5
    assert not result.is_success
    assert not Unit.objects.filter(code="E").exists()


def test_a_second_top_is_a_fault_of_its_row(run, branch):
    result, faults = run(
        "units", "Code,Name,Kind,Under\nAP,Another plant,Plant,\nBF,Branch Factory,Branch factory,\n", skip_bad=True
    )
    assert [(fault.row, fault.column, str(fault.message)) for fault in faults] == [
        (2, "Under", "Branch Factory is the top of the tree. Choose the unit under which this one stands.")
    ]
    assert result.counts.skipped == 1
    assert Unit.objects.filter(parent=None).get() == branch


def test_dry_run_counts_and_writes_nothing(run, station):
    result, _faults = run("units", UNITS, dry_run=True)
    assert result.counts.created == 2
    assert not Unit.objects.filter(code="T1").exists()


PEOPLE = """工号,姓名,单位,岗位,身份,班次,电话,角色
20001,赵磊,Gathering Station A,采油工,工人,甲班,13900001111,
20002,孙伟,SB,技术员,管理人员,白班,,安全监督
"""


def test_people_come_with_post_grade_shift_and_role(run, station, station2):
    result, faults = run("people", PEOPLE)
    assert faults == []
    assert result.counts.created == 2
    worker, manager = Person.objects.get(username="20001"), Person.objects.get(username="20002")
    assert (worker.unit, worker.post.name, worker.grade, worker.shift) == (station, "采油工", "worker", "a")
    assert not worker.has_usable_password()
    assert manager.appointments.get().role == "supervisor"
    again, _faults = run("people", PEOPLE)
    assert (again.counts.created, again.counts.skipped) == (0, 2)


def test_a_role_begins_on_the_day_of_the_plant(run, station):
    """Early in the morning it is still yesterday in UTC."""
    tomorrow = (timezone.localtime() + timedelta(days=1)).replace(hour=6, minute=30)
    _result, faults = run("people", PEOPLE, now=tomorrow.astimezone(UTC))
    assert faults == []
    assert Person.objects.get(username="20002").appointments.get().starts_on == tomorrow.date()


def test_each_fault_of_people_is_named(run, station):
    text = """Employee number,Name,Unit,Grade,E-mail,Role
1,A,Nowhere,worker,,
2,B,SA,boss,,
3,C,SA,worker,not-an-address,
4,D,SA,worker,,Unit head
head,Other Person,SA,worker,,
6,F,SA,worker,,
"""
    result, faults = run("people", text, skip_bad=True)
    columns = [fault.column for fault in faults]
    assert len(faults) == 5, faults
    assert result.counts.created == 1
    assert any("He Qiang holds this role" in str(fault.message) for fault in faults)
    assert not Person.objects.filter(username="4").exists()
    assert any("Unit" in column for column in columns)


def test_places_belong_to_units_and_codes_are_unique_in_them(run, station):
    text = """所属单位,类型,井号,名称
SA,油井,N12-45,北12-45井
SA,储罐,T-201,
Nowhere,油井,N1,
SA,油井,n12-45,另一口井
"""
    result, faults = run("places", text, skip_bad=True)
    assert result.counts.created == 2
    assert len(faults) == 2
    assert Place.objects.get(code="T-201").name == "T-201"


def test_places_of_units_one_does_not_keep_are_refused(run, people, station):
    _result, faults = run("places", "Unit,Kind,Code\nSA,well,W1\n", by=people.head)
    assert len(faults) == 1
    assert "someone else" in str(faults[0].message)


def test_a_phone_that_cannot_be_rung_is_named_with_the_other_faults(run, station):
    text = """工号,姓名,单位,等级,电话
B1,李敏,SA,管理人员,abc
B2,王强,不存在的站,管理人员,无
B3,赵军,SA,管理人员,值班室 6-2014
"""
    result, faults = run("people", text, skip_bad=True)
    assert [(fault.row, fault.column) for fault in faults] == [(2, "电话"), (3, "单位"), (3, "电话")]
    assert result.counts.created == 1


def test_every_fault_of_a_person_is_listed_at_once(run, station):
    text = """工号,姓名,单位,等级,邮箱,班次
A 1,李敏,不存在的站,管理人员,not-a-mail,甲班
B2,王强,SA,贵宾,also-not-a-mail,没有这个班
"""
    result, faults = run("people", text)
    assert result.counts.errors == 2
    assert {fault.column for fault in faults if fault.row == 2} == {"工号", "单位", "邮箱"}
    assert {fault.column for fault in faults if fault.row == 3} == {"等级", "班次", "邮箱"}


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (
            "people",
            {
                "职工编号": "username",
                "员工姓名": "name",
                "所属部门": "unit",
                "工种": "post",
                "等级": "grade",
                "手机号码": "phone",
            },
        ),
        ("units", {"单位编号": "code", "部门名称": "name", "单位类别": "kind", "隶属单位": "parent"}),
        ("places", {"所属部门": "unit", "设备类别": "kind", "位号": "code", "设备名称": "name"}),
        (
            "hazards",
            {"隐患部位": "place", "隐患等级": "level", "限期整改日期": "due", "整改人": "responsible", "类型": "category"},
        ),
        (
            "inspections",
            {"检查部位": "place", "检查性质": "kind", "参检人员": "inspectors", "检查组长": "led_by", "总分": "score"},
        ),
        ("violations", {"作业地点": "place", "三违类别": "violation_type", "现场处理": "correction", "违章记分": "points"}),
    ],
)
def test_headers_as_chinese_plants_write_them_are_recognised(target, headers):
    found = suggest_mapping(target_for(target), SimpleNamespace(columns=list(headers))).columns
    assert {header: name for name, source in found.items() for header in source.columns} == headers


def test_faults_speak_in_the_words_of_files_not_in_codes(run, station):
    text = "工号,姓名,单位,等级\nA 1,李敏,SA,贵宾\n"
    _result, faults = run("people", text)
    words = {fault.column: str(fault.message) for fault in faults}
    assert words["等级"] == "Not one of: Manager, Worker."
    assert words["工号"].startswith("An employee number has")
    with translation.override("zh-hans"):
        _result, faults = run("people", text)
    assert any("管理人员" in str(fault.message) for fault in faults)


def test_the_faults_of_a_repeated_employee_number_are_listed(run, station):
    text = """Employee number,Name,Unit,Phone
1001,Li Min,SA,6-2014
1001,Wang Qiang,Nowhere,abc
1001,Zhao Jun,SA,6-2015
"""
    result, faults = run("people", text, skip_bad=True)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "Unit"), (3, "Phone")]
    assert (result.counts.created, result.counts.skipped, result.counts.errors) == (1, 1, 1)
    assert any(line.row == 3 and "same key as row 2" in str(line.message) for line in result.report.shown)


def test_what_is_too_long_for_the_record_is_named_by_row_and_column(run, station):
    text = f"""Employee number,Name,Unit,Phone
{"9" * 41},Li Min,SA,6-2014
1002,{"n" * 81},SA,{"7" * 33}
"""
    _result, faults = run("people", text)
    assert [(fault.row, fault.column) for fault in faults] == [(2, "Employee number"), (3, "Name"), (3, "Phone")]


def test_the_faults_of_a_place_with_a_repeated_code_are_listed(run, station):
    text = "Unit,Kind,Code,Name\nNowhere,well,W1,First\nNowhere,tank,W1,Second\n"
    result, faults = run("places", text)
    assert sorted((fault.row, fault.column) for fault in faults) == [(2, "Unit"), (3, "Unit")]
    assert result.counts.errors == 2
