"""Lists by cursor: rows in a declared order, with the address of the next ones."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema

from safetyplant.reporting.keyset import Key, Sort, decode_cursor, encode_cursor, resolve_keys
from safetyplant.reporting.scopes import Scope, scoped_slice

DEFAULT_LIMIT, MOST = 50, 200


class PageOut(Schema):
    """`next` is the address of the following rows, empty on the last page."""

    next: str | None


def page_of(
    request: HttpRequest,
    queryset: QuerySet,
    sort: Sort,
    serialize: Callable[[Any], dict[str, Any]],
    *,
    cursor: str = "",
    limit: int = DEFAULT_LIMIT,
    scope: Scope | None = None,
) -> dict[str, Any]:
    """`limit` rows after the cursor. A cursor that cannot be read starts from the beginning."""
    size = max(1, min(limit, MOST))
    keys: Sequence[Key] = resolve_keys(queryset, sort)
    values = decode_cursor(sort.key, keys, cursor) if cursor else None
    rows = list(scoped_slice(queryset, keys, values, size + 1, scope))
    following = None
    if len(rows) > size:
        query = request.GET.copy()
        query["cursor"] = encode_cursor(sort.key, keys, rows[size - 1])
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return {"results": [serialize(row) for row in rows[:size]], "next": following}
