"""Standards, regulations and plans in the one search: by their titles, and by what their clauses say today."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safetyplant.documents.models import Clause, Document, DocumentVersion
from safetyplant.search.sources import Source, register

SHOWN_OF_CLAUSE = 160
_pages: dict[str, str] = {}


def register_page(kind: str, url_name: str) -> None:
    """The room that keeps a kind names the page of one of its documents; kinds without a page are not found."""
    _pages[kind] = url_name


def page_of(document: Document) -> str:
    return reverse(_pages[document.kind], args=[document.pk])


def documents_for(user: Any) -> QuerySet:
    return Document.objects.visible_to(user).filter(kind__in=_pages)


def clauses_for(user: Any) -> QuerySet:
    """Clauses in force: what an old edition said would mislead whoever looks for the rule."""
    versions = DocumentVersion.objects.visible_to(user).in_force(timezone.localdate()).filter(document__kind__in=_pages)
    return Clause.objects.filter(version__in=versions).select_related("version__document")


def _note_of(document: Document) -> str:
    note = f"{document.code}, {document.get_kind_display()}"
    is_withdrawn = document.withdrawn_on is not None and document.withdrawn_on <= timezone.localdate()
    return gettext("%(document)s, withdrawn") % {"document": note} if is_withdrawn else note


def _title_of(clause: Clause) -> str:
    text = clause.label
    return f"{clause.number} {text if len(text) <= SHOWN_OF_CLAUSE else text[: SHOWN_OF_CLAUSE - 1] + '…'}"


def _where(clause: Clause) -> str:
    return gettext("%(title)s (version %(number)s)") % {
        "title": clause.version.document.label,
        "number": clause.version.number,
    }


def register_sources() -> None:
    register(
        Source(
            "document",
            _("Standards and regulations"),
            "journal-text",
            queryset=documents_for,
            title=lambda document: document.label,
            link=page_of,
            note=_note_of,
            order=("kind", "code", "pk"),
            # Rules stand below what happened: most people look for a record.
            place=1,
        )
    )
    register(
        Source(
            "clause",
            _("Clauses"),
            "list-ol",
            queryset=clauses_for,
            title=_title_of,
            link=lambda clause: f"{page_of(clause.version.document)}#c{clause.number}",
            note=_where,
            order=("version__document__code", "position"),
            place=1,
        )
    )
