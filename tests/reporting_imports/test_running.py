from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from safetyplant.reporting.imports.mapping import mapping_from_json
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.report import Kind
from safetyplant.reporting.imports.running import ImportPlan, lock_number, run_import
from safetyplant.reporting.models import ImportedKey, SavedMapping

SIMPLE = "Number,Unit,Inspection date,Loss\n1,Station A,3/27/1996,110\n2,Station B,4/5/1996,\n"


def counts(result):
    return tuple(result.counts.as_json().values())


@pytest.fixture
def run(findings):
    def start(path, mapping=None, **options):
        wanted = mapping_from_json(mapping, findings) if mapping else None
        return run_import(path, ImportPlan(target=options.pop("target", findings), mapping=wanted, **options))

    return start


def test_columns_are_recognised_and_records_made(run, write_csv, stored):
    result = run(write_csv(SIMPLE))
    assert counts(result) == (2, 2, 0, 0, 0)
    assert stored("found_on") == [date(1996, 3, 27), date(1996, 4, 5)]
    assert stored("loss") == [Decimal(110), None]


def test_chinese_columns_are_recognised(run, write_xlsx, stored):
    rows = [["检查汇总"], ["编号", "单位", "日期", "级别", "人员"], ["1", " 采油一队 ", "2026年6月18日", "单位级", "张三、李四"]]
    assert counts(run(write_xlsx({"表": rows}))) == (1, 1, 0, 0, 0)
    assert stored("people") == [["张三", "李四"]]
    assert stored("level") == ["G2"]


def test_the_same_file_changes_nothing_the_second_time(run, write_csv, stored):
    path = write_csv(SIMPLE)
    run(path)
    assert counts(run(path)) == (2, 0, 0, 2, 0)
    assert stored() == 2


def test_key_column_finds_the_record_again(run, write_csv, stored):
    run(write_csv(SIMPLE), key=("Number",))
    again = write_csv(SIMPLE.replace("Station A", "Station C") + "3,Station A,1/1/1997,\n")
    assert counts(run(again, key=("Number",))) == (3, 1, 0, 2, 0)
    assert stored("unit") == ["Station A", "Station B", "Station A"]


def test_key_may_be_a_column_that_is_not_mapped(run, write_csv, stored):
    text = "Ref,Operator,Sequence\nX,Station A,1\nX,Station A,2\n"
    assert counts(run(write_csv(text), key=("Ref", "Sequence"))) == (2, 2, 0, 0, 0)
    with pytest.raises(UnreadableFile, match="no column"):
        run(write_csv(text), key=("Refs",))


def test_blank_key_is_a_fault(run, write_csv):
    result = run(write_csv("Number,Unit\n1,A\n,B\n"), key=("Number",))
    assert counts(result) == (2, 0, 0, 0, 1)
    assert result.report.shown[0].row == 3


def test_changed_row_updates_where_the_target_can(run, write_csv, stored, updatable):
    run(write_csv(SIMPLE), key=("Number",), target=updatable)
    again = write_csv(SIMPLE.replace("Station A", "Station C"))
    assert counts(run(again, key=("Number",), target=updatable)) == (2, 0, 1, 1, 0)
    assert stored("unit") == ["Station C", "Station B"]


def test_key_fields_of_the_target_are_the_key_when_none_is_named(run, write_csv, findings, stored):
    target = replace(findings, key_fields=("code",))
    run(write_csv(SIMPLE), target=target)
    assert counts(run(write_csv(SIMPLE.replace("Station A", "Station C")), target=target)) == (2, 0, 0, 2, 0)


def test_exact_duplicates_are_skipped_and_named(run, write_csv):
    result = run(write_csv(SIMPLE + "1,Station A,3/27/1996,110\n 1 ,Station A ,3/27/1996,110,\n"))
    assert counts(result) == (4, 2, 0, 2, 0)
    assert [(line.row, line.kind, str(line.message)) for line in result.report.shown] == [
        (4, Kind.DUPLICATE, "The same as row 2."),
        (5, Kind.DUPLICATE, "The same as row 2."),
    ]


def test_same_key_with_other_content_in_one_file_is_left_out_and_named(run, write_csv, updatable):
    text = "Number,Unit\n1,A\n1,B\n"
    first = run(write_csv(text), key=("Number",), target=updatable)
    assert counts(first) == (2, 1, 0, 1, 0)
    assert "row 2" in str(first.report.shown[0].message)
    assert counts(run(write_csv(text), key=("Number",), target=updatable)) == (2, 0, 0, 2, 0)


