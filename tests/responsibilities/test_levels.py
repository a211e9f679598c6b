"""Changing levels, stages and reminder schedules: by the officer, from a day on, never backwards."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from responsibilities.choices import RoleCode
from responsibilities.models import Level, LevelTerm, Person, Schedule, StageTerm, Unit
from responsibilities.services.deadlines import level_term
from responsibilities.services.levels import StepText, change_level_term, change_quiet_hours, change_schedule, change_stage_term
from safetyplant.access.exceptions import NotAllowed
from safetyplant.audit.history import history
from safetyplant.notifications.models import QuietHours
from safetyplant.notifications.quiet import quiet_until
from tests.factories.responsibilities import PersonFactory, appoint

TERM = {"days": 5, "most_times": 6, "owner_role": "unit_head", "verifier_role": "leader_in_charge"}
STEPS = [
    StepText("after", ("director",), timedelta(days=14), repeat=timedelta(days=7)),
    StepText("before", ("owner",), timedelta(days=1)),
    StepText("before", ("owner",), timedelta(days=5)),
    StepText("due", ("owner", "unit_head")),
]


@pytest.fixture(autouse=True)
def _catalogue(catalogue: None) -> None:
    """All of this changes what is shipped."""


def test_new_term_holds_from_its_day(officer: Person) -> None:
    today = timezone.localdate()
    term = change_level_term(Level.objects.get(pk="G2"), valid_from=today + timedelta(days=3), **TERM, by=officer)
    assert level_term("G2", today).days == 7
    assert level_term("G2", today + timedelta(days=3)) == term
    [entry] = history(term)
    assert "from" in entry.sentence
    assert {(change.before, change.after) for change in entry.changes} >= {("7", "5")}


def test_second_change_for_the_same_day_replaces_the_first(officer: Person) -> None:
    level, today = Level.objects.get(pk="G2"), timezone.localdate()
    change_level_term(level, valid_from=today, **TERM, by=officer)
    change_level_term(level, valid_from=today, **{**TERM, "days": 6}, by=officer)
    assert [term.days for term in LevelTerm.objects.filter(level=level)] == [7, 6]


def test_the_past_keeps_its_terms(officer: Person) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError):
        change_level_term(Level.objects.get(pk="G2"), valid_from=yesterday, **TERM, by=officer)
    with pytest.raises(ValidationError):
        change_stage_term("verify", valid_from=yesterday, hours=24, by=officer)


def test_others_may_not_change_terms(leader: Person) -> None:
    today = timezone.localdate()
    with pytest.raises(NotAllowed):
        change_level_term(Level.objects.get(pk="G2"), valid_from=today, **TERM, by=leader)
    with pytest.raises(NotAllowed):
        change_stage_term("verify", valid_from=today, hours=24, by=leader)
    with pytest.raises(NotAllowed):
        change_schedule(Schedule.objects.get(code="long"), STEPS, by=leader)


def test_stage_takes_hours_or_working_days_never_both(officer: Person) -> None:
    today = timezone.localdate()
    change_stage_term("verify", valid_from=today, working_days=2, by=officer)
    term = StageTerm.objects.get(code="verify", valid_from=today)
    assert (term.hours, term.working_days) == (None, 2)
    with pytest.raises(ValidationError):
        change_stage_term("verify", valid_from=today, hours=1, working_days=1, by=officer)


def test_a_changed_schedule_is_another_edition_in_the_order_of_its_moments(officer: Person) -> None:
    shipped = Schedule.objects.get(code="long")
    told = list(shipped.steps.values_list("anchor", "offset"))
    schedule = change_schedule(shipped, STEPS, by=officer)
    assert [(step.anchor, step.offset.days) for step in schedule.steps.all()] == [
        ("before", 5),
        ("before", 1),
        ("due", 0),
        ("after", 14),
    ]
    again = change_schedule(schedule, STEPS[:2], by=officer)
    assert (schedule.edition, again.edition, again.valid_from) == (1, 2, timezone.localdate())
    assert list(shipped.steps.values_list("anchor", "offset")) == told
    assert schedule.steps.count() == 4


def test_the_last_edition_of_a_day_is_the_one_shown_and_changed(client: Client, officer: Person) -> None:
    first = change_schedule(Schedule.objects.get(code="long"), STEPS, by=officer)
    change_schedule(first, STEPS[:2], by=officer)
    client.force_login(officer)
    shown = client.get(reverse("responsibilities:schedule-steps", args=["long"])).context["formset"]
    assert shown.initial_form_count() == 2


def test_schedule_must_reach_the_director_again_and_again(officer: Person) -> None:
    with pytest.raises(ValidationError):
        change_schedule(Schedule.objects.get(code="long"), STEPS[1:], by=officer)


def test_everyone_reads_the_page_and_only_the_officer_changes(client: Client, worker: Person, officer: Person) -> None:
    page = reverse("responsibilities:level-list")
    client.force_login(worker)
    shown = client.get(page).content.decode()
    assert "7 days after the date:" in shown
    assert "Change" not in shown
    changes = [("level-term", "G2"), ("stage-term", "verify"), ("schedule-steps", "long")]
    for name, code in changes:
        assert client.get(reverse(f"responsibilities:{name}", args=[code])).status_code == 403
    client.force_login(officer)
    for name, code in changes:
        assert client.get(reverse(f"responsibilities:{name}", args=[code])).status_code == 200
        assert client.get(reverse(f"responsibilities:{name}", args=["nothing"])).status_code == 404


def test_terms_are_changed_on_the_page(client: Client, officer: Person) -> None:
    client.force_login(officer)
    today = timezone.localdate()
    form = reverse("responsibilities:level-term", args=["G3"])
    past = client.post(form, {"valid_from": today - timedelta(days=1), **TERM})
    assert past.status_code == 422
    assert "must not be in the past" in past.content.decode()
    assert client.post(form, {"valid_from": today + timedelta(days=1), **TERM}).status_code == 302
    stage = reverse("responsibilities:stage-term", args=["verify"])
    assert client.post(stage, {"valid_from": today, "amount": 3, "unit": "working_days"}).status_code == 302
    shown = client.get(reverse("responsibilities:level-list")).content.decode()
    assert "5 days, fixed by" in shown
    assert "3 working days" in shown


def schedule_data(client: Client, code: str) -> dict[str, Any]:
    """What a browser sends when the schedule's form is saved as it came."""
    formset = client.get(reverse("responsibilities:schedule-steps", args=[code])).context["formset"]
    data = {"step-TOTAL_FORMS": formset.total_form_count(), "step-INITIAL_FORMS": formset.initial_form_count()}
    for form in formset:
        data |= {form[name].html_name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return data


def test_schedule_is_changed_on_the_page(client: Client, officer: Person) -> None:
    client.force_login(officer)
    form = reverse("responsibilities:schedule-steps", args=["short"])
    data = schedule_data(client, "short")
    assert client.post(form, data).status_code == 302
    before, after = Schedule.objects.filter(code="short").order_by("valid_from", "edition")
    names = ("anchor", "offset", "repeat", "audience", "asks_answer")
    assert list(before.steps.values_list(*names)) == list(after.steps.values_list(*names))
    silent = client.post(form, {**data, "step-5-repeat_days": ""})
    assert silent.status_code == 422
    assert "reach the director" in silent.content.decode()
    faulty = client.post(form, {**data, "step-2-amount": ""})
    assert faulty.status_code == 422
    assert "Say how long before or after the date" in faulty.content.decode()


def test_queries_do_not_follow_the_rows(client: Client, officer: Person, django_assert_max_num_queries: Any) -> None:
    client.force_login(officer)
    with django_assert_max_num_queries(12):
        client.get(reverse("responsibilities:level-list"))


def test_what_holds_for_the_plant_is_not_for_the_officer_of_one_unit(client: Client, officer: Person, contractor: Unit) -> None:
    """A contractor has a safety officer too: terms, standards, regulations and the engine are the plant's."""
    keeper = PersonFactory(unit=contractor)
    appoint(keeper, RoleCode.OFFICER, contractor)
    for change in (
        lambda: change_level_term(Level.objects.get(code="M"), valid_from=timezone.localdate(), by=keeper, **TERM),
        lambda: change_schedule(Schedule.objects.get(code="long"), STEPS, by=keeper),
    ):
        with pytest.raises(NotAllowed):
            change()
    client.force_login(keeper)
    pages = ("/standards/new/", "/regulations/new/", "/deadlines/health/", "/standards/levels/M/")
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 403)
    assert client.get("/dashboard/").context["dashboard"].engine is None
    assert "Change" not in client.get("/standards/levels/").content.decode()
    client.force_login(officer)
    assert {client.get(page).status_code for page in pages} == {200}


