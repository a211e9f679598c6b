"""What a browser sends when the draft of a standard is saved."""

from typing import Any

from django.test import Client
from django.urls import reverse

from inspections.forms.standards import LineKind, lines_of
from safetyplant.documents.models import Document
from safetyplant.documents.services import edition_of

#: Ticks: a browser sends them only when they are set.
TICKS = ("possibly_major", "critical", "photo_on_fail", "note_on_fail")
SENT = (
    "kind",
    "number",
    "text",
    "text_zh",
    "category",
    "level",
    "points",
    "order",
    "score_cap",
    "reference",
    "shown_if",
    "shown_on",
)


def url(page: str, document: Document | None = None) -> str:
    return reverse(f"inspections:standard-{page}", args=[document.pk] if document else [])


def draft_data(document: Document, **changes: Any) -> dict[str, Any]:
    """The form as it came, with these changes; None takes a field away."""
    draft = document.versions.drafts().get()
    lines = lines_of(draft)
    data: dict[str, Any] = {
        "title": document.title,
        "title_zh": document.title_zh,
        "note": "",
        "edition": edition_of(draft),
        "line-TOTAL_FORMS": len(lines),
        "line-INITIAL_FORMS": len(lines),
    }
    for index, line in enumerate(lines):
        for name in SENT:
            value = line.get(name)
            data[f"line-{index}-{name}"] = str(value) if isinstance(value, LineKind) else "" if value is None else value
        data |= {f"line-{index}-{name}": "on" for name in TICKS if line.get(name)}
    return {name: value for name, value in (data | changes).items() if value is not None}


def save(client: Client, document: Document, **changes: Any) -> Any:
    return client.post(url("draft", document), draft_data(document, **changes))


def line(index: int, **values: Any) -> dict[str, Any]:
    """The fields of a line by its place in the form (from 0)."""
    return {f"line-{index}-{name}": value for name, value in values.items()}
