"""How many, without counting a million rows: up to 1,000 exactly, past that "1,000+"."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.utils.formats import number_format

CAP = 1000


def capped_counts(querysets: Sequence[QuerySet], cap: int = CAP) -> list[int]:
    """One count per queryset, all in one query, each at most cap + 1 (which means "more than the cap")."""
    counts = [0] * len(querysets)
    places: list[int] = []
    parts: list[str] = []
    params: list[Any] = []
    for place, queryset in enumerate(querysets):
        try:
            sql, given = queryset.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        places.append(place)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - the ORM's own SQL; values stay parameters
        params += given
    if parts:
        with connections[querysets[0].db].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                counts[place] = count
    return counts


def count_text(count: int, cap: int = CAP) -> str:
    """ "45", "1,000", "1,000+"."""
    shown = number_format(min(count, cap), use_l10n=True, force_grouping=True)
    return f"{shown}+" if count > cap else shown
