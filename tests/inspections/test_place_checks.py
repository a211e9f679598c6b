"""One finding, all places: sent, answered once by each place, closed with the last, or cancelled."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from inspections.choices import CheckStatus
from inspections.models import Hazard, PlaceAnswer, PlaceCheck
from inspections.services.place_checks import CheckData, PlaceSeen, places_to_check
from inspections.workflows import answer_places, cancel_check, cancel_hazard, send_check
from responsibilities.choices import RoleCode
from responsibilities.models import Deadline, Place, Unit
from responsibilities.services.appointments import end_appointment
from safetyplant.access.exceptions import NotAllowed, StaleVersion, WrongState
from safetyplant.attachments.services import receive
from safetyplant.audit.models import Event
from safetyplant.intake.services import DifferentBody
from safetyplant.notifications.models import Message
from tests.factories.place_checks import answer_of, answered, sent, source
from tests.factories.responsibilities import PlaceFactory, UnitFactory, appoint
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def hazard(people: SimpleNamespace, station: Unit) -> Hazard:
    return source(station, people.worker)


@pytest.fixture
def wells(people: SimpleNamespace, station: Unit, station2: Unit) -> list[Place]:
    """Two at station A, three at station B."""
    return [PlaceFactory(unit=unit) for unit in (station, station, station2, station2, station2)]


def owed(check: PlaceCheck) -> list[Deadline]:
    return list(Deadline.objects.filter(check_share__place_check=check).order_by("pk"))


def told(person, code: str) -> list[Message]:
    return list(Message.objects.filter(recipient=person, code=code, withdrawn_at=None))


# --- sent ----------------------------------------------------------------------------------------------------------------


def test_each_head_owes_one_deadline_and_hears_of_it_once(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    assert check.number.startswith("PC-")
    assert {(each.owner, each.kind, each.status) for each in owed(check)} == {
        (people.head, "places", "open"),
        (people.head2, "places", "open"),
    }
    assert [message.params["count"] for message in told(people.head2, "check.asked")] == [3]
    assert len(told(people.head, "check.asked")) == 1
    assert check.answers.waiting().count() == 5


def test_a_head_of_two_stations_hears_of_it_once(hazard, people, wells, branch):
    third = UnitFactory(name="Gathering Station C", parent=branch)
    appoint(people.head2, RoleCode.UNIT_HEAD, third)
    check = sent(hazard, people.officer, [*wells, PlaceFactory(unit=third)])
    assert [message.params["count"] for message in told(people.head2, "check.asked")] == [4]
    for place in wells[2:]:
        answered(check, place, "fine", people.head2)
    assert len(told(people.head2, "check.asked")) == 1, "still owes the third station"
    answered(check, Place.objects.get(unit=third), "fine", people.head2)
    assert told(people.head2, "check.asked") == []


def test_without_a_head_the_next_above_owes_it(hazard, people, branch):
    empty = UnitFactory(name="Station without head", parent=branch)
    check = sent(hazard, people.officer, [PlaceFactory(unit=empty)])
    assert [each.owner for each in owed(check)] == [people.leader]


@pytest.mark.parametrize("name", ["supervisor", "worker", "head2", "outsider"])
def test_others_send_none(name, hazard, people, wells):
    with pytest.raises(NotAllowed):
        sent(hazard, getattr(people, name), wells)


@pytest.mark.parametrize("name", ["director", "leader", "officer"])
def test_those_above_send_it_everywhere(name, hazard, people, wells):
    assert sent(hazard, getattr(people, name), wells).is_open


def test_the_head_sends_it_within_their_own_unit(hazard, people, wells):
    assert set(places_to_check(people.head, hazard)) == set(wells[:2])
    with pytest.raises(ValidationError) as fault:
        sent(hazard, people.head, wells)
    assert "places" in fault.value.message_dict
    check = sent(hazard, people.head, wells[:2])
    assert [each.owner for each in owed(check)] == [people.head]
    assert told(people.head, "check.asked") == [], "nobody is told of what they did themselves"


def test_neither_the_place_itself_nor_a_route_nor_a_closed_place(hazard, people, wells, station):
    for place in (hazard.place, PlaceFactory(unit=station, kind="route"), PlaceFactory(unit=station, is_active=False)):
        assert place not in places_to_check(people.officer, hazard)
        with pytest.raises(ValidationError):
            sent(hazard, people.officer, [*wells, place])


def test_one_check_at_a_time_and_none_of_a_cancelled_hazard(hazard, people, wells):
    sent(hazard, people.officer, wells)
    with pytest.raises(WrongState):
        sent(hazard, people.officer, wells)
    other = source(hazard.unit, people.worker)
    cancel_hazard(other, by=people.officer, reason="Twice")
    with pytest.raises((WrongState, NotAllowed)):
        sent(other, people.officer, wells)


@pytest.mark.parametrize(("count", "days"), [(0, 3), (501, 3), (1, -1), (1, 5000)])
def test_how_many_places_and_until_when(count, days, hazard, people, station2):
    places = Place.objects.bulk_create(Place(unit=station2, kind="well", code=f"X{n}", name=f"X{n}") for n in range(count))
    with pytest.raises(ValidationError):
        sent(hazard, people.officer, places, days=days)


def test_sent_twice_it_is_one(hazard, people, wells):
    data = CheckData(hazard, "Whole?", wells, timezone.now() + timedelta(days=3))
    first, is_new = send_check(data, by=people.officer)
    again, is_new_again = send_check(data, by=people.officer)
    assert (is_new, is_new_again, first.pk) == (True, False, again.pk)
    data.title = "Broken?"
    with pytest.raises(DifferentBody):
        send_check(data, by=people.officer)


# --- answered ------------------------------------------------------------------------------------------------------------


def test_found_elsewhere_it_is_a_hazard_of_its_own(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    picture = receive(photo("orange"), by=people.head2)
    answer = answered(check, wells[2], "found", people.head2, note="Hinge gone", photos=[picture])
    found = answer.hazard
    assert (found.title, found.description, found.place, found.unit) == (check.title, "Hinge gone", wells[2], wells[2].unit)
    assert (found.reported_by, found.status, found.field) == (people.head2, "reported", hazard.field)
    assert found.assess_deadline.owner == people.officer
    assert found.photos.attachments.get().pk == picture.pk
    assert answer.photos is None


def test_found_with_someone_in_danger_work_stops(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    assert answered(check, wells[2], "found", people.head2, danger=True).hazard.is_stopped


def test_each_place_answers_once(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    answered(check, wells[0], "fine", people.head)
    with pytest.raises(WrongState):
        answered(check, wells[0], "found", people.head)
    assert not Hazard.objects.exclude(pk=hazard.pk).exists()


def test_not_applicable_needs_a_reason(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    with pytest.raises(ValidationError):
        answered(check, wells[0], "na", people.head, note=" ")
    assert answered(check, wells[0], "na", people.head, note="Has no gate").answer == "na"


def test_who_answers_for_a_place(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    for name in ("head2", "worker", "supervisor", "officer", "leader"):
        with pytest.raises(NotAllowed):
            answered(check, wells[0], "fine", getattr(people, name))
    assert answered(check, wells[0], "fine", people.director).answered_by == people.director


def test_with_its_last_place_a_share_is_done_and_with_the_last_of_all_the_check(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    answer_places(check, [PlaceSeen(answer_of(check, place), "fine") for place in wells[:2]], by=people.head)
    assert {each.owner: each.status for each in owed(check)} == {people.head: "met", people.head2: "open"}
    assert (told(people.head, "check.asked"), len(told(people.head2, "check.asked"))) == ([], 1)
    answered(check, wells[2], "found", people.head2)
    answered(check, wells[3], "fine", people.head2)
    assert PlaceCheck.objects.get().status == CheckStatus.OPEN
    answered(check, wells[4], "na", people.head2, note="Dismantled")
    check.refresh_from_db()
    assert (check.status, check.closed_at is not None) == (CheckStatus.CLOSED, True)
    assert [message.params["found"] for message in told(people.officer, "check.closed")] == [1]
    counts = PlaceCheck.objects.with_counts().get()
    assert (counts.total, counts.fine, counts.found, counts.na, counts.waiting or 0) == (5, 3, 1, 1, 0)


def test_all_of_it_is_in_the_log(hazard, people, wells):
    check = sent(hazard, people.officer, wells[:1])
    answered(check, wells[0], "fine", people.head)
    actions = list(Event.objects.filter(action__startswith="check.").order_by("pk").values_list("action", flat=True))
    assert actions == ["check.sent", "check.fine", "check.closed"]
    assert Event.objects.filter(action="hazard.check_sent").count() == 1


# --- cancelled, handed on ------------------------------------------------------------------------------------------------


def test_cancelled_nobody_owes_anything(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    answered(check, wells[0], "fine", people.head)
    with pytest.raises(NotAllowed):
        cancel_check(check, reason="Wrong kind", by=people.head2)
    with pytest.raises(StaleVersion):
        cancel_check(check, reason="Wrong kind", by=people.officer, revision=9)
    cancel_check(check, reason="Wrong kind", by=people.officer, revision=1)
    assert {each.status for each in owed(check)} == {"cancelled"}
    assert (told(people.head2, "check.asked"), len(told(people.head2, "check.cancelled"))) == ([], 1)
    with pytest.raises(WrongState):
        answered(check, wells[1], "fine", people.head)
    with pytest.raises(WrongState):
        cancel_check(check, reason="Again", by=people.officer)
    assert sent(hazard, people.officer, wells).is_open, "another one may follow"


def test_a_share_goes_with_its_head(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    end_appointment(people.head2.appointments.get(), ends_on=timezone.localdate() - timedelta(days=1), by=people.officer)
    deadline = Deadline.objects.get(check_share__unit=wells[2].unit)
    assert deadline.owner != people.head2
    assert told(people.head2, "check.asked") == []
    assert answered(check, wells[2], "fine", deadline.owner).answer == "fine"


# --- the database ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "found"},
        {"answer": "na", "note": ""},
        {"answer": "", "note": "x"},
        {"answer": "fine", "answered_at": None},
    ],
)
def test_the_database_refuses_half_an_answer(change, hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    given = {"answered_at": timezone.now(), "answered_by": people.head, **change}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceAnswer.objects.filter(place_check=check, place=wells[0]).update(**given)


def test_the_database_keeps_answers_and_their_hazards(hazard, people, wells):
    check = sent(hazard, people.officer, wells)
    answered(check, wells[0], "fine", people.head)
    rows = PlaceAnswer.objects.filter(place_check=check)
    for refused in (
        lambda: rows.filter(place=wells[0]).update(note="Other"),
        lambda: rows.filter(place=wells[1]).delete(),
        lambda: rows.filter(place=wells[1]).update(
            answer="found", hazard=hazard, answered_at=timezone.now(), answered_by=people.head
        ),
        lambda: PlaceAnswer.objects.create(place_check=check, share=check.shares.first(), place=wells[1], unit=wells[1].unit),
        lambda: PlaceCheck.objects.filter(pk=check.pk).update(status="closed", closed_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()


# --- who sees it -----------------------------------------------------------------------------------------------------------


def test_who_sees_a_check_and_which_of_its_places(hazard, people, wells, station):
    check = sent(hazard, people.officer, wells)
    sees = {name for name in vars(people) if PlaceCheck.objects.visible_to(getattr(people, name)).exists()}
    assert sees == {"director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2"}
    seen = {name: PlaceAnswer.objects.visible_to(getattr(people, name)).count() for name in sees}
    assert seen == {
        "head": 2,
        "worker": 2,
        "head2": 3,
        "worker2": 3,
        **dict.fromkeys(("director", "leader", "officer", "supervisor"), 5),
    }
    assert check.unit == station
