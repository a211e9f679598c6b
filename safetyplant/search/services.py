"""Finding rows by text."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

from safetyplant.search.fields import SearchVector

CAP = 1000
LONGEST_QUERY = 200


class Matches(Func):
    """search @@ sp_query('what someone typed')."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, text: str) -> None:
        super().__init__(F(column), Func(Value(text), function="sp_query", output_field=SearchQueryField()))


@dataclass(frozen=True)
class Asked:
    """What someone typed, made safe to search for. `is_too_short`: one Latin letter or digit would match half of everything."""

    text: str

    @classmethod
    def from_input(cls, raw: str) -> "Asked":
        printable = "".join(char for char in raw if char.isprintable() or char.isspace())
        return cls(" ".join(printable.split())[:LONGEST_QUERY])

    @property
    def is_empty(self) -> bool:
        return not self.text

    @property
    def is_too_short(self) -> bool:
        return len(self.text) == 1 and self.text < "⺀"


def search_column(model: type[Model]) -> str:
    """The name of the model's `SearchVector` column."""
    for field in model._meta.get_fields():
        if isinstance(field, SearchVector):
            return field.name
    raise LookupError(f"{model._meta.label} has no SearchVector.")


def matching_ids(queryset: QuerySet, text: str, cap: int = CAP) -> QuerySet:
    """Primary keys of at most `cap` rows of the queryset that match. The LIMIT is what keeps a common word cheap."""
    return queryset.order_by().filter(Matches(search_column(queryset.model), text)).values("pk")[:cap]


def matching(queryset: QuerySet, text: str, cap: int = CAP) -> QuerySet:
    """The rows of the queryset that match the text, for any ordering after it.

    Ids are gathered first, up to the cap, inside the queryset's own scope, and only those are ordered: sorting all matches
    of a common word over a million rows takes seconds. Nothing matches an empty text.
    """
    asked = Asked.from_input(text)
    if asked.is_empty or asked.is_too_short:
        return queryset.none()
    return queryset.filter(pk__in=matching_ids(queryset, asked.text, cap))
