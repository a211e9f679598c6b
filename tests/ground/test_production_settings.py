"""A plant never runs on defaults: production settings refuse to load, naming every fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SOUND = {
    "SECRET_KEY": "x7" * 30,
    "DATABASE_URL": "postgresql://app@db.plant.example/safetyplant",
    "REDIS_URL": "redis://redis.plant.example/0",
    "EMAIL_URL": "smtp://mail.plant.example:25",
    "ALLOWED_HOSTS": "safety.plant.example",
}


def load_settings(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **SOUND, **changes}
    present = {name: value for name, value in environment.items() if value is not None}
    code = "import safetyplant.settings as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG, s.SITE_URL, s.TRUSTED_PROXIES)"
    return subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=present, capture_output=True, text=True, check=False)


def test_sound_settings_load():
    done = load_settings()
    assert done.stdout.split() == ["True", "False", "https://safety.plant.example", "1"], done.stderr


def test_mails_link_to_the_address_named():
    done = load_settings(SITE_URL="https://hse.plant.example", TRUSTED_PROXIES="2")
    assert done.stdout.split()[2:] == ["https://hse.plant.example", "2"], done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", None, "SECRET_KEY must be set"),
        ("SECRET_KEY", "short", "SECRET_KEY must be set"),
        ("SECRET_KEY", "development-only-never-in-production", "SECRET_KEY must be set"),
        ("DEBUG", "1", "DEBUG must be off"),
        ("DATABASE_URL", None, "DATABASE_URL must be set"),
        ("REDIS_URL", None, "REDIS_URL must be set"),
        ("EMAIL_URL", None, "EMAIL_URL must be set"),
        ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS must name"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name"),
    ],
)
def test_unsafe_settings_are_refused(name, value, said):
    done = load_settings(**{name: value})
    assert done.returncode != 0
    assert said in done.stderr


def test_command_line_starts_no_server_in_production():
    """A forgotten DATABASE_URL is a fault there, not a reason to work on an empty database."""
    environment = {"PATH": os.environ["PATH"], "SAFETYPLANT_ENV": "production"}
    command = [sys.executable, "manage.py", "migrate"]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "DATABASE_URL must be set" in done.stderr
