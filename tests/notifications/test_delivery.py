"""Delivery over real SMTP to a server that misbehaves."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy

from safetyplant.notifications import claims, delivery, types
from safetyplant.notifications.metrics import delivery_health
from safetyplant.notifications.models import Delivery, DeliveryAttempt, Message
from safetyplant.notifications.partitions import make_partitions
from safetyplant.notifications.services import Notice, cancel, notify, notify_many
from safetyplant.notifications.types import MessageType
from tests.factories.responsibilities import PersonFactory
from tests.notifications.conftest import NOON, Unruly, plant

pytestmark = pytest.mark.django_db


def deliver(now: Any = NOON) -> delivery.DeliveryResult:
    return delivery.deliver_due(now=now)


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("message__recipient__email", "state"))


def test_mail_says_it_in_two_forms_with_an_absolute_link(worker: Any, unruly: Unruly, settings: Any) -> None:
    settings.SITE_URL = "https://safety.plant.example"
    notify("test.told", [worker], params={"what": "<b>guard</b>", "where": "N12-45"}, link="/hazards/7/", now=NOON)
    assert deliver().sent == 1
    address, content = unruly.accepted[0]
    mail = message_from_bytes(content, policy=policy.default)
    assert address == worker.email
    assert mail["Subject"] == "Fix <b>guard</b>"
    assert mail["Message-ID"] == f"<{Delivery.objects.get().mail_id}@safety.plant.example>"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "https://safety.plant.example/hazards/7/" in text
    assert 'href="https://safety.plant.example/hazards/7/"' in html
    assert "Fix &lt;b&gt;guard&lt;/b&gt;" in html
    assert "<script" not in html


def test_mail_is_in_the_recipients_language(worker: Any, head: Any, unruly: Unruly) -> None:
    worker.language = "zh-hans"
    worker.save()
    types.register(MessageType("test.day", gettext_lazy("Monday")))
    notify("test.day", [worker, head], now=NOON)
    deliver()
    subjects = {address: message_from_bytes(body, policy=policy.default)["Subject"] for address, body in unruly.accepted}
    assert subjects == {worker.email: "星期一", head.email: "Monday"}


def test_sent_once_and_written_down(worker: Any, unruly: Unruly) -> None:
    notify("test.plain", [worker], now=NOON)
    assert deliver().sent == 1
    assert deliver().sent == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.address, row.finished_at) == ("sent", 1, worker.email, NOON)
    assert DeliveryAttempt.objects.get(delivery=row).outcome == "sent"


def test_held_mail_leaves_when_the_quiet_hours_end(worker: Any, unruly: Unruly) -> None:
    notify("test.plain", [worker], now=plant(18, 23))
    assert deliver(plant(18, 23, 30)).sent == 0
    assert deliver(plant(19, 5, 59)).sent == 0
    assert deliver(plant(19, 6)).sent == 1


def test_urgent_mails_go_first(worker: Any, head: Any, unruly: Unruly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "BATCH", 1)
    notify("test.plain", [worker], now=NOON - timedelta(hours=1))
    notify("test.plain", [head], urgent=True, now=NOON)
    deliver()
    assert unruly.addresses() == [head.email, worker.email]


def test_one_bad_address_stops_no_other(people: Any, unruly: Unruly) -> None:
    unruly.replies[people.worker.email] = "550 no such user"
    unruly.replies[people.head.email] = "451 try later"
    unruly.refuse_data[people.head2.email] = "554 looks like spam"
    everyone = [people.worker, people.head, people.head2, people.leader, people.director]
    notify("test.plain", everyone, now=NOON)
    result = deliver()
    assert (result.sent, result.retried, result.refused) == (2, 1, 2)
    assert states() == {
        people.worker.email: "undeliverable",
        people.head.email: "queued",
        people.head2.email: "undeliverable",
        people.leader.email: "sent",
        people.director.email: "sent",
    }
    assert "no such user" in Delivery.objects.get(message__recipient=people.worker).last_error
    assert len(unruly.connections) == 1


@pytest.mark.parametrize("email", ["not an address", "a@b@c", "worker@plant.example\nBcc: x@y.example", "ünïcode@plant.example"])
def test_address_that_cannot_be_written_stops_no_other(worker: Any, head: Any, unruly: Unruly, email: str) -> None:
    type(worker).objects.filter(pk=worker.pk).update(email=email)
    notify("test.plain", [worker, head], now=NOON)
    deliver()
    assert head.email in unruly.addresses()
    assert Delivery.objects.get(message__recipient=worker).state in {"undeliverable", "queued", "sent"}
    assert not any(b"x@y.example" in body.split(b"\n\n")[0] and b"\nBcc" in body for _address, body in unruly.accepted)


def test_temporary_refusal_backs_off_and_keeps_its_message_id(worker: Any, unruly: Unruly) -> None:
    unruly.replies[worker.email] = "451 greylisted"
    notify("test.plain", [worker], now=NOON)
    before = Delivery.objects.get()
    deliver()
    row = Delivery.objects.get()
    assert timedelta(seconds=50) < row.not_before - NOON < timedelta(seconds=80)
    assert deliver(NOON + timedelta(seconds=30)).retried == 0
    deliver(row.not_before)
    second = Delivery.objects.get()
    assert timedelta(minutes=4) < second.not_before - row.not_before < timedelta(minutes=7)
    unruly.replies.clear()
    assert deliver(second.not_before).sent == 1
    assert f"<{before.mail_id}@".encode() in unruly.accepted[0][1]
    assert [attempt.outcome for attempt in DeliveryAttempt.objects.order_by("id")] == ["temporary", "temporary", "sent"]


def test_giving_up_ends_as_failed(worker: Any, unruly: Unruly) -> None:
    unruly.replies[worker.email] = "451 for ever"
    notify("test.plain", [worker], urgent=True, now=NOON)
    now = NOON
    for _try in range(claims.MAX_TRIES):
        assert Delivery.objects.get().state == "queued"
        deliver(now)
        now = max(now, Delivery.objects.get().not_before)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("failed", claims.MAX_TRIES)
    assert now - NOON > timedelta(days=2)


def test_retry_never_falls_into_quiet_hours(worker: Any, unruly: Unruly) -> None:
    unruly.replies[worker.email] = "451 later"
    notify("test.plain", [worker], now=plant(18, 21, 59))
    deliver(plant(18, 21, 59) + timedelta(seconds=59))
    row = Delivery.objects.get()
    assert (row.state, row.not_before) == ("held", plant(19, 6))


def test_hanging_server_is_left_after_its_timeout(worker: Any, head: Any, unruly: Unruly) -> None:
    unruly.hang_for.add(worker.email)
    notify("test.plain", [worker], urgent=True, now=NOON)
    notify("test.plain", [head], now=NOON)
    result = deliver()
    assert (result.sent, result.retried) == (1, 1)
    assert unruly.addresses() == [head.email]
    assert states()[worker.email] == "queued"


def test_hanging_up_after_data_sends_again_under_the_same_id(worker: Any, unruly: Unruly) -> None:
    unruly.hang_up_after_data.add(worker.email)
    notify("test.plain", [worker], now=NOON)
    assert deliver().retried == 1
    unruly.hang_up_after_data.clear()
    assert deliver(NOON + timedelta(minutes=2)).sent == 1
    ids = {message_from_bytes(body)["Message-ID"] for _address, body in unruly.accepted}
    assert len(unruly.accepted) == 2
    assert len(ids) == 1


def test_server_that_is_down_costs_no_tries_to_those_behind(station: Any, settings: Any, unruly: Unruly) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    people = [PersonFactory(unit=station) for _number in range(10)]
    notify("test.plain", people, now=NOON)
    assert deliver().retried == 3
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0] * 7 + [1] * 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"queued"}
    settings.EMAIL_PORT = port
    assert deliver(NOON + timedelta(minutes=2)).sent == 10


def test_refused_sender_writes_nobody_off(worker: Any, unruly: Unruly) -> None:
    unruly.refuse_sender = "550 sender not allowed here"
    notify("test.plain", [worker], now=NOON)
    deliver()
    assert Delivery.objects.get().state == "queued"


def test_settled_between_sweep_and_send_is_not_mailed(worker: Any, head: Any, unruly: Unruly) -> None:
    notify("test.plain", [worker], withdraw_key="deadline:1", now=NOON)
    cancel("deadline:1", now=NOON)
    is_open = {"value": True}
    types.register_validity("test.told", lambda params: is_open["value"])
    notify("test.told", [head], now=NOON)
    is_open["value"] = False
    result = deliver()
    assert (result.sent, result.withdrawn, unruly.accepted) == (0, 1, [])
    assert set(states().values()) == {"withdrawn"}
    assert Message.objects.get(recipient=head).withdrawn_at == NOON


def test_settled_while_a_retry_waits_is_not_mailed(worker: Any, unruly: Unruly) -> None:
    unruly.replies[worker.email] = "451 later"
    notify("test.plain", [worker], withdraw_key="deadline:1", now=NOON)
    deliver()
    unruly.replies.clear()
    cancel("deadline:1", now=NOON)
    deliver(NOON + timedelta(minutes=5))
    assert unruly.accepted == []


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": ""}, {"mail_mode": "none"}])
def test_person_who_left_gets_no_mail(worker: Any, unruly: Unruly, changes: dict[str, Any]) -> None:
    notify("test.plain", [worker], urgent=True, now=NOON)
    type(worker).objects.filter(pk=worker.pk).update(**changes)
    deliver()
    assert unruly.accepted == []
    assert Delivery.objects.get().state == "withdrawn"


def test_broken_message_stops_no_other(worker: Any, head: Any, unruly: Unruly) -> None:
    def broken(params: Any) -> bool:
        raise KeyError("hazard")

    types.register_validity("test.told", broken)
    notify("test.told", [worker], urgent=True, now=NOON)
    notify("test.plain", [head], now=NOON)
    assert deliver().sent == 1
    assert states() == {worker.email: "queued", head.email: "sent"}


def test_lease_of_a_killed_worker_ends(worker: Any, unruly: Unruly) -> None:
    notify("test.plain", [worker], now=NOON)
    claims.claim(Delivery.objects.due_mails(NOON), NOON)
    assert deliver(NOON + timedelta(minutes=4)).sent == 0
    assert deliver(NOON + timedelta(minutes=5)).sent == 1


def test_late_answer_of_a_lost_lease_changes_nothing_but_sent(worker: Any, unruly: Unruly) -> None:
    notify("test.plain", [worker], now=NOON)
    claims.claim(Delivery.objects.due_mails(NOON), NOON)
    lost = Delivery.objects.select_related("message__recipient").get()
    deliver(NOON + timedelta(minutes=6))
    assert Delivery.objects.get().state == "sent"
    outcome = delivery.Outcome(delivery.AttemptOutcome.TEMPORARY, "timeout")
    delivery.record(lost, outcome, NOON, milliseconds=1)
    assert Delivery.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_overlapping_workers_send_each_mail_once(worker: Any, head: Any, unruly: Unruly) -> None:
    notify_many([Notice((worker, head)[n % 2].pk, "test.plain") for n in range(120)], now=NOON)
    barrier = threading.Barrier(6)

    def work() -> None:
        barrier.wait()
        delivery.deliver_due(now=NOON)
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [message_from_bytes(body)["Message-ID"] for _address, body in unruly.accepted]
    assert len(ids) == len(set(ids)) == 120
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_is_spoken_to(
    worker: Any, unruly: Unruly, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    send = delivery.MailRoute.send

    def watched(route: Any, mail: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return send(route, mail)

    monkeypatch.setattr(delivery.MailRoute, "send", watched)
    notify("test.plain", [worker], now=NOON)
    deliver()
    assert seen == [False]


def test_health_counts_what_waits_and_what_became_of_the_rest(people: Any, unruly: Unruly) -> None:
    unruly.replies[people.worker.email] = "550 no"
    notify("test.plain", [people.worker, people.head], now=NOON)
    deliver()
    notify("test.plain", [people.leader], now=NOON + timedelta(minutes=1))
    notify("test.plain", [people.leader], now=plant(18, 22, 30))
    health = delivery_health(NOON + timedelta(minutes=11))
    assert (health.sent, health.undeliverable, health.failed, health.held, health.queued) == (1, 1, 0, 1, 1)
    assert health.oldest_queued_seconds == 600


def test_health_sees_a_server_that_is_down(worker: Any, unruly: Unruly) -> None:
    unruly.replies[worker.email] = "451 later"
    notify("test.plain", [worker], now=NOON)
    deliver()
    assert delivery_health(NOON + timedelta(seconds=30)).oldest_queued_seconds == 30


def test_attempts_lie_in_the_partition_of_their_day() -> None:
    assert make_partitions(plant(1, 0).date(), days=3) == 3
    assert make_partitions(plant(1, 0).date(), days=4) == 1
    DeliveryAttempt.objects.create(at=plant(2, 12), outcome="sent")
    DeliveryAttempt.objects.create(at=plant(20, 12), outcome="sent")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM notifications_deliveryattempt ORDER BY at")
        tables = [row[0] for row in cursor.fetchall()]
    assert tables == ["notifications_deliveryattempt_20260602", "notifications_deliveryattempt_default"]
    assert make_partitions(plant(20, 0).date(), days=1) == 0
