"""Writing documents: a draft, its clauses, its publication. Each service asks the keeper of the kind whether `by` may.

`by=None` is the house itself: the catalogue that ships with the product has no publisher.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import Row, record, record_many
from safetyplant.documents.choices import VersionStatus
from safetyplant.documents.keepers import may_keep_documents
from safetyplant.documents.models import Clause, Document, DocumentVersion


@dataclass(frozen=True)
class ClauseText:
    """A clause to be written; `parent` is the number of the clause above it, which must come before."""

    number: str
    text: str
    text_zh: str = ""
    parent: str = ""


@transaction.atomic
def create_document(kind: str, *, code: str, title: str, title_zh: str, by: Any) -> Document:
    """A new document with its first draft, still without clauses."""
    _require_keeper(by, kind)
    document = Document.objects.create(kind=kind, code=code, title=title, title_zh=title_zh)
    record("document.created", document, by=by, detail={"code": code})
    DocumentVersion.objects.create(document=document, number=1)
    return document


@transaction.atomic
def draft_version(
    document: Document,
    *,
    by: Any,
    clauses: Iterable[ClauseText] = (),
    note: str = "",
    write: Callable[[DocumentVersion], Any] | None = None,
) -> DocumentVersion:
    """Open the next version as a draft, with clauses given or written by the room. WrongState when it has one already."""
    document = locked(Document.objects.all(), document.pk)
    _require_keeper(by, document.kind)
    if document.versions.drafts().exists():
        raise WrongState(_("This document has a draft already. Publish or discard it first."))
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(document=document, number=last + 1, note=note)
    if write is None:
        write_clauses(version, clauses)
    else:
        write(version)
    record("document.drafted", document, by=by, detail={"version": version.number})
    return version


@transaction.atomic
def write_clauses(version: DocumentVersion, clauses: Iterable[ClauseText]) -> list[Clause]:
    """Replace a draft's clauses by these, in this order, for the `write` of the services that check who may.

    WrongState once it is published.
    """
    if locked(DocumentVersion.objects.all(), version.pk).is_published:
        raise WrongState(_("A published version never changes. Make a new version."))
    version.clauses.all().delete()
    texts = list(clauses)
    rows = [
        Clause(version=version, position=position, number=clause.number, text=clause.text, text_zh=clause.text_zh)
        for position, clause in enumerate(texts, start=1)
    ]
    Clause.objects.bulk_create(rows)
    by_number = {row.number: row for row in rows}
    below = []
    for row, clause in zip(rows, texts, strict=True):
        if clause.parent:
            row.parent = by_number[clause.parent]
            below.append(row)
    Clause.objects.bulk_update(below, ["parent"])
    return rows


def edition_of(version: DocumentVersion) -> str:
    """Changes with every save of a draft: its clauses are written anew each time. For the form to hand back."""
    seen = version.clauses.aggregate(last=Max("pk"), count=Count("pk"))
    return f"{seen['last'] or 0}-{seen['count']}"


@dataclass(frozen=True)
class DraftText:
    """What a draft's form holds beside its clauses. `edition` is the one the writer began from (`edition_of`)."""

    title: str
    title_zh: str
    note: str
    edition: str


@transaction.atomic
def save_draft(version: DocumentVersion, text: DraftText, *, write: Callable[[DocumentVersion], Any], by: Any) -> DocumentVersion:
    """Save a draft as a whole; `write` replaces its clauses. StaleVersion when someone else saved it in between."""
    version = locked(DocumentVersion.objects.select_related("document"), version.pk)
    _require_keeper(by, version.document.kind)
    if version.is_published:
        raise WrongState(_("A published version never changes. Make a new version."))
    if edition_of(version) != text.edition:
        raise StaleVersion(_("Someone else saved this draft while you were writing. Your text is kept below."))
    write(version)
    version.note = text.note
    version.save(update_fields=["note"])
    _rename(version.document, text, by=by)
    record("document.edited", version.document, by=by, detail={"version": version.number, "count": version.clauses.count()})
    return version


