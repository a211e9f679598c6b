"""A page of the inbox: newest first by keyset, grouped by the plant's days."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from safetyplant.notifications.models import Message

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`days` are (day, messages) from newest to oldest; `next_cursor` is empty on the last page."""

    days: list[tuple[date, list[Message]]]
    next_cursor: str


def read_page(user: Any, *, unread_only: bool = False, cursor: str = "") -> InboxPage:
    """One query, whatever the depth. A cursor that makes no sense gives the first page."""
    messages = Message.objects.visible_to(user).newest_first()
    if unread_only:
        messages = messages.unread()
    position = _position(cursor)
    if position:
        messages = messages.before(*position)
    rows = list(messages[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    following = f"{shown[-1].created_at.isoformat()}_{shown[-1].pk}" if len(rows) > PAGE_SIZE else ""
    days = groupby(shown, key=lambda message: timezone.localdate(message.created_at))
    return InboxPage([(day, list(group)) for day, group in days], following)


def _position(cursor: str) -> tuple[datetime, int] | None:
    stamp, _separator, pk = cursor.rpartition("_")
    try:
        moment = parse_datetime(stamp)
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment) or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return moment, int(pk)
