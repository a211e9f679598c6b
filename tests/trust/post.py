"""A real SMTP server that keeps what it was given."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from django.conf import settings

from safetyplant.embedded.servers import free_port
from tests.fixtures.servers import Mailbox

MAIL = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_USE_TLS": False,
    "EMAIL_USE_SSL": False,
    "EMAIL_HOST_USER": "",
    "EMAIL_HOST_PASSWORD": "",
}


@contextmanager
def post_office() -> Iterator[Mailbox]:
    """Mail of this process and of its forks goes there meanwhile."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    before = {name: getattr(settings, name, None) for name in (*MAIL, "EMAIL_PORT")}
    for name, value in {**MAIL, "EMAIL_PORT": controller.port}.items():
        setattr(settings, name, value)
    try:
        yield mailbox
    finally:
        controller.stop()
        for name, value in before.items():
            setattr(settings, name, value)
