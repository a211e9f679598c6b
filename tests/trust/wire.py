"""A real server of this process and a caller that can cut the wire: during the request, or before the answer."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread

from responsibilities.models import Person

WAIT = 30


@contextmanager
def serving() -> Iterator[int]:
    """The port of a threaded server on loopback, with connections of its own."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(WAIT)
    if thread.error:
        raise thread.error
    try:
        yield thread.port
    finally:
        thread.terminate()
        connections.close_all()


class Caller:
    """A signed-in person's phone: their session's cookies on plain sockets."""

    def __init__(self, port: int, person: Person) -> None:
        self.port = port
        client = Client(enforce_csrf_checks=False)
        client.force_login(person)
        token = client.get("/field/session/").json()["token"]
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self.headers = {"Cookie": cookies, "X-CSRFToken": token, "Accept": "application/json", "Host": f"127.0.0.1:{port}"}

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request(method, path, body, {**self.headers, "Content-Type": "application/octet-stream", **headers})
            response = connection.getresponse()
            content = response.read()
            parsed = json.loads(content) if content and "json" in response.headers.get("Content-Type", "") else None
            return response.status, dict(response.headers), parsed
        finally:
            connection.close()

    def post(self, path: str, body: Any) -> tuple[int, dict[str, str], Any]:
        return self.send("POST", path, json.dumps(body).encode(), **{"Content-Type": "application/json"})

    def cut(self, method: str, path: str, body: bytes, *, sent: int | None = None, **headers: str) -> None:
        """Send the head and `sent` bytes of the body (all: None), then hang up without reading an answer."""
        lines = {**self.headers, "Content-Type": "application/octet-stream", "Content-Length": str(len(body)), **headers}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as wire:
            wire.sendall(head.encode() + body[:sent])
            if sent is None:
                # The answer is on its way when nobody is there to take it.
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
