"""Taking in, binding, removing."""

import io
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from safetyplant.access.exceptions import WrongState
from safetyplant.attachments import limits, services
from safetyplant.attachments.exceptions import TooLarge, TooMany, Unsupported, WrongHash
from safetyplant.attachments.models import Attachment
from tests.attachments.pictures import exif, picture, sha

pytestmark = pytest.mark.django_db


def receive(data: bytes, by: Any, **options: Any) -> Attachment:
    return services.receive(io.BytesIO(data), by=by, **options)


def test_received_photo_keeps_both_hashes_and_time(worker: Any) -> None:
    data = picture(exif=exif())
    photo = receive(data, worker, sent_sha256=sha(data))
    with default_storage.open(photo.file_key) as file:
        stored = file.read()
    assert photo.sent_sha256 == sha(data)
    assert photo.sha256 == sha(stored)
    assert photo.size == len(stored)
    assert photo.taken_at is not None
    assert sha(data) not in photo.file_key


def test_same_bytes_again_give_the_same_photo(worker: Any, files: Callable[[], list[str]]) -> None:
    first, again = receive(picture(), worker), receive(picture(), worker)
    assert first.pk == again.pk
    assert len(files()) == 2


def test_same_bytes_from_someone_else_are_theirs(worker: Any, worker2: Any) -> None:
    assert receive(picture(), worker).pk != receive(picture(), worker2).pk


def test_wrong_hash_keeps_nothing(worker: Any, files: Callable[[], list[str]]) -> None:
    with pytest.raises(WrongHash):
        receive(picture(), worker, sent_sha256="0" * 64)
    assert files() == []
    assert not Attachment.objects.exists()


def test_too_large_and_unsupported_are_refused(worker: Any) -> None:
    with pytest.raises(TooLarge):
        receive(b"\xff\xd8\xff" + b"\0" * limits.MAX_BYTES, worker)
    with pytest.raises(Unsupported):
        receive(b"plain text", worker)


def test_quota_of_a_person(worker: Any, worker2: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNBOUND", 1)
    receive(picture(), worker)
    with pytest.raises(TooMany):
        receive(picture(size=(100, 100)), worker)
    receive(picture(size=(100, 100)), worker2)


def test_bind_makes_evidence(photo: Attachment, worker: Any) -> None:
    kept = services.new_set("test")
    bound = services.bind(kept, [photo.sent_sha256], by=worker, purpose="before")
    assert [one.pk for one in bound] == [photo.pk]
    photo.refresh_from_db()
    assert (photo.set_id, photo.purpose, photo.bound_by_id) == (kept.pk, "before", worker.pk)
    assert photo.bound_at is not None


def test_binding_again_to_the_same_set_changes_nothing(photo: Attachment, worker: Any) -> None:
    kept = services.new_set("test")
    services.bind(kept, [photo], by=worker, purpose="before")
    assert services.bind(kept, [photo.sent_sha256], by=worker, purpose="before")[0].pk == photo.pk
    assert kept.attachments.count() == 1


def test_bound_photo_goes_to_no_other_record(photo: Attachment, worker: Any) -> None:
    services.bind(services.new_set("test"), [photo], by=worker, purpose="before")
    with pytest.raises(WrongState):
        services.bind(services.new_set("test"), [photo], by=worker, purpose="before")


def test_someone_elses_photo_cannot_be_bound(photo: Attachment, worker2: Any) -> None:
    for reference in (photo, photo.sent_sha256):
        with pytest.raises(WrongState):
            services.bind(services.new_set("test"), [reference], by=worker2, purpose="before")
    photo.refresh_from_db()
    assert photo.set_id is None


def test_one_missing_photo_binds_none(photo: Attachment, worker: Any) -> None:
    with pytest.raises(WrongState):
        services.bind(services.new_set("test"), [photo.sent_sha256, "f" * 64], by=worker, purpose="after")
    assert Attachment.objects.unbound().count() == 1


def test_same_photo_sent_again_after_binding_is_a_new_one(photo: Attachment, worker: Any, files: Callable[[], list[str]]) -> None:
    services.bind(services.new_set("test"), [photo], by=worker, purpose="before")
    again = receive(picture(), worker)
    assert again.pk != photo.pk
    assert again.set_id is None
    assert again.file_key == photo.file_key
    assert len(files()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"set": None, "purpose": "", "bound_by": None, "bound_at": None},
        {"purpose": "after"},
        {"sha256": "0" * 64},
        {"file_key": "other"},
        {"taken_at": timezone.now()},
        {"uploaded_at": timezone.now()},
    ],
)
def test_database_refuses_to_change_evidence(photo: Attachment, worker: Any, change: dict[str, Any]) -> None:
    services.bind(services.new_set("test"), [photo], by=worker, purpose="before")
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        Attachment.objects.filter(pk=photo.pk).update(**change)


def test_database_refuses_to_remove_evidence_and_allows_a_caption(photo: Attachment, worker: Any) -> None:
    services.bind(services.new_set("test"), [photo], by=worker, purpose="before")
    with pytest.raises(DatabaseError, match="cannot be removed"), transaction.atomic():
        Attachment.objects.filter(pk=photo.pk).delete()
    assert Attachment.objects.filter(pk=photo.pk).update(caption="Guard gate") == 1


def test_half_bound_photo_is_refused(photo: Attachment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=photo.pk).update(set=services.new_set("test"))


def test_orphans_go_after_a_week_and_evidence_stays(worker: Any, files: Callable[[], list[str]]) -> None:
    old = timezone.now() - timedelta(days=8)
    orphan = receive(picture(size=(90, 90)), worker, now=old)
    fresh = receive(picture(size=(91, 91)), worker)
    bound = receive(picture(size=(92, 92)), worker, now=old)
    services.bind(services.new_set("test"), [bound], by=worker, purpose="before")
    assert services.remove_orphans() == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {fresh.pk, bound.pk}
    assert orphan.file_key not in files()
    assert len(files()) == 4


def test_orphan_that_shares_files_with_evidence_leaves_them(worker: Any, files: Callable[[], list[str]]) -> None:
    old = timezone.now() - timedelta(days=8)
    bound = receive(picture(), worker, now=old)
    services.bind(services.new_set("test"), [bound], by=worker, purpose="before")
    receive(picture(), worker, now=old)
    assert services.remove_orphans() == 1
    assert bound.file_key in files()


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one(worker: Any, files: Callable[[], list[str]]) -> None:
    ids, barrier = [], threading.Barrier(10)

    def send() -> None:
        barrier.wait()
        ids.append(receive(picture(), worker).pk)
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 10
    assert len(set(ids)) == 1
    assert Attachment.objects.count() == 1
    assert len(files()) == 2
