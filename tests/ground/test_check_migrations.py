"""`make check` refuses a migration that would break the version still running, or lock a table."""

import pytest
from django.apps import apps

from deploy import check_migrations
from deploy.check import CHECKS

# Not in a transaction: the SQL of an index built beside the running plant is refused inside one.
pytestmark = pytest.mark.usefixtures("transactional_db")


def test_present_migrations_are_safe() -> None:
    assert "deploy.check_migrations" in CHECKS["migrations safe"]
    assert check_migrations.find_faults() is False


@pytest.mark.parametrize(
    ("app", "name", "fault"),
    [
        ("responsibilities", "0002_own_password", "NOT NULL constraint on columns"),
        ("inspections", "0005_list_plans", "CREATE INDEX locks table"),
    ],
)
def test_the_excused_ones_are_why_each_in_its_app_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], app: str, name: str, fault: str
) -> None:
    """The same name in another app is another migration."""
    excused = check_migrations.FIRST_RELEASE - {(app, name)} | {("documents", name)}
    monkeypatch.setattr(check_migrations, "FIRST_RELEASE", excused)
    assert check_migrations.find_faults() is True
    told = capsys.readouterr().out
    assert f"({app}, {name})... ERR" in told
    assert fault in told


def test_every_app_of_the_house_with_migrations_is_looked_at() -> None:
    rooms = check_migrations.rooms()
    assert {"responsibilities", "inspections", "audit"} <= set(rooms)
    assert not {"auth", "admin", "account", "mfa"} & set(rooms)
    assert set(rooms) <= {config.label for config in apps.get_app_configs()}
