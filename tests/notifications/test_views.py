"""The inbox page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from safetyplant.notifications import inbox
from safetyplant.notifications.metrics import UNREAD_CAP, unread_count
from safetyplant.notifications.models import Message
from safetyplant.notifications.services import Notice, cancel, notify, notify_many
from tests.notifications.conftest import NOON, plant

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"


@pytest.fixture
def reader(client: Client, worker: Any) -> Client:
    client.force_login(worker)
    return client


def test_empty_inbox_says_what_comes_here(reader: Client) -> None:
    assert "No messages yet" in reader.get(INBOX).text
    assert "You have read everything" in reader.get(INBOX, {"show": "unread"}).text


def test_messages_are_newest_first_by_day(reader: Client, worker: Any) -> None:
    for moment in (plant(16, 9), plant(18, 9), plant(17, 9), plant(18, 8)):
        notify("test.told", [worker], params={"what": f"{moment:%d-%H}"}, now=moment)
    text = reader.get(INBOX).text
    positions = [text.index(f"Fix {name}") for name in ("18-09", "18-08", "17-09", "16-09")]
    assert positions == sorted(positions)
    assert text.count('class="sp-sec"') == 3


def test_other_peoples_messages_do_not_exist(reader: Client, head: Any, director: Any) -> None:
    notify("test.told", [head], params={"what": "secret"}, now=NOON)
    message = Message.objects.get()
    assert "secret" not in reader.get(INBOX).text
    assert reader.post(reverse("notifications:open", args=[message.pk])).status_code == 404
    reader.force_login(director)
    assert reader.post(reverse("notifications:open", args=[message.pk])).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_opening_reads_and_leads_to_the_record(reader: Client, worker: Any) -> None:
    notify("test.plain", [worker], link="/hazards/7/", now=NOON)
    message = Message.objects.get()
    response = reader.post(reverse("notifications:open", args=[message.pk]))
    assert (response.status_code, response["Location"]) == (302, "/hazards/7/")
    message.refresh_from_db()
    assert message.read_at is not None
    assert "test.plain" not in reader.get(INBOX, {"show": "unread"}).text


def test_message_without_link_leads_back(reader: Client, worker: Any) -> None:
    notify("test.plain", [worker], now=NOON)
    assert reader.post(reverse("notifications:open", args=[Message.objects.get().pk]))["Location"] == INBOX


def test_get_changes_nothing(reader: Client, worker: Any) -> None:
    notify("test.plain", [worker], now=NOON)
    assert reader.get(reverse("notifications:open", args=[Message.objects.get().pk])).status_code == 405
    assert reader.get(reverse("notifications:read-all")).status_code == 405
    assert reader.post(INBOX).status_code == 405
    assert Message.objects.unread().count() == 1


def test_marking_all_read_concerns_ones_own(reader: Client, worker: Any, head: Any) -> None:
    notify("test.plain", [worker, head], now=NOON)
    assert reader.post(reverse("notifications:read-all"))["Location"] == INBOX
    assert (unread_count(worker), unread_count(head)) == (0, 1)


def test_settled_message_is_shown_as_such_and_not_counted(reader: Client, worker: Any) -> None:
    notify("test.plain", [worker], withdraw_key="k", urgent=True, now=NOON)
    cancel("k", now=NOON)
    assert unread_count(worker) == 0
    text = reader.get(INBOX).text
    assert "Settled" in text
    assert "Something happened" in text


def test_pages_follow_each_other_without_gap_or_repeat(reader: Client, worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PAGE_SIZE", 10)
    notify_many([Notice(worker.pk, "test.told", {"what": f"<{n:02}>"}) for n in range(15)], now=NOON)
    notify_many([Notice(worker.pk, "test.told", {"what": f"<{n:02}>"}) for n in range(15, 25)], now=NOON - timedelta(days=1))
    seen, cursor = [], ""
    for _page in range(4):
        page = inbox.read_page(worker, cursor=cursor)
        seen += [message.params["what"] for _day, messages in page.days for message in messages]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == [f"<{n:02}>" for n in range(25)]
    assert "before=" in reader.get(INBOX).text


@pytest.mark.parametrize(
    "cursor", ["x", "_", "2026-06-18_1", "9999-99-99T00:00:00Z_1", "2026-06-18T00:00:00Z_" + "9" * 40, "\x00_1"]
)
def test_senseless_cursor_gives_the_first_page(reader: Client, worker: Any, cursor: str) -> None:
    notify("test.plain", [worker], now=NOON)
    response = reader.get(INBOX, {"before": cursor})
    assert response.status_code == 200
    assert "Something happened" in response.text


def test_texts_are_escaped(reader: Client, worker: Any) -> None:
    notify("test.told", [worker], params={"what": "<script>alert(1)</script>", "where": "<img src=x onerror=alert(1)>"}, now=NOON)
    text = reader.get(INBOX).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize("count", [1, 60])
def test_queries_do_not_grow_with_the_inbox(reader: Client, worker: Any, count: int, django_assert_max_num_queries: Any) -> None:
    notify_many([Notice(worker.pk, "test.plain") for _number in range(count)], now=NOON)
    with django_assert_max_num_queries(12):
        assert reader.get(INBOX).status_code == 200


def test_counter_stops_at_its_cap(worker: Any, reader: Client) -> None:
    notify_many([Notice(worker.pk, "test.plain") for _number in range(UNREAD_CAP + 20)], now=NOON)
    assert unread_count(worker) == UNREAD_CAP


def test_anonymous_is_sent_to_login(client: Client) -> None:
    assert client.get(INBOX).status_code == 302
    assert unread_count(type("Anonymous", (), {"is_authenticated": False})()) == 0


def test_page_speaks_both_languages(reader: Client, worker: Any) -> None:
    worker.language = "zh-hans"
    worker.save()
    assert reader.get(INBOX).status_code == 200
