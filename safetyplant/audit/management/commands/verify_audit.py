"""Check the chain of the audit log from its first link to its last."""

import argparse
import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from safetyplant.audit.chain import verify_chain

ANCHOR = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")


def parse_anchor(text: str) -> tuple[int, str]:
    match = ANCHOR.fullmatch(text.strip().lower())
    if not match:
        raise argparse.ArgumentTypeError('an anchor is SEQ:HASH, as printed in "head" by an earlier run')
    return int(match[1]), match[2]


class Command(BaseCommand):
    help = "Check every seal of the audit log. Keep the printed head outside the database; given as --anchor it shows a cut tail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=parse_anchor, metavar="SEQ:HASH", help="the head that an earlier run printed")

    def handle(self, *args: Any, anchor: tuple[int, str] | None = None, **options: Any) -> None:
        verdict = verify_chain(anchor=anchor)
        for problem in verdict.problems:
            self.stdout.write(problem)
        if verdict.faults > len(verdict.problems):
            self.stdout.write(f"… and {verdict.faults - len(verdict.problems)} more.")
        result = {
            "events": verdict.events,
            "sealed": verdict.sealed,
            "pending": verdict.pending,
            "ok": verdict.ok,
            "head": verdict.head,
        }
        self.stdout.write(json.dumps(result))
        if not verdict.ok:
            raise SystemExit(1)