def _rename(document: Document, text: DraftText, *, by: Any) -> None:
    """The title belongs to the document through all its versions, so that a misprint is put right everywhere."""
    changes = {
        name: [getattr(document, name), getattr(text, name)]
        for name in ("title", "title_zh")
        if getattr(document, name) != getattr(text, name)
    }
    if not changes:
        return
    document.title, document.title_zh = text.title, text.title_zh
    document.save(update_fields=list(changes))
    record("document.renamed", document, by=by, changes=changes)


@transaction.atomic
def discard_draft(version: DocumentVersion, *, by: Any) -> None:
    """Drop a draft for good; what is published stays as it was, and a document that never was published goes with it."""
    version = locked(DocumentVersion.objects.select_related("document"), version.pk)
    _require_keeper(by, version.document.kind)
    if version.is_published:
        raise WrongState(_("A published version never changes. Make a new version."))
    record("document.draft_discarded", version.document, by=by, detail={"version": version.number})
    document = version.document
    version.delete()
    if not document.versions.exists():
        document.delete()


@transaction.atomic
def publish_version(
    version: DocumentVersion, *, by: Any, valid_from: date | None = None, now: datetime | None = None
) -> DocumentVersion:
    """Publish a draft, for good. Valid from the given day, its own, or today. WrongState when it is published or empty."""
    version = locked(DocumentVersion.objects.select_related("document"), version.pk)
    _require_keeper(by, version.document.kind)
    _refuse_unpublishable(version)
    _publish(version, by=by, valid_from=valid_from, now=now or timezone.now())
    version.save(update_fields=["status", "valid_from", "published_at", "published_by"])
    record("document.published", version.document, by=by, detail={"version": version.number, "valid_from": version.valid_from})
    return version


@transaction.atomic
def publish_versions(
    versions: Iterable[DocumentVersion], *, by: Any, valid_from: date | None = None, now: datetime | None = None
) -> int:
    """Publish many drafts at once (a catalogue, an import): all or none."""
    moment = now or timezone.now()
    ids = [version.pk for version in versions]
    rows = list(
        DocumentVersion.objects.select_for_update(of=("self",)).select_related("document").filter(pk__in=ids).order_by("pk")
    )
    for version in rows:
        _require_keeper(by, version.document.kind)
        _refuse_unpublishable(version)
        _publish(version, by=by, valid_from=valid_from, now=moment)
    DocumentVersion.objects.bulk_update(rows, ["status", "valid_from", "published_at", "published_by"], batch_size=500)
    record_many(
        Row("document.published", row.document, by, detail={"version": row.number, "valid_from": row.valid_from}) for row in rows
    )
    return len(rows)


def _require_keeper(by: Any, kind: str) -> None:
    if by is not None:
        require(may_keep_documents(by, kind), _("Documents of this kind are for someone else to write."))


def _refuse_unpublishable(version: DocumentVersion) -> None:
    if version.is_published:
        raise WrongState(_("This version is published already."))
    if not version.clauses.exists():
        raise WrongState(_("A version without clauses can't be published. Write its clauses first."))


def _publish(version: DocumentVersion, *, by: Any, valid_from: date | None, now: datetime) -> None:
    version.status = VersionStatus.PUBLISHED
    version.valid_from = valid_from or version.valid_from or timezone.localdate(now)
    version.published_at = now
    version.published_by = by


@transaction.atomic
def withdraw_document(document: Document, *, by: Any, on: date) -> Document:
    """From that day on no version of it is in force; what cites it stays readable."""
    document = locked(Document.objects.all(), document.pk)
    _require_keeper(by, document.kind)
    if document.withdrawn_on is not None:
        raise WrongState(_("This document was withdrawn already."))
    document.withdrawn_on = on
    document.save(update_fields=["withdrawn_on"])
    record("document.withdrawn", document, by=by, detail={"on": on})
    return document
