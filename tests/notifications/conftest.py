"""What the tests of messages share."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from safetyplant.embedded.servers import free_port
from safetyplant.notifications import digests, types
from safetyplant.notifications.types import MessageType

PLANT = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 6, 18, 12, tzinfo=PLANT)


def plant(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2026 in plant time."""
    return datetime(2026, 6, day, hour, minute, tzinfo=PLANT)


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Message types of the tests, in a registry of their own."""
    monkeypatch.setattr(types, "_types", dict(types._types))
    monkeypatch.setattr(types, "_validity", dict(types._validity))
    monkeypatch.setattr(digests, "_sections", [])
    types.register(
        MessageType("test.told", "Fix %(what)s", "It is at %(where)s.", icon="wrench"),
        MessageType("test.plain", "Something happened"),
    )
    return


class Unruly:
    """A mail server that misbehaves: by recipient, by the text of the mail, or by hanging up."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}
        self.hang_for: set[str] = set()
        self.hang_up_after_data: set[str] = set()
        self.refuse_data: dict[str, str] = {}
        self.refuse_sender = ""
        self.accepted: list[tuple[str, bytes]] = []
        self.connections: set[int] = set()

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.connections.add(id(session))
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.hang_for:
            await asyncio.sleep(5)
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        if address in self.refuse_data:
            return self.refuse_data[address]
        self.accepted.append((address, bytes(envelope.content or b"")))
        if address in self.hang_up_after_data:
            server.transport.abort()
        return "250 OK"

    def addresses(self) -> list[str]:
        return [address for address, _content in self.accepted]


@pytest.fixture
def unruly(settings: Any) -> Iterator[Unruly]:
    server = Unruly()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 1
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield server
    controller.stop()