def test_one_level_is_major_by_the_database(db: None) -> None:
    with pytest.raises(IntegrityError, match="level_one_major"):
        Level.objects.filter(code="G1").update(is_major=True)


NIGHT = {"starts": time(21), "ends": time(5, 30), "is_on": True}


def test_quiet_hours_hold_from_their_day_and_are_told_in_the_history(officer: Person) -> None:
    today = timezone.localdate()
    hours = change_quiet_hours(valid_from=today + timedelta(days=2), **NIGHT, by=officer)
    at_half_past_nine = timezone.make_aware(datetime.combine(today, time(21, 30)))
    assert quiet_until(at_half_past_nine) == at_half_past_nine
    later = at_half_past_nine + timedelta(days=2)
    assert quiet_until(later) == later + timedelta(hours=8)
    [entry] = history(hours)
    assert "21:00–05:30" in entry.sentence
    assert {change.after for change in entry.changes} == {"21:00:00", "05:30:00"}


def test_quiet_hours_can_be_switched_off(officer: Person) -> None:
    today = timezone.localdate()
    hours = change_quiet_hours(valid_from=today, **{**NIGHT, "is_on": False}, by=officer)
    night = timezone.make_aware(datetime.combine(today, time(23)))
    assert quiet_until(night) == night
    assert "switched the quiet hours off" in history(hours)[0].sentence


