import json
from typing import Any

from django.core.management.base import BaseCommand

from inspections.facts import rebuild_facts


class Command(BaseCommand):
    help = "Count the dashboard's figures anew from the records: after TIME_ZONE has changed, or rows were restored."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps({"facts": rebuild_facts()}))
