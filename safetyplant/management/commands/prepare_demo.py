"""What `make run` does to the database at each start: only what is missing, so that a second start takes a moment."""

import os
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Apply migrations, load the catalogue and, into an empty installation, the demo data (not with DEMO_DATA=no)."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if is_behind:
            call_command("migrate", verbosity=1, interactive=False)
        # Whole or not at all: a start cut short must find an empty installation again.
        with transaction.atomic():
            is_empty = not get_user_model().objects.exists()
            if is_behind or is_empty:
                self.call_if_there("load_catalogue")
            if is_empty and os.environ.get("DEMO_DATA", "yes") != "no":
                self.call_if_there("load_demo")

    def call_if_there(self, name: str) -> None:
        if name in get_commands():
            call_command(name)
        else:
            self.stderr.write(f"The command {name} does not exist yet; going on without it.")
