from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from responsibilities.models import Person
from safetyplant.access.exceptions import NotAllowed, WrongState
from safetyplant.audit.history import history
from safetyplant.documents.choices import DocumentKind, VersionStatus
from safetyplant.documents.models import Clause, Document, DocumentVersion
from safetyplant.documents.services import (
    ClauseText,
    DraftText,
    create_document,
    discard_draft,
    draft_version,
    edition_of,
    publish_version,
    publish_versions,
    save_draft,
    withdraw_document,
    write_clauses,
)

DAY = date(2026, 6, 1)
CLAUSES = [ClauseText("1", "Guards", "防护装置"), ClauseText("1.1", "The gate closes.", "防护门能关闭。", parent="1")]


@pytest.fixture
def document(db: None) -> Document:
    return Document.objects.create(kind=DocumentKind.STANDARD, code="SP-01", title="Well site", title_zh="井场")


@pytest.fixture
def published(document: Document, officer: Person) -> DocumentVersion:
    return publish_version(draft_version(document, by=officer, clauses=CLAUSES), by=officer, valid_from=DAY)


def test_draft_version_writes_clauses_in_order_with_parents(document: Document, officer: Person) -> None:
    version = draft_version(document, by=officer, clauses=CLAUSES)
    first, second = version.clauses.all()
    assert (version.number, first.number, second.number, second.parent) == (1, "1", "1.1", first)


def test_second_draft_is_refused(document: Document, officer: Person) -> None:
    draft_version(document, by=officer)
    with pytest.raises(WrongState):
        draft_version(document, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.create(document=document, number=2)


def test_publishing_without_clauses_or_twice_is_refused(document: Document, officer: Person) -> None:
    version = draft_version(document, by=officer)
    with pytest.raises(WrongState):
        publish_version(version, by=officer)
    write_clauses(version, CLAUSES)
    publish_version(version, by=officer)
    with pytest.raises(WrongState):
        publish_version(version, by=officer)
    with pytest.raises(WrongState):
        write_clauses(version, CLAUSES)


@pytest.mark.parametrize(
    "change",
    [
        lambda version: DocumentVersion.objects.filter(pk=version.pk).update(note="changed"),
        lambda version: DocumentVersion.objects.filter(pk=version.pk).update(
            status=VersionStatus.DRAFT, published_at=None, published_by=None
        ),
        lambda version: version.clauses.update(text="changed"),
        lambda version: version.clauses.all()[1].delete(),
        lambda version: Clause.objects.create(version=version, position=9, number="9", text="slipped in"),
        lambda version: version.delete(),
    ],
)
def test_published_version_never_changes(published: DocumentVersion, change: object) -> None:
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        change(published)  # type: ignore[operator]


def test_clause_cannot_be_moved_into_a_published_version(published: DocumentVersion, officer: Person) -> None:
    draft = draft_version(published.document, by=officer, clauses=[ClauseText("7", "New")])
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        draft.clauses.update(version=published)


def test_draft_may_be_thrown_away(document: Document, officer: Person) -> None:
    version = draft_version(document, by=officer, clauses=CLAUSES)
    version.delete()
    assert not Clause.objects.filter(version__document=document).exists()


def test_in_force_is_the_latest_version_valid_by_that_day(
    no_catalogue: None, published: DocumentVersion, officer: Person
) -> None:
    document = published.document
    second = publish_version(
        draft_version(document, by=officer, clauses=CLAUSES), by=officer, valid_from=DAY + timedelta(days=30)
    )
    in_force = DocumentVersion.objects.in_force
    assert list(in_force(DAY - timedelta(days=1))) == []
    assert list(in_force(DAY + timedelta(days=29))) == [published]
    assert list(in_force(DAY + timedelta(days=30))) == [second]
    withdraw_document(document, by=officer, on=DAY + timedelta(days=40))
    assert list(in_force(DAY + timedelta(days=39))) == [second]
    assert list(in_force(DAY + timedelta(days=40))) == []


def test_publish_versions_publishes_all_or_none(officer: Person, document: Document) -> None:
    other = Document.objects.create(kind=DocumentKind.REGULATION, code="R-1", title="Hot work")
    good, empty = draft_version(document, by=officer, clauses=CLAUSES), draft_version(other, by=officer)
    with pytest.raises(WrongState):
        publish_versions([good, empty], by=officer)
    assert DocumentVersion.objects.published().filter(document__in=[document, other]).count() == 0
    write_clauses(empty, CLAUSES)
    assert publish_versions([good, empty], by=officer, valid_from=DAY) == 2
    assert DocumentVersion.objects.in_force(DAY).filter(document__in=[document, other]).count() == 2


def test_label_is_in_the_readers_language_or_the_other(document: Document, published: DocumentVersion) -> None:
    clause = published.clauses.first()
    assert (document.label, clause.label) == ("Well site", "Guards")
    with override("zh-hans"):
        assert (document.label, clause.label) == ("井场", "防护装置")
    assert Document(title="", title_zh="井场").label == "井场"


def test_story_of_a_document_is_told(published: DocumentVersion, officer: Person) -> None:
    newest = history(published.document)[0]
    assert newest.actor == officer
    assert "published version 1" in newest.sentence
    assert newest.tone == "good"


# --- who may write ---------------------------------------------------------------------------------------------------------


WRITES = {
    "create": lambda draft, by: create_document(draft.document.kind, code="NEW", title="New", title_zh="新", by=by),
    "draft": lambda draft, by: draft_version(Document.objects.get(code="SP-01"), by=by, clauses=CLAUSES),
    "save": lambda draft, by: save_draft(
        draft, DraftText("Other", "", "", edition_of(draft)), write=lambda version: write_clauses(version, CLAUSES), by=by
    ),
    "discard": lambda draft, by: discard_draft(draft, by=by),
    "publish": lambda draft, by: publish_version(draft, by=by),
    "publish many": lambda draft, by: publish_versions([draft], by=by),
    "withdraw": lambda draft, by: withdraw_document(draft.document, by=by, on=DAY),
}
ROLES = ["director", "leader", "supervisor", "head", "worker", "outsider"]


@pytest.fixture
def draft(published: DocumentVersion, officer: Person) -> DocumentVersion:
    """Of a regulation; the standard beside it is published and has none."""
    regulation = Document.objects.create(kind=DocumentKind.REGULATION, code="R-01", title="Hot work", title_zh="动火")
    return draft_version(regulation, by=officer, clauses=CLAUSES)


@pytest.mark.parametrize("write", WRITES)
def test_documents_are_written_by_the_safety_officer(draft: DocumentVersion, officer: Person, write: str) -> None:
    WRITES[write](draft, officer)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("role", ROLES)
def test_documents_are_written_by_nobody_else(draft: DocumentVersion, people: Any, role: str, write: str) -> None:
    before = Document.objects.count()
    with pytest.raises(NotAllowed):
        WRITES[write](draft, getattr(people, role))
    draft.refresh_from_db()
    assert (draft.status, draft.document.withdrawn_on, Document.objects.count()) == (VersionStatus.DRAFT, None, before)


def test_a_kind_without_a_keeper_is_written_by_nobody(officer: Person) -> None:
    with pytest.raises(NotAllowed):
        create_document(DocumentKind.PLAN, code="P-01", title="Fire", title_zh="火灾", by=officer)
