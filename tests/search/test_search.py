from typing import Any

import pytest
from django.db import connection
from django.db.migrations.writer import MigrationWriter
from django.test import RequestFactory

from responsibilities.models import Person
from safetyplant.search import sources
from safetyplant.search.fields import SearchVector
from safetyplant.search.results import find
from safetyplant.search.services import matching
from safetyplant.search.views import search


def found(notes: Any, text: str) -> set[str]:
    return {note.title for note in matching(notes.objects.all(), text)}


@pytest.fixture
def three(notes: Any) -> Any:
    notes.objects.create(number="HZ-2026-0412", title="配电箱门未关", text="三号井场，存在触电风险")
    notes.objects.create(number="HZ-2026-0413", title="Crank guard gate broken at well N12-45")
    notes.objects.create(number="INS-2026-0007", title="ＰＵＭＰ　leaks", text="Well-site, 3.5MPa")
    return notes


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("配电", {"配电箱门未关"}),
        ("箱门", {"配电箱门未关"}),
        ("触电风险", {"配电箱门未关"}),
        ("井", {"配电箱门未关"}),
        ("关", {"配电箱门未关"}),
        ("电配", set()),
        ("HZ-2026-0412", {"配电箱门未关"}),
        ("ｈｚ－２０２６－０４１２", {"配电箱门未关"}),
        ("0412", {"配电箱门未关"}),
        ("HZ-2026", {"配电箱门未关", "Crank guard gate broken at well N12-45"}),
        ("cra gat", {"Crank guard gate broken at well N12-45"}),
        ("CRANK", {"Crank guard gate broken at well N12-45"}),
        ("N12-45", {"Crank guard gate broken at well N12-45"}),
        ("n12", {"Crank guard gate broken at well N12-45"}),
        ("pump", {"ＰＵＭＰ　leaks"}),
        ("well-site", {"ＰＵＭＰ　leaks"}),
        ("site well", {"ＰＵＭＰ　leaks"}),
        ("crank pump", set()),
        ("ran", set()),
        ("", set()),
        ("   ", set()),
        ("x", set()),
    ],
)
def test_what_is_typed_finds_what_is_meant(three: Any, text: str, titles: set[str]) -> None:
    assert found(three, text) == titles


@pytest.mark.parametrize(
    "text",
    ["'", "\\", "a:* & !b | (c", "<->", "\x00", "\ud800", "a\x00bc", "-", "--", "%_%", "井'--", "x" * 5000, "井" * 5000, "😀"],
)
def test_odd_input_never_fails(three: Any, text: str) -> None:
    found(three, text)


def test_odd_text_is_stored_and_found(notes: Any) -> None:
    notes.objects.create(number="1", title="a" * 200, text="x'\\:*&|!() 井 " + "y" * 100_000)
    assert found(notes, "a" * 60) == {"a" * 200}


def test_chinese_is_found_through_the_index(three: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "note_search" in matching(three.objects.all(), "配电").explain()


def test_cap_bounds_what_is_gathered_inside_the_scope(notes: Any) -> None:
    notes.objects.bulk_create([notes(number=str(n), title="pump", owner="mine" if n % 10 == 0 else "") for n in range(100)])
    assert len(matching(notes.objects.order_by("-pk"), "pump", cap=30)) == 30
    assert len(matching(notes.objects.filter(owner="mine"), "pump", cap=30)) == 10


def test_search_vector_survives_a_migration_file() -> None:
    text, _imports = MigrationWriter.serialize(SearchVector("number", "title"))
    assert text == "safetyplant.search.fields.SearchVector('number', 'title')"
    field = SearchVector("number", "title")
    assert field.clone().deconstruct()[1:] == field.deconstruct()[1:]


def test_find_counts_each_source_in_what_the_reader_may_see(only_notes: None, notes: Any, head: Person, worker: Person) -> None:
    notes.objects.bulk_create(
        [notes(number="1", title="pump", owner=owner) for owner in ("head", "head", "worker", "kind1", "kind9")]
    )
    counts = {group.source.kind: group.count for group in find("pump", user=head).groups}
    assert counts == {"kind0": 2, "kind1": 1, "kind2": 0, "kind3": 0, "kind4": 0}
    assert find("pump", user=worker).groups[0].count == 1


def test_find_shows_five_of_each_and_fifty_of_the_chosen(only_notes: None, notes: Any, head: Person) -> None:
    notes.objects.bulk_create([notes(number=str(n), title="pump", owner=owner) for n in range(60) for owner in ("head", "kind1")])
    assert [len(group.hits) for group in find("pump", user=head).shown] == [5, 5]
    chosen = find("pump", user=head, kind="kind1")
    assert [(group.source.kind, len(group.hits)) for group in chosen.shown] == [("kind1", 50)]
    assert chosen.shown[0].more_link == "/notes/?q=pump"
    assert find("pump", user=head, kind="nonsense").kind == ""


def test_find_takes_one_query_for_counts_and_one_per_kind_found(
    only_notes: None, notes: Any, head: Person, django_assert_num_queries: Any
) -> None:
    notes.objects.bulk_create(
        [notes(number="1", title="pump", owner=owner) for owner in ("head", "kind1", "kind2", "kind3", "kind4")]
    )
    with django_assert_num_queries(6):
        find("pump", user=head)
    with django_assert_num_queries(1):
        find("nothing like it", user=head)
    with django_assert_num_queries(0):
        find("", user=head)


def test_two_sources_of_one_kind_are_refused(only_notes: None) -> None:
    present = sources.all_sources()[0]
    sources.register(present)
    with pytest.raises(ValueError, match="kind0"):
        sources.register(sources.Source("kind0", "x", "x", lambda user: None, str, str))  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "What are you looking for?"),
        ("?q=x", "Type a little more"),
        ("?q=nothing", "Nothing found for “nothing”"),
        ("?q=pump", "pump &lt;b&gt;"),
        ("?q=pump&kind=kind1", "Nothing of this kind"),
        ("?q=pump&kind=%00", "pump &lt;b&gt;"),
    ],
)
def test_search_page_in_each_state(
    only_notes: None, notes: Any, head: Person, rf: RequestFactory, query: str, shown: str
) -> None:
    notes.objects.create(number="1", title="pump <b>", owner="head")
    request = rf.get(f"/search/{query}")
    request.user = head
    html = search(request).content.decode()
    assert shown in html
    assert "style=" not in html


def test_search_asks_for_a_signed_in_person() -> None:
    assert search.access_rule.name == "signed_in"
