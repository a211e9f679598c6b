"""Site bans of people of contractors: who imposes, appeals, decides and lifts, what the gate reads, what the database refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from inspections.choices import BanState
from inspections.models import PenaltyRule, RecordView, SiteBan, Violation
from inspections.services import InspectionData, PlanData, create_plan, start_inspection
from inspections.services.bans import gate_list
from inspections.services.penalty_rules import RULE_FIELDS, change_rule
from inspections.workflows import appeal_ban, decide_appeal, decide_ban, impose_ban, lift_ban
from inspections.workflows.appeals import Decision
from inspections.workflows.bans import BanDecision, BanTerms
from inspections.workflows.following import barred_from_appeal
from responsibilities.choices import DeadlineStatus, RoleCode
from responsibilities.models import Deadline
from safetyplant.access.exceptions import NotAllowed, StaleVersion, WrongState
from safetyplant.audit.history import history
from safetyplant.formats.days import day_text
from safetyplant.notifications.models import Message
from tests.factories.penalties import appealed, noticed, received, recorded
from tests.factories.responsibilities import PersonFactory, appoint

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def boss(contractor):
    person = PersonFactory(username="boss", unit=contractor)
    appoint(person, RoleCode.UNIT_HEAD, contractor)
    return person


@pytest.fixture
def contracts(contractor, station):
    person = PersonFactory(username="contracts", unit=station)
    appoint(person, RoleCode.CONTRACT_MANAGER, contractor)
    return person


@pytest.fixture
def served(contractor, outsider, supervisor, officer):
    return noticed(recorded(contractor, supervisor, outsider, code="VO02"), officer)


def terms(days=30, starts_in=0, reason="Hot work without a permit, twice warned"):
    first = timezone.localdate() + timedelta(days=starts_in)
    return BanTerms(first, first + timedelta(days=days - 1), reason)


def url(name, *args):
    return reverse(f"inspections:{name}", args=args)


def told(code):
    return set(Message.objects.filter(code=code).values_list("recipient__username", flat=True))


# --- imposing -------------------------------------------------------------------------------------------------------------


def test_a_ban_is_told_stands_at_the_gate_and_ends_by_itself(served, leader, boss, contracts, outsider, head):
    ban = impose_ban(served, terms(), by=leader)
    assert told("ban.imposed") == {"outsider", "boss", "contracts", "head"}
    today = timezone.localdate()
    assert [(line.name, line.unit, line.until) for line in gate_list(today)] == [
        ("Ou Yang", "Drilling Contractor", today + timedelta(days=29))
    ]
    assert gate_list(ban.ends_on) != []
    assert gate_list(ban.ends_on + timedelta(days=1)) == []
    assert ban.state_on(ban.ends_on + timedelta(days=1)) == BanState.OVER
    assert ban.state_on(today - timedelta(days=1)) == BanState.AHEAD


def test_who_may_impose_is_said_by_the_rule(served, officer, leader, director, boss, supervisor):
    for person in (officer, boss, supervisor):
        with pytest.raises(NotAllowed):
            impose_ban(served, terms(), by=person)
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    values = {name: getattr(rule, name) for name in RULE_FIELDS} | {"ban_by": "safety_officer", "ban_days": 10}
    change_rule(values, [], valid_from=timezone.localdate(), by=officer)
    with pytest.raises(ValidationError, match="at most 10 days"):
        impose_ban(served, terms(11), by=officer)
    assert impose_ban(served, terms(10), by=officer).imposed_by == officer
    values["ban_days"] = 0
    change_rule(values, [], valid_from=timezone.localdate(), by=officer)
    with pytest.raises(NotAllowed):
        impose_ban(served, terms(5, starts_in=20), by=director)


def test_only_of_contractors_only_after_a_notice_and_never_over_another(
    station, contractor, outsider, worker, supervisor, officer, leader, served
):
    own = noticed(recorded(station, supervisor, worker), officer)
    with pytest.raises(NotAllowed):
        impose_ban(own, terms(), by=leader)
    with pytest.raises(WrongState):
        impose_ban(recorded(contractor, supervisor, outsider, code="VO08"), terms(), by=leader)
    impose_ban(served, terms(), by=leader)
    with pytest.raises(ValidationError, match="already"):
        impose_ban(served, terms(3, starts_in=29), by=leader)
    assert impose_ban(served, terms(3, starts_in=30), by=leader).pk
    assert SiteBan.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [(terms(3, starts_in=-1), "starts_on"), (terms(0), "ends_on"), (terms(181), "ends_on"), (terms(reason=""), "reason")],
)
def test_terms_that_the_rule_does_not_know(served, leader, wrong, field):
    with pytest.raises(ValidationError) as fault:
        impose_ban(served, wrong, by=leader)
    assert list(fault.value.message_dict) == [field]


# --- appeal and lifting ---------------------------------------------------------------------------------------------------


def test_an_appeal_goes_to_someone_uninvolved_and_never_lengthens(served, leader, outsider, director, boss, worker):
    ban = impose_ban(served, terms(), by=leader)
    with pytest.raises(NotAllowed):
        appeal_ban(ban, by=boss, text="He is needed")  # can sign in and speak for himself
    ban = appeal_ban(ban, by=outsider, text="It was not me")
    assert ban.appeal_deadline.owner == director
    assert gate_list(timezone.localdate()) != []
    with pytest.raises(WrongState):
        appeal_ban(ban, by=outsider, text="Again")
    for person in (leader, outsider, worker):
        with pytest.raises(NotAllowed):
            decide_ban(ban, BanDecision("uphold", "No"), by=person)
    longer = BanDecision("reduce", "Mild", ban.ends_on + timedelta(days=1))
    with pytest.raises(ValidationError, match="earlier last day"):
        decide_ban(ban, longer, by=director)
    shorter = decide_ban(ban, BanDecision("reduce", "First time", ban.starts_on + timedelta(days=6)), by=director)
    assert (shorter.ends_on - shorter.starts_on).days == 6
    shorter.appeal_deadline.refresh_from_db()
    assert shorter.appeal_deadline.status == DeadlineStatus.MET
    assert "outsider" in told("ban.decided")
    with pytest.raises(WrongState):
        decide_ban(shorter, BanDecision("uphold", "Again"), by=director)


def test_a_withdrawn_ban_no_longer_stands_at_the_gate(served, leader, outsider, director):
    ban = appeal_ban(impose_ban(served, terms(), by=leader), by=outsider, text="It was not me")
    ban = decide_ban(ban, BanDecision("withdraw", "It was his brother"), by=director)
    assert ban.state_on(timezone.localdate()) == BanState.LIFTED
    assert gate_list(timezone.localdate()) == []
    assert impose_ban(served, terms(), by=leader).pk  # the days are free again


def test_the_head_appeals_for_someone_who_cannot_sign_in(contractor, boss, supervisor, officer, leader):
    nameless = PersonFactory(username="nameless", unit=contractor, is_active=False, is_external=True)
    ban = impose_ban(noticed(recorded(contractor, supervisor, nameless), officer), terms(), by=leader)
    assert appeal_ban(ban, by=boss, text="He asks for it").appealed_by == boss


def test_the_days_to_appeal_end(served, leader, outsider):
    ban = impose_ban(served, terms(), by=leader)
    with pytest.raises(WrongState, match="over"):
        appeal_ban(ban, by=outsider, text="Late", now=ban.appeal_until + timedelta(minutes=1))


def test_lifting_needs_a_reason_and_settles_the_appeal(served, leader, outsider, officer, director):
    ban = appeal_ban(impose_ban(served, terms(), by=leader), by=outsider, text="Not me")
    with pytest.raises(NotAllowed):
        lift_ban(ban, by=officer, reason="Needed")
    with pytest.raises(ValidationError, match="why"):
        lift_ban(ban, by=director, reason="")
    with pytest.raises(StaleVersion):
        lift_ban(ban, by=director, reason="Trained", revision=1)
    ban = lift_ban(ban, by=director, reason="Trained and examined")
    assert ban.appeal_deadline.status == DeadlineStatus.CANCELLED
    assert gate_list(timezone.localdate()) == []
    with pytest.raises(WrongState):
        lift_ban(ban, by=director, reason="Twice")


def test_a_withdrawn_notice_takes_its_ban_along(served, leader, outsider, director):
    impose_ban(served, terms(), by=leader)
    decide_appeal(appealed(received(served)), Decision("withdraw", "Another person"), by=director)
    assert SiteBan.objects.get().lift_reason == "Another person"
    with pytest.raises(NotAllowed):
        impose_ban(Violation.objects.get(pk=served.pk), terms(), by=director)


def test_the_appeal_is_handed_to_nobody_involved(served, leader, outsider, supervisor, officer, director):
    ban = appeal_ban(impose_ban(served, terms(), by=leader), by=outsider, text="Not me")
    barred = barred_from_appeal(Deadline.objects.get(pk=ban.appeal_deadline_id))
    assert {leader.pk, outsider.pk, supervisor.pk, officer.pk} == barred


# --- the database ---------------------------------------------------------------------------------------------------------


def row(violation, **other):
    now = timezone.now()
    values = {
        "number": "SB-1", "violation": violation, "person": violation.person, "unit": violation.unit,
        "starts_on": timezone.localdate(), "ends_on": timezone.localdate() + timedelta(days=9), "reason": "Seen",
        "imposed_at": now, "imposed_by": violation.penalty.noticed_by, "appeal_until": now,
    }  # fmt: skip
    return SiteBan(**(values | other))


def test_the_database_keeps_bans_apart_and_true(served, station, supervisor, officer, worker, leader):
    row(served).save()
    own = noticed(recorded(station, supervisor, worker), officer)
    wrong = {
        "ban_one_at_a_time": row(served, number="SB-2", starts_on=timezone.localdate() + timedelta(days=9)),
        "ban_of_contractor": row(own, number="SB-3"),
        "ban_of_penalty": row(served, number="SB-4", person=worker),
        "ban_days_in_order": row(served, number="SB-5", ends_on=timezone.localdate() - timedelta(days=1)),
    }
    for constraint, ban in wrong.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ban.save()
    kept = SiteBan.objects.get()
    for change in ({"ends_on": kept.ends_on + timedelta(days=1)}, {"reason": "Other"}, {"person": worker}):
        with pytest.raises(IntegrityError, match="ban_kept"), transaction.atomic():
            SiteBan.objects.update(**change)
    with pytest.raises(IntegrityError, match="ban_kept"), transaction.atomic():
        kept.delete()


# --- named for work inside ------------------------------------------------------------------------------------------------


def test_nobody_banned_is_named_for_an_inspection_or_a_plan(served, leader, outsider, officer, contractor, station):
    appoint(outsider, RoleCode.SUPERVISOR, contractor)
    impose_ban(served, terms(), by=leader)
    with pytest.raises(ValidationError, match="Ou Yang may not enter the site"):
        start_inspection(InspectionData(unit=contractor, inspectors=[outsider]), by=officer)
    before = timezone.now() - timedelta(days=2)
    assert start_inspection(InspectionData(unit=contractor, inspectors=[outsider], started_at=before), by=officer)[1]
    data = PlanData(title="Rounds", unit=contractor, targets=[(contractor, None)], inspectors=[outsider], rhythm="rule",
                    rule="FREQ=DAILY", starts_on=timezone.localdate())  # fmt: skip
    with pytest.raises(ValidationError, match="may not enter"):
        create_plan(data, by=officer)


# --- pages ----------------------------------------------------------------------------------------------------------------


def test_the_gate_reads_name_unit_and_last_day_alone(client, served, leader, worker, outsider, boss, station):
    impose_ban(served, terms(), by=leader)
    guard = PersonFactory(username="guard", unit=station)
    appoint(guard, RoleCode.GATE_KEEPER, station)
    client.force_login(guard)
    html = client.get(url("gate")).content.decode()
    assert "Ou Yang" in html
    assert "Drilling Contractor" in html
    for hidden in (served.number, "Hot work", "SB-", leader.name):
        assert hidden not in html
    for person in (worker, outsider, boss):
        client.force_login(person)
        assert client.get(url("gate")).status_code == 403


def test_a_ban_on_its_pages_from_imposing_to_the_decision(client, served, leader, outsider, director, worker):
    client.force_login(leader)
    assert "Impose a site ban" in client.get(url("violation-detail", served.pk)).content.decode()
    page = client.get(url("violation-act", served.pk, "ban"))
    first = timezone.localdate()
    sent = {"starts_on": first, "ends_on": first - timedelta(days=2), "reason": "Seen it", "revision": served.revision}
    answer = client.post(url("violation-act", served.pk, "ban"), sent)
    assert (page.status_code, answer.status_code) == (200, 422)
    assert "Seen it" in answer.content.decode()
    client.post(url("violation-act", served.pk, "ban"), sent | {"ends_on": first + timedelta(days=5)})
    ban = SiteBan.objects.get()
    client.force_login(worker)
    assert client.get(url("ban-detail", ban.pk)).status_code == 404
    client.force_login(outsider)
    assert "Seen it" in client.get(url("ban-detail", ban.pk)).content.decode()
    assert client.get(url("ban-act", ban.pk, "lift")).status_code == 403
    client.post(url("ban-act", ban.pk, "appeal"), {"text": "Not me", "revision": ban.revision})
    client.force_login(director)
    html = client.get(url("ban-detail", ban.pk)).content.decode()
    assert "Not me" in html
    ban.refresh_from_db()
    decided = {"decision": "uphold", "reason": "Two saw it", "revision": ban.revision}
    assert client.post(url("ban-act", ban.pk, "decide"), decided).status_code == 302
    assert client.get(url("ban-act", ban.pk, "decide")).status_code == 409
    assert "Two saw it" in client.get(url("ban-detail", ban.pk)).content.decode()
    listed = client.get(url("ban-list") + "?state=in_force").content.decode()
    assert ban.number in listed
    assert ban.number not in client.get(url("ban-list") + "?state=lifted").content.decode()


def test_forms_say_whom_they_are_about_and_the_person_is_told_who_looked(client, served, leader, outsider, supervisor):
    client.force_login(leader)
    page = client.get(url("violation-act", served.pk, "ban")).content.decode()
    assert f"{served.number} · {outsider.name}" in page
    assert RecordView.objects.filter(person=outsider, viewer=leader).count() == 1
    client.force_login(supervisor)
    assert client.get(url("violation-act", served.pk, "ban")).status_code == 403
    assert not RecordView.objects.filter(person=outsider, viewer=supervisor).exists()


def test_the_story_tells_days_in_the_language_of_its_reader(served, leader):
    ban = impose_ban(served, terms(), by=leader)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert day_text(ban.ends_on) in str(history(ban)[0].sentence)
