"""Migrations that would break the version still running, or lock a table: a release goes out web host by web host."""

import os
import sys

import django

from safetyplant import embedded

ROOMS = ["access", "attachments", "audit", "dashboards", "documents", "inspections", "intake", "notifications", "numbering"]
ROOMS += ["reporting", "responsibilities", "search", "shell"]
#: Let alone: until the first release no older version runs beside them, and their tables are empty.
FIRST_RELEASE = [
    "0001_initial",
    "0002_import_layout",
    "0002_initial",
    "0002_own_password",
    "0003_sent_size",
    "0005_schedule_editions",
    "0007_one_top",
]


def find_faults() -> bool:
    """True when a migration is faulty; prints which and why."""
    from django_migration_linter import MigrationLinter  # noqa: PLC0415 - after django.setup()

    linter = MigrationLinter(path=".", include_apps=ROOMS, ignore_name=FIRST_RELEASE, no_cache=True, quiet=["ignore", "ok"])
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