def test_a_faulty_row_with_a_repeated_key_is_faulty(run, write_csv, findings, stored):
    def examine(row, context):
        return [("note", "Too dark."), ("unit", "Gone.")] if row["unit"] == "B" else []

    target = replace(findings, examine=examine)
    result = run(write_csv("Number,Unit,Note\n1,A,\n1,B,x\n1,C,\n"), key=("Number",), target=target, skip_bad=True)
    assert counts(result) == (3, 1, 0, 1, 1)
    assert [(line.row, line.kind, line.column) for line in result.report.shown] == [
        (3, Kind.FAULT, "Note"),
        (3, Kind.FAULT, "Unit"),
        (3, Kind.NOTE, ""),
        (4, Kind.DUPLICATE, ""),
    ]
    assert stored("unit") == ["A"]


def test_columns_that_nothing_takes_are_named(run, write_csv):
    result = run(write_csv("Number,Unit,Ref,Weather,Moon\n1,A,x,,\n"), key=("Ref",))
    assert list(map(str, result.notes)) == ["Columns that are not imported: Weather、Moon."]
    assert run(write_csv("Number,Unit\n1,B\n")).notes == []


def test_columns_that_nothing_takes_are_named_by_sheet(run, write_xlsx):
    path = write_xlsx({"甲": [["Number", "Unit", "Moon"], [1, "A", 2]], "乙": [["Unit"], ["B"]]})
    notes = run(path, {"columns": {"unit": "Unit"}, "options": {"sheets": ["*"]}}).notes
    assert list(map(str, notes)) == ["Columns of “甲” that are not imported: Number、Moon."]


def test_of_very_many_columns_that_nothing_takes_only_some_are_named(run, write_csv):
    header = ",".join(f"Extra {n}" for n in range(500))
    (note,) = run(write_csv(f"Unit,{header}\nA\n")).notes
    assert str(note).endswith("Extra 29….")


FAULTY = """Number,Unit,Inspection date,Loss,Level
1,Station A,3/27/1996,110,G3
2,,31/31/1996,much,G9
3,Nowhere,1/2/1996,1,
4,Station B,1/3/1996,2,
"""


def test_every_faulty_row_and_column_is_named(run, write_csv):
    lines = run(write_csv(FAULTY), dry_run=True).report.shown
    assert [(line.row, line.column, line.value) for line in lines] == [
        (3, "Unit", ""),
        (3, "Inspection date", "31/31/1996"),
        (3, "Level", "G9"),
        (3, "Loss", "much"),
        (4, "Unit", "Nowhere"),
    ]


def test_all_or_nothing(run, write_csv, stored):
    result = run(write_csv(FAULTY))
    assert counts(result) == (4, 0, 0, 0, 2)
    assert not result.is_success
    assert (stored(), ImportedKey.objects.count(), SavedMapping.objects.count()) == (0, 0, 0)


def test_skip_bad_imports_the_others(run, write_csv, stored):
    result = run(write_csv(FAULTY), skip_bad=True)
    assert counts(result) == (4, 2, 0, 0, 2)
    assert result.is_success
    assert stored("code") == ["1", "4"]
    mended = FAULTY.replace("2,,31/31/1996,much,G9", "2,Station A,1/31/1996,3,G3").replace("Nowhere", "Station B")
    assert counts(run(write_csv(mended))) == (4, 2, 0, 2, 0)


def test_skip_bad_is_no_success_when_every_row_is_bad(run, write_csv):
    assert not run(write_csv("Unit\nNowhere\n"), skip_bad=True).is_success


def test_dry_run_says_what_the_import_will_do_and_writes_nothing(run, write_csv, stored):
    path = write_csv(SIMPLE)
    assert counts(run(path, dry_run=True)) == (2, 2, 0, 0, 0)
    assert (stored(), ImportedKey.objects.count(), SavedMapping.objects.count()) == (0, 0, 0)
    assert counts(run(path)) == (2, 2, 0, 0, 0)
    assert counts(run(path, dry_run=True)) == (2, 0, 0, 2, 0)


def test_database_refusal_names_the_one_row(run, write_csv, stored):
    result = run(write_csv("Number,Unit\n1,Open\n2,Closed\n3,Open\n"), skip_bad=True)
    assert counts(result) == (3, 2, 0, 0, 1)
    assert result.report.shown[0].row == 3
    assert "tests_finding_unit_check" in str(result.report.shown[0].message)


MAPPING = {
    "columns": {
        "unit": "STRUCTURE",
        "found_at": ["D", "T"],
        "level": {"column": "CODE", "default": "G3"},
        "loss": ["Cost 1", "Cost 2"],
        "note": {"const": "BSEE"},
    },
    "values": {"level": {"W": "G3", "C": "G2"}},
    "options": {"date_order": "dmy"},
}


