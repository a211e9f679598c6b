"""`make run`: from a start to a page, and not a process left behind."""

import os
import re
import signal
import socket
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from safetyplant.embedded.servers import free_port
from tests.ground.processes import Place, wait_until

pytestmark = pytest.mark.slow
UP = "Ctrl-C stops it all"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("run"), tmp_path_factory.mktemp("outputs"))
    place.environ["PORT"] = str(free_port())
    yield place
    place.clear()


def page(place: Place, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{place.environ['PORT']}{path}", timeout=10) as answer:
        return answer.status


def test_start_shows_address_and_accounts_and_ctrl_c_ends_all(place):
    run = place.start("make", "run")
    said = run.read_until(UP)
    assert f"http://127.0.0.1:{place.environ['PORT']}/" in said
    assert "director" in said
    assert "safety-month" in said
    assert page(place, "/readyz") == 200

    status, output = place.output_of("make", "run")
    assert status != 0
    assert "already runs" in output

    status, output = place.output_of(
        sys.executable, "manage.py", "shell", "-c", "from django.conf import settings as s; print(s.EMAIL_PORT)"
    )
    assert re.search(r"^\d+$", output, re.M), output

    os.killpg(run.process.pid, signal.SIGINT)  # as the terminal does
    run.end()
    assert place.processes() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_to_make_alone_ends_all_and_data_is_kept(place, number):
    run = place.start("make", "run")
    said = run.read_until(UP)
    assert "Locked packages" not in said
    run.send(number)
    run.end()
    assert wait_until(lambda: not place.processes(), 5), place.processes()
    status, output = place.output_of(sys.executable, "manage.py", "migrate", "--check")
    assert status == 0, output


def test_killed_supervisor_leaves_nothing(place):
    run = place.start(sys.executable, "-m", "deploy", "run")
    run.read_until(UP)
    run.send(signal.SIGKILL)
    run.end()
    assert wait_until(lambda: not place.processes(), 30), place.processes()


def test_taken_port_is_said_in_one_sentence(place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        status, output = place.output_of(sys.executable, "-m", "deploy", "run", PORT=str(other.getsockname()[1]))
    assert status == 1
    assert output.count("\n") == 1
    assert "is in use" in output


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgresql://someone:secret@127.0.0.1:1/plant"),
        ("REDIS_URL", "redis://:secret@127.0.0.1:1/0"),
    ],
)
def test_unreachable_address_is_said_in_one_sentence(place, name, url):
    status, output = place.output_of(sys.executable, "-m", "deploy", "run", **{name: url})
    assert status == 1
    assert output.count("\n") == 1, output
    assert name in output
    assert "127.0.0.1:1" in output
    assert "secret" not in output
