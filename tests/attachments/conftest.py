"""What the tests of photos share."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage

from safetyplant.attachments import owners, services
from safetyplant.attachments.models import Attachment
from safetyplant.attachments.storage import PrivateStorage
from tests.attachments.pictures import picture


@pytest.fixture(autouse=True)
def storage(tmp_path: Any, settings: Any) -> Iterator[Any]:
    """An empty storage for each test."""
    wrapped = PrivateStorage(f"file://{tmp_path}/files")
    original, default_storage._wrapped = default_storage._wrapped, wrapped
    yield wrapped
    default_storage._wrapped = original


@pytest.fixture
def files(tmp_path: Any) -> Callable[[], list[str]]:
    """Names of all files in storage."""
    root = tmp_path / "files"
    return lambda: sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.fixture
def photo(worker: Any) -> Attachment:
    return services.receive(io.BytesIO(picture()), by=worker)


@pytest.fixture
def shown_to() -> Iterator[set[int]]:
    """Ids of the people who see sets of kind `test`."""
    people: set[int] = set()
    owners.register_owner("test", lambda user, set_id: user.pk in people)
    yield people
    owners._owners.pop("test")
