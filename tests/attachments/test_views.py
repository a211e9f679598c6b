"""PUT, HEAD and GET below /files/."""

import io
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from safetyplant.attachments import limits, services
from safetyplant.attachments.models import Attachment, Upload
from tests.attachments.pictures import picture, sha

pytestmark = pytest.mark.django_db
DATA = picture("PNG", size=(300, 200), compress_level=0)


@pytest.fixture
def sender(client: Client, worker: Any) -> Client:
    client.force_login(worker)
    return client


def put(client: Client, data: bytes, *, name: str = "", start: int | None = None, total: int | None = None) -> Any:
    headers = {}
    if start is not None:
        headers["Content-Range"] = f"bytes {start}-{start + len(data) - 1}/{total}"
    url = f"/files/{name or sha(data)}/"
    return client.put(url, data=data, content_type="application/octet-stream", headers=headers)


def test_whole_photo_is_kept_once(sender: Client) -> None:
    first, again = put(sender, DATA), put(sender, DATA)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["sent_sha256"] == sha(DATA)
    assert Attachment.objects.count() == 1
    assert not Upload.objects.exists()


def test_head_tells_how_much_has_come(sender: Client) -> None:
    url = f"/files/{sha(DATA)}/"
    assert sender.head(url).status_code == 404
    put(sender, DATA[:5000], name=sha(DATA), start=0, total=len(DATA))
    partial = sender.head(url)
    assert (partial.status_code, partial["Upload-Offset"], partial["Upload-Complete"]) == (200, "5000", "?0")
    put(sender, DATA[5000:], name=sha(DATA), start=5000, total=len(DATA))
    whole = sender.head(url)
    assert (whole["Upload-Offset"], whole["Upload-Complete"]) == (str(len(DATA)), "?1")


def test_pieces_make_the_whole(sender: Client, files: Callable[[], list[str]]) -> None:
    statuses = [
        put(sender, DATA[start : start + 40_000], name=sha(DATA), start=start, total=len(DATA)).status_code
        for start in range(0, len(DATA), 40_000)
    ]
    assert statuses[-1] == 201
    assert set(statuses[:-1]) == {202}
    assert Attachment.objects.get().sent_sha256 == sha(DATA)
    assert [name for name in files() if name.startswith("partial")] == []


def test_piece_sent_twice_or_overlapping_is_taken_once(sender: Client) -> None:
    name, total = sha(DATA), len(DATA)
    put(sender, DATA[:5000], name=name, start=0, total=total)
    assert put(sender, DATA[:5000], name=name, start=0, total=total)["Upload-Offset"] == "5000"
    assert put(sender, DATA[3000:8000], name=name, start=3000, total=total)["Upload-Offset"] == "8000"
    assert put(sender, DATA, name=name).status_code == 201


def test_hole_is_refused_and_says_where_to_go_on(sender: Client) -> None:
    put(sender, DATA[:5000], name=sha(DATA), start=0, total=len(DATA))
    response = put(sender, DATA[6000:], name=sha(DATA), start=6000, total=len(DATA))
    assert (response.status_code, response["Upload-Offset"]) == (416, "5000")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_cut_upload_is_never_complete_and_goes_on(sender: Client, worker: Any, part: float) -> None:
    """The connection breaks: the body is shorter than announced."""
    cut = int(len(DATA) * part)
    url = f"/files/{sha(DATA)}/"
    broken = {"wsgi.input": io.BytesIO(DATA[:cut]), "CONTENT_LENGTH": str(len(DATA))}
    response = sender.generic("PUT", url, content_type="application/octet-stream", **broken)
    assert response.status_code == 202
    assert not Attachment.objects.exists()
    offset = int(sender.head(url)["Upload-Offset"])
    assert offset == cut
    assert put(sender, DATA[offset:], name=sha(DATA), start=offset, total=len(DATA)).status_code == 201
    assert Attachment.objects.get().sent_sha256 == sha(DATA)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_connection_cut_on_the_wire_keeps_what_came(live_server: Any, worker: Any, part: float) -> None:
    """A phone loses its signal: the socket closes in the middle of the body."""
    phone = Client()
    phone.force_login(worker)
    token, session = "a" * 32, phone.cookies[settings.SESSION_COOKIE_NAME].value
    lines = [
        f"PUT /files/{sha(DATA)}/ HTTP/1.1",
        f"Host: {live_server.thread.host}:{live_server.thread.port}",
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        f"X-CSRFToken: {token}",
        f"Content-Length: {len(DATA)}",
    ]
    cut = int(len(DATA) * part)
    with socket.create_connection((live_server.thread.host, live_server.thread.port)) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode() + DATA[:cut])
        wire.shutdown(socket.SHUT_WR)
        while wire.recv(4096):
            continue
    assert not Attachment.objects.exists()
    assert phone.head(f"/files/{sha(DATA)}/")["Upload-Offset"] == str(cut)
    assert put(phone, DATA[cut:], name=sha(DATA), start=cut, total=len(DATA)).status_code == 201