def test_mapping_with_words_constants_and_several_columns(run, write_csv, stored):
    text = 'structure,D,T,code,cost 1,COST  2\nA,3/4/1996,2:20 PM,C,110,"1,517"\nB,,,,,\n'
    assert counts(run(write_csv(text), MAPPING)) == (2, 2, 0, 0, 0)
    assert stored("level") == ["G2", "G3"]
    assert stored("loss") == [Decimal(1627), None]
    assert stored("note") == ["BSEE", "BSEE"]
    assert stored("found_at")[0] == datetime(1996, 4, 3, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_mapping_is_used_again_for_the_same_columns(run, write_csv, stored):
    text = "structure,D,T,code,cost 1,COST 2\nA,3/4/1996,,C,1,2\n"
    run(write_csv(text), MAPPING)
    assert counts(run(write_csv(text.replace("\nA", "\nB")))) == (1, 1, 0, 0, 0)
    assert stored("level") == ["G2", "G2"]
    assert stored("found_at")[1].month == 4 or stored("found_at")[1].day == 2  # 3 April, at midnight of the plant


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"columns": {"planet": "x"}}, "planet"),
        ({"columns": {"unit": 5}}, "unit"),
        ({"columns": ["unit"]}, "JSON object"),
        ({"colums": {}}, "JSON object"),
        ({"columns": {"unit": "Missing"}}, "Missing"),
        ({"columns": {"code": "Number"}}, "Unit"),
        ({"columns": {"unit": "Unit"}, "options": {"header_row": "x"}}, "header_row"),
        ({"columns": {"unit": "Unit"}, "options": {"date_order": "ymd"}}, "date_order"),
        ({"columns": {"unit": "Unit"}, "options": {"sheeet": "x"}}, "sheeet"),
        ({"columns": {"unit": "Unit"}, "values": {"unit": "x"}}, "values"),
        (["x"], "JSON object"),
    ],
)
def test_wrong_mapping_is_refused_in_words(run, write_csv, mapping, words):
    with pytest.raises(UnreadableFile, match=words):
        run(write_csv(SIMPLE), mapping)


def test_order_of_dates_is_found_by_column_and_told(run, write_csv, stored):
    rows = "".join(f"{day}/3/2026,A\n" for day in range(1, 29))
    result = run(write_csv("Inspection date,Unit\n" + rows))
    assert stored("found_on") == [date(2026, 3, day) for day in range(1, 29)]
    assert any("day/month/year" in str(note) for note in result.notes)


def test_column_that_does_not_tell_day_from_month_is_told(run, write_csv):
    result = run(write_csv("Inspection date,Unit\n3/4/2026,A\n"), dry_run=True)
    assert any("doesn't tell" in str(note) for note in result.notes)


def test_several_sheets_are_read_when_asked(run, write_xlsx, stored):
    path = write_xlsx(
        {"甲": [["Number", "Unit"], [1, "A"]], "说明": [["x"], ["y"]], "乙": [["Number", "Unit"], [2, "B"], [1, "A"]]}
    )
    only_first = run(path, dry_run=True)
    assert counts(only_first) == (1, 1, 0, 0, 0)
    assert any("乙" in str(note) for note in only_first.notes)
    everything = run(path, {"columns": {"unit": "Unit", "code": "Number"}, "options": {"sheets": ["*"]}})
    assert counts(everything) == (3, 2, 0, 1, 0)
    assert everything.report.shown[0].sheet == "乙"
    with pytest.raises(UnreadableFile, match="甲"):
        run(path, {"columns": {"unit": "Unit"}, "options": {"sheet": "丙"}})


@pytest.mark.parametrize("cell", ["a\0b", "bad\ufffd", "x" * 100_001, "#REF!"])
def test_unreadable_cells_are_faults_of_their_row(run, write_csv, cell):
    result = run(write_csv(f"Number,Unit,Note\n1,A,fine\n2,B,{cell}\n"), skip_bad=True)
    assert counts(result) == (2, 1, 0, 0, 1)
    assert (result.report.shown[0].row, result.report.shown[0].column) == (3, "Note")


def test_bytes_of_another_encoding_are_faults_of_their_row(run, write_csv):
    path = write_csv("Number,Unit,Note\n1,采油一队," + "隐患整改完毕" * 20 + "\n")
    path.write_bytes(path.read_bytes() + b"2,\xe9\xff,x\n3,\xed\xa0\x80,x\n")
    assert counts(run(path, skip_bad=True)) == (3, 1, 0, 0, 2)


def test_more_rows_than_a_batch(run, write_csv, stored):
    lines = "".join(f"{number},Unit {number % 7}\n" for number in range(2_500))
    assert counts(run(write_csv("Number,Unit\n" + lines))) == (2500, 2500, 0, 0, 0)
    assert stored() == 2500


def test_second_import_at_the_same_time_is_turned_away(run, write_csv, findings):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock_number(findings)])
        with pytest.raises(UnreadableFile, match="running"):
            run(write_csv(SIMPLE))
    finally:
        other.close()


def test_a_writer_that_fails_leaves_nothing_behind(run, write_csv, findings, stored):
    def broken(rows, context):
        findings.writer(rows, context)
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError), transaction.atomic():
        run(write_csv(SIMPLE), target=replace(findings, writer=broken))
    assert stored() == 0
