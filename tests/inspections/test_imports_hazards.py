"""Past hazards from a spreadsheet: what they become, what they never do, and how each fault is named."""

from datetime import date

import pytest
from django.utils import timezone

from inspections.imports.people import NOBODY_NAMED
from inspections.metrics import hazard_figures
from inspections.models import Hazard
from responsibilities.models import ChainSnapshot, Deadline, Person, Place, Unit
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Delivery, Message
from safetyplant.reporting.imports.reading import UnreadableFile
from tests.factories.responsibilities import PlaceFactory, appoint
from tests.inspections.imports import importer

FORM = """编号,隐患描述,风险等级,发现日期,地点,上报人,整改负责人,责任部门,整改期限,整改完成日期,状态,复查人
1,护栏松动,一般风险,2019年3月4日,北区,worker,He Qiang,SA,2019-03-05,2019-04-30,已销号,officer
2,电缆破损,较大风险,2020.6.1 14:20,T-201,Wang Fang,,ｇａｔｈｅｒｉｎｇ station  a,2020-06-08,,已整改,
3,标识缺失,蓝,2026/1/5,,,,SA,2026-01-06,,作废,
"""


@pytest.fixture
def bring(tmp_path, people):
    return importer(tmp_path, "hazards", people.officer)


def test_a_plants_own_form_is_understood_without_a_mapping(bring, people, station):
    place = PlaceFactory(unit=station, code="T-201", name="Tank 201")
    result, faults = bring(FORM)
    assert faults == []
    assert result.counts.as_json() == {"rows": 3, "created": 3, "updated": 0, "skipped": 0, "errors": 0}
    first, second, third = Hazard.objects.order_by("found_at")
    assert (first.title, first.status, first.level_id, first.unit) == ("护栏松动", "closed", "G2", station)
    assert (first.reported_by, first.fixer, first.closed_by) == (people.worker, people.head, people.officer)
    assert timezone.localdate(first.closed_at) == date(2019, 4, 30)
    assert "2019-03-05" in first.description
    assert "北区" in first.description
    assert first.number == "PHZ-2019-0001"
    assert (second.place, second.reported_by, second.level_id) == (place, people.worker, "G1")
    assert timezone.localtime(second.found_at).hour == 14
    assert (third.status, third.reported_by.username) == ("cancelled", NOBODY_NAMED)
    assert third.cancel_reason


def test_the_past_reminds_no_one_and_is_never_late(bring, people, station):
    bring(FORM)
    assert Hazard.objects.count() == 3
    assert not Deadline.objects.exists()
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
    figures = hazard_figures(None)
    assert (figures.late, figures.open) == (0, 0)
    assert not figures.due_by_month
    assert not figures.on_time_by_month
    assert set(Hazard.objects.values_list("is_past", "first_due_at", "due_at")) == {(True, None, None)}


def test_past_hazards_count_as_found_and_closed_in_their_week(bring, station):
    bring("What is wrong,Unit,Level,Found,Closed\nLeak,SA,G2,2026-11-02,2026-11-10\n")
    figures = hazard_figures(None, now=timezone.make_aware(timezone.datetime(2026, 11, 20)))
    assert figures.reported_by_week == {date(2026, 11, 2): 1}
    assert figures.closed_by_week == {date(2026, 11, 9): 1}


def test_pages_show_a_past_hazard_without_a_date_that_was_missed(bring, client, people, station):
    bring(FORM)
    hazard = Hazard.objects.get(title="护栏松动")
    client.force_login(people.head)
    page = client.get(f"/hazards/{hazard.pk}/").content.decode()
    assert "护栏松动" in page
    assert "took it over from earlier records" in page
    assert "Fix due" not in page
    client.force_login(people.head2)
    assert client.get(f"/hazards/{hazard.pk}/").status_code == 404


