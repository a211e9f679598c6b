import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from responsibilities.sweep import sweep_deadlines


class Command(BaseCommand):
    help = "Tell everyone what is due now, or at --now; run again, it creates nothing more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="ISO moment to sweep at; without an offset it is plant time")

    def handle(self, *args: Any, **options: Any) -> None:
        result = sweep_deadlines(_moment(options["now"]) if options["now"] else None)
        counts = {"deadlines": result.deadlines, "reminders": result.reminders, "messages": result.messages}
        self.stdout.write(json.dumps(counts))


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text) or datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--now is not an ISO moment: {text!r}. Example: 2026-06-18T14:20") from error
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
