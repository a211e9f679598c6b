"""Standards, regulations and their clauses in the one search."""

import pytest
from django.utils import timezone

from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Document
from safetyplant.search.results import find
from tests.factories.inspections import standard

pytestmark = pytest.mark.usefixtures("catalogue")


def hits(text, user, kind):
    return next((group.hits for group in find(text, user=user).groups if group.source.kind == kind), [])


def test_two_chinese_characters_lead_to_the_clause(client, worker):
    clause = standard("WELLSITE").clauses.get(text_zh__startswith="刹车灵活可靠")
    found = [hit for hit in hits("刹车", worker, "clause") if hit.title.startswith(f"{clause.number} ")]
    assert [hit.link for hit in found] == [f"/standards/{clause.version.document_id}/#c{clause.number}"]
    client.force_login(worker)
    page = client.get(found[0].link.partition("#")[0]).content.decode()
    assert f'id="c{clause.number}"' in page


def test_documents_are_found_by_code_and_by_title_in_either_language(worker):
    for text in ("WELLSITE", "Pumping well", "井场"):
        assert "/standards/" in hits(text, worker, "document")[0].link, text


def test_drafts_and_what_an_old_edition_said_are_not_found(worker):
    secret = Document.objects.create(kind=DocumentKind.STANDARD, code="SECRET-1", title="Not published yet")
    draft = secret.versions.create(number=1)
    draft.clauses.create(position=1, number="1", text="Zeppelin mooring mast")
    assert not hits("SECRET-1", worker, "document")
    assert not hits("Zeppelin", worker, "clause")
    version = standard("WELLSITE")
    Document.objects.filter(pk=version.document_id).update(withdrawn_on=timezone.localdate())
    assert not [hit for hit in hits("刹车", worker, "clause") if f"/standards/{version.document_id}/" in hit.link]
    assert "withdrawn" in hits("WELLSITE", worker, "document")[0].note
