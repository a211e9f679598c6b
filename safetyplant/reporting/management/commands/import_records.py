"""`manage.py import_records FILE --target T`: bring records in from a CSV, TSV or XLSX file (see `docs/importing.md`)."""

import json
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from safetyplant.reporting.imports import all_targets
from safetyplant.reporting.imports.layout import inspect_file
from safetyplant.reporting.imports.mapping import OPTIONS, Mapping, mapping_from_json
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.report import KIND_LABELS, Counts, CsvReport, ReportLine
from safetyplant.reporting.imports.running import ImportPlan, ImportResult, run_import
from safetyplant.reporting.imports.targets import ImportTarget, UnknownTarget, target_for


class Command(BaseCommand):
    help = "Import records from a CSV, TSV or XLSX file. All or nothing, unless --skip-bad."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to read")
        parser.add_argument(
            "--target", required=True, help="what its rows are: " + ", ".join(each.code for each in all_targets())
        )
        parser.add_argument("--mapping", type=Path, help="JSON file: columns, values, options; else the saved one or a guess")
        parser.add_argument("--key", action="append", default=[], help="column that tells records apart; may be repeated")
        parser.add_argument("--dry-run", action="store_true", help="report every fault, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave faulty rows out and import the others")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help=", ".join(sorted(OPTIONS)))
        parser.add_argument("--report", type=Path, help="also write the row-by-row report to this CSV file")
        parser.add_argument("--by", help="user name of the person who answers for the import")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._run(options)
        except (UnreadableFile, UnknownTarget) as refusal:
            self.stderr.write(str(getattr(refusal, "message", refusal)))
            self._finish(Counts(errors=1), is_success=False)
        else:
            for note in result.notes:
                self.stdout.write(f"note: {note}")
            self._finish(result.counts, is_success=result.is_success)

    def _run(self, options: dict[str, Any]) -> ImportResult:
        target = self._target(options["target"])
        plan = ImportPlan(
            target=target,
            mapping=_mapping(target, options["file"], options["mapping"], options["option"]),
            key=tuple(options["key"]),
            dry_run=options["dry_run"],
            skip_bad=options["skip_bad"],
            by=_person(options["by"]),
        )
        with ExitStack() as stack:
            report = None
            if options["report"]:
                stream = stack.enter_context(options["report"].open("w", encoding="utf-8-sig", newline=""))
                report = CsvReport(stream)

            def sink(line: ReportLine) -> None:
                self.stdout.write(describe(line))
                if report:
                    report(line)

            return run_import(options["file"], plan, sink=sink)

    def _target(self, code: str) -> ImportTarget:
        try:
            return target_for(code)
        except UnknownTarget as error:
            known = ", ".join(target.code for target in all_targets())
            raise UnreadableFile(f"There is no target “{code}”. Targets: {known}.") from error

    def _finish(self, counts: Counts, *, is_success: bool) -> None:
        self.stdout.write(json.dumps(counts.as_json()))
        if not is_success:
            self.stdout.flush()
            sys.exit(1)


def describe(line: ReportLine) -> str:
    """One line of text: `row 17, Sheet1, column INSP_DATE, value "31/31/2020": There is no such day in the calendar.`"""
    places = [f"row {line.row}", line.sheet, line.column and f"column {line.column}", line.value and f"value {line.value!r}"]
    return f"{KIND_LABELS[line.kind]}: {', '.join(filter(None, places))}: {line.message}"


def _mapping(target: ImportTarget, file: Path, path: Path | None, pairs: list[str]) -> Mapping | None:
    """The mapping of the file given, with the options named beside it; `None` when nothing is said about it."""
    named = dict(pair.partition("=")[::2] for pair in pairs)
    if path is None and not named:
        return None
    if path is None:
        mapping_from_json({"columns": {}, "options": named}, target)  # refuses unknown options
        return inspect_file(file, target, named)[1]
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableFile(f"The mapping {path} can't be read: {error}") from error
    if isinstance(data, dict) and named:
        data["options"] = {**(data.get("options") or {}), **named}
    return mapping_from_json(data, target)


def _person(username: str | None) -> Any:
    if username is None:
        return None
    try:
        return get_user_model().objects.get_by_natural_key(username)
    except get_user_model().DoesNotExist as error:
        raise UnreadableFile(f"There is no person with the user name {username}.") from error
