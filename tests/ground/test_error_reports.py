"""Errors go where SENTRY_DSN says, without data of people; without it nothing leaves the plant."""

import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
#: A page that fails, asked for with a name in its query, its body, its cookie and its variables.
FAILING = """
import sys

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from django.urls import path

def fail(request):
    person = request.POST["person"]
    raise RuntimeError("The pump is broken")

urlpatterns = [path("fail/", fail)]
django.setup()
settings.MIDDLEWARE, settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = [], "__main__", ["testserver"]
request = RequestFactory().post("/fail/?q=zzquery", {"person": "zzbody"}, headers={"cookie": "sessionid=zzcookie"})
said = []
list(get_wsgi_application()(request.environ, lambda status, headers: said.append(status)))
assert said == ["500 Internal Server Error"]
if "sentry_sdk" in sys.modules:
    sys.modules["sentry_sdk"].flush(10)
print("sentry_sdk" in sys.modules)
"""


@pytest.fixture
def collector() -> Iterator[ThreadingHTTPServer]:
    """Takes reports as Sentry does, and keeps them."""
    reports: list[str] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            reports.append((zlib.decompress(body, 31) if is_packed else body).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.reports = reports  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fail_with(dsn: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_proxy")},
        "DJANGO_SETTINGS_MODULE": "safetyplant.settings",
        "SAFETYPLANT_ENV": "local",
        "SENTRY_DSN": dsn,
        "PYTHONPATH": str(CHECKOUT),
    }
    command = [sys.executable, "-c", FAILING]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def test_an_error_is_reported_without_data_of_people(collector: ThreadingHTTPServer) -> None:
    done = fail_with(f"http://key@127.0.0.1:{collector.server_port}/1")
    assert done.returncode == 0, done.stderr
    [report] = [each for each in collector.reports if "RuntimeError" in each]  # type: ignore[attr-defined]
    assert "The pump is broken" in report
    assert "zz" not in report


def test_without_the_variable_the_reporter_is_not_even_loaded() -> None:
    done = fail_with("")
    assert done.stdout.split() == ["False"], done.stderr


def test_an_address_that_is_none_stops_the_start_with_one_sentence() -> None:
    done = fail_with("errors.plant.example")
    assert done.returncode != 0
    assert "SENTRY_DSN is not an address to report errors to" in done.stderr
