import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from safetyplant.reporting import services
from safetyplant.reporting.imports import limits, register_target
from safetyplant.reporting.models import ImportRun, ImportState, SavedMapping

SIMPLE = "Number,Unit,Inspection date,Loss\n1,Station A,3/27/1996,110\n2,Station B,4/5/1996,\n2,Station B,4/5/1996,\n"


@pytest.fixture
def signed_in(client, officer, findings):
    client.force_login(officer)
    return client


def upload(client, text=SIMPLE, name="records.csv", **extra):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post("/imports/new/", {"target": "tests-findings", "file": SimpleUploadedFile(name, content), **extra})


def fields_of(run, **changes):
    """The mapping form as the page offers it, sent back unchanged but for the changes."""
    from safetyplant.reporting.views import _context  # noqa: PLC0415 - the page's own context is what is under test

    form = _context(run)["mapping"]
    return {f"map-{name}": form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()} | changes


def latest():
    return ImportRun.objects.latest("pk")


def test_a_file_goes_all_the_way(signed_in, stored):
    response = upload(signed_in)
    run = latest()
    assert response.headers["Location"] == reverse("reporting:import-detail", args=[run.pk])
    page = signed_in.get(f"/imports/{run.pk}/").content.decode()
    assert "Station A" in page
    assert signed_in.post(f"/imports/{run.pk}/check/", fields_of(run)).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.counts["created"], run.counts["duplicates"], stored()) == (ImportState.CHECKED, 2, 1, 0)
    assert "The same as row 3." in signed_in.get(f"/imports/{run.pk}/").content.decode()
    assert signed_in.post(f"/imports/{run.pk}/commit/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.counts["created"], stored()) == (ImportState.DONE, 2, 2)
    assert SavedMapping.objects.get().saved_by == run.created_by
    assert signed_in.post(f"/imports/{run.pk}/commit/").status_code == 409
    upload(signed_in)
    assert latest().layout["is_saved"]


def test_faults_are_shown_and_can_be_left_out(signed_in, stored):
    upload(signed_in, SIMPLE + "3,Nowhere,1/1/1996,1\n4,Station A,soon,<script>alert(1)</script>\n")
    run = latest()
    signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    page = signed_in.get(f"/imports/{run.pk}/").content.decode()
    assert "There is no such unit." in page
    assert "soon" in page
    assert "<script>alert" not in page
    report = b"".join(signed_in.get(f"/imports/{run.pk}/report/")).decode("utf-8-sig")
    assert "Nowhere" in report
    signed_in.post(f"/imports/{run.pk}/commit/", {"skip_bad": "1"})
    run.refresh_from_db()
    assert (run.state, run.counts["errors"], stored()) == (ImportState.DONE, 2, 2)


def test_commit_of_a_faulty_file_writes_nothing(signed_in, stored):
    upload(signed_in, SIMPLE + "3,Nowhere,1/1/1996,1\n")
    run = latest()
    signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    signed_in.post(f"/imports/{run.pk}/commit/")
    run.refresh_from_db()
    assert (run.state, stored()) == (ImportState.FAILED, 0)


def test_mapping_by_hand_with_words_and_constants(signed_in, stored):
    upload(signed_in, "where;code;x\n采油一队;W;1\n")
    run = latest()
    wrong = signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    assert wrong.status_code == 422
    changes = {"map-column_unit": '"where"', "map-column_level": '"code"', "map-words_level": "W = G2", "map-const_note": "old"}
    assert signed_in.post(f"/imports/{run.pk}/check/", fields_of(run, **changes)).status_code == 302
    signed_in.post(f"/imports/{run.pk}/commit/")
    assert (stored("unit"), stored("level"), stored("note")) == (["采油一队"], ["G2"], ["old"])
    mapping = json.loads(signed_in.get(f"/imports/{run.pk}/mapping/").content)
    assert mapping["values"] == {"level": {"W": "G2"}}


def test_mapping_file_with_several_columns_survives_the_form(signed_in, stored):
    mapping = {"columns": {"unit": "where", "loss": ["a", "b"], "level": {"column": "c", "default": "G3"}}}
    file = SimpleUploadedFile("m.json", json.dumps(mapping).encode())
    upload(signed_in, "where,a,b,c\nA,1,2,\n", mapping=file)
    run = latest()
    assert signed_in.post(f"/imports/{run.pk}/check/", fields_of(run)).status_code == 302
    signed_in.post(f"/imports/{run.pk}/commit/")
    assert (stored("loss"), stored("level")) == ([3], ["G3"])
    bad = SimpleUploadedFile("m.json", b'{"columns": {"planet": "x"}}')
    assert upload(signed_in, mapping=bad).status_code == 422


def test_another_sheet_and_header_row(signed_in, write_xlsx):
    path = write_xlsx({"甲": [["x", "y"], [1, 2]], "乙": [["t"], ["Number", "Unit"], [1, "A"]]})
    upload(signed_in, path.read_bytes(), name="b.xlsx")
    run = latest()
    response = signed_in.post(f"/imports/{run.pk}/read/", {"read-sheet": "乙", "read-header_row": "2"})
    assert response.status_code == 302
    run.refresh_from_db()
    assert (run.layout["sheet"], run.layout["columns"]) == ("乙", ["Number", "Unit"])
    assert signed_in.post(f"/imports/{run.pk}/read/", {"read-sheet": "丙"}).status_code == 422
    signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    run.refresh_from_db()
    assert run.counts["created"] == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0", b"<html>", b"\x00\x01\x02", b'"' * 100_000])
def test_unreadable_uploads_are_answered_in_words(signed_in, content):
    assert upload(signed_in, content).status_code in (302, 422)
    assert signed_in.get("/imports/").status_code == 200


def test_unknown_encoding_is_answered_in_words(signed_in):
    upload(signed_in)
    run = latest()
    response = signed_in.post(f"/imports/{run.pk}/read/", {"read-encoding": "klingon"})
    assert response.status_code == 422
    assert "klingon" in response.content.decode()


def test_too_large_a_file_is_refused(signed_in, monkeypatch):
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 10)
    response = upload(signed_in)
    assert (response.status_code, ImportRun.objects.count()) == (422, 0)


