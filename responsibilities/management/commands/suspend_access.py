from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from responsibilities.models import Person
from responsibilities.services.people import suspend_person
from safetyplant.access.exceptions import WrongState


class Command(BaseCommand):
    help = "Take away someone's access at once, also of those whom nobody in the plant ranks with (the only director)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("employee_number")
        parser.add_argument("--reason", required=True, help="kept in the person's history")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["employee_number"]).first()
        if person is None:
            raise CommandError(f"Nobody has the employee number {options['employee_number']!r}.")
        try:
            suspend_person(person, by=None, reason=options["reason"])
        except WrongState as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.name} has no access any more.")
