"""A searchable table of its own, made and dropped inside the test's transaction, and two sources over it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from safetyplant.search import sources
from safetyplant.search.fields import SearchIndex, SearchVector

with isolate_apps("safetyplant.search"):

    class Note(models.Model):
        number = models.CharField(max_length=20)
        title = models.CharField(max_length=200)
        text = models.TextField(null=True)  # noqa: DJ001 - an empty column must not empty the terms
        owner = models.CharField(max_length=20, default="")
        search = SearchVector("number", "title", "text")

        class Meta:
            app_label = "search"
            indexes = [SearchIndex(name="note_search")]


@pytest.fixture
def notes(db: None) -> type[Note]:
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(Note)
    return Note


@pytest.fixture
def only_notes(notes: type[Note]) -> Iterator[None]:
    """Five sources; the first shows each reader their own notes alone."""
    kept, sources._sources = sources._sources, {}
    for number in range(5):
        sources.register(_source(notes, f"kind{number}", own=number == 0))
    yield
    sources._sources = kept


def _source(notes: type[Note], kind: str, *, own: bool) -> sources.Source:
    def visible(user: Any) -> models.QuerySet:
        return notes.objects.filter(owner=user.username) if own else notes.objects.filter(owner=kind)

    return sources.Source(
        kind=kind,
        label=kind.title(),
        icon="flag",
        queryset=visible,
        title=lambda row: row.title,
        note=lambda row: row.number,
        link=lambda row: f"/notes/{row.pk}/",
        list_url=lambda: "/notes/",
    )
