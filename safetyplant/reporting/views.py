"""The import page: upload → mapping with a preview → dry run → import, each step a plain form."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from safetyplant.access.rules import requires
from safetyplant.reporting import services
from safetyplant.reporting.forms import LISTED_COLUMNS, MappingForm, ReadingForm, UploadForm
from safetyplant.reporting.imports.encodings import encoding_label
from safetyplant.reporting.imports.mapping import Mapping, mapping_from_json
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.targets import ImportTarget, UnknownTarget, target_for
from safetyplant.reporting.models import ImportRun, ImportState
from safetyplant.reporting.permissions import can_import, targets_for
from safetyplant.reporting.tasks import perform_import

LATEST = 50
REFRESH_SECONDS = "3"


@requires(can_import)
@require_GET
@never_cache
def import_list(request: HttpRequest) -> HttpResponse:
    runs = list(ImportRun.objects.visible_to(request.user)[:LATEST])
    labels = {target.code: target.label for target in targets_for(request.user)}
    for run in runs:
        run.target_label = labels.get(run.target, run.target)
    return render(request, "reporting/import_list.html", {"runs": runs})


@requires(can_import)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_new(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, targets=targets_for(request.user))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = services.receive_file(data["file"], target=form.chosen, by=request.user, mapping=data["mapping"])
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("reporting:import-detail", pk=run.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "reporting/import_new.html", {"form": form}, status=status)


@requires(can_import)
@require_GET
@never_cache
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run_of(request, pk)
    response = render(request, "reporting/import_detail.html", _context(run))
    if run.state in services.AT_WORK and not services.is_silent(run):
        response["Refresh"] = REFRESH_SECONDS
    return response


@requires(can_import)
@require_POST
def import_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file with another sheet, header row or encoding."""
    run = _run_of(request, pk)
    form = ReadingForm(request.POST, layout=run.layout, options=run.mapping.get("options") or {})
    if form.is_valid():
        try:
            services.read_again(run, form.options(run.mapping.get("options") or {}), by=request.user)
        except UnreadableFile as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("reporting:import-detail", pk=pk)
    return render(request, "reporting/import_detail.html", _context(run, reading=form), status=422)


@requires(can_import)
@require_POST
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run with the mapping just given."""
    run = _run_of(request, pk)
    target = _target_of(run)
    form = MappingForm(request.POST, target=target, layout=run.layout, mapping=_mapping_of(run, target))
    if not form.is_valid():
        return render(request, "reporting/import_detail.html", _context(run, mapping=form), status=422)
    _set_off(services.start_check(run, form.mapping, by=request.user))
    return redirect("reporting:import-detail", pk=pk)


@requires(can_import)
@require_POST
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    _set_off(services.start_import(_run_of(request, pk), skip_bad=request.POST.get("skip_bad") == "1", by=request.user))
    return redirect("reporting:import-detail", pk=pk)


@requires(can_import)
@require_POST
def import_restart(request: HttpRequest, pk: int) -> HttpResponse:
    _set_off(services.restart(_run_of(request, pk), by=request.user))
    return redirect("reporting:import-detail", pk=pk)


@requires(can_import)
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    services.discard(_run_of(request, pk), by=request.user)
    return redirect("reporting:import-list")


@requires(can_import)
@require_GET
def import_report(request: HttpRequest, pk: int) -> FileResponse:
    """The whole row-by-row report as CSV."""
    run = _run_of(request, pk)
    if not run.report:
        raise Http404
    return FileResponse(run.report.open("rb"), as_attachment=True, filename=f"import-{run.pk}.csv", content_type="text/csv")


@requires(can_import)
@require_GET
def import_mapping(request: HttpRequest, pk: int) -> JsonResponse:
    """The mapping as the file that `import_records --mapping` takes."""
    run = _run_of(request, pk)
    response = JsonResponse(run.mapping, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="mapping-{run.target}.json"'
    return response


def _run_of(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)


def _target_of(run: ImportRun) -> ImportTarget:
    try:
        return target_for(run.target)
    except UnknownTarget as error:
        raise Http404 from error


def _mapping_of(run: ImportRun, target: ImportTarget) -> Mapping:
    try:
        return mapping_from_json(run.mapping, target)
    except UnreadableFile:
        # The target has changed since: begin with an empty mapping rather than with an error no one can mend.
        return Mapping({})


def _set_off(run: ImportRun) -> None:
    """Small files here and now, large ones by a worker; without a broker the run ends as failed, not as forgotten."""
    if services.is_small(run):
        services.perform(run.pk)
        return
    try:
        perform_import.delay(run.pk)
    except OperationalError:
        services.fail(run, _("No worker can be reached just now. Nothing was written; try again in a few minutes."))


def _context(run: ImportRun, *, reading: ReadingForm | None = None, mapping: MappingForm | None = None) -> dict[str, Any]:
    target = _target_of(run)
    known = _mapping_of(run, target)
    counts = run.counts
    return {
        "run": run,
        "target": target,
        "is_mappable": run.state in services.MAPPABLE,
        "is_at_work": run.state in services.AT_WORK,
        "is_silent": services.is_silent(run),
        "is_checked": run.state == ImportState.CHECKED,
        "is_done": run.state == ImportState.DONE,
        "is_failed": run.state == ImportState.FAILED,
        "can_commit_all": run.state == ImportState.CHECKED and not counts.get("errors") and bool(counts.get("rows")),
        "can_commit_rest": run.state == ImportState.CHECKED and 0 < counts.get("errors", 0) < counts.get("rows", 0),
        "reading": reading or ReadingForm(layout=run.layout, options=dict(known.options)),
        "encoding": encoding_label(run.layout["encoding"]) if run.layout.get("encoding") else "",
        "shown": f":{LISTED_COLUMNS}",
        "shown_columns": run.layout.get("columns", [])[:LISTED_COLUMNS],
        "mapping": mapping or MappingForm(target=target, layout=run.layout, mapping=known),
        "hidden_lines": max(counts.get("lines", 0) - len(run.shown_faults), 0),
    }
