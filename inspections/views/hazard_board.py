"""Hazards as a board: a column for each state, the same filters as the list, each column with the way to the rest of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inspections.choices import HazardStatus
from inspections.filters import HazardFilter
from inspections.models import Hazard
from inspections.views.hazard_columns import COLUMNS, LIST_RELATED, SORTS
from inspections.views.scopes import hazard_scope
from responsibilities.permissions import can_view_records
from safetyplant.access.rules import requires
from safetyplant.reporting.filters import query_string, without
from safetyplant.reporting.keyset import resolve_keys, union_of
from safetyplant.reporting.lists import ListPage
from safetyplant.reporting.scopes import scoped_slice
from safetyplant.search.counts import capped_counts, count_text

#: Cards of one column; the list shows the rest.
MOST_CARDS = 15
OPEN_COLUMNS = (
    HazardStatus.REPORTED,
    HazardStatus.ASSIGNED,
    HazardStatus.IN_PROGRESS,
    HazardStatus.WAITING,
    HazardStatus.SUBMITTED,
    HazardStatus.RETURNED,
)
COLUMNS_SHOWN = (*OPEN_COLUMNS, HazardStatus.CLOSED)
BY_DUE, BY_FOUND = SORTS[0], SORTS[1]


@dataclass(frozen=True)
class BoardColumn:
    """One state: its first cards, how many there are (not counted for closed ones) and where all of them stand."""

    status: HazardStatus
    cards: list[Hazard]
    has_more: bool
    count_text: str
    list_url: str
    tab_url: str
    is_current: bool


class Board(ListPage):
    """The list's own narrowing, cut into columns: two queries for all cards and all counts."""

    def _data(self, default_view: str) -> QueryDict:
        """Which column a phone shows is no filter."""
        data = super()._data(default_view)
        data.pop("column", None)
        return data

    @property
    def _part(self) -> str:
        part = super()._part
        return "inspections/_board.html" if part == "reporting/_list.html" else part

    @cached_property
    def board(self) -> list[BoardColumn]:
        cards = self._cards()
        counts = capped_counts([self.rows_all.filter(status=status) for status in OPEN_COLUMNS])
        told = dict(zip(OPEN_COLUMNS, (count_text(count) for count in counts), strict=True))
        current = self._current(cards)
        return [
            BoardColumn(
                status,
                cards[status][:MOST_CARDS],
                len(cards[status]) > MOST_CARDS,
                told.get(status, ""),
                self._list_url(status),
                f"{query_string(without(self.data))}&column={status}",
                status == current,
            )
            for status in COLUMNS_SHOWN
        ]

    @property
    def list_url(self) -> str:
        return f"{reverse('inspections:hazard-list')}{query_string(self._kept())}"

    def _kept(self) -> QueryDict:
        """The filters for the list; without any it would show its own first view."""
        kept = without(self.data)
        if not self.is_narrowed:
            kept["all"] = "1"
        return kept

    def _list_url(self, status: HazardStatus) -> str:
        """The column in the list. A filter such as "late" says more than the state, and stays."""
        kept = without(self.data)
        if kept.get("state", "open") == "open" or kept["state"] in HazardStatus.values:
            kept["state"] = status.value
        return f"{reverse('inspections:hazard-list')}{query_string(kept)}"

    def _current(self, cards: dict[HazardStatus, list[Hazard]]) -> HazardStatus:
        """The column a phone shows: the one asked for, else the first with anything in it."""
        asked = self.request.GET.get("column", "")
        if asked in COLUMNS_SHOWN:
            return HazardStatus(asked)
        return next((status for status in COLUMNS_SHOWN if cards[status]), COLUMNS_SHOWN[0])

    def _cards(self) -> dict[HazardStatus, list[Hazard]]:
        first = union_of([self._first(status).values("pk") for status in COLUMNS_SHOWN])
        rows = Hazard.objects.filter(pk__in=first).defer(self.search_column, "description").select_related(*LIST_RELATED)
        cards: dict[HazardStatus, list[Hazard]] = {status: [] for status in COLUMNS_SHOWN}
        for hazard in rows.order_by("due_at", "-found_at", "pk"):
            cards[HazardStatus(hazard.status)].append(hazard)
        return cards

    def _first(self, status: HazardStatus) -> QuerySet:
        """Due first; closed ones, which are due no more, by when they were found."""
        rows = self.rows_all.filter(status=status)
        keys: Sequence[Any] = resolve_keys(rows, BY_FOUND if status == HazardStatus.CLOSED else BY_DUE)
        scope = self._scope
        if scope is not None and scope.base is not None:
            scope = replace(scope, base=scope.base.filter(status=status))
        return scoped_slice(rows, keys, None, MOST_CARDS + 1, scope)


@requires(can_view_records)
@require_GET
def hazard_board(request: HttpRequest) -> HttpResponseBase:
    page = Board(
        request,
        Hazard.objects.visible_to(request.user),
        title=_("Board of hazards"),
        columns=COLUMNS,
        sorts=(BY_DUE,),
        filterset_class=HazardFilter,
        scope=hazard_scope(request),
        filename=_("hazards"),
    )
    return page.response("inspections/hazard_board.html")