def test_only_those_with_the_right_enter(client, worker, findings):
    assert client.get("/imports/").status_code == 302
    client.force_login(worker)
    assert [client.get(path).status_code for path in ("/imports/", "/imports/new/", "/imports/1/")] == [403] * 3


def test_files_of_others_do_not_exist(signed_in, client, director):
    upload(signed_in)
    run = latest()
    client.force_login(director)
    for path in ("", "report/", "mapping/"):
        assert client.get(f"/imports/{run.pk}/{path}").status_code == 404
    for path in ("check/", "commit/", "read/", "discard/", "restart/"):
        assert client.post(f"/imports/{run.pk}/{path}").status_code == 404


def test_target_that_the_person_may_not_import_is_not_offered(signed_in, findings):
    register_target(replace(findings, may_import=lambda user: False))
    assert "tests-findings" not in signed_in.get("/imports/new/").content.decode()
    assert upload(signed_in).status_code == 422


def test_discarded_files_are_gone(signed_in, django_capture_on_commit_callbacks):
    upload(signed_in)
    run = latest()
    name, storage = run.file.name, run.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(f"/imports/{run.pk}/discard/")
    assert not ImportRun.objects.exists()
    assert not storage.exists(name)


def test_old_files_are_put_away(signed_in):
    upload(signed_in)
    assert services.remove_old_runs() == 0
    assert services.remove_old_runs(timezone.now() + services.KEPT + timedelta(days=1)) == 1


