"""A table may be wide; it must not keep the workers busy."""

from difflib import SequenceMatcher

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from safetyplant.reporting.imports import limits, suggesting
from safetyplant.reporting.imports.delimited import DelimitedSource
from safetyplant.reporting.imports.reading import ReadOptions
from safetyplant.reporting.models import ImportRun, ImportState


def wide(columns, rows=1):
    names = ["Number", "Unit", *(f"Reading of the gauge {index}" for index in range(columns - 3)), "Loss"]
    lines = [",".join(names), *(f"{row},Station A{',' * (columns - 2)}5" for row in range(rows))]
    return "\n".join(lines) + "\n"


def test_columns_beyond_the_limit_are_not_read(write_csv):
    source = DelimitedSource(write_csv(wide(limits.COLUMNS + 500)), ReadOptions())

    assert {len(row.cells) for row in source.rows()} == {limits.COLUMNS}


class Counting(SequenceMatcher):
    """The real comparison of letters, which is what takes long; counts how often it is made."""

    made = 0

    def ratio(self):
        Counting.made += 1
        return super().ratio()


@pytest.fixture
def uploaded(client, officer, findings, monkeypatch):
    """A file with as many columns as are read, uploaded; how many names were compared letter by letter for it and its page."""
    monkeypatch.setattr(suggesting, "SequenceMatcher", Counting)
    monkeypatch.setattr(Counting, "made", 0)
    client.force_login(officer)
    text = wide(limits.COLUMNS)
    client.post("/imports/new/", {"target": "tests-findings", "file": SimpleUploadedFile("wide.csv", text.encode())})
    run = ImportRun.objects.latest("pk")
    page = client.get(f"/imports/{run.pk}/")
    return run, page.content.decode(), Counting.made


def test_few_of_a_wide_file_s_names_are_compared_letter_by_letter(uploaded):
    run, page, compared = uploaded

    assert run.layout["columns"][-1] == "Loss"
    assert len(page) < 500_000
    assert compared < limits.COLUMNS


def test_a_wide_file_is_mapped_by_typing_a_name(uploaded, client, stored):
    run, page, _compared = uploaded
    assert '<datalist id="columns"' in page
    assert page.count("Reading of the gauge 1500") == 1
    sent = {
        "map-column_unit": "Unit",
        "map-column_loss": "Loss",
        "map-column_note": "Reading of the gauge 3",
        "map-key": "Number",
    }

    assert client.post(f"/imports/{run.pk}/check/", sent).status_code == 302
    client.post(f"/imports/{run.pk}/commit/")
    run.refresh_from_db()
    assert run.state == ImportState.DONE
    assert stored("loss") == [5]
    assert run.mapping["options"]["key"] == "Number"


def test_a_name_that_is_no_column_is_refused(uploaded, client):
    run, _page, _seconds = uploaded

    answer = client.post(f"/imports/{run.pk}/check/", {"map-column_unit": "Uint"})
    assert answer.status_code == 422
    assert "Uint" in answer.content.decode()