def test_wrong_hash_drops_the_pieces(sender: Client, files: Callable[[], list[str]]) -> None:
    response = put(sender, DATA, name="a" * 64)
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/wrong-hash"
    assert response.json()["detail"]
    assert files() == []
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("data", "status"), [(b"just text" * 50, 415), (picture("GIF"), 415), (DATA[:2000], 422), (b"<svg/>", 415)]
)
def test_refused_files(sender: Client, data: bytes, status: int, files: Callable[[], list[str]]) -> None:
    response = put(sender, data)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert files() == []


def test_too_large_is_refused_before_it_is_read(sender: Client) -> None:
    url = f"/files/{'b' * 64}/"
    response = sender.generic("PUT", url, b"", CONTENT_LENGTH=str(limits.MAX_BYTES + 1))
    assert response.status_code == 413


@pytest.mark.parametrize(
    "content_range",
    ["", "bytes 0-9", "bytes 9-0/10", "bytes 0-4/10", "bytes 5-14/10", "items 0-9/10", "bytes -1-9/10", "b" * 999],
)
def test_senseless_range_is_400(sender: Client, content_range: str) -> None:
    response = sender.put(f"/files/{'c' * 64}/", data=b"0123456789", headers={"Content-Range": content_range})
    assert response.status_code == 400


def test_other_total_for_the_same_hash_is_refused(sender: Client) -> None:
    put(sender, DATA[:50], name=sha(DATA), start=0, total=len(DATA))
    assert put(sender, DATA[50:100], name=sha(DATA), start=50, total=200).status_code == 416


def test_other_peoples_uploads_do_not_exist(sender: Client, worker2: Any) -> None:
    put(sender, DATA)
    other = Client()
    other.force_login(worker2)
    assert other.head(f"/files/{sha(DATA)}/").status_code == 404


def test_csrf_is_asked_for(worker: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(worker)
    assert put(strict, DATA).status_code == 403
    assert not Attachment.objects.exists()


def test_anonymous_is_told_to_sign_in(client: Client, photo: Attachment) -> None:
    assert put(client, DATA).status_code == 401
    assert client.get(photo.url).status_code == 302


def test_unbound_photo_exists_for_its_sender_alone(photo: Attachment, worker: Any, director: Any, client: Client) -> None:
    for person, status in ((worker, 200), (director, 404)):
        client.force_login(person)
        assert client.get(photo.url).status_code == status
        assert client.get(photo.thumb_url).status_code == status


def test_bound_photo_follows_the_rule_of_its_record(
    photo: Attachment, worker: Any, head: Any, head2: Any, client: Client, shown_to: set[int]
) -> None:
    services.bind(services.new_set("test"), [photo], by=worker, purpose="before")
    shown_to.add(head.pk)
    for person, status in ((head, 200), (head2, 404), (worker, 404)):
        client.force_login(person)
        assert client.get(photo.url).status_code == status
        assert client.get(photo.thumb_url).status_code == status
    shown_to.clear()
    client.force_login(head)
    assert client.get(photo.url).status_code == 404


def test_unknown_kind_of_owner_shows_nothing(photo: Attachment, worker: Any, director: Any, client: Client) -> None:
    services.bind(services.new_set("nobody-registered-this"), [photo], by=worker, purpose="before")
    client.force_login(director)
    assert client.get(photo.url).status_code == 404


def test_served_photo_is_private_and_checked_each_time(photo: Attachment, sender: Client) -> None:
    response = sender.get(photo.url)
    body = response.content
    assert sha(body) == photo.sha256
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    again = sender.get(photo.url, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert sender.get(photo.thumb_url)["ETag"] != response["ETag"]


def test_revoked_access_gives_no_304(photo: Attachment, sender: Client, worker2: Any) -> None:
    tag = sender.get(photo.url)["ETag"]
    sender.force_login(worker2)
    assert sender.get(photo.url, headers={"If-None-Match": tag}).status_code == 404


def test_number_beyond_the_column_is_404(sender: Client) -> None:
    assert sender.get(f"/files/{10**30}/").status_code == 404


def test_missing_file_is_404(photo: Attachment, sender: Client, storage: Any) -> None:
    storage.delete(photo.file_key)
    assert sender.get(photo.url).status_code == 404


def test_serving_takes_few_queries(photo: Attachment, sender: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        sender.get(reverse("attachments:file", args=[photo.pk]))


def test_open_uploads_are_limited(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OPEN_UPLOADS", 1)
    put(sender, DATA[:50], name="d" * 64, start=0, total=900)
    assert put(sender, DATA[:50], name="e" * 64, start=0, total=900).status_code == 429


def test_receive_from_a_form_file_and_by_put_is_one(sender: Client, worker: Any) -> None:
    put(sender, DATA)
    assert services.receive(io.BytesIO(DATA), by=worker).pk == Attachment.objects.get().pk
