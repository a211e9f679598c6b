"""The platform file of an authority as inspections and violations, where it is at hand (SHARED_DATA, or ../shared/data)."""

import os
from pathlib import Path

import pytest

from inspections.models import Inspection, Violation
from responsibilities.models import Unit
from safetyplant.reporting.imports.mapping import mapping_from_json
from safetyplant.reporting.imports.report import Kind
from safetyplant.reporting.imports.running import ImportPlan, run_import
from safetyplant.reporting.imports.targets import target_for
from tests.inspections.imports import PLATFORM_MAPPING

DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
PLATFORMS = DATA / "bsee_PlatStrucRawData_mv_platstruc_platformincs.csv"
pytestmark = pytest.mark.skipif(not PLATFORMS.exists(), reason="the real records are not at hand")


def run(**options):
    target = target_for("violations")
    return run_import(PLATFORMS, ImportPlan(target=target, mapping=mapping_from_json(PLATFORM_MAPPING, target), **options))


def test_platform_file_becomes_inspections_and_violations(branch):
    result = run()
    assert result.counts.as_json() == {"rows": 100, "created": 64, "updated": 0, "skipped": 36, "errors": 0}
    duplicates = [line for line in result.report.shown if line.kind == Kind.DUPLICATE]
    assert len(duplicates) == 36
    assert (duplicates[0].row, str(duplicates[0].message)) == (8, "The same as row 7.")
    rows = {line for line in PLATFORMS.read_text(encoding="utf-8").splitlines()[1:] if line}
    cells = [line.split(",") for line in rows]
    assert Violation.objects.count() == len(rows) == 64
    assert Unit.objects.filter(parent=branch).count() == len({(row[0], row[3]) for row in cells})
    visits = {(row[0], row[3], row[-1]) for row in cells}
    assert Inspection.objects.count() == len(visits)
    assert not Violation.objects.filter(inspection=None).exists()
    levels = {"W": "G3", "C": "G2", "S": "G1"}
    for code, level in levels.items():
        assert Violation.objects.filter(level=level).count() == sum(row[2] == code for row in cells)
    first = Violation.objects.get(clause_text="G231")
    assert first.unit.code == "21967-4"
    assert first.inspection.outside_body == "BSEE"
    assert "Energy Resource Technology" in first.description


def test_the_platform_file_again_changes_nothing(branch):
    run()
    before = (Violation.objects.count(), Inspection.objects.count(), Unit.objects.count())
    assert run().counts.as_json() == {"rows": 100, "created": 0, "updated": 0, "skipped": 100, "errors": 0}
    assert (Violation.objects.count(), Inspection.objects.count(), Unit.objects.count()) == before
