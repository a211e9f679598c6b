"""`make check` refuses a migration that would break the version still running."""

import pytest

from deploy import check_migrations
from deploy.check import CHECKS


@pytest.mark.usefixtures("db")
def test_present_migrations_are_safe_and_the_excused_ones_are_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "deploy.check_migrations" in CHECKS["migrations safe"]
    assert check_migrations.find_faults() is False
    excused = [name for name in check_migrations.FIRST_RELEASE if name != "0002_own_password"]
    monkeypatch.setattr(check_migrations, "FIRST_RELEASE", excused)
    assert check_migrations.find_faults() is True
    assert "(responsibilities, 0002_own_password)... ERR" in capsys.readouterr().out
