"""The list page behind every list of records: views, filters, search, sorting, keyset pages, counts, export.

    page = ListPage(request, Hazard.objects.visible_to(request.user), title=_("Hazards"), columns=COLUMNS, sorts=SORTS, …)
    return page.response()          # "reporting/list.html"; a room may extend it for its buttons

One URL serves the page, its part for htmx and its exports (`?format=xlsx`, `?format=csv`).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from safetyplant.reporting.columns import Column
from safetyplant.reporting.exports import FORMATS, export
from safetyplant.reporting.filters import OWN_PARAMETERS, Chip, chips_of, chips_of_choices, prepare_form, query_string, without
from safetyplant.reporting.keyset import Key, Sort, Text, decode_cursor, encode_cursor, resolve_keys, sort_choices
from safetyplant.reporting.parts import Cell, Empty, Fetched, Heading, Pager, Row, Tab, View
from safetyplant.reporting.scopes import Parts, Scope, parts_of, scoped_slice
from safetyplant.search.counts import CAP, capped_counts, count_text
from safetyplant.search.fields import SearchVector
from safetyplant.search.services import Asked, matching

PAGE_SIZES = (25, 50)


class ListPage:
    """`queryset` is what the reader may see; all else only narrows it. `scope` is a faster way to it, `tick` chooses rows."""

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        *,
        title: Text,
        columns: Sequence[Column],
        sorts: Sequence[Sort],
        filterset_class: type[django_filters.FilterSet] | None = None,
        views: Sequence[View] = (),
        default_view: str = "",
        scope: Scope | None = None,
        empty: Empty | None = None,
        filename: str = "",
        tick: Column | None = None,
    ) -> None:
        self.request, self.title, self.scope, self.tick = request, title, scope, tick
        self.all_columns, self.sorts, self.views = columns, sorts, views
        self.filterset_class, self.empty = filterset_class, empty
        self.filename = filename or queryset.model._meta.model_name or "list"
        self.search_column = next((f.name for f in queryset.model._meta.get_fields() if isinstance(f, SearchVector)), "")
        self.base = queryset.defer(self.search_column) if self.search_column else queryset
        self.data = self._data(default_view)

    def _data(self, default_view: str) -> QueryDict:
        """The address's parameters; the bare address shows the default view, `?all=1` shows everything."""
        given = self.request.GET
        if default_view and not any(key in ("all", "q") or key not in OWN_PARAMETERS for key in given):
            data = QueryDict(self._view(default_view).query, mutable=True)
            data.update(given)
            return data
        return given.copy()

    def _view(self, key: str) -> View:
        return next(view for view in self.views if view.key == key)

    # --- narrowing -----------------------------------------------------------------------------------------------

    @cached_property
    def filterset(self) -> django_filters.FilterSet | None:
        if self.filterset_class is None:
            return None
        filterset = self.filterset_class(self.data, queryset=self.base, request=self.request)
        prepare_form(filterset.form)
        filterset.is_valid()  # so that it can narrow more than one queryset by what it has cleaned
        return filterset

    @cached_property
    def asked(self) -> Asked:
        return Asked.from_input(self.data.get("q", ""))

    @cached_property
    def is_searched(self) -> bool:
        return bool(self.search_column) and not self.asked.is_empty and not self.asked.is_too_short

    @cached_property
    def present_view(self) -> View | None:
        """The view whose filters are exactly those of the address."""
        present = self._narrowing(self.data)
        return next((view for view in self.views if self._narrowing(QueryDict(view.query)) == present), None)

    @cached_property
    def rows_all(self) -> QuerySet:
        """All rows of this list in no order: seen by the reader, filtered, searched."""
        queryset = self._narrowed(self.base)
        return matching(queryset, self.asked.text) if self.is_searched else queryset

    @cached_property
    def _needs_no_form(self) -> bool:
        """The address says nothing to the filters, or just what a view says that narrows by itself."""
        view = self.present_view
        return self.filterset_class is None or not self.is_narrowed or bool(view and view.rows)

    def _narrowed(self, rows: QuerySet) -> QuerySet:
        if not self._needs_no_form:
            if rows is self.base:
                return self.filterset.qs  # type: ignore[union-attr]
            return self.filterset.filter_queryset(rows)  # type: ignore[union-attr]
        if self.present_view is not None and self.present_view.rows is not None:
            return self.present_view.rows(rows, self.request)
        return rows

    # --- order and position ----------------------------------------------------------------------------------------

    @cached_property
    def sort_name(self) -> str:
        name = self.data.get("sort", "")
        return name if any(name.removeprefix("-") == sort.key for sort in self.sorts) else self.sorts[0].key

    @cached_property
    def sort(self) -> Sort:
        return next(sort for sort in self.sorts if sort.key == self.sort_name.removeprefix("-"))

    @property
    def is_reversed(self) -> bool:
        return self.sort_name.startswith("-")

    @cached_property
    def keys(self) -> list[Key]:
        return resolve_keys(self.rows_all, self.sort, reverse=self.is_reversed)

    @cached_property
    def page_size(self) -> int:
        size = self.data.get("size", "")
        return int(size) if size in {str(each) for each in PAGE_SIZES} else PAGE_SIZES[0]

    @cached_property
    def fetched(self) -> Fetched:
        after = decode_cursor(self.sort_name, self.keys, self.data.get("after", ""))
        before = decode_cursor(self.sort_name, self.keys, self.data.get("before", "")) if after is None else None
        if before is not None:
            rows = self._slice([key.flipped() for key in self.keys], before)
            if len(rows) > self.page_size:
                return Fetched(rows[: self.page_size][::-1], has_previous=True, has_next=True)
            # Fewer than a page before this position: the first page shows them, and is full.
        rows = self._slice(self.keys, after)
        return Fetched(rows[: self.page_size], has_previous=after is not None, has_next=len(rows) > self.page_size)

    def _slice(self, keys: Sequence[Key], values: Sequence[Any] | None) -> list[Any]:
        rows = scoped_slice(self.rows_all, keys, values, self.page_size + 1, self._scope)
        reads = self._reads
        if reads:
            relations = {path.rpartition(LOOKUP_SEP)[0] for path in reads if LOOKUP_SEP in path}
            rows = rows.select_related(None).select_related(*(relations or [None])).only(*reads)
        return list(rows)

    @cached_property
    def _reads(self) -> set[str]:
        """Fields that the columns on the page read; empty, for whole records, when one of them does not tell."""
        columns, keys = self.page_columns, {key.path for key in self.keys}
        if keys & set(self.base.query.annotations) or not all(column.reads for column in columns):
            return set()
        return {path for column in columns for path in column.reads} | keys

    @cached_property
    def _scope(self) -> Scope | None:
        """The scope with its base filtered like the list. None for a search: what that has gathered is few already."""
        if self.scope is None or self.is_searched:
            return None
        return self.scope if self.scope.base is None else replace(self.scope, base=self._narrowed(self.scope.base))

    # --- counts ----------------------------------------------------------------------------------------------------

    @cached_property
    def _counts(self) -> tuple[int, dict[str, int]]:
        """This list's count and, beside a view, those of the counted views; all in one query.

        A list by other filters has no counts on its tabs: they are of other rows than those it shows.
        """
        counted = [view for view in self.views if view.is_counted] if self.present_view or not self.is_narrowed else []
        present = self.present_view if self.present_view in counted else None
        rest = [view for view in counted if view is not present]
        counts = capped_counts([self._countable_here, *(self._countable(view) for view in rest)])
        by_key = dict(zip((view.key for view in rest), counts[1:], strict=True))
        return counts[0], by_key | ({present.key: counts[0]} if present else {})

    # A reader of a few units is counted through them: an OR over units and persons reads the whole table.

    @cached_property
    def _parts(self) -> Parts | None:
        return parts_of(self.scope, CAP) if self.scope is not None else None

    @property
    def _countable_here(self) -> QuerySet:
        view = self.present_view
        if view is not None and view.is_counted and not self.is_searched:
            return self._countable(view)
        return self.rows_all if self.is_searched or self._parts is None else self._parts.countable(self._narrowed, CAP + 1)

    def _countable(self, view: View) -> QuerySet:
        if self._parts is None or self.scope.is_chosen:  # type: ignore[union-attr]
            return self._rows_of(view, self.base)
        if self._parts.together is not None:
            return self._rows_of(view, self._parts.together)
        return self._parts.countable(partial(self._rows_of, view), CAP + 1)

    def _rows_of(self, view: View, rows: QuerySet) -> QuerySet:
        if view.rows is not None:
            return view.rows(rows, self.request)
        if not view.query or self.filterset_class is None:
            return rows
        return self.filterset_class(QueryDict(view.query), queryset=rows, request=self.request).qs

    @property
    def count(self) -> int:
        return self._counts[0]

    @property
    def count_text(self) -> str:
        return count_text(self.count)

    # --- what the template shows -----------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> list[Column]:
        """The visible columns, in declared order; unknown names in the address are ignored."""
        chosen = {name for part in self.data.getlist("columns") for name in part.split(",")}
        known = [column for column in self.all_columns if column.key in chosen]
        return known or [column for column in self.all_columns if column.is_shown]

    @property
    def page_columns(self) -> list[Column]:
        shown = [column for column in self.columns if not column.only_export]
        return [self.tick, *shown] if self.tick is not None else shown

    @cached_property
    def rows(self) -> list[Row]:
        columns, reader = self.page_columns, getattr(self.request, "user", None)
        return [Row(row, [Cell(column, row, column.value_for(row), reader) for column in columns]) for row in self.fetched.rows]

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.page_columns]

    def _heading(self, column: Column) -> Heading:
        if not any(sort.key == column.sort for sort in self.sorts):
            return Heading(column)
        is_current = self.sort.key == column.sort
        target = f"-{column.sort}" if is_current and not self.is_reversed else column.sort
        aria = "" if not is_current else "descending" if self.keys[0].descending else "ascending"
        return Heading(column, self.url(sort=target), aria)

    @property
    def tabs(self) -> list[Tab]:
        counts = self._counts[1]
        return [
            Tab(
                label=str(view.label),
                url=f"?{view.query or 'all=1'}",
                is_current=view is self.present_view,
                count_text=count_text(counts[view.key]) if view.key in counts else "",
            )
            for view in self.views
        ]

    @staticmethod
    def _narrowing(data: QueryDict) -> set[tuple[str, str]]:
        return {
            (key, value)
            for key, values in data.lists()
            for value in values
            if value and (key == "q" or key not in OWN_PARAMETERS)
        }

    @property
    def chips(self) -> list[Chip]:
        chips = self._chips_of_filters()
        if self.is_searched:
            chips.append(Chip(gettext("Text"), self.asked.text, query_string(without(self.data, "q"))))
        return chips

    def _chips_of_filters(self) -> list[Chip]:
        if self.filterset_class is None or not self.is_narrowed:
            return []
        simple = chips_of_choices(self.filterset_class, self.data) if self._needs_no_form else None
        return simple if simple is not None else chips_of(self.filterset, self.data)  # type: ignore[arg-type]

    @cached_property
    def is_narrowed(self) -> bool:
        return bool(self._narrowing(self.data))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters a search form inside the list must carry along."""
        return [(key, value) for key, values in without(self.data, "q").lists() for value in values if value]

    @property
    def has_filters(self) -> bool:
        return self.filterset_class is not None

    @property
    def shows_filters(self) -> bool:
        """The form is drawn when the reader asks for it: its selects cost as much as the rows."""
        return bool(self.data.get("filters")) or bool(self.filter_errors)

    @property
    def filters_url(self) -> str:
        return self.url(filters="1")

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        return [(key, value) for key, value in self.data.items() if key in ("size", "columns") and value]

    @property
    def sort_choices(self) -> list[tuple[str, str, bool]]:
        """Name, words and whether it is the present one, for each sort in both directions that have words."""
        return sort_choices(self.sorts, self.sort_name)

    @property
    def kept_by_columns(self) -> list[tuple[str, str]]:
        return [(key, value) for key, value in self.kept if key != "columns"] + (
            [("q", self.asked.text)] if self.asked.text else []
        )

    @property
    def filter_errors(self) -> list[str]:
        """Filters whose value was not understood and which therefore do not narrow the list."""
        if self._needs_no_form or self.filterset is None:
            return []
        form = self.filterset.form
        return [str(form.fields[name].label or name) for name in form.errors if name in form.fields]

    @property
    def is_cut(self) -> bool:
        """More matched the text than is gathered."""
        return self.is_searched and self.count >= CAP

    @property
    def pager(self) -> Pager:
        rows, sort = self.fetched.rows, self.sort
        return Pager(
            summary=self._summary(len(rows)),
            previous_url=self.url(before=self._cursor(rows[0])) if rows and self.fetched.has_previous else "",
            next_url=self.url(after=self._cursor(rows[-1])) if rows and self.fetched.has_next else "",
            previous_label=sort.later if self.is_reversed else sort.earlier,
            next_label=sort.earlier if self.is_reversed else sort.later,
        )

    def _cursor(self, row: Any) -> str:
        return encode_cursor(self.sort_name, self.keys, row)

    def _summary(self, shown: int) -> str:
        order = self.sort.reverse_order if self.is_reversed else self.sort.order
        words = {"shown": shown, "total": self.count_text, "order": order}
        return (gettext("%(shown)s of %(total)s shown, %(order)s") if order else gettext("%(shown)s of %(total)s shown")) % words

    def url(self, **changes: str) -> str:
        """This list's address with some parameters changed; a new sort starts on the first page."""
        data = without(self.data)
        for name, value in changes.items():
            data[name] = value
        return query_string(data)

    @property
    def export_urls(self) -> list[tuple[str, str]]:
        return [(name.upper(), self.url(format=name)) for name in FORMATS]

    # --- answers -----------------------------------------------------------------------------------------------------

    @property
    def is_export(self) -> bool:
        return self.data.get("format") in FORMATS

    def response(self, template: str = "reporting/list.html", context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The page; its part when htmx asks; the export when `?format=` does."""
        if self.is_export:
            return self.export_response(self.data["format"])
        name = self._part or template
        response: HttpResponse = render(self.request, name, {"list": self, "columns": self.columns, **(context or {})})
        # Page and part share one address, which caches between must not mix up.
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    @property
    def _part(self) -> str:
        """What htmx asks for: the form of the filters, or all of the list; empty for the whole page."""
        htmx = getattr(self.request, "htmx", None)
        if not htmx or htmx.boosted or htmx.history_restore_request:
            return ""
        return "reporting/_list_filters.html" if htmx.target == "list-filters" else "reporting/_list.html"

    def export_response(self, file_format: str) -> HttpResponseBase:
        return export(self.rows_all, self.columns, file_format, keys=self.keys, filename=self.filename)
