import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inspections.generate import NothingToSpreadOver, generate_hazards


class Command(BaseCommand):
    help = "Add many believable hazards with their actions and deadlines, for measuring; needs units and people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hazards", type=int, required=True, help="how many to add (1 to 1,000,000)")

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["hazards"]
        if not 1 <= count <= 1_000_000:
            raise CommandError("--hazards takes a number from 1 to 1,000,000.")
        try:
            generated = generate_hazards(count, now=timezone.now())
        except NothingToSpreadOver as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"hazards": generated.hazards}))
