"""Past hazards through the import page: the room's options are offered, kept, and do what they say."""

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Hazard
from safetyplant.reporting.models import ImportRun, SavedMapping
from safetyplant.reporting.views import _context
from tests.inspections.imports import importer

FORM = "编号,隐患描述,风险等级,发现日期,责任部门,状态\n1,护栏松动,较大风险,2019-03-04,十二号站,已销号\n"


def upload(client):
    client.post("/imports/new/", {"target": "hazards", "file": SimpleUploadedFile("隐患台账.csv", FORM.encode("gb18030"))})
    return ImportRun.objects.latest("pk")


def fields_of(run, **changes):
    form = _context(run)["mapping"]
    return {f"map-{name}": form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()} | changes


def test_a_ledger_with_unknown_units_is_imported_from_the_page(client, people, branch):
    client.force_login(people.officer)
    run = upload(client)
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "Make units that are not there yet" in page
    assert "Report open hazards anew" in page
    client.post(f"/imports/{run.pk}/check/", fields_of(run))
    run.refresh_from_db()
    assert run.counts["errors"] == 1
    chosen = {"map-option_make_units": "on", "map-option_unit_kind": "team", "map-option_under": "Branch Factory"}
    assert client.post(f"/imports/{run.pk}/check/", fields_of(run, **chosen)).status_code == 302
    run.refresh_from_db()
    assert (run.counts["created"], run.counts["errors"], Hazard.objects.count()) == (1, 0, 0)
    client.post(f"/imports/{run.pk}/commit/")
    hazard = Hazard.objects.get()
    assert (hazard.title, hazard.unit.name, hazard.unit.kind) == ("护栏松动", "十二号站", "team")
    assert SavedMapping.objects.get().mapping["options"]["unit_kind"] == "team"
    again = upload(client)
    assert fields_of(again)["map-option_make_units"] is True


def test_an_impossible_option_is_told_beside_the_form(client, people, branch):
    client.force_login(people.officer)
    run = upload(client)
    response = client.post(f"/imports/{run.pk}/check/", fields_of(run, **{"map-option_unit_kind": "castle"}))
    assert response.status_code == 422
    client.post(f"/imports/{run.pk}/check/", fields_of(run, **{"map-option_make_units": "on", "map-option_under": "Nowhere"}))
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "no unit has the code or name “Nowhere”" in page
    assert not Hazard.objects.exists()


def test_targets_are_offered_to_those_who_import(client, people):
    client.force_login(people.officer)
    page = client.get("/imports/new/").content.decode()
    assert all(f'value="{code}"' in page for code in ("hazards", "violations", "inspections"))
    client.force_login(people.head)
    assert client.get("/imports/new/").status_code == 403


def test_lists_search_and_api_show_the_past_as_anything_else(client, people, station, tmp_path):
    header = "Unit,Found,Day of the inspection,What happened,Person\n"
    importer(tmp_path, "violations", people.officer)(header + "SA,2019-03-04,2019-03-04,Smoking at the tank,worker\n")
    importer(tmp_path, "hazards", people.officer)("Unit,Found,Level,What is wrong\nSA,2019-03-04,G2,Loose railing\n")
    client.force_login(people.officer)
    numbers = {"hazards": "PHZ-2019-0001", "violations": "PVI-2019-0001", "inspections": "PINS-2019-0001"}
    for kind, number in numbers.items():
        state = "?state=closed" if kind == "hazards" else ""
        assert number in client.get(f"/{kind}/{state}").content.decode(), kind
        assert number in client.get(f"/api/v1/{kind}/").content.decode(), kind
    assert "PHZ-2019-0001" in client.get("/search/?q=railing").content.decode()
