"""Inbox and outbox rows."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from safetyplant.notifications import services
from safetyplant.notifications.models import Delivery, Message, QuietHours
from safetyplant.notifications.quiet import quiet_until
from safetyplant.notifications.services import Notice, cancel, notify, notify_many
from tests.factories.responsibilities import PersonFactory
from tests.notifications.conftest import NOON, plant

pytestmark = pytest.mark.django_db


def set_up(person: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()


def test_notify_tells_each_recipient_once(worker: Any, head: Any) -> None:
    told = notify("test.told", [worker, head.pk, worker.pk, None], params={"what": "it"}, link="/hazards/1/", now=NOON)
    assert told == 2
    message = Message.objects.get(recipient=worker)
    assert (message.code, message.params, message.link) == ("test.told", {"what": "it"}, "/hazards/1/")
    assert message.created_at == NOON
    assert Delivery.objects.filter(channel="email", state="queued").count() == 2


def test_nobody_to_tell() -> None:
    assert notify("test.plain", []) == 0
    assert notify_many([]) == 0


def test_dedupe_key_tells_each_person_once(worker: Any, head: Any) -> None:
    rows = [Notice(person.pk, "test.plain", dedupe_key="deadline:1:1:T+1") for person in (worker, head)]
    assert notify_many(rows, now=NOON) == 2
    assert notify_many([*rows, Notice(worker.pk, "test.plain", dedupe_key="deadline:1:1:T+3")], now=NOON) == 1
    assert notify_many(rows + rows, now=NOON) == 0
    assert (Message.objects.count(), Delivery.objects.count()) == (3, 3)


def test_same_key_twice_in_one_call_is_one(worker: Any) -> None:
    assert notify_many([Notice(worker.pk, "test.plain", dedupe_key="k")] * 3, now=NOON) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("mode", "override", "urgent", "channels"),
    [
        ("each", None, False, ["email"]),
        ("each", None, True, ["email"]),
        ("each", "none", False, []),
        ("each", "digest", False, ["digest"]),
        ("digest", None, False, ["digest"]),
        ("digest", None, True, ["email"]),
        ("digest", "each", False, ["email"]),
        ("none", None, False, []),
        ("none", None, True, []),
        ("none", "each", True, []),
    ],
)
def test_who_gets_which_mail(worker: Any, mode: str, override: str | None, urgent: bool, channels: list[str]) -> None:
    set_up(worker, mail_mode=mode)
    notify("test.plain", [worker], urgent=urgent, mail_mode=override, now=NOON)
    assert list(Delivery.objects.values_list("channel", flat=True)) == channels
    assert Message.objects.count() == 1


@pytest.mark.parametrize("changes", [{"email": ""}, {"is_active": False}])
def test_without_address_or_access_there_is_the_inbox_alone(worker: Any, changes: dict[str, Any]) -> None:
    set_up(worker, **changes)
    notify("test.plain", [worker], urgent=True, now=NOON)
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 0)


def test_rows_vanish_with_the_callers_transaction(worker: Any) -> None:
    with transaction.atomic():
        notify("test.plain", [worker], now=NOON)
        assert Message.objects.exists()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_link_never_leaves_the_site(worker: Any, link: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notify("test.plain", [worker], link=link, now=NOON)


def test_texts_survive_as_they_are(worker: Any) -> None:
    params = {"what": "“井口” \\ ' \" { } \t %s 🛢", "on": plant(18, 0).date()}
    notify("test.told", [worker], params=params, dedupe_key="a'b{c,d}\\", withdraw_key='x,"y"', now=NOON)
    message = Message.objects.get()
    assert message.params == {"what": params["what"], "on": "2026-06-18"}
    assert (message.dedupe_key, message.withdraw_key) == ("a'b{c,d}\\", 'x,"y"')


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (plant(18, 21, 59), plant(18, 21, 59)),
        (plant(18, 22), plant(19, 6)),
        (plant(18, 23, 30), plant(19, 6)),
        (plant(19, 0), plant(19, 6)),
        (plant(19, 5, 59), plant(19, 6)),
        (plant(19, 6), plant(19, 6)),
        (plant(30, 23), plant(30, 23) + timedelta(hours=7)),
    ],
)
def test_quiet_hours_span_midnight(moment: datetime, end: datetime) -> None:
    assert quiet_until(moment) == end


def test_quiet_hours_of_the_day_are_used(worker: Any) -> None:
    QuietHours.objects.create(valid_from=plant(1, 0).date(), starts="12:00", ends="14:00")
    QuietHours.objects.create(valid_from=plant(18, 0).date(), is_on=False)
    assert quiet_until(plant(17, 12, 30)) == plant(17, 14)
    assert quiet_until(plant(17, 23)) == plant(17, 23)
    assert quiet_until(plant(18, 12, 30)) == plant(18, 12, 30)


def test_quiet_hours_hold_back_mails_that_are_not_urgent(worker: Any) -> None:
    notify("test.plain", [worker], now=plant(18, 23))
    notify("test.plain", [worker], urgent=True, now=plant(18, 23))
    held, urgent = Delivery.objects.order_by("urgent")
    assert (held.state, held.not_before) == ("held", plant(19, 6))
    assert (urgent.state, urgent.not_before) == ("queued", plant(18, 23))
    assert Message.objects.filter(created_at=plant(18, 23)).count() == 2


def test_cancel_withdraws_what_is_not_sent(worker: Any, head: Any) -> None:
    notify("test.plain", [worker, head], withdraw_key="deadline:1", now=NOON)
    notify("test.plain", [worker], withdraw_key="deadline:2", now=NOON)
    sent = Delivery.objects.filter(message__recipient=head).first()
    Delivery.objects.filter(pk=sent.pk).update(state="sent")
    assert cancel("deadline:1", "", now=NOON) == 1
    assert set(Delivery.objects.values_list("message__withdraw_key", "state")) == {
        ("deadline:1", "withdrawn"),
        ("deadline:1", "sent"),
        ("deadline:2", "queued"),
    }
    assert Message.objects.filter(withdrawn_at=NOON).count() == 2
    assert cancel("deadline:1") == 0
    assert cancel("") == 0


def test_thousands_take_one_statement_each_batch(
    django_assert_max_num_queries: Any, station: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [PersonFactory(unit=station).pk for _number in range(10)]
    rows = [Notice(people[n % 10], "test.plain", {"n": n}, f"/hazards/{n}/", dedupe_key=f"k{n}") for n in range(3000)]
    with django_assert_max_num_queries(4):
        assert notify_many(rows, now=NOON) == 3000
    monkeypatch.setattr(services, "BATCH", 7)
    assert notify_many([Notice(people[0], "test.plain") for _number in range(20)], now=NOON) == 20
    assert Delivery.objects.count() == 3020


@pytest.mark.django_db(transaction=True)
def test_overlapping_sweeps_tell_once(worker: Any, head: Any) -> None:
    created, barrier = [], threading.Barrier(8)

    def sweep() -> None:
        barrier.wait()
        rows = [Notice((worker, head)[n % 2].pk, "test.plain", dedupe_key=f"k{n}") for n in range(400)]
        created.append(notify_many(rows, now=NOON))
        connection.close()

    threads = [threading.Thread(target=sweep) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(created) == 400
    assert Message.objects.count() == Delivery.objects.count() == 400


def test_marking_read_keeps_the_first_moment(worker: Any, head: Any) -> None:
    notify("test.plain", [worker, head], now=NOON)
    message = Message.objects.get(recipient=worker)
    services.mark_read(message, by=head, now=NOON)
    message.refresh_from_db()
    assert message.read_at is None
    services.mark_read(message, by=worker, now=NOON)
    services.mark_read(message, by=worker, now=NOON + timedelta(hours=1))
    message.refresh_from_db()
    assert message.read_at == NOON
    assert services.mark_all_read(by=head, now=NOON) == 1
