import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safetyplant.demo.language import LANGUAGES
from safetyplant.demo.loading import NotEmpty, load_demo
from safetyplant.demo.organisation import account_keys


class Command(BaseCommand):
    help = "Load the demo data: one invented branch factory and three months of its safety work. Run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="Language of the records (default: en).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_demo(options["language"])
        except NotEmpty as fault:
            raise CommandError(
                "This installation has units or people already. Load the demo data into an empty database of its own."
            ) from fault
        if options["verbosity"] > 0:
            self.say_what_happened(is_new=loaded.is_anything)
        self.stdout.write(json.dumps(asdict(loaded)))

    def say_what_happened(self, *, is_new: bool) -> None:
        if not is_new:
            self.stdout.write("The demo data is loaded already; nothing was changed.")
            return
        self.stdout.write(f"Sign in as {', '.join(account_keys())}; password: {settings.DEMO_PASSWORD}")
