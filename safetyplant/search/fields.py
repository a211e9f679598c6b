"""The column a searchable model carries, and the index beside it."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce


class SearchTerms(Func):
    """sp_terms over several columns, joined by blanks."""

    function = "sp_terms"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class SearchVector(models.GeneratedField):
    """A stored column of search terms, kept by the database: `search = SearchVector("number", "title", "description")`.

    Put `SearchIndex(name="hazard_search")` beside it in `Meta.indexes`, and make the migration depend on
    ("search", "0001_initial"), which holds the SQL functions.
    """

    def __init__(self, *columns: str, **kwargs: Any) -> None:
        self.columns = columns
        kwargs.update(
            expression=SearchTerms(*(Coalesce(F(column), Value("")) for column in columns)),
            output_field=SearchVectorField(),
            db_persist=True,
        )
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, list[str], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        for given in ("expression", "output_field", "db_persist"):
            kwargs.pop(given, None)
        return name, path, list(self.columns), kwargs


class SearchIndex(GinIndex):
    """The GIN index of a `SearchVector` column, which is called `search` unless said otherwise."""

    def __init__(
        self,
        *expressions: Any,
        fields: tuple[str, ...] | list[str] = ("search",),
        **kwargs: Any,
    ) -> None:
        super().__init__(*expressions, fields=list(fields), **kwargs)
