"""The test house stands on real servers."""

import smtplib

import pytest
from django.core.mail import send_mail
from django.db import connection

from responsibilities.models import Unit
from responsibilities.roles import Right
from tests.factories.responsibilities import UnitFactory


def test_people_hold_what_their_appointments_say(people, station, station2):
    assert people.director.standing.everywhere(Right.VIEW_DASHBOARD)
    assert people.head.standing.has_for(Right.LEAD_FIX, station)
    assert not people.head.standing.has_for(Right.LEAD_FIX, station2)
    assert not people.worker.standing.has(Right.LEAD_FIX)


def test_mailbox_receives_over_smtp(mailbox):
    send_mail("Subject 主题", "Body", "a@plant.example", ["b@plant.example"])
    assert [message["Subject"] for message in mailbox.to("b@plant.example")] == ["Subject 主题"]


def test_mailbox_refuses_an_address_when_told(mailbox):
    mailbox.refuse["bad@plant.example"] = "550 No such person"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_mail("Subject", "Body", "a@plant.example", ["bad@plant.example"])


@pytest.mark.parametrize("turn", [1, 2])
def test_transactional_test_starts_from_a_migrated_database(transactional_db, turn):
    assert Unit.objects.count() == 0
    UnitFactory()


def test_database_is_the_workers_own(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('server_version_num')::int >= 180000")
        name, is_new = cursor.fetchone()
    assert name.startswith("test_safetyplant_")
    assert is_new


def test_redis_is_real(redis_server):
    redis_server.set("a", "1")
    assert redis_server.get("a") == b"1"


def test_page_shows_the_live_server(page, live_server):
    assert page.goto("/healthz").json() == {"status": "ok"}
