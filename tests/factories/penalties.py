"""Violations at each step of their consequences, made through the workflows as in real life."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from inspections.models import SiteBan, Violation, ViolationType
from inspections.services import ViolationData, record_violation
from inspections.workflows import appeal, close_appeals, impose_ban, serve_notice, sign_notice
from inspections.workflows.bans import BanTerms
from inspections.workflows.penalties import Terms
from responsibilities.models import Person, Unit

PASSWORD = "a-long-enough-word"


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person


def recorded(unit: Unit, by: Person, person: Person | None = None, *, code: str = "VO10", **more: Any) -> Violation:
    now: datetime | None = more.pop("now", None)
    kind = ViolationType.objects.filter(code=code).first() if code else None
    data = ViolationData(unit=unit, description=more.pop("description", "No helmet"), violation_type=kind, person=person, **more)
    return record_violation(data, by=by, now=now)[0]


def noticed(violation: Violation, by: Person, *, now: datetime | None = None, **terms: Any) -> Violation:
    serve_notice(violation, Terms(**terms), by=by, now=now)
    return Violation.objects.get(pk=violation.pk)


def received(violation: Violation, *, now: datetime | None = None) -> Violation:
    sign_notice(violation, by=with_password(violation.penalty.addressee), password=PASSWORD, now=now)
    return Violation.objects.get(pk=violation.pk)


def appealed(violation: Violation, *, now: datetime | None = None) -> Violation:
    appeal(violation, by=violation.penalty.addressee, text="I wore it.", now=now)
    return Violation.objects.get(pk=violation.pk)


def final(violation: Violation) -> Violation:
    """Nobody appealed."""
    close_appeals(now=violation.penalty.appeal_until + timedelta(seconds=1))
    return Violation.objects.get(pk=violation.pk)


def banned(unit: Unit, recorder: Person, server: Person, person: Person, by: Person, **more: Any) -> SiteBan:
    """Someone of a contractor, from today for ten days."""
    today = timezone.localdate()
    terms = BanTerms(today, today + timedelta(days=9), more.pop("reason", "Twice warned"))
    return impose_ban(noticed(recorded(unit, recorder, person, **more), server), terms, by=by)


def made_final(unit: Unit, recorder: Person, server: Person, person: Person, **more: Any) -> Violation:
    now = more.pop("now", None) or timezone.now()
    terms = {name: more.pop(name) for name in ("points", "fine", "reason", "measures") if name in more}
    return final(received(noticed(recorded(unit, recorder, person, now=now, **more), server, now=now, **terms), now=now))
