"""Both languages are complete: see also `make messages`."""

import ast

import pytest
from babel.messages.catalog import Catalog

from deploy.check_translations import fault_of, find_faults
from deploy.strings import CHECKOUT, Marked, strings_of

MARKED = Marked(("%(count)s hazards",), "", "a.py", 1)


def test_every_string_has_a_finished_chinese_translation():
    faults = find_faults()
    assert not faults, f"{len(faults)} strings:\n" + "\n".join(faults[:40])


@pytest.mark.parametrize(
    ("chinese", "fuzzy", "said"),
    [
        ("%(count)s 条隐患", False, ""),
        ("", False, "not translated"),
        ("%(count)s 条隐患", True, "fuzzy"),
        ("隐患", False, "other placeholders in the translation"),
    ],
)
def test_a_faulty_translation_is_found(chinese, fuzzy, said):
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add(MARKED.english[0], chinese, flags=("fuzzy", "python-format") if fuzzy else ("python-format",))
    assert fault_of(catalogue, MARKED) == said


def test_a_string_unknown_to_the_catalogue_is_found():
    assert fault_of(Catalog(locale="zh_Hans"), MARKED) == "not in the catalogue"


def test_strings_of_code_and_templates_are_collected(tmp_path, monkeypatch):
    monkeypatch.setattr("deploy.strings.CHECKOUT", tmp_path)
    (tmp_path / "a.py").write_text('x = pgettext_lazy("grade", "Manager"); y = ngettext("%d hazard", "%d hazards", 2)\n')
    (tmp_path / "b.html").write_text('{% translate "Open" %}{% blocktranslate %}Due {{ day }}{% endblocktranslate %}')
    found = {(marked.context, marked.english) for name in ("a.py", "b.html") for marked in strings_of(tmp_path / name)}
    assert found == {
        ("grade", ("Manager",)),
        ("", ("%d hazard", "%d hazards")),
        ("", ("Open",)),
        ("", ("Due %(day)s",)),
    }


def test_no_string_is_hidden_from_the_collector_in_an_f_string():
    rooms = ("safetyplant", "responsibilities", "inspections", "drills", "accidents", "campaigns")
    hidden = [path for room in rooms for path in (CHECKOUT / room).rglob("*.py") if hides_strings(path.read_text("utf-8"))]
    assert not hidden


def hides_strings(source: str) -> bool:
    if "gettext" not in source:
        return False
    written = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    calls = [node for each in written for node in ast.walk(each) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Name) and (call.func.id == "_" or "gettext" in call.func.id) for call in calls)


def test_a_hidden_string_is_found():
    assert hides_strings("from django.utils.translation import gettext\nx = f\"{gettext('you')}\"")
    assert not hides_strings('from django.utils.translation import gettext\nx = gettext("you")')
