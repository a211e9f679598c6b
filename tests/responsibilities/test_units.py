"""The tree and what hangs on it: adding, moving, closing; and that past days stay true."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from responsibilities.chain import chain_for
from responsibilities.choices import PlaceKind, RoleCode, UnitKind
from responsibilities.forms.units import MoveForm
from responsibilities.models import Place, Unit
from responsibilities.services import close_unit, create_unit, move_unit, rename_unit
from responsibilities.services.places import save_place
from safetyplant.access.exceptions import NotAllowed
from safetyplant.audit.models import Event
from tests.factories.inspections import assigned
from tests.factories.responsibilities import PersonFactory, PlaceFactory, PostFactory, UnitFactory, appoint

TODAY = timezone.localdate()


def test_moved_unit_keeps_the_chain_of_past_days(people, station, station2):
    team = UnitFactory(parent=station)
    assert chain_for(team).head == people.head
    move_unit(team, parent=station2, on=TODAY, by=people.officer)
    team.refresh_from_db()
    assert team.path == f"{station2.path}{team.pk}."
    assert chain_for(team).head == people.head2
    assert chain_for(team, on=TODAY - timedelta(days=1)).head == people.head


def test_unit_cannot_move_under_itself(people, branch, station):
    team = UnitFactory(parent=station)
    with pytest.raises(ValidationError):
        move_unit(station, parent=team, by=people.officer)


def test_closed_unit_hands_over_people_places_and_open_work(catalogue, people, station, station2):
    PlaceFactory(unit=station, code="W-1")
    PlaceFactory(unit=station2, code="W-1")
    PostFactory(unit=station, name="Pump operator")
    shared, kept = PostFactory(unit=station, name="Welder"), PostFactory(unit=station2, name="Welder")
    bay = PlaceFactory(unit=station, code="B-1", post=shared)
    action = assigned(station, people.worker, assessor=people.officer).action
    assert action.owner == people.head
    move_unit(Unit.objects.get(name="Drilling Contractor"), parent=station2, by=people.officer)
    close_unit(station, successor=station2, by=people.officer)
    station.refresh_from_db()
    action.refresh_from_db()
    people.worker.refresh_from_db()
    assert (station.is_active, station.closed_on) == (False, TODAY)
    assert people.worker.unit == station2
    assert sorted(station2.places.values_list("code", flat=True)) == ["B-1", "W-1", "W-1-SA"]
    bay.refresh_from_db()
    assert bay.post == kept
    assert station2.posts.filter(name="Pump operator").exists()
    # Its head answers for nothing any more: the fix is with the successor's head, checked by someone else.
    assert action.unit == station2
    assert action.owner == people.head2
    assert action.deadline.owner == people.head2
    assert action.verifier != people.head2
    assert not station.appointments.covering(TODAY + timedelta(days=1)).exists()


def test_each_appointment_of_a_closed_unit_ends_in_the_log(catalogue, people, branch, station2):
    team = UnitFactory(parent=branch)
    held = appoint(PersonFactory(unit=team), RoleCode.UNIT_HEAD, team)
    acting = appoint(PersonFactory(unit=team), RoleCode.DEPUTY, team, since=TODAY, deputy_of=held)
    known = appoint(PersonFactory(unit=team), RoleCode.SUPERVISOR, team, ends_on=TODAY)
    ahead = appoint(PersonFactory(unit=team), RoleCode.SUPERVISOR, team, since=TODAY + timedelta(days=9))
    close_unit(team, successor=station2, by=people.officer)

    def events(action):
        return set(Event.objects.filter(action=action, actor=people.officer).values_list("subject_id", flat=True))

    assert events("appointment.ended") == {held.pk, acting.pk}
    assert events("appointment.withdrawn") == {ahead.pk}
    assert set(team.appointments.values_list("pk", "ends_on")) == {(pk, TODAY) for pk in (held.pk, acting.pk, known.pk)}


def test_nobody_moves_or_closes_a_unit_on_a_past_day(client, people, branch, station, station2):
    """The chain of a past day is a matter of record; only the house itself, loading earlier records, may write it."""
    team, yesterday = UnitFactory(parent=station), TODAY - timedelta(days=1)
    for change in (
        lambda by: move_unit(team, parent=station2, on=yesterday, by=by),
        lambda by: close_unit(team, successor=station2, on=yesterday, by=by),
    ):
        with pytest.raises(ValidationError) as refused:
            change(people.officer)
        assert "on" in refused.value.message_dict
    client.force_login(people.officer)
    response = client.post(f"/units/{team.pk}/move/", {"parent": station2.pk, "on": yesterday.isoformat()})
    assert response.status_code == 422
    assert "on" in response.context["form"].errors
    assert chain_for(team, on=yesterday).head == people.head
    assert move_unit(team, parent=station2, on=yesterday).parent == station2


#: Who keeps units: the officer and the director of the branch, and whoever holds such a role for the unit itself.
KEEPERS = [
    *[(name, True) for name in ("officer", "director", "officer_of_the_station")],
    *[(name, False) for name in ("leader", "supervisor", "head", "worker", "outsider", "officer_elsewhere")],
]
CHANGES = {
    "added": lambda station, by: create_unit("New team", code="NT", kind=UnitKind.TEAM, parent=station, by=by),
    "renamed": lambda station, by: rename_unit(station, name="Another name", by=by),
    "moved": lambda station, by: move_unit(Unit.objects.get(code="T1"), parent=Unit.objects.get(code="T2"), by=by),
    "closed": lambda station, by: close_unit(Unit.objects.get(code="T1"), successor=station, by=by),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("name", "may"), KEEPERS)
def test_units_are_changed_by_those_who_keep_them_alone(people, station, station2, name, may, change):
    """All happens inside the station, where two teams stand."""
    for code in ("T1", "T2"):
        UnitFactory(parent=station, code=code, kind=UnitKind.TEAM)
    for who, unit in (("officer_of_the_station", station), ("officer_elsewhere", station2)):
        people.__dict__[who] = PersonFactory(unit=unit)
        appoint(people.__dict__[who], RoleCode.OFFICER, unit)
    by = getattr(people, name)
    if may:
        CHANGES[change](station, by)
    else:
        before = list(Unit.objects.values())
        with pytest.raises(NotAllowed):
            CHANGES[change](station, by)
        assert list(Unit.objects.values()) == before


def test_the_other_unit_needs_the_right_as_well(station, station2):
    """An officer of one station puts nothing into the other."""
    team, by = UnitFactory(parent=station), PersonFactory(unit=station)
    appoint(by, RoleCode.OFFICER, station)
    with pytest.raises(NotAllowed):
        move_unit(team, parent=station2, by=by)
    with pytest.raises(NotAllowed):
        close_unit(team, successor=station2, by=by)


# --- the top of the tree -----------------------------------------------------------------------------------------------------


def test_the_tree_has_one_top_by_the_database(branch):
    with pytest.raises(IntegrityError, match="unit_one_top"), transaction.atomic():
        Unit.objects.create(name="Another plant", code="AP", kind=UnitKind.PLANT)


def test_a_second_top_is_refused_in_words(people, branch):
    for by in (people.director, None):
        with pytest.raises(ValidationError) as caught:
            create_unit("Another plant", code="AP", kind=UnitKind.PLANT, by=by)
        assert caught.value.message_dict["parent"] == [
            "Branch Factory is the top of the tree. Choose the unit under which this one stands."
        ]


def test_a_contractor_without_a_host_is_refused_in_words(db):
    with pytest.raises(ValidationError) as caught:
        create_unit("Drilling Contractor", code="DC", kind=UnitKind.CONTRACTOR)
    assert "parent" in caught.value.message_dict


def test_unit_form_asks_for_the_unit_above(client, people):
    client.force_login(people.officer)
    response = client.post("/units/new/", {"name": "Another plant", "code": "AP", "kind": "plant"})
    assert response.status_code == 422
    assert response.context["form"].errors["parent"]


def test_unit_with_units_below_is_not_closed(people, branch, station, station2):
    UnitFactory(parent=station)
    with pytest.raises(ValidationError, match="still active"):
        close_unit(station, successor=station2, by=people.officer)


def test_route_keeps_the_order_of_its_stops(people, station):
    wells = [PlaceFactory(unit=station) for _number in range(3)]
    route = save_place(Place(unit=station, kind=PlaceKind.ROUTE, code="R3", name="Route 3"), by=people.officer, stops=wells)
    save_place(route, by=people.officer, stops=wells[::-1])
    assert [stop.place for stop in route.stops.select_related("place")] == wells[::-1]
    with pytest.raises(ValidationError):
        save_place(route, by=people.officer, stops=[wells[0], wells[0]])
    with pytest.raises(ValidationError):
        save_place(route, by=people.officer, stops=[route])


def test_places_are_made_by_those_who_keep_the_unit(people, station):
    with pytest.raises(NotAllowed):
        save_place(Place(unit=station, kind=PlaceKind.WELL, code="W", name="W"), by=people.head)


def test_unit_pages_change_the_tree(client, people, branch, station, station2):
    client.force_login(people.officer)
    response = client.post("/units/new/", {"name": "Team 4", "code": "T4", "kind": "team", "parent": station.pk})
    team = Unit.objects.get(code="T4")
    assert response.headers["Location"] == f"/units/{team.pk}/"
    client.post(f"/units/{team.pk}/rename/", {"name": "Team Four"})
    client.post(f"/units/{team.pk}/move/", {"parent": station2.pk, "on": TODAY.isoformat()})
    team.refresh_from_db()
    assert (team.name, team.parent) == ("Team Four", station2)
    page = client.get(f"/units/{team.pk}/?tab=history").content.decode()
    assert "moved the unit under Gathering Station B" in page
    response = client.post(f"/units/{team.pk}/close/", {"successor": station2.pk, "confirm": "on"})
    team.refresh_from_db()
    assert not team.is_active
    assert client.get(f"/units/{team.pk}/rename/").status_code == 409


def test_faulty_unit_form_comes_back_with_what_was_typed(client, people, branch, station):
    client.force_login(people.officer)
    response = client.post("/units/new/", {"name": "My new team", "code": "sa", "kind": "team", "parent": branch.pk})
    assert response.status_code == 422
    assert "Another unit has this code." in response.content.decode()
    assert "My new team" in response.content.decode()


@pytest.mark.parametrize(
    "page", ["units/new/", "units/{pk}/rename/", "units/{pk}/move/", "units/{pk}/close/", "units/{pk}/places/new/"]
)
def test_changing_the_tree_is_for_officers(client, people, station, page):
    for who, status in [("officer", 200), ("director", 200), ("head", 403), ("worker", 403), ("leader", 403)]:
        client.force_login(getattr(people, who))
        assert client.get("/" + page.format(pk=station.pk)).status_code == status, who


def test_round_is_added_and_its_stops_put_in_order_by_forms(client, people, station):
    wells = [PlaceFactory(unit=station) for _number in range(2)]
    client.force_login(people.officer)
    response = client.post(f"/units/{station.pk}/places/new/", {"kind": "route", "code": "R1", "name": "Route 1"})
    route = Place.objects.get(code="R1")
    edit = f"/units/{station.pk}/places/{route.pk}/edit/"
    assert response.headers["Location"] == edit
    body = {"code": "R1", "name": "Route 1", "is_active": "on", "stop_0": wells[1].pk, "stop_1": wells[0].pk}
    client.post(edit, body)
    assert [stop.place for stop in route.stops.all()] == [wells[1], wells[0]]
    response = client.post(edit, body | {"stop_1": wells[1].pk})
    assert response.status_code == 422
    assert "only once" in response.content.decode()


def test_deputy_stands_in_on_their_days(people, station):
    deputy = PersonFactory(unit=station, name="Ma Chao")
    held = people.head.appointments.get()
    appoint(deputy, RoleCode.DEPUTY, station, deputy_of=held, starts_on=TODAY, ends_on=TODAY + timedelta(days=3))
    assert chain_for(station).head == deputy
    assert chain_for(station, on=TODAY + timedelta(days=4)).head == people.head


def test_below_a_contractor_there_are_contractors_alone(people, station, contractor):
    """What their people see is known by the kind of their unit: a team of theirs must not see the whole plant."""
    with pytest.raises(ValidationError) as refused:
        UnitFactory(name="Welders", parent=contractor, kind=UnitKind.TEAM)
    assert "parent" in refused.value.message_dict
    team = UnitFactory(name="Guards", parent=station, kind=UnitKind.TEAM)
    with pytest.raises(ValidationError):
        move_unit(team, parent=contractor)
    welders = UnitFactory(name="Welders", parent=contractor, kind=UnitKind.CONTRACTOR)
    insider = PersonFactory(unit=welders)
    assert set(Unit.objects.visible_to(insider)) == {station.parent, station, contractor, welders}


def test_a_move_never_rewrites_the_days_of_the_move_before(people, branch, station, station2):
    today = timezone.localdate()
    team = UnitFactory(name="Pump Team", parent=branch)
    move_unit(team, parent=station, on=today - timedelta(days=4))
    for day in (today - timedelta(days=9), today - timedelta(days=4)):
        with pytest.raises(ValidationError) as refused:
            move_unit(team, parent=station2, on=day)
        assert "on" in refused.value.message_dict
    assert people.head in chain_for(team, on=today - timedelta(days=2)).people
    move_unit(team, parent=station2)
    move_unit(team, parent=branch)
    assert people.head in chain_for(team, on=today - timedelta(days=2)).people


def test_move_form_refuses_the_place_the_unit_has(people, station, station2):
    def faults(parent):
        return MoveForm({"parent": parent.pk, "on": TODAY.isoformat()}, user=people.officer, unit=station).errors

    assert faults(station.parent)["parent"] == [f"{station.name} stands under {station.parent.name} already."]
    assert not faults(station2)
