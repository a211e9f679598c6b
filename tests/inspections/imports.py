"""Mappings and files for tests of importing past records."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from responsibilities.models import Person
from safetyplant.reporting.imports.layout import inspect_file
from safetyplant.reporting.imports.mapping import mapping_from_json
from safetyplant.reporting.imports.report import Kind, ReportLine
from safetyplant.reporting.imports.running import ImportPlan, ImportResult, run_import
from safetyplant.reporting.imports.targets import target_for

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
PLATFORM_MAPPING = {
    "columns": {
        "unit": {"columns": ["ID_NUMBER", "STRUCTURE_NUMBER"], "join": "-"},
        "unit_name": ["ID_NUMBER", "STRUCTURE_NAME"],
        "clause_text": "INC_NUMBER",
        "level": "INC_ENFRC_CODE",
        "company": "COMPANY_NAME",
        "found_at": "INC_ISSUE_DATE",
        "inspection_date": "INSP_DATE",
        "outside_body": {"const": "BSEE"},
    },
    "values": {"level": {"W": "G3", "C": "G2", "S": "G1"}},
    "options": {"make_units": True, "unit_kind": "station"},
}


def importer(folder: Path, target: str, by: Person) -> Callable[..., tuple[ImportResult, list[ReportLine]]]:
    """`bring(text, mapping=…, options=…, skip_bad=…)`: import a text as a file; the result and its faults."""

    def bring(text: str, *, mapping: dict | None = None, options: dict | None = None, **plan: Any):
        path = folder / "list.csv"
        path.write_text(text, encoding="utf-8")
        offered = target_for(target)
        wanted = mapping_from_json(mapping, offered) if mapping else None
        if options:
            mapping_from_json({"columns": {}, "options": options}, offered)
            wanted = inspect_file(path, offered, options)[1]
        faults: list[ReportLine] = []
        result = run_import(path, ImportPlan(target=offered, mapping=wanted, by=by, now=NOW, **plan), sink=faults.append)
        return result, [line for line in faults if line.kind == Kind.FAULT]

    return bring
