"""State changes in one place (DESIGN §4.2): outside the workflows nobody assigns the state of a record that has one."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("responsibilities", "inspections", "drills", "accidents", "campaigns", "safetyplant")
GUARDED = (
    "Hazard", "Inspection", "Violation", "Duty", "Proposal", "CorrectiveAction", "Deadline", "Escalation", "PlannedVisit",
    "MajorTreatment", "PlaceCheck",
)  # fmt: skip
FIELDS = frozenset({"status", "state"})
#: Names of settled fields an escalation has instead of a status.
SETTLED = frozenset({"settled_at"})
RAW_SQL = re.compile(
    r"\bUPDATE\s+(?:ONLY\s+)?\"?(?:responsibilities|inspections)_(?:hazard|inspection|plannedvisit|majortreatment|placecheck|violation|duty|proposal|correctiveaction|deadline|escalation)\b"
    r".*?\bSET\b.*?\b(?:status|settled_at)\b\s*=",
    re.IGNORECASE | re.DOTALL,
)

#: Where a new row is given its first state, and why that is no change of one.
FIRST_STATES = {
    ("inspections/services/hazards.py", "new_hazard"): "a report is born reported",
    ("inspections/generate.py", None): "writes rows of a made-up past in bulk, for measuring",
    ("inspections/imports", None): "past records come with the state they ended in",
    ("safetyplant/demo", None): "may only go through the workflows; listed so that a shortcut is seen here",
}
#: State fields of records that have no life cycle of a room: each with its one owner.
OTHER_RECORDS = {
    "safetyplant/documents/services.py": "versions of documents: draft, published, withdrawn",
    "safetyplant/notifications": "deliveries and daily mails: queued, sending, sent",
    "safetyplant/reporting": "imports: read, checked, done",
}


@dataclass(frozen=True)
class Write:
    path: str
    function: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} in {self.function or 'the module'}: {self.code}"


def writes_in(path: str, source: str) -> Iterator[Write]:
    """Every assignment of a state: attribute, setattr, update(), bulk_update(), the making of a row, SQL."""
    for function, node in _nodes(ast.parse(source)):
        if _is_write(node):
            yield Write(path, function, getattr(node, "lineno", 0), ast.unparse(node)[:90])


def _nodes(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(tree):
        inside = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        yield inside, child
        yield from _nodes(child, inside)


def _is_write(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(_is_state(part) for target in node.targets for part in ast.walk(target))
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return _is_state(node.target)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(RAW_SQL.search(node.value))
    return isinstance(node, ast.Call) and _call_writes(node)


def _is_state(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in FIELDS | SETTLED and isinstance(node.ctx, ast.Store)


def _call_writes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {keyword.arg for keyword in call.keywords}
    if name in ("update", "create", "get_or_create", "update_or_create", *GUARDED):
        return bool(given & (FIELDS | SETTLED))
    if name in ("setattr", "bulk_update"):
        texts = {node.value for part in call.args for node in ast.walk(part) if isinstance(node, ast.Constant)}
        return bool(texts & (FIELDS | SETTLED))
    return False


def sources() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for file in sorted((CHECKOUT / room).rglob("*.py")):
            path = str(file.relative_to(CHECKOUT))
            if "/migrations/" not in path and "/workflows/" not in path:
                yield path, file.read_text(encoding="utf-8")


def is_excused(write: Write) -> bool:
    if any(write.path.startswith(place) for place in OTHER_RECORDS):
        return True
    return any(write.path.startswith(place) and function in (None, write.function) for place, function in FIRST_STATES)


def test_states_change_in_workflows_alone() -> None:
    found = [str(write) for path, source in sources() for write in writes_in(path, source) if not is_excused(write)]

    assert found == []


@pytest.mark.parametrize("path", [*OTHER_RECORDS, *(place for place, function in FIRST_STATES if function)])
def test_excuses_name_places_that_exist(path: str) -> None:
    assert (CHECKOUT / path).exists()


@pytest.mark.parametrize(
    "line",
    [
        "hazard.status = 'closed'",
        "hazard.holder, hazard.status = None, 'closed'",
        "hazard.status: str = 'closed'",
        "setattr(hazard, 'status', 'closed')",
        "Hazard.objects.filter(pk=1).update(status='closed')",
        "Hazard.objects.bulk_update(rows, ['status'])",
        "Hazard(status='closed')",
        "Hazard.objects.create(status='closed')",
        "escalation.settled_at = now",
        "cursor.execute('UPDATE inspections_hazard SET status = %s', ['closed'])",
    ],
)
def test_a_write_would_be_found(line: str) -> None:
    assert len(list(writes_in("a.py", f"def change():\n    {line}\n"))) == 1


@pytest.mark.parametrize("line", ["if hazard.status == 'closed': pass", "status = 'closed'", "rows.filter(status='open')"])
def test_reading_a_state_is_no_write(line: str) -> None:
    assert list(writes_in("a.py", f"def read():\n    {line}\n")) == []
