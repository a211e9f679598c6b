"""One template database per state of migrations and catalogue; every worker's database is a copy of it, made in a moment."""

import ast
import hashlib
import importlib.util
import io
import os
from collections.abc import Iterable
from pathlib import Path

import psycopg2
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from safetyplant.embedded import home_of, locks

CHECKOUT = Path(__file__).resolve().parent.parent
KEPT_TEMPLATES = 6
#: What `load_catalogue` writes, those that point at others first.
CATALOGUE = (
    "inspections.ChecklistItem",
    "documents.Clause",
    "documents.DocumentVersion",
    "documents.Document",
    "inspections.RiskBand",
    "inspections.RuleThreshold",
    "inspections.PenaltyRule",
    "inspections.ViolationType",
    "inspections.HazardCategory",
    "responsibilities.StageTerm",
    "responsibilities.ScheduleStep",
    "responsibilities.Schedule",
    "responsibilities.LevelTerm",
    "responsibilities.Level",
)


def create_database() -> None:
    """Point Django at a fresh copy of the template, building the template first if there is none."""
    name = os.environ["SAFETYPLANT_TEST_DATABASE"]
    with locks.held(home_of(CHECKOUT, "test", durable=False).lock("template")):
        template = _ensure_template()
        _copy(template, name)
    os.environ["SAFETYPLANT_TEST_TEMPLATE"] = template
    _use(name)


def restore_database() -> None:
    """Everything as in the template. Unlike a flush it keeps what migrations wrote, and no append-only trigger is in its way."""
    connections.close_all()
    with locks.held(home_of(CHECKOUT, "test", durable=False).lock("template")):
        _copy(os.environ["SAFETYPLANT_TEST_TEMPLATE"], os.environ["SAFETYPLANT_TEST_DATABASE"])


def empty_catalogue() -> None:
    """Take the catalogue out, inside the test's transaction. Published versions refuse to go: their guards rest meanwhile."""
    rows = [apps.get_model(label) for label in CATALOGUE]
    tables = [connection.ops.quote_name(model._meta.db_table) for model in rows]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of tables
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def drop_database() -> None:
    connections.close_all()
    _execute(f'DROP DATABASE IF EXISTS "{os.environ["SAFETYPLANT_TEST_DATABASE"]}" WITH (FORCE)')


def _ensure_template() -> str:
    template = f"template_{_digest()}"
    if template in _templates():
        return template
    unfinished = f"building_{template}"
    _execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)', f'CREATE DATABASE "{unfinished}"')
    _use(unfinished)
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0, stdout=io.StringIO())
    _forget_log()
    connection.close()
    _execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
    for old in _templates()[:-KEPT_TEMPLATES]:
        _execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    return template


def _forget_log() -> None:
    """Each test begins with an empty log, though loading the catalogue has written to it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in ("audit_pending", "audit_seal", "audit_event"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        cursor.execute("SET session_replication_role = origin")


def _copy(template: str, name: str) -> None:
    _execute(
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'
    )


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _execute(*statements: str) -> list[tuple[str, ...]]:
    server = psycopg2.connect(os.environ["DATABASE_URL"])
    server.autocommit = True  # databases cannot be made or dropped inside a transaction
    try:
        with server.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        server.close()


def _templates() -> list[str]:
    """Oldest first."""
    rows = _execute("SELECT datname FROM pg_database WHERE datname ~ '^template_[0-9a-f]{16}$' ORDER BY oid")
    return [row[0] for row in rows]


def _digest() -> str:
    """Of all that decides what the template holds: migrations, catalogue, what both import of ours, models' names, this file."""
    folders = {Path(config.path) for config in apps.get_app_configs() if _is_ours(Path(config.path))}
    files = {path for folder in folders for pattern in ("migrations/*.py", "catalogue.py") for path in folder.glob(pattern)}
    files |= {imported for path in files for imported in _imports_of(path)}
    files |= {path for folder in folders for path in folder.glob("data/**/*.json")}
    content = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(files):
        content.update(f"{path.relative_to(CHECKOUT)}\n".encode())
        content.update(path.read_bytes())
    content.update("".join(sorted(model._meta.label for model in apps.get_models())).encode())
    return content.hexdigest()[:16]


def _is_ours(path: Path) -> bool:
    return CHECKOUT in path.parents and ".venv" not in path.parts


def _imports_of(path: Path) -> Iterable[Path]:
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            spec = importlib.util.find_spec(name)
            if spec and spec.origin and _is_ours(Path(spec.origin)):
                yield Path(spec.origin)
