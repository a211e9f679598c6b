"""Private storage."""

import os
import stat
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from safetyplant.attachments.storage import PrivateStorage


def test_files_are_for_this_account_alone(tmp_path: Any) -> None:
    storage = PrivateStorage(f"file://{tmp_path}/new%20folder")
    name = storage.save("photos/2026/06/a", ContentFile(b"x"))
    path = tmp_path / "new folder" / name
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700
    with storage.open(name) as file:
        assert file.read() == b"x"
    storage.delete(name)
    assert not storage.exists(name)


def test_there_is_no_url(tmp_path: Any) -> None:
    with pytest.raises(NotImplementedError):
        PrivateStorage(f"file://{tmp_path}").url("a")


def test_name_cannot_leave_the_folder(tmp_path: Any) -> None:
    with pytest.raises(Exception, match=r"outside|traversal|'\.\.'"):
        PrivateStorage(f"file://{tmp_path}/files").save("../outside", ContentFile(b"x"))


def test_object_storage_by_url() -> None:
    backend: Any = PrivateStorage("s3://key:se%2Fcret@evidence/plant?endpoint=http://127.0.0.1:9000&region=eu").backend
    assert (backend.bucket_name, backend.location, backend.secret_key) == ("evidence", "plant", "se/cret")
    assert (backend.endpoint_url, backend.region_name, backend.file_overwrite) == ("http://127.0.0.1:9000", "eu", False)


def test_other_schemes_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        _ = PrivateStorage("ftp://somewhere").backend
