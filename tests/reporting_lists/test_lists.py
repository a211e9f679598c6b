"""The list page as a whole, over documents."""

from datetime import date, timedelta
from typing import Any

import django_filters
import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.html import escape
from django_htmx.middleware import HtmxDetails

from responsibilities.models import Person
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Document
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import Empty, ListPage, View
from safetyplant.search.counts import capped_counts, count_text

DAY = date(2026, 6, 1)
COLUMNS = [
    Column("code", "Code", "code", css="c-title", link=lambda row: f"/documents/{row.pk}/", sort="code"),
    Column("title", "Title", "title"),
    Column("withdrawn", "Withdrawn", "withdrawn_on", sort="withdrawn"),
    Column("zh", "In Chinese", "title_zh", is_shown=False),
]
SORTS = [
    Sort("code", "Code", ("code",), order="by code", reverse_order="by code, last first", earlier="Lower", later="Higher"),
    Sort("withdrawn", "Withdrawn", ("withdrawn_on",)),
]
VIEWS = [View("all", "All"), View("plans", "Plans", "kind=plan"), View("standards", "Standards", "kind=standard")]


class DocumentFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=DocumentKind.choices, label="Kind")
    withdrawn = django_filters.DateFromToRangeFilter(field_name="withdrawn_on", label="Withdrawn")
    code = django_filters.CharFilter(label="Code", lookup_expr="startswith")

    class Meta:
        model = Document
        fields = ["kind", "withdrawn", "code"]


@pytest.fixture
def documents(no_catalogue: None) -> None:
    Document.objects.bulk_create(
        [
            Document(
                kind="plan" if n % 3 else "standard",
                code=f"{n:03}",
                title=f"T{n} <b>",
                title_zh="井场",
                withdrawn_on=DAY + timedelta(days=n) if n % 2 else None,
            )
            for n in range(60)
        ]
    )


@pytest.fixture
def listed(rf: RequestFactory, head: Person) -> Any:
    def make(query: str = "", *, htmx: bool = False, queryset: Any = None, **options: Any) -> ListPage:
        request = rf.get(f"/documents/{query}", headers={"HX-Request": "true"} if htmx else {})
        request.user, request.htmx = head, HtmxDetails(request)
        options = {
            "title": "Documents",
            "columns": COLUMNS,
            "sorts": SORTS,
            "filterset_class": DocumentFilter,
            "views": VIEWS,
        } | options
        return ListPage(request, Document.objects.all() if queryset is None else queryset, **options)

    return make


def codes(page: ListPage) -> list[str]:
    return [row.object.code for row in page.rows]


def test_pages_walk_there_and_back(documents: None, listed: Any) -> None:
    first = listed()
    assert (codes(first)[0], len(first.rows), first.pager.previous_url) == ("000", 25, "")
    second = listed(first.pager.next_url)
    third = listed(second.pager.next_url)
    assert codes(first) + codes(second) + codes(third) == [f"{n:03}" for n in range(60)]
    assert third.pager.next_url == ""
    assert codes(listed(third.pager.previous_url)) == codes(second)
    back = listed(second.pager.previous_url)
    assert codes(back) == codes(first)
    assert back.pager.previous_url == ""


def test_page_before_the_first_is_the_first_full_page(documents: None, listed: Any) -> None:
    second = listed(listed().pager.next_url)
    Document.objects.filter(code__lt="010").delete()
    assert len(listed(second.pager.previous_url).rows) == 25


@pytest.mark.parametrize(
    "query", ["?after=x", "?before=x", "?sort=x", "?size=7", "?columns=x", "?format=pdf", "?after=&before=", "?q=井"]
)
def test_nonsense_in_the_address_shows_the_first_page(documents: None, listed: Any, query: str) -> None:
    assert codes(listed(query)) == [f"{n:03}" for n in range(25)]


def test_pager_speaks_of_the_sort(documents: None, listed: Any) -> None:
    pager = listed("?kind=plan").pager
    assert (pager.summary, pager.previous_label, pager.next_label) == ("25 of 40 shown, by code", "Lower", "Higher")
    reverse = listed("?sort=-code&size=50").pager
    assert (reverse.summary, reverse.previous_label) == ("50 of 60 shown, by code, last first", "Higher")


def test_headings_sort_and_turn_round(documents: None, listed: Any) -> None:
    code, title, withdrawn = listed("?kind=plan").headings
    assert (code.aria_sort, code.url) == ("ascending", "?kind=plan&sort=-code")
    assert (title.url, withdrawn.aria_sort, withdrawn.url) == ("", "", "?kind=plan&sort=withdrawn")
    assert listed("?sort=-code").headings[0].aria_sort == "descending"


def test_views_are_tabs_with_counts(documents: None, listed: Any) -> None:
    tabs = listed("?kind=plan&sort=withdrawn").tabs
    assert [(tab.label, tab.is_current, tab.count_text) for tab in tabs] == [
        ("All", False, "60"), ("Plans", True, "40"), ("Standards", False, "20"),
    ]  # fmt: skip