@pytest.mark.parametrize("starts_ends", [(time(8), time(8)), (time(20), time(8, 1)), (time(6), time(5))])
def test_no_quiet_hours_keep_a_mail_back_for_a_day(officer: Person, starts_ends: tuple[time, time]) -> None:
    starts, ends = starts_ends
    with pytest.raises(ValidationError) as refused:
        change_quiet_hours(valid_from=timezone.localdate(), starts=starts, ends=ends, is_on=True, by=officer)
    assert "ends" in refused.value.error_dict
    assert not QuietHours.objects.exists()


def test_quiet_hours_are_changed_by_the_officer_on_the_page(client: Client, officer: Person, leader: Person) -> None:
    form, today = reverse("responsibilities:quiet-hours"), timezone.localdate()
    with pytest.raises(NotAllowed):
        change_quiet_hours(valid_from=today, **NIGHT, by=leader)
    client.force_login(leader)
    assert client.get(form).status_code == client.post(form).status_code == 403
    client.force_login(officer)
    assert 'value="22:00"' in client.get(form).content.decode()
    assert client.post(form).status_code == 422
    sent = {"valid_from": today - timedelta(days=1), "starts": "21:00", "ends": "05:30", "is_on": "on"}
    past = client.post(form, sent)
    assert past.status_code == 422
    assert 'value="21:00"' in past.content.decode(), "what was typed stays"
    assert client.post(form, {**sent, "valid_from": today + timedelta(days=1)}).status_code == 302
    page = client.get(reverse("responsibilities:level-list")).content.decode()
    assert "Mails wait from 22:00 to 06:00." in page
    assert "Mails wait from 21:00 to 05:30." in page
    assert "set the quiet hours to 21:00–05:30" in page
