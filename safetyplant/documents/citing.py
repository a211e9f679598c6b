"""How people write down a clause of a document: "HSE-07 2.4", or "HSE-07 v1 2.4" for one of an earlier version."""

from datetime import date

from safetyplant.documents.models import Clause, DocumentVersion


class Citations:
    """The clauses of one kind of document by what people write, read once. Only published versions can be cited."""

    def __init__(self, kind: str, *, on: date) -> None:
        in_force = set(DocumentVersion.objects.in_force(on).filter(document__kind=kind).values_list("pk", flat=True))
        clauses = (
            Clause.objects.filter(version__in=DocumentVersion.objects.published().filter(document__kind=kind))
            .select_related("version__document")
            .defer("search", "version__document__search")
            .order_by("version__document__code", "version__number", "position")
        )
        self._texts: dict[int, str] = {}
        self._ids: dict[str, int] = {}
        self.offers: list[tuple[str, str]] = []
        for clause in clauses:
            is_current = clause.version_id in in_force
            text = _written(clause, with_version=not is_current)
            self._texts[clause.pk] = text
            self._ids[_folded(text)] = self._ids[_folded(_written(clause, with_version=True))] = clause.pk
            if is_current:
                self.offers.append((text, clause.label))

    def text_of(self, clause_id: int | None) -> str:
        """What one writes for this clause; empty for none."""
        return self._texts.get(clause_id, "") if clause_id is not None else ""

    def find(self, text: str) -> int | None:
        """The id of the clause that is meant; None when there is no such clause."""
        return self._ids.get(_folded(text))


def _written(clause: Clause, *, with_version: bool) -> str:
    code = clause.version.document.code
    return f"{code} v{clause.version.number} {clause.number}" if with_version else f"{code} {clause.number}"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
