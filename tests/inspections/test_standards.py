"""The pages of standards: who reads, who writes, and that what is published stays as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from inspections.models import ChecklistItem
from inspections.services.standards import items_of
from responsibilities.models import Person
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Document
from tests.inspections.standard_forms import draft_data, url


@pytest.fixture
def standard(catalogue: None) -> Document:
    return Document.objects.get(kind=DocumentKind.STANDARD, code="WELLSITE")


def as_(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def draft(client: Client, officer: Person, standard: Document) -> Document:
    response = as_(client, officer).post(url("start", standard))
    assert response.url == url("draft", standard)
    return standard


def test_everyone_reads_standards(client: Client, worker: Person, standard: Document) -> None:
    listed = as_(client, worker).get(url("list")).content.decode()
    assert "Pumping well site" in listed
    assert url("new") not in listed
    shown = client.get(url("detail", standard)).content.decode()
    assert "Guard rail around crank" in shown
    assert "Begin a new version" not in shown
    assert shown.count('<tr id="c') == 22


def test_pages_speak_chinese(client: Client, worker: Person, standard: Document) -> None:
    worker.language = "zh-hans"
    worker.save()
    shown = as_(client, worker).get(url("detail", standard)).content.decode()
    assert "曲柄、皮带轮护栏齐全牢固" in shown
    assert "厂级" in shown


def test_list_is_exported_as_shown(client: Client, worker: Person, standard: Document) -> None:
    response = as_(client, worker).get(url("list") + "?title=well&format=csv")
    text = b"".join(response).decode("utf-8-sig")
    assert "WELLSITE" in text
    assert "TANK" not in text


@pytest.mark.parametrize("page", ["new", "draft", "start", "discard", "publish", "withdraw"])
@pytest.mark.parametrize("who", ["worker", "head", "supervisor", "leader", "director"])
def test_only_keepers_write(client: Client, people: Any, standard: Document, page: str, who: str) -> None:
    target = url(page) if page == "new" else url(page, standard)
    assert as_(client, getattr(people, who)).post(target).status_code == 403
    assert standard.versions.count() == 1


def test_drafts_exist_for_keepers_alone(client: Client, worker: Person, draft: Document) -> None:
    as_(client, worker)
    assert client.get(url("detail", draft) + "?version=2").status_code == 404
    assert "Version 2" not in client.get(url("detail", draft)).content.decode()


def test_a_document_never_published_does_not_exist_for_others(client: Client, officer: Person, worker: Person) -> None:
    as_(client, officer).post(url("new"), {"code": "NEW-1", "title": "New", "title_zh": ""})
    document = Document.objects.get(code="NEW-1")
    assert client.get(url("detail", document)).status_code == 200
    assert as_(client, worker).get(url("detail", document)).status_code == 404


def test_new_version_begins_as_a_copy(draft: Document) -> None:
    first, second = draft.versions.order_by("number")
    assert items_of(first) == items_of(second)
    assert not second.is_published


def test_draft_is_reordered_edited_shortened_and_extended(client: Client, draft: Document) -> None:
    data = draft_data(draft) | {
        "line-0-order": "2.5",
        "line-1-text": "Changed",
        "line-2-DELETE": "on",
        "line-22-text_zh": "新增一项",
        "line-22-category": "FIRE",
        "line-22-level": "G2",
        "line-22-points": "2",
        "line-TOTAL_FORMS": 24,
        "line-23-points": "1",
        "note": "After the June review",
    }
    response = client.post(url("draft", draft), data)
    assert response.status_code == 302
    version = draft.versions.drafts().get()
    items = items_of(version)
    assert (len(items), version.note) == (22, "After the June review")
    assert items[0].text == "Changed"
    assert items[1].text.startswith("Site access")
    assert (items[-1].number, items[-1].text, items[-1].text_zh) == ("22", "", "新增一项")
    assert ChecklistItem.objects.get(clause__version=version, clause__number="22").level_id == "G2"


def test_faults_come_back_with_all_that_was_typed(client: Client, draft: Document) -> None:
    data = draft_data(draft, **{"line-0-category": "", "line-1-text": "Kept", "line-3-possibly_major": "on"})
    response = client.post(url("draft", draft), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 1: " in page
    assert "Line 4: A possibly major item opens as “Serious”" in page
    assert ">\nKept</textarea>" in page
    assert items_of(draft.versions.drafts().get())[1].text != "Kept"


def test_two_writers_do_not_overwrite_each_other(client: Client, draft: Document) -> None:
    mine = draft_data(draft, **{"line-0-text": "Mine"})
    client.post(url("draft", draft), draft_data(draft, **{"line-0-text": "Theirs"}))
    response = client.post(url("draft", draft), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert ">\nMine</textarea>" in page
    assert items_of(draft.versions.drafts().get())[0].text == "Theirs"
    again = mine | {"edition": response.context["form"]["edition"].value()}
    assert client.post(url("draft", draft), again).status_code == 302
    assert items_of(draft.versions.drafts().get())[0].text == "Mine"


def test_published_version_counts_from_its_day(client: Client, draft: Document) -> None:
    client.post(url("draft", draft), draft_data(draft, **{"line-0-text": "From tomorrow"}))
    tomorrow = timezone.localdate() + timedelta(days=1)
    past = client.post(url("publish", draft), {"valid_from": timezone.localdate() - timedelta(days=1)})
    assert past.status_code == 422
    assert "must not be in the past" in past.content.decode()
    assert client.post(url("publish", draft), {"valid_from": tomorrow}).status_code == 302
    assert "From tomorrow" not in client.get(url("detail", draft)).content.decode()
    planned = client.get(url("detail", draft) + "?version=2").content.decode()
    assert "From tomorrow" in planned
    assert "not yet valid" in planned
    assert draft.versions.in_force(tomorrow).get().number == 2


def test_published_items_never_change(client: Client, officer: Person, standard: Document) -> None:
    assert as_(client, officer).post(url("publish", standard), {"valid_from": timezone.localdate()}).status_code == 409
    assert client.post(url("discard", standard)).status_code == 409
    assert client.get(url("draft", standard)).status_code == 409


CHANGES = {
    "update": lambda items: items.update(points=9),
    "delete": lambda items: items.delete(),
    "insert": lambda items: ChecklistItem.objects.create(clause=items.first().clause, category_id="FIRE", level_id="G3"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_keeps_published_items(standard: Document, change: str) -> None:
    items = ChecklistItem.objects.filter(clause__version__document=standard)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        CHANGES[change](items)


def test_discarded_draft_leaves_what_is_published(client: Client, draft: Document) -> None:
    assert client.post(url("discard", draft)).url == url("detail", draft)
    assert [version.number for version in draft.versions.all()] == [1]


def test_discarding_the_only_draft_takes_the_document_with_it(client: Client, officer: Person) -> None:
    as_(client, officer).post(url("new"), {"code": "NEW-1", "title": "", "title_zh": "新标准"})
    document = Document.objects.get(code="NEW-1")
    assert client.post(url("discard", document)).url == url("list")
    assert not Document.objects.filter(pk=document.pk).exists()


def test_a_code_is_taken_once(client: Client, officer: Person, standard: Document) -> None:
    response = as_(client, officer).post(url("new"), {"code": "wellsite", "title": "Again"})
    assert response.status_code == 422
    assert "with this code already" in response.content.decode()


def test_withdrawn_standard_stays_readable(client: Client, officer: Person, worker: Person, standard: Document) -> None:
    client = as_(client, officer)
    assert client.post(url("withdraw", standard), {"withdraw-on": "2020-02-30"}).status_code == 422
    assert client.post(url("withdraw", standard), {"withdraw-on": timezone.localdate()}).status_code == 302
    assert client.post(url("withdraw", standard), {"withdraw-on": timezone.localdate()}).status_code == 409
    as_(client, worker)
    assert "Pumping well site" not in client.get(url("list")).content.decode()
    assert "Guard rail" in client.get(url("detail", standard)).content.decode()


@pytest.mark.parametrize("page", ["list", "detail"])
def test_queries_do_not_follow_the_rows(
    client: Client, officer: Person, standard: Document, page: str, django_assert_max_num_queries: Any
) -> None:
    as_(client, officer)
    target = url(page) if page == "list" else url(page, standard)
    with django_assert_max_num_queries(12):
        assert client.get(target).status_code == 200
