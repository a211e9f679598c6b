import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from safetyplant.catalogue import Counts, load_catalogue


class Command(BaseCommand):
    help = "Load the shipped defaults: levels, schedules, categories, standards. Run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        parts = load_catalogue()
        if options["verbosity"] > 0:
            for name, counts in parts.items():
                self.stdout.write(f"{name}: {counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged")
                if counts.skipped:
                    self.stderr.write(f"{name}: {counts.skipped} waiting, because a draft is open; publish or discard it first")
        total = sum(parts.values(), Counts())
        self.stdout.write(json.dumps(asdict(total)))
