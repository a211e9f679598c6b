"""Migrations that would break the version still running, or lock a table: a release goes out web host by web host."""

import os
import sys
from pathlib import Path
from typing import Any

import django

from safetyplant import embedded

#: While an index is built without CONCURRENTLY, a table takes no writes: on a plant's tables that is minutes.
LOCKING = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]
#: Let alone, each by its app: until the first release no older version runs beside them, and their tables are empty.
FIRST_RELEASE = frozenset(
    {
        ("attachments", "0002_initial"),
        ("attachments", "0003_sent_size"),
        ("audit", "0001_initial"),
        ("documents", "0002_search"),
        ("inspections", "0004_hazard_lead_unit"),
        ("inspections", "0005_list_plans"),
        ("inspections", "0007_fewer_indexes"),
        ("inspections", "0021_credited_once"),
        ("reporting", "0002_import_layout"),
        ("responsibilities", "0002_own_password"),
        ("responsibilities", "0003_search"),
        ("responsibilities", "0004_failing_deadlines"),
        ("responsibilities", "0005_schedule_editions"),
        ("responsibilities", "0007_one_top"),
        ("responsibilities", "0008_one_major"),
        ("responsibilities", "0010_fixers"),
        ("responsibilities", "0014_no_staff_flag"),
        ("responsibilities", "0022_place_post"),
    }
)


def rooms() -> list[str]:
    """The apps of this repository, by their labels: what others ship is not ours to write."""
    from django.apps import apps  # noqa: PLC0415 - after django.setup()
    from django.conf import settings  # noqa: PLC0415

    base = Path(settings.BASE_DIR)
    own = [config for config in apps.get_app_configs() if Path(config.path).parent in (base, base / "safetyplant")]
    return sorted(config.label for config in own if (Path(config.path) / "migrations").is_dir())


def find_faults() -> bool:
    """True when a migration is faulty; prints which and why."""
    from django_migration_linter import MigrationLinter  # noqa: PLC0415 - after django.setup()

    class Linter(MigrationLinter):
        def should_ignore_migration(self, app_label: str, migration_name: str, *args: Any, **kwargs: Any) -> bool:
            # Its own list knows bare names, which would excuse the same name in every app to come.
            return (app_label, migration_name) in FIRST_RELEASE or super().should_ignore_migration(
                app_label, migration_name, *args, **kwargs
            )

    linter = Linter(path=".", include_apps=rooms(), no_cache=True, quiet=["ignore", "ok"], warnings_as_errors_tests=LOCKING)
    linter.lint_all_migrations()
    linter.print_summary()
    return bool(linter.has_errors)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyplant.settings")
    os.environ.setdefault("SAFETYPLANT_ENV", "local")
    lease = embedded.provide()  # the SQL of a migration is asked of a database
    try:
        django.setup()
        return int(find_faults())
    finally:
        lease.release()


if __name__ == "__main__":
    sys.exit(main())