def test_each_fault_is_named_with_its_column_and_nothing_stays(bring, station):
    text = """What is wrong,Unit,Level,Found,Found by,State
Leak,SA,G2,2019-01-01,worker,closed
Leak,Nowhere,G2,2019-01-02,,closed
Leak,SA,purple,2019-01-03,,closed
Leak,SA,G2,2027-01-04,,closed
Leak,SA,G2,2019-01-05,Nobody Known,closed
,SA,G2,2019-01-06,,closed
Leak,SA,G2,2019-02-31,,closed
Leak,SA,G2,2019-01-08,,perhaps
"""
    result, faults = bring(text)
    assert [(fault.row, fault.column) for fault in faults] == [
        (4, "Level"),
        (7, "What is wrong"),
        (8, "Found"),
        (9, "State"),
        (3, "Unit"),
        (5, "Found"),
        (6, "Found by"),
    ]
    assert "Nowhere" in str(faults[4].message)
    assert not result.is_success
    assert not Hazard.objects.exists()
    assert not Person.objects.filter(username=NOBODY_NAMED).exists()
    again, _faults = bring(text, skip_bad=True)
    assert (again.counts.created, again.counts.errors) == (1, 7)
    assert Hazard.objects.get().title == "Leak"


def test_people_of_one_name_are_told_apart_by_unit_or_refused(bring, people, station, station2):
    twin = Person.objects.create(username="twin", name=people.worker.name, unit=station2)
    header = "What is wrong,Unit,Level,Found,Found by\n"
    bring(header + "Leak,SB,G3,2019-01-01,Wang Fang\n")
    assert Hazard.objects.get().reported_by == twin
    _result, faults = bring(header + "Leak,BF,G3,2019-01-01,Wang Fang\n")
    assert "Several people" in str(faults[0].message)


def test_unknown_units_places_and_people_are_made_when_asked(bring, branch):
    text = "What is wrong,Unit,Level,Found,Place,Found by\nLeak,Ninth Station,G3,2019-01-01,Well 7,Old Master\n"
    _result, faults = bring(text)
    assert [fault.column for fault in faults] == ["Unit", "Found by"]
    options = {"make_units": "yes", "unit_kind": "team", "under": "bf", "make_places": True, "make_people": True}
    result, faults = bring(text, options=options)
    assert faults == []
    assert result.counts.created == 1
    hazard = Hazard.objects.select_related("unit", "place", "reported_by").get()
    assert (hazard.unit.code, hazard.unit.kind, hazard.unit.parent) == ("Ninth Station", "team", branch)
    assert hazard.place == Place.objects.get(unit=hazard.unit, name="Well 7")
    assert (hazard.reported_by.is_external, hazard.reported_by.is_active) == (True, False)
    assert not hazard.reported_by.has_usable_password()
    assert Event.objects.filter(action="unit.created", subject_id=hazard.unit_id).exists()


def test_a_faulty_row_makes_no_unit(bring, branch):
    header = "What is wrong,Unit,Level,Found,Found by\n"
    text = header + "Leak,New One,G3,2019-01-01,Unknown Person\nLeak,SA,G3,2019-01-01,\n"
    bring(text, options={"make_units": True}, skip_bad=True)
    assert not Unit.objects.filter(code="New One").exists()


def test_an_option_that_cannot_be_is_refused_at_once(bring, branch):
    for options in ({"make_units": "perhaps"}, {"unit_kind": "castle"}, {"make_castles": True}):
        with pytest.raises(UnreadableFile):
            bring("What is wrong,Unit,Level,Found\nLeak,SA,G3,2019-01-01\n", options=options)
    with pytest.raises(UnreadableFile, match="under"):
        bring("What is wrong,Unit,Level,Found\nLeak,X,G3,2019-01-01\n", options={"make_units": True, "under": "Nowhere"})


def test_open_rows_come_closed_with_a_note_unless_asked_for(bring, people, station):
    text = "What is wrong,Unit,Level,Found,State\nLeak,SA,G3,2019-01-01,待整改\n"
    result, _faults = bring(text)
    assert Hazard.objects.get().status == "closed"
    assert "Open in the file" in str(result.report.shown[0].message)
    assert not Deadline.objects.exists()


def test_open_rows_are_reported_anew_when_asked_for(bring, people, station):
    text = "What is wrong,Unit,Level,Found,State\nLeak,SA,G3,2019-01-01,待整改\nOld,SA,G3,2018-01-01,closed\n"
    _result, faults = bring(text, options={"keep_open": True})
    assert faults == []
    hazard = Hazard.objects.get(title="Leak")
    assert (hazard.status, hazard.is_past, hazard.reported_by) == ("reported", False, people.officer)
    assert hazard.number.startswith("HZ-")
    assert hazard.assess_deadline is not None
    assert Message.objects.filter(recipient=people.head).count() == 1
    assert Deadline.objects.count() == 1
    again, _faults = bring(text, options={"keep_open": True})
    assert again.counts.skipped == 2


