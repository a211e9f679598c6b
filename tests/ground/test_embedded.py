"""The embedded servers are shared while used and gone afterwards, however their users end."""

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safetyplant.embedded import home_of
from tests.ground.processes import CHECKOUT, Place, wait_until

USE = "import sys; from safetyplant import embedded; lease = embedded.provide(); print('ready', flush=True); {}; lease.release()"
ASK = "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']); k = c.cursor(); k.execute('SELECT 1'); c.close()"
HANG = "import time; time.sleep(60)"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("embedded"), tmp_path_factory.mktemp("outputs"))
    yield place
    place.clear()


def use(place, then):
    return place.start(sys.executable, "-c", USE.format(then))


def state_of(place: Place) -> dict:
    return json.loads((place.data / "main" / "servers.json").read_text())


def test_starts_at_the_same_moment_share_one_home(place, monkeypatch):
    """Each start makes the folder if it is missing: none may stumble over what another has just made."""
    for attempt in range(20):
        var = place.var / f"together-{attempt}"
        monkeypatch.setenv("SAFETYPLANT_VAR", str(var))
        start = threading.Barrier(8)

        def ask(_number: int, start: threading.Barrier = start) -> Path:
            start.wait(timeout=10)
            return home_of(CHECKOUT).root.resolve()

        with ThreadPoolExecutor(8) as pool:
            homes = set(pool.map(ask, range(8)))
        assert homes == {(var / "embedded" / "main").resolve()}
        shutil.rmtree((var / "embedded").resolve())


@pytest.mark.slow
def test_last_user_stops_the_servers(place):
    users = [use(place, f"{ASK}; {nap}") for nap in ("pass", "import time; time.sleep(0.5)", "import time; time.sleep(1)")]
    assert [user.end() for user in users] == [0, 0, 0], [user.output for user in users]
    assert place.processes() == []


@pytest.mark.slow
def test_killed_user_leaves_nothing(place):
    user = use(place, HANG)
    user.read_until("ready")
    assert any("postgres" in line for line in place.processes())
    user.send(signal.SIGKILL)
    user.end()
    assert wait_until(lambda: not place.processes()), place.processes()


@pytest.mark.slow
def test_killed_keeper_takes_its_servers_along_and_the_next_user_starts_anew(place):
    user = use(place, HANG)
    user.read_until("ready")
    os.kill(state_of(place)["keeper"], signal.SIGKILL)
    assert wait_until(lambda: not any("postgres -D" in line for line in place.processes())), place.processes()
    status, output = place.output_of(sys.executable, "-c", USE.format(ASK))
    assert status == 0, output
    user.send(signal.SIGKILL)
    user.end()


@pytest.mark.slow
def test_a_server_that_dies_is_started_again(place):
    user = use(place, HANG)
    user.read_until("ready")
    before = state_of(place)
    os.kill(before["pids"][1], signal.SIGKILL)
    assert wait_until(lambda: state_of(place)["pids"][1] != before["pids"][1])
    assert state_of(place)["redis_url"] == before["redis_url"]
    user.send(signal.SIGKILL)
    user.end()


def test_password_is_not_readable_by_others(place):
    place.output_of(sys.executable, "-c", USE.format("pass"))
    assert (place.data / "main" / "password").stat().st_mode & 0o077 == 0


def test_unwritable_folder_is_said_in_one_sentence(tmp_path):
    place = Place(Path("/proc/nowhere"), tmp_path)
    status, output = place.output_of(sys.executable, "manage.py", "migrate")
    assert status == 1
    assert output.count("\n") == 1
    assert "is not writable" in output


@pytest.mark.parametrize("command", ["help", "version", "makemessages --help", "migrate --help"])
def test_commands_that_read_no_data_start_nothing(command, tmp_path):
    place = Place(tmp_path / "var", tmp_path)
    status, output = place.output_of(sys.executable, "manage.py", *command.split())
    assert status == 0, output
    assert not (tmp_path / "var").exists()
