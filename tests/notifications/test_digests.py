"""One mail a day."""

import threading
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy

from safetyplant.notifications import digests, types
from safetyplant.notifications.digests import DigestLine, DigestSection, send_digests
from safetyplant.notifications.models import Delivery, DigestRun, Message
from safetyplant.notifications.services import cancel, mark_all_read, notify
from safetyplant.notifications.types import MessageType
from tests.notifications.conftest import NOON, Unruly, plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(worker: Any) -> Any:
    worker.mail_mode = "digest"
    worker.save()
    return worker


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    return mail.get_body((kind,)).get_content()


def test_one_mail_tells_all_since_the_last(reader: Any, mailbox: Any) -> None:
    notify("test.told", [reader], params={"what": "guard"}, link="/hazards/1/", now=NOON)
    notify("test.told", [reader], params={"what": "valve"}, link="/hazards/2/", now=plant(18, 23))
    assert send_digests(plant(19, 6, 59)).sent == 0
    assert send_digests(plant(19, 7)).sent == 1
    (mail,) = mailbox.to(reader.email)
    assert "Fix guard" in body_of(mail)
    assert "/hazards/2/" in body_of(mail, "html")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_exactly_once_a_day(reader: Any, mailbox: Any) -> None:
    notify("test.plain", [reader], now=NOON)
    for minute in (0, 10, 20):
        send_digests(plant(19, 7, minute))
    notify("test.plain", [reader], now=plant(19, 8))
    send_digests(plant(19, 12))
    assert len(mailbox.messages) == 1
    send_digests(plant(20, 7))
    assert len(mailbox.messages) == 2
    assert DigestRun.objects.filter(person=reader).count() == 2


def test_nothing_to_tell_sends_nothing(reader: Any, mailbox: Any) -> None:
    send_digests(plant(19, 7))
    assert mailbox.messages == []
    assert DigestRun.objects.get().state == "withdrawn"


def test_read_and_settled_messages_are_left_out(reader: Any, mailbox: Any) -> None:
    notify("test.told", [reader], params={"what": "read"}, now=NOON)
    mark_all_read(by=reader, now=NOON)
    notify("test.told", [reader], params={"what": "settled"}, withdraw_key="k", now=NOON)
    cancel("k", now=NOON)
    types.register_validity("test.plain", lambda params: False)
    notify("test.plain", [reader], now=NOON)
    notify("test.told", [reader], params={"what": "fresh"}, now=NOON)
    send_digests(plant(19, 7))
    text = body_of(mailbox.messages[0])
    assert "Fix fresh" in text
    for absent in ("Fix read", "Fix settled", "Something happened"):
        assert absent not in text


def test_what_is_owed_is_told_in_the_readers_language(reader: Any, mailbox: Any) -> None:
    reader.language = "zh-hans"
    reader.save()
    types.register(MessageType("test.day", gettext_lazy("Monday")))

    def owed(person: Any, now: Any) -> DigestSection:
        return DigestSection(translation.get_language(), [DigestLine("HZ-2026-0412", "/hazards/412/")])

    digests.register_digest_section(owed)
    digests.register_digest_section(lambda person, now: None)
    notify("test.day", [reader], now=NOON)
    send_digests(plant(19, 7))
    text = body_of(mailbox.messages[0])
    assert "zh-hans" in text
    assert "/hazards/412/" in text
    assert "星期一" in text


def test_owing_alone_is_reason_enough(reader: Any, mailbox: Any) -> None:
    digests.register_digest_section(lambda person, now: DigestSection("Owed", [DigestLine("Fix it")]))
    assert send_digests(plant(19, 7)).sent == 1


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": ""}, {"mail_mode": "none"}])
def test_who_gets_no_digest(reader: Any, mailbox: Any, changes: dict[str, Any]) -> None:
    notify("test.plain", [reader], now=NOON)
    type(reader).objects.filter(pk=reader.pk).update(**changes)
    send_digests(plant(19, 7))
    assert mailbox.messages == []


def test_changing_to_single_mails_loses_nothing(reader: Any, mailbox: Any) -> None:
    notify("test.plain", [reader], now=NOON)
    type(reader).objects.filter(pk=reader.pk).update(mail_mode="each")
    assert send_digests(plant(19, 7)).sent == 1


def test_refused_for_a_while_is_sent_later_with_the_same_id(reader: Any, unruly: Unruly) -> None:
    unruly.hang_up_after_data.add(reader.email)
    notify("test.plain", [reader], now=NOON)
    assert send_digests(plant(19, 7)).retried == 1
    unruly.hang_up_after_data.clear()
    assert send_digests(plant(19, 7, 10)).sent == 1
    run = DigestRun.objects.get()
    assert len(unruly.accepted) == 2
    assert all(f"<{run.mail_id}@".encode() in content for _address, content in unruly.accepted)
    assert (run.state, run.sent_at) == ("sent", plant(19, 7, 10))


def test_refused_for_good_is_undeliverable(reader: Any, unruly: Unruly) -> None:
    unruly.replies[reader.email] = "550 no such user"
    notify("test.plain", [reader], now=NOON)
    send_digests(plant(19, 7))
    assert DigestRun.objects.get().state == "undeliverable"
    assert Delivery.objects.get().state == "undeliverable"


def test_after_an_outage_of_days_one_mail_tells_all(reader: Any, unruly: Unruly) -> None:
    unruly.replies[reader.email] = "451 down"
    notify("test.told", [reader], params={"what": "old"}, now=NOON)
    send_digests(plant(19, 7))
    notify("test.told", [reader], params={"what": "new"}, now=plant(19, 12))
    unruly.replies.clear()
    assert send_digests(plant(20, 7)).sent == 1
    (_address, content), *more = unruly.accepted
    assert not more
    assert b"Fix old" in content
    assert b"Fix new" in content
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_one_broken_section_keeps_no_mail_from_others(reader: Any, head: Any, mailbox: Any) -> None:
    type(head).objects.filter(pk=head.pk).update(mail_mode="digest")

    def broken(person: Any, now: Any) -> None:
        if person.pk == reader.pk:
            raise KeyError("hazard")

    digests.register_digest_section(broken)
    notify("test.plain", [reader, head], now=NOON)
    assert send_digests(plant(19, 7)).sent == 1
    assert [mail["To"] for mail in mailbox.messages] == [head.email]
    assert DigestRun.objects.get(person=reader).not_before > plant(19, 7)


@pytest.mark.django_db(transaction=True)
def test_overlapping_schedulers_send_one(reader: Any, mailbox: Any) -> None:
    notify("test.plain", [reader], now=NOON)
    barrier = threading.Barrier(6)

    def work() -> None:
        barrier.wait()
        send_digests(plant(19, 7))
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mailbox.messages) == 1


def test_lease_of_a_killed_worker_ends(reader: Any, mailbox: Any) -> None:
    notify("test.plain", [reader], now=NOON)
    digests.open_runs(plant(19, 7).date(), plant(19, 7))
    run = DigestRun.objects.get()
    digests.claims.claim(DigestRun.objects.all(), plant(19, 7))
    digests._collect(run, plant(19, 7))
    assert send_digests(plant(19, 7, 4)).sent == 0
    assert send_digests(plant(19, 7) + timedelta(minutes=5)).sent == 1
    assert Message.objects.count() == 1