def test_the_same_key_is_imported_once(bring, station):
    header = "No,What is wrong,Unit,Level,Found\n"
    bring(header + "7,Leak,SA,G3,2019-01-01\n", key=("No",))
    result, _faults = bring(header + "7,Leak mended,SA,G3,2019-01-01\n8,Other,SA,G3,2019-01-02\n", key=("No",))
    assert (result.counts.created, result.counts.skipped) == (1, 1)
    assert Hazard.objects.count() == 2
    assert Hazard.objects.filter(imported_key__startswith="hazards:").count() == 2


def test_dry_run_counts_and_leaves_nothing(bring, branch, station):
    before = (Hazard.objects.count(), Unit.objects.count(), Person.objects.count(), Event.objects.count())
    result, _faults = bring(FORM, dry_run=True, options={"make_units": True})
    assert result.counts.created == 3
    assert (Hazard.objects.count(), Unit.objects.count(), Person.objects.count(), Event.objects.count()) == before


def test_units_beyond_ones_right_are_refused(tmp_path, people, station, station2):
    appoint(people.worker, "safety_officer", station)
    bring = importer(tmp_path, "hazards", Person.objects.get(pk=people.worker.pk))
    text = "What is wrong,Unit,Level,Found\nLeak,SA,G3,2019-01-01\nLeak,SB,G3,2019-01-01\n"
    result, faults = bring(text, skip_bad=True)
    assert result.counts.created == 1
    assert (faults[0].column, faults[0].row) == ("Unit", 3)


def test_the_chain_of_the_day_is_frozen_where_anyone_was_appointed(bring, people, station):
    text = "What is wrong,Unit,Level,Found\nOld,SA,G3,1999-01-01\nNew,SA,G3,2026-06-01\nNewer,SA,G3,2026-06-02\n"
    bring(text)
    assert Hazard.objects.get(title="Old").chain is None
    chain = Hazard.objects.get(title="New").chain
    assert people.head.pk in [link["person_id"] for link in chain.links]
    assert Hazard.objects.get(title="Newer").chain == chain
    assert ChainSnapshot.objects.count() == 1


def test_long_texts_keep_every_word(bring, station):
    bring(f"What is wrong,Unit,Level,Found\n{'long ' * 60},SA,G3,2019-01-01\n")
    hazard = Hazard.objects.get()
    assert len(hazard.title) == 200
    assert hazard.description.count("long") == 60


def test_queries_follow_batches_and_not_rows(bring, station, django_assert_max_num_queries):
    header = "What is wrong,Unit,Level,Found,Found by,Place\n"
    rows = "".join(f"Leak {n},SA,G3,20{n % 20:02}-0{n % 9 + 1}-01,worker,Well {n % 5}\n" for n in range(900))
    with django_assert_max_num_queries(90):
        result, _faults = bring(header + rows)
    assert result.counts.created == 900


def test_every_fault_of_a_row_is_listed_with_row_and_column(bring, station):
    text = """What is wrong,Unit,Level,Found,Found by,Responsible
Leak,Nowhere,G3,2099-01-01,Nobody Known,Stranger
Leak,Nowhere,G99,2019-01-01,Nobody Known,
"""
    result, faults = bring(text)
    assert {fault.column for fault in faults if fault.row == 2} == {"Found", "Unit", "Found by", "Responsible"}
    assert {fault.column for fault in faults if fault.row == 3} == {"Level", "Unit", "Found by"}
    assert result.counts.errors == 2


def test_the_faults_of_a_row_with_a_repeated_key_are_listed(bring, station):
    text = """No,What is wrong,Unit,Level,Found
7,Leak,SA,G3,2019-01-01
7,Leak,Nowhere,G3,2099-01-01
"""
    result, faults = bring(text, key=("No",), skip_bad=True)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "Found"), (3, "Unit")]
    assert (result.counts.created, result.counts.skipped, result.counts.errors) == (1, 0, 1)
