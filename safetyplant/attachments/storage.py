"""Where files lie: private, named by `STORAGE_URL`, never reachable by a URL of their own."""

from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage


class PrivateStorage(Storage):
    """`file:///folder`, or `s3://key:secret@bucket/prefix?endpoint=https://host&region=…` through django-storages.

    SECURITY: there is no `url`: bytes leave only through a view that asks the owner's rule.
    """

    def __init__(self, url: str | None = None) -> None:
        self.storage_url = url or settings.STORAGE_URL

    @cached_property
    def backend(self) -> Storage:
        parts = urlsplit(self.storage_url)
        if parts.scheme == "file":
            # 0o600/0o700: other accounts of the host have no business with evidence.
            return FileSystemStorage(
                location=Path(unquote(parts.path)), file_permissions_mode=0o600, directory_permissions_mode=0o700
            )
        if parts.scheme == "s3":
            return self._s3(parts)
        raise ImproperlyConfigured(f"STORAGE_URL must begin with file:// or s3://, not {parts.scheme or 'nothing'}://.")

    @staticmethod
    def _s3(parts: Any) -> Storage:
        # Here and not above: boto3 takes half a second to import, and only hosts with object storage need it.
        from storages.backends.s3 import S3Storage  # noqa: PLC0415

        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return S3Storage(
            bucket_name=parts.hostname,
            location=parts.path.strip("/"),
            access_key=unquote(parts.username) if parts.username else None,
            secret_key=unquote(parts.password) if parts.password else None,
            endpoint_url=query.get("endpoint"),
            region_name=query.get("region"),
            addressing_style=query.get("addressing"),
            default_acl=None,
            file_overwrite=False,
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        return self.backend.open(name, mode)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        return self.backend.save(name, content, max_length=max_length)

    def delete(self, name: str) -> None:
        self.backend.delete(name)

    def exists(self, name: str) -> bool:
        return self.backend.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self.backend.listdir(path)

    def size(self, name: str) -> int:
        return self.backend.size(name)

    def get_modified_time(self, name: str) -> Any:
        return self.backend.get_modified_time(name)

    def url(self, name: str | None) -> str:
        raise NotImplementedError("Private files have no URL: they are served by safetyplant.attachments.views.")
