"""A database of its own, the real web server on it, and a client that stays signed in."""

import http.client
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from safetyplant.embedded.servers import free_port

CHECKOUT = Path(__file__).resolve().parents[2]


class Server:
    """gunicorn with two workers on a free loopback port; ends with the block."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.environment = {**environment, "PORT": str(self.port), "WEB_CONCURRENCY": "2"}

    def __enter__(self) -> "Server":
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "safetyplant.wsgi"]
        log = CHECKOUT / "var" / "bench-web.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("w") as output:
            self.process = subprocess.Popen(command, cwd=CHECKOUT, env=self.environment, stdout=output, stderr=output)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if Client(self.port).get("/healthz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"The web server did not start; its log is {log}")

    def __exit__(self, *_exc: object) -> None:
        self.process.terminate()
        self.process.wait(30)


class Client:
    """One kept-alive connection with cookies: what a browser does, without drawing."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept": "text/html", **headers}
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            # The server has closed what was idle while other pages were measured.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        content = response.read()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, content, dict(response.headers)

    def get(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        return self.request("GET", path)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> tuple[int, bytes, dict[str, str]]:
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        body = urlencode([("csrfmiddlewaretoken", self.token), *pairs]).encode()
        return self.request("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, username: str) -> "Client":
        _status, page, _headers = self.get("/login/")
        self.token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1).decode()  # type: ignore[union-attr]
        password = os.environ.get("DEMO_PASSWORD", "safety-month")
        status, page, _headers = self.post("/login/", {"username": username, "password": password})
        if status != 302:
            raise SystemExit(f"{username} could not sign in: {status}")
        self.refresh_token()
        return self

    def refresh_token(self) -> None:
        """After the sign-in the CSRF cookie is new; the cookie's own value is accepted as the token."""
        self.get("/inbox/")
        self.token = self.cookies.get("csrftoken", self.token)
