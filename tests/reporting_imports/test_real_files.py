"""The readers on real records of the industry, where they are at hand (SHARED_DATA, or ../shared/data beside the checkout)."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from safetyplant.reporting.imports.mapping import mapping_from_json
from safetyplant.reporting.imports.report import Kind
from safetyplant.reporting.imports.running import ImportPlan, run_import

DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
PLATFORMS = DATA / "bsee_PlatStrucRawData_mv_platstruc_platformincs.csv"
PIPELINES = DATA / "phmsa_oil_pipeline_accidents_2010_2017.csv"
pytestmark = pytest.mark.skipif(not PLATFORMS.exists(), reason="the real records are not at hand")

PLATFORM_MAPPING = {
    "columns": {
        "unit": "COMPANY_NAME",
        "note": "INC_NUMBER",
        "level": "INC_ENFRC_CODE",
        "found_on": "INSP_DATE",
        "found_at": "INC_ISSUE_DATE",
    },
    "values": {"level": {"W": "G3", "C": "G2", "S": "G2"}},
}
COSTS = [
    "Property Damage Costs",
    "Lost Commodity Costs",
    "Public/Private Property Damage Costs",
    "Emergency Response Costs",
    "Environmental Remediation Costs",
    "Other Costs",
]
PIPELINE_MAPPING = {
    "columns": {
        "code": ["Report Number", "Supplemental Number"],
        "unit": "Operator Name",
        "found_at": "Accident Date/Time",
        "loss": COSTS,
        "deaths": "All Fatalities",
        "note": "Pipeline/Facility Name",
    }
}


def run(target, path, mapping, **options):
    return run_import(path, ImportPlan(target=target, mapping=mapping_from_json(mapping, target), **options))


def test_platform_file_with_its_duplicates_named(findings, stored):
    result = run(findings, PLATFORMS, PLATFORM_MAPPING)
    duplicates = [line for line in result.report.shown if line.kind == Kind.DUPLICATE]
    assert result.counts.as_json() == {"rows": 100, "created": 64, "updated": 0, "skipped": 36, "errors": 0}
    assert len(duplicates) == 36
    assert (duplicates[0].row, str(duplicates[0].message)) == (8, "The same as row 7.")
    assert run(findings, PLATFORMS, PLATFORM_MAPPING).counts.skipped == 100
    assert stored() == 64


def test_pipeline_file_sums_to_the_published_figures(findings):
    result = run(findings, PIPELINES, PIPELINE_MAPPING, key=("Report Number", "Supplemental Number"))
    assert result.counts.as_json() == {"rows": 2795, "created": 2795, "updated": 0, "skipped": 0, "errors": 0}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(loss), sum(deaths), count(deaths), count(*) FILTER (WHERE found_at IS NULL) FROM tests_finding"
        )
        assert cursor.fetchone() == (Decimal("2331122923.00"), 10, 8, 0)


def test_every_column_named_all_costs_is_the_sum_of_the_six(findings, stored):
    run(findings, PIPELINES, PIPELINE_MAPPING)
    summed = stored("loss")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE tests_finding")
        cursor.execute("DELETE FROM reporting_importedkey")
    mapping = {"columns": PIPELINE_MAPPING["columns"] | {"loss": "All Costs"}}
    run(findings, PIPELINES, mapping)
    assert stored("loss") == summed


@pytest.mark.parametrize("path", sorted(DATA.glob("bsee_*.csv")) if DATA.exists() else [], ids=lambda path: path.name)
def test_every_sample_is_read_without_a_fault(findings, path):
    names = {"BUS_ASC_NAME", "COMPANY_NAME"}
    dates = {"INC_DATE", "INC_ISSUE_DATE", "INSP_END_DATE", "INS_DATE"}
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    mapping = {
        "columns": {
            "unit": next(name for name in header if name in names),
            "found_at": next(name for name in header if name in dates),
        }
    }
    result = run(findings, path, mapping)
    assert (result.counts.rows, result.counts.errors) == (100, 0)