def test_an_interrupted_run_can_be_started_again(signed_in, stored):
    upload(signed_in)
    run = latest()
    long_ago = timezone.now() - timedelta(minutes=5)
    signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.IMPORTING, heartbeat_at=timezone.now())
    assert signed_in.post(f"/imports/{run.pk}/restart/").status_code == 403
    services.perform(run.pk)  # someone is at it: nothing happens
    assert stored() == 0
    assert "Refresh" in signed_in.get(f"/imports/{run.pk}/").headers
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago, started_at=long_ago)
    page = signed_in.get(f"/imports/{run.pk}/")
    assert "restart" in page.content.decode()
    assert "Refresh" not in page.headers
    signed_in.post(f"/imports/{run.pk}/restart/")
    run.refresh_from_db()
    assert (run.state, stored()) == (ImportState.DONE, 2)


def test_a_fault_of_the_program_ends_the_run(signed_in, findings, stored):
    def broken(rows, context):
        raise RuntimeError("a bug")

    upload(signed_in)
    run = latest()
    register_target(replace(findings, writer=broken))
    with pytest.raises(RuntimeError):
        signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert run.message


def test_large_files_wait_for_a_worker(signed_in, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE_BYTES", 10)
    sent = []
    monkeypatch.setattr("safetyplant.reporting.tasks.perform_import.delay", sent.append)
    upload(signed_in)
    run = latest()
    signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    run.refresh_from_db()
    assert (run.state, sent) == (ImportState.CHECKING, [run.pk])
    services.perform(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


def test_without_a_broker_the_run_ends_and_says_so(signed_in, monkeypatch):
    def unreachable(run_id):
        raise OperationalError("no broker")

    monkeypatch.setattr(services, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr("safetyplant.reporting.tasks.perform_import.delay", unreachable)
    upload(signed_in)
    run = latest()
    signed_in.post(f"/imports/{run.pk}/check/", fields_of(run))
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert "worker" in signed_in.get(f"/imports/{run.pk}/").content.decode()


@pytest.mark.parametrize(
    "data", ['{"columns": {"note": {"const": "a\\u0000b"}}}', '{"columns": {"note": {"const": NaN}}}', "[" * 9999]
)
def test_hostile_mapping_files_are_answered_in_words(signed_in, data):
    assert upload(signed_in, mapping=SimpleUploadedFile("m.json", data.encode())).status_code == 422


def test_pages_have_nothing_inline(signed_in):
    upload(signed_in)
    for path in ("/imports/", "/imports/new/", f"/imports/{latest().pk}/"):
        page = signed_in.get(path).content.decode()
        assert " style=" not in page
        assert " onclick=" not in page


def test_form_keeps_what_was_typed(signed_in):
    upload(signed_in, "where,x\nA,1\n")
    run = latest()
    page = signed_in.post(f"/imports/{run.pk}/check/", fields_of(run, **{"map-const_note": "typed by hand"}))
    assert page.status_code == 422
    assert "typed by hand" in page.content.decode()


def test_encodings_are_named_in_words_and_detected_by_default(signed_in):
    upload(signed_in, "Number,Unit\n1,采油一队\n".encode("gb18030"))
    run = latest()
    page = signed_in.get(f"/imports/{run.pk}/").content.decode()
    assert "As detected: Chinese, simplified (GB 18030, GBK)" in page
    assert ">Unicode (UTF-8)<" in page
    assert ">utf-8-sig<" not in page
    assert signed_in.post(f"/imports/{run.pk}/read/", {"read-encoding": "utf-8-sig"}).status_code == 302
    run.refresh_from_db()
    assert run.mapping["options"]["encoding"] == "utf-8-sig"


def test_fixed_texts_are_folded_away_until_something_is_said(signed_in):
    upload(signed_in, "Number,Unit\n1,A\n")
    page = signed_in.get(f"/imports/{latest().pk}/").content.decode()
    folded = page.split('name="map-const_note"')[0].rsplit("<details", 1)[1]
    assert not folded.split(">")[0].endswith("open")
    run = latest()
    page = signed_in.post(f"/imports/{run.pk}/check/", {"map-const_note": "typed by hand"}).content.decode()
    folded = page.split('name="map-const_note"')[0].rsplit("<details", 1)[1]
    assert folded.split(">")[0].endswith("open")
