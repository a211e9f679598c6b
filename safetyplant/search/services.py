"""Finding rows by text."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, F, Func, IntegerField, Model, QuerySet, TextField, Value

from safetyplant.search.fields import SearchVector

CAP = 1000
LONGEST_QUERY = 200
#: What is compared with a text for likeness: the rows that share a word with it, no more than these.
CANDIDATES = 200
#: Two texts are alike when a row has this share of the words of the other.
ALIKE = 0.4
#: Latin words shorter than this ("the", "on") say nothing; endings of longer ones are cut so that "leaks" finds "leaking".
SHORTEST_WORD = 4
ENDINGS = ("ing", "ed", "es", "s")
USUAL_WORDS = frozenset(
    (
        *("that", "this", "there", "their", "they", "then", "than", "with", "from", "have", "been"),
        *("were", "what", "when", "where", "which", "while", "into", "near", "very", "some", "more"),
    )
)


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


class SharesAny(Func):
    """search @@ 'one' | 'other' …, each by its beginning."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, words: list[str]) -> None:
        query = " | ".join(f"'{word}':*" for word in words)
        super().__init__(F(column), Func(Value(query), template="%(expressions)s::tsquery", output_field=SearchQueryField()))


class SharedWords(Func):
    """How many of these words begin a word of the row."""

    arg_joiner = "::text[]) AS asked WHERE EXISTS (SELECT 1 FROM unnest(tsvector_to_array("
    template = "(SELECT count(*) FROM unnest(%(expressions)s)) AS word WHERE starts_with(word, asked)))"
    output_field = IntegerField()

    def __init__(self, column: str, words: list[str]) -> None:
        super().__init__(Value(words, output_field=ArrayField(TextField())), F(column))


def words_of(text: str) -> list[str]:
    """The telling words of a text, as the index cuts them: pairs of Chinese characters, Latin words without their endings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(sp_terms(%s))", [text])
        terms: list[str] = cursor.fetchone()[0] or []
    return sorted({_stem(term) for term in terms if _is_telling(term)})


def resembling(queryset: QuerySet, text: str, *, most: int = 5) -> list[Any]:
    """Rows of the queryset that say much the same as the text, the most alike first. Two queries.

    Unlike `matching`, which finds rows with all the words, for what someone is just writing about something known already.
    The queryset should be narrow (one unit, open): of the rows that share a word only some hundred are compared.
    """
    words = words_of(Asked.from_input(text).text)
    if not words:
        return []
    column = search_column(queryset.model)
    ids = queryset.order_by("-pk").filter(SharesAny(column, words)).values("pk")[:CANDIDATES]
    rows = queryset.filter(pk__in=ids).annotate(shared_words=SharedWords(column, words)).defer(column)
    return list(rows.filter(shared_words__gte=ALIKE * len(words)).order_by("-shared_words", "-pk")[:most])


def _is_telling(term: str) -> bool:
    if term > "⺀":
        return len(term) > 1  # of a run of Chinese its last character stands alone as well
    return len(term) >= SHORTEST_WORD and term not in USUAL_WORDS


def _stem(term: str) -> str:
    if term > "⺀":
        return term
    ending = next((end for end in ENDINGS if term.endswith(end) and len(term) - len(end) >= SHORTEST_WORD - 1), "")
    return term[: len(term) - len(ending)]
