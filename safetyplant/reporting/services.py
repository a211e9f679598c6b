"""The import page's work: take a file in, check it with a mapping, import it, put it away."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import NotAllowed
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.reporting.imports import limits
from safetyplant.reporting.imports.layout import inspect_file
from safetyplant.reporting.imports.mapping import Mapping, mapping_from_json
from safetyplant.reporting.imports.pulse import Pulse
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.report import CsvReport
from safetyplant.reporting.imports.running import ImportPlan, ImportResult, run_import
from safetyplant.reporting.imports.targets import ImportTarget, target_for
from safetyplant.reporting.imports.workbook import unpacked_size
from safetyplant.reporting.models import ImportRun, ImportState

AT_ONCE_BYTES = 256 * 1024  # checked or imported within the request
AT_ONCE_UNPACKED = 4 * 1024 * 1024
SILENCE = timedelta(minutes=2)  # without a pulse for so long, the worker is gone
KEPT = timedelta(days=90)
AT_WORK = (ImportState.CHECKING, ImportState.IMPORTING)
MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


def receive_file(upload: File, *, target: ImportTarget, by: Any, mapping: Any = None) -> ImportRun:
    """Keep an uploaded file and find out what it looks like. Raises `UnreadableFile`; then nothing is kept."""
    require(target.may_import(by), _("You may not import these records."))
    if upload.size > limits.UPLOAD_BYTES:
        raise UnreadableFile(_("The file is larger than 50 MB. Have it imported with the import_records command."))
    with _copied(upload) as path:
        layout, suggested = inspect_file(path, target, dict((mapping or {}).get("options") or {}))
        wanted = mapping_from_json(mapping, target) if mapping else suggested
        run = ImportRun(target=target.code, file_name=(upload.name or "")[-255:], size=upload.size, created_by=by)
        run.layout, run.mapping = layout.as_json() | {"unpacked": unpacked_size(path)}, wanted.as_json()
        upload.seek(0)
        # A name of ours: the uploader's may be anything.
        run.file.save(f"import{Path(upload.name or '').suffix[:8]}", upload, save=False)
        run.save()
    return run


def read_again(run: ImportRun, options: dict[str, Any], *, by: Any) -> ImportRun:
    """Look at the file with other options (sheet, header row, encoding) and begin the mapping anew."""
    with transaction.atomic():
        run = _own(run, by, *MAPPABLE)
        with local_file(run) as path:
            layout, mapping = inspect_file(path, target_for(run.target), options)
        run.layout |= layout.as_json()
        run.mapping, run.state, run.message = mapping.as_json(), ImportState.UPLOADED, ""
        run.save()
    return run


def start_check(run: ImportRun, mapping: Mapping, *, by: Any, now: datetime | None = None) -> ImportRun:
    """The dry run. Small files are done when this returns, others when a worker has had them."""
    with transaction.atomic():
        run = _own(run, by, *MAPPABLE)
        run.mapping, run.skip_bad = mapping.as_json(), False
        _begin(run, ImportState.CHECKING, now)
    return run


def start_import(run: ImportRun, *, skip_bad: bool, by: Any, now: datetime | None = None) -> ImportRun:
    """The import of a checked file."""
    with transaction.atomic():
        run = _own(run, by, ImportState.CHECKED)
        run.skip_bad = skip_bad
        _begin(run, ImportState.IMPORTING, now)
    return run


def restart(run: ImportRun, *, by: Any, now: datetime | None = None) -> ImportRun:
    """Start an interrupted run again; what it had written before was never committed."""
    with transaction.atomic():
        run = _own(run, by, *AT_WORK)
        require(is_silent(run, now), _("This import is still running."))
        _begin(run, run.state, now)
    return run


def discard(run: ImportRun, *, by: Any) -> None:
    """Delete a file and what is known of it. Imported records stay."""
    with transaction.atomic():
        run = _own(run, by, *MAPPABLE, ImportState.DONE)
        _delete(run)


def is_small(run: ImportRun) -> bool:
    return run.size <= AT_ONCE_BYTES and run.layout.get("unpacked", 0) <= AT_ONCE_UNPACKED


def is_silent(run: ImportRun, now: datetime | None = None) -> bool:
    """True when a run claims to be at work and nothing has been heard of it."""
    last = run.heartbeat_at or run.started_at
    return run.state in AT_WORK and (last is None or last < (now or timezone.now()) - SILENCE)


def _own(run: ImportRun, by: Any, *states: str) -> ImportRun:
    run = locked(ImportRun.objects.visible_to(by), run.pk)
    require_state(run, *states, field="state")
    return run


def _begin(run: ImportRun, state: str, now: datetime | None) -> None:
    run.state, run.progress, run.message = state, 0, ""
    run.counts, run.notes, run.shown_faults = {}, [], []
    run.started_at, run.heartbeat_at, run.finished_at = now or timezone.now(), None, None
    run.save()


def perform(run_id: int, now: datetime | None = None) -> None:
    """Do what a run is waiting for. Harmless when called twice: only the one that claims it goes on."""
    moment = now or timezone.now()
    free = Q(heartbeat_at=None) | Q(heartbeat_at__lt=moment - SILENCE)
    if not ImportRun.objects.filter(free, pk=run_id, state__in=AT_WORK).update(heartbeat_at=timezone.now()):
        return
    run = ImportRun.objects.select_related("created_by").get(pk=run_id)
    is_over = False
    try:
        with translation.override(getattr(run.created_by, "language", "") or translation.get_language()):
            _work(run)
        is_over = True
    except UnreadableFile as refusal:
        fail(run, str(refusal.message))
        is_over = True
    except NotAllowed as refusal:
        fail(run, str(refusal))
        is_over = True
    finally:
        if not is_over:
            # The error goes on to the log; whoever waits is told where things stand.
            fail(run, _("The import stopped because of a fault in the program. Nothing was written; the fault has been logged."))


def _work(run: ImportRun) -> None:
    target = target_for(run.target)
    require(target.may_import(run.created_by) and run.created_by.is_active, _("You may not import these records."))
    plan = ImportPlan(
        target=target,
        mapping=mapping_from_json(run.mapping, target),
        dry_run=run.state == ImportState.CHECKING,
        skip_bad=run.skip_bad,
        by=run.created_by,
        file_name=run.file_name,
    )
    with local_file(run) as path, Pulse(run.pk) as pulse, tempfile.TemporaryDirectory(prefix="import-report-") as folder:
        report = Path(folder) / "report.csv"
        with report.open("w", encoding="utf-8-sig", newline="") as stream:
            result = run_import(path, plan, sink=CsvReport(stream), beat=pulse)
        _finish(run, result, report)


def _finish(run: ImportRun, result: ImportResult, report: Path) -> None:
    run.counts = result.counts.as_json() | {"duplicates": result.report.duplicates, "lines": result.report.lines}
    run.notes = [str(note) for note in result.notes]
    run.shown_faults = [line.as_json() for line in result.report.shown]
    run.progress, run.finished_at = result.counts.rows, timezone.now()
    if run.state == ImportState.CHECKING:
        run.state = ImportState.CHECKED
    else:
        run.state = ImportState.DONE if result.is_success else ImportState.FAILED
        run.message = "" if result.is_success else _("Some rows are faulty, so nothing was imported.")
    if run.report:
        run.report.delete(save=False)
    with report.open("rb") as stream:
        run.report.save("report.csv", File(stream), save=False)
    run.save()


def fail(run: ImportRun, message: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.FAILED, message=message, finished_at=timezone.now())


def remove_old_runs(now: datetime | None = None) -> int:
    """Put away what was uploaded long ago: a file full of records must not outlive its use."""
    old = ImportRun.objects.filter(created_at__lt=(now or timezone.now()) - KEPT).exclude(state__in=AT_WORK)
    count = 0
    for run in old.iterator():
        _delete(run)
        count += 1
    return count


def _delete(run: ImportRun) -> None:
    names = [str(item.name) for item in (run.file, run.report) if item]
    storage = run.file.storage
    run.delete()
    for name in names:
        transaction.on_commit(partial(storage.delete, name))


@contextmanager
def local_file(run: ImportRun) -> Iterator[Path]:
    """The run's file as one on this machine, wherever the storage is."""
    with run.file.open("rb") as stream, _copied(stream) as path:
        yield path


@contextmanager
def _copied(stream: Any) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="import-") as local:
        stream.seek(0)
        shutil.copyfileobj(stream, local, 1024 * 1024)
        local.flush()
        yield Path(local.name)