def test_bare_address_shows_the_default_view_and_all_shows_all(documents: None, listed: Any) -> None:
    assert listed(default_view="plans").count == 40
    assert [tab.is_current for tab in listed(default_view="plans").tabs] == [False, True, False]
    assert listed("?all=1", default_view="plans").count == 60
    assert listed("?kind=standard", default_view="plans").count == 20
    assert listed("?sort=code&size=50", default_view="plans").count == 40


def test_chips_say_what_narrows_and_take_it_away(documents: None, listed: Any) -> None:
    narrowed = listed("?kind=plan&kind=standard&withdrawn_after=2025-06-10&code=0&sort=code&after=x")
    assert [(chip.label, chip.value) for chip in narrowed.chips] == [
        ("Kind", "Plan, Standard"), ("Withdrawn", "from 10 June 2025"), ("Code", "0"),
    ]  # fmt: skip
    kind, withdrawn, _code = narrowed.chips
    assert kind.remove_url == "?withdrawn_after=2025-06-10&code=0&sort=code"
    assert withdrawn.remove_url == "?kind=plan&kind=standard&code=0&sort=code"
    assert listed("?kind=plan").chips[0].remove_url == "?all=1"
    assert not listed("?kind=&code=").chips


def test_filter_that_is_not_understood_is_told(documents: None, listed: Any) -> None:
    odd = listed("?kind=nonsense&withdrawn_after=never&code=00")
    assert sorted(odd.filter_errors) == ["Kind", "Withdrawn"]
    assert odd.count == 10
    assert "was not understood" in odd.response().content.decode()
    assert listed("?code=%00").filter_errors == ["Code"]


def test_filter_form_keeps_what_was_chosen_and_offers_the_sorts(documents: None, listed: Any) -> None:
    html = listed("?kind=plan&withdrawn_after=2025-06-10&sort=-code&size=50&filters=1").response().content.decode()
    assert 'type="checkbox" name="kind" value="plan"' in html
    assert 'type="date" name="withdrawn_after" value="2025-06-10"' in html
    assert '<option value="-code" selected>' in html
    assert '<input type="hidden" name="size" value="50">' in html
    assert "(optional)" not in html
    assert " required" not in html


def test_filter_form_comes_when_asked_for_with_script_and_without(documents: None, listed: Any) -> None:
    page = listed("?kind=plan&sort=-code")
    assert "<select" not in page.response().content.decode()
    assert page.filters_url == "?kind=plan&sort=-code&filters=1"
    assert f'href="{escape(page.filters_url)}"' in page.response().content.decode()
    assert '<details class="sp-menu" id="list-filters" open>' in listed(page.filters_url).response().content.decode()
    assert all("filters=" not in url for url in (listed(page.filters_url).pager.next_url, listed(page.filters_url).url()))


def test_a_filter_that_was_not_understood_shows_the_form(documents: None, listed: Any) -> None:
    assert 'id="list-filters" open' in listed("?withdrawn_after=yesterday").response().content.decode()


def test_columns_are_chosen_by_the_reader(documents: None, listed: Any) -> None:
    assert [column.key for column in listed().columns] == ["code", "title", "withdrawn"]
    assert [column.key for column in listed("?columns=zh&columns=code").columns] == ["code", "zh"]
    assert [column.key for column in listed("?columns=zh,code").columns] == ["code", "zh"]


def test_page_and_part_share_one_address(documents: None, listed: Any) -> None:
    whole, part = listed().response(), listed(htmx=True).response()
    assert isinstance(whole, HttpResponse)
    for response in (whole, part):
        html = response.content.decode()
        assert "T0 &lt;b&gt;" in html
        assert "HX-Request" in response["Vary"]
        assert "style=" not in html
        assert 'data-label="Title"' in html or "<td>" in html
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()


def test_empty_lists_say_what_to_do(no_catalogue: None, listed: Any) -> None:
    empty = listed(empty=Empty("No documents yet", action="Write one", url="/documents/new/")).response().content.decode()
    assert "No documents yet" in empty
    assert "/documents/new/" in empty
    assert "Nothing matches" in listed("?kind=plan").response().content.decode()


def test_export_has_the_filters_order_and_columns_of_the_page(documents: None, listed: Any) -> None:
    response = listed("?kind=standard&sort=-code&columns=code&format=csv").response()
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[0] == "\ufeffCode"
    assert lines[1:] == [f"{n:03}" for n in range(57, -1, -3)]
    sheet = listed("?format=xlsx").response()
    assert sheet["Content-Type"].endswith("sheet")
    sheet.close()
    assert listed("?kind=plan&after=x").export_urls[1] == ("CSV", "?kind=plan&format=csv")


def test_number_of_queries_does_not_grow(documents: None, listed: Any, django_assert_num_queries: Any) -> None:
    for query in ("", "?kind=plan&sort=withdrawn", listed("?sort=withdrawn").pager.next_url):
        with django_assert_num_queries(2):
            made = listed(query)
            assert made.rows
            assert made.tabs
            assert made.pager


def test_counts_are_capped_and_taken_together(documents: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert capped_counts([Document.objects.all(), Document.objects.none(), Document.objects.filter(kind="plan")], cap=50) == [
            51,
            0,
            40,
        ]
    assert capped_counts([]) == []
    assert [count_text(count) for count in (0, 45, 1000, 1001)] == ["0", "45", "1,000", "1,000+"]
