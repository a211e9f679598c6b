"""Mails: composing them in the reader's language, and handing them to the mail server."""

import smtplib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safetyplant.notifications.choices import AttemptOutcome
from safetyplant.notifications.models import Message

#: So many broken connections in a row, and the server counts as down for this run.
FAULTS_UNTIL_DOWN = 3
SUBJECT_LENGTH = 180


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mail server said. `reply` is its own text, for the officer who looks into it."""

    kind: AttemptOutcome
    reply: str = ""


def absolute(link: str) -> str:
    return urljoin(settings.SITE_URL + "/", link) if link else ""


def language_of(person: Any) -> str:
    return person.language or settings.LANGUAGE_CODE


def message_mail(message: Message, *, mail_id: uuid.UUID, now: datetime | None = None) -> EmailMultiAlternatives:
    """One message to its recipient, in the recipient's language, as things stand now."""
    person = message.recipient
    with translation.override(language_of(person)):
        text = message.text_at(now or timezone.now())
        subject = _("Urgent: %(title)s") % {"title": text.title} if message.urgent else text.title
        context = {"message": message, "text": text, "person": person, "link": absolute(message.link)}
        return _mail(person, subject, "emails/message", context, mail_id)


def digest_mail(
    person: Any,
    *,
    messages: Sequence[Message],
    sections: Sequence[Any],
    day: Any,
    mail_id: uuid.UUID,
    now: datetime | None = None,
) -> EmailMultiAlternatives:
    """One mail a day: what the person owes, then what happened. The caller has activated the person's language."""
    moment = now or timezone.now()
    count = len(messages)
    news = ngettext("%(count)s new message", "%(count)s new messages", count) % {"count": count}
    subject = _("Your day at a glance: %(news)s") % {"news": news} if count else _("Your day at a glance")
    rows = [{"text": message.text_at(moment), "link": absolute(message.link), "at": message.created_at} for message in messages]
    owed = [
        {"title": section.title, "lines": [{"text": line.text, "link": absolute(line.link)} for line in section.lines]}
        for section in sections
    ]
    context = {"person": person, "rows": rows, "sections": owed, "day": day, "inbox": absolute("/inbox/")}
    return _mail(person, subject, "emails/digest", context, mail_id)


def _mail(person: Any, subject: str, template: str, context: dict[str, Any], mail_id: uuid.UUID) -> EmailMultiAlternatives:
    context = {**context, "subject": subject, "language": translation.get_language(), "site": settings.SITE_URL}
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        body=render_to_string(f"{template}.txt", context),
        to=[person.email],
        # The same on every try: a mail sent twice, because the answer got lost, is recognised as one.
        headers={"Message-ID": f"<{mail_id}@{host}>", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


class MailRoute:
    """One connection to the mail server, opened when first needed, reused for a batch, opened anew after a fault."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._faults = 0

    @property
    def is_down(self) -> bool:
        return self._faults >= FAULTS_UNTIL_DOWN

    def send(self, mail: EmailMultiAlternatives) -> Outcome:
        """Hand over one mail. What the server says about this address or text is final at 5xx; all else is tried again:
        a refused sender or login is a fault of ours and must not write off people's addresses."""
        try:
            outcome = self._hand_over(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, reply = next(iter(refusal.recipients.values()))
            outcome = self._judge(code, reply)
        except smtplib.SMTPDataError as refusal:
            outcome = self._judge(refusal.smtp_code, refusal.smtp_error)
        except (smtplib.SMTPException, OSError) as fault:
            self._faults += 1
            self.close()
            return Outcome(AttemptOutcome.TEMPORARY, _words(fault))
        except ValueError as fault:
            # An address or header that can't be written at all; the connection was not touched.
            return Outcome(AttemptOutcome.REFUSED, _words(fault))
        self._faults = 0
        return outcome

    def _hand_over(self, mail: EmailMultiAlternatives) -> Outcome:
        if self._connection is None:
            connection = get_connection()
            connection.open()
            self._connection = connection
        self._connection.send_messages([mail])
        return Outcome(AttemptOutcome.SENT)

    def _judge(self, code: int, reply: bytes | str) -> Outcome:
        if code == 421:
            # The server is closing the connection: the next mail needs a new one.
            self.close()
        kind = AttemptOutcome.REFUSED if 500 <= code < 600 else AttemptOutcome.TEMPORARY
        words = reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
        return Outcome(kind, f"{code} {words}"[:500])

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (smtplib.SMTPException, OSError):
            # It was broken already; there is nothing to save on it.
            return


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}".replace("\x00", "")[:500]
