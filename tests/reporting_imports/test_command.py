import csv
import json

import pytest
from django.core.management import call_command

from safetyplant.reporting.models import ImportedKey


@pytest.fixture
def command(findings, capsys):
    """Runs the command; gives (exit status, last line as JSON, everything printed)."""

    def call(*arguments):
        status = 0
        try:
            call_command("import_records", *map(str, arguments))
        except SystemExit as end:
            status = end.code
        printed = capsys.readouterr()
        return status, json.loads(printed.out.splitlines()[-1]), printed.out + printed.err

    return call


def test_command_imports_and_ends_with_its_counts(command, write_csv, stored):
    path = write_csv("Number,Unit\n1,A\n2,B\n2,B\n")
    expected = {"rows": 3, "created": 2, "updated": 0, "skipped": 1, "errors": 0}
    status, found, printed = command(path, "--target", "tests-findings", "--key", "Number")
    assert (status, found) == (0, expected)
    assert "The same as row 3" in printed
    assert command(path, "--target", "tests-findings", "--key", "Number")[1]["skipped"] == 3
    assert stored() == 2


def test_command_fails_and_names_each_fault(command, write_csv, stored, tmp_path):
    path = write_csv("Number,Unit,Loss\n1,A,much\n2,=B,2\n3,Nowhere,=1+1\n")
    report = tmp_path / "report.csv"
    status, found, printed = command(path, "--target", "tests-findings", "--report", report)
    assert (status, found["errors"], found["created"], stored()) == (1, 2, 0, 0)
    assert "row 2, column Loss, value 'much'" in printed
    with report.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert [line[0] for line in lines[1:]] == ["2", "4"]
    assert lines[2][4] == "'=1+1"
    assert command(path, "--target", "tests-findings", "--skip-bad")[:2] == (
        0,
        {"rows": 3, "created": 1, "updated": 0, "skipped": 0, "errors": 2},
    )


def test_columns_that_nothing_takes_are_printed_before_the_counts(command, write_csv):
    status, found, printed = command(write_csv("Unit,Weather\nA,fog\n"), "--target", "tests-findings", "--dry-run")
    assert (status, set(found)) == (0, {"rows", "created", "updated", "skipped", "errors"})
    assert "note: Columns that are not imported: Weather." in printed


def test_dry_run_of_the_command(command, write_csv, stored):
    status, found, _printed = command(write_csv("Unit\nA\n"), "--target", "tests-findings", "--dry-run")
    assert (status, found["created"], stored(), ImportedKey.objects.count()) == (0, 1, 0, 0)
    assert command(write_csv("Unit\nNowhere\n"), "--target", "tests-findings", "--dry-run")[0] == 1


def test_mapping_file_and_options(command, write_csv, tmp_path, stored):
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"columns": {"unit": "Where", "found_on": "When"}}), encoding="utf-8")
    path = write_csv("When;Where\n3/4/2026;采油队\n", encoding="gb18030")
    arguments = ("--target", "tests-findings", "--mapping", mapping, "--option", "date_order=dmy", "--option", "encoding=gbk")
    assert command(path, *arguments)[0] == 0
    assert stored("found_on")[0].month == 4


def test_options_without_a_mapping(command, write_csv, stored):
    path = write_csv("Unit;Note\nA;caf\u0439\n", encoding="cp1251")
    assert command(path, "--target", "tests-findings", "--option", "encoding=cp1251", "--option", "delimiter=;")[0] == 0
    assert stored("note") == ["caf\u0439"]
    assert command(path, "--target", "tests-findings", "--option", "colour=red")[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--target", "planets"),
        ("--target", "tests-findings", "--mapping", "/nowhere.json"),
        ("--target", "tests-findings", "--key", "Nothing"),
        ("--target", "tests-findings", "--by", "nobody"),
    ],
)
def test_refusals_are_one_sentence_and_a_status(command, write_csv, arguments):
    status, found, printed = command(write_csv("Unit\nA\n"), *arguments)
    assert (status, found["created"]) == (1, 0)
    assert "Traceback" not in printed


def test_missing_file(command, tmp_path):
    assert command(tmp_path / "absent.csv", "--target", "tests-findings")[0] == 1
