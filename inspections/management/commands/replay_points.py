import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspections.services.replay import described, repair_points, replay_points


class Command(BaseCommand):
    help = "Reckon all accounts of points anew from the records; a line for each difference, and exit status 1 when there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", metavar="REASON", help="add what is missing, take off what is too much")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = options["repair"]
        if reason is not None and not reason.strip():
            raise CommandError("--repair needs a reason: it stands in the accounts and in the log.")
        replay = replay_points()
        for line in described(replay.differences):
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        result = {"entries": replay.entries, "differences": len(replay.differences)}
        left = len(replay.differences)
        if reason is not None:
            result["repaired"] = repair_points(reason=reason)
            left = len(replay_points().differences)
            result["left"] = left
        self.stdout.write(json.dumps(result))
        if left:
            raise SystemExit(1)
