"""What the template tags put on the page."""

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import timezone


def render(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


class HazardForm(forms.Form):
    text = forms.CharField(label="What did you see?", help_text="One sentence is enough.")
    until = forms.DateField(label="Until", required=False)
    danger = forms.ChoiceField(label="Anyone in danger?", choices=[("n", "No"), ("y", "Yes")], widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label="Level", choices=[("1", "Minor"), ("2", "Major")], widget=forms.RadioSelect(attrs={"data-look": "seg"})
    )
    seen = forms.BooleanField(label="I saw it myself", required=False)


@pytest.mark.parametrize(("code", "shape"), [("G3", "info-lg"), ("G2", "triangle"), ("G1", "diamond"), ("M", "exclamation-lg")])
def test_level_has_colour_shape_and_word(code: str, shape: str) -> None:
    html = render("{% level code 'Serious' %}", code=code)

    assert f'class="sp-level {code.lower()}"' in html
    assert shape in html
    assert "Serious" in html


def test_level_takes_a_level_object_and_nothing() -> None:
    level = SimpleNamespace(code="M", word="Major")

    assert "sp-level m solid" in render("{% level level solid=True %}", level=level)
    assert "Major" in render("{% level level %}", level=level)
    assert render("{% level None %}") == ""


def test_state_has_tone_icon_and_word() -> None:
    assert render("{% state 'submitted' 'Waiting for check' %}") == (
        '<span class="sp-state check"><i class="bi bi-send-check" aria-hidden="true"></i>Waiting for check</span>'
    )
    assert "sp-state" in render("{% state 'never_heard_of' 'Odd' %}")


@pytest.mark.parametrize(
    "source", ["{% state 'x' evil %}", "{% level 'M' evil %}", "{% ref evil %}", "{% person evil %}", "{% ava evil %}"]
)
def test_text_is_escaped(source: str) -> None:
    assert "<script" not in render(source, evil="<script>alert(1)</script>")


def test_timeline_and_facts_escape_too() -> None:
    evil = "<img src=x>"
    entry = SimpleNamespace(actor=evil, icon="flag", tone="", sentence=evil, quote=evil, time=timezone.now())

    assert "<img" not in render("{% timeline entries %}", entries=[entry])
    assert "<img" not in render("{% facts pairs %}", pairs=[("Label", evil)])


def test_person_marks_the_reader() -> None:
    me = SimpleNamespace(pk=1, initials="LY", __str__=lambda: "Liu")
    html = render("{% person me note='Leader' does='Checks it' you=me %}", me=me)

    assert "sp-ava you" in html
    assert "(you)" in html
    assert "Checks it" in html


@pytest.mark.parametrize(("name", "initials"), [("王建军", "王"), ("Liu Yanping", "LY"), ("Madonna", "M"), ("", "")])
def test_avatar_initials(name: str, initials: str) -> None:
    assert render("{% ava name %}", name=name) == f'<span class="sp-ava" aria-hidden="true">{initials}</span>'


def test_facts_leave_out_empty_values() -> None:
    html = render("{% facts pairs %}", pairs=[("Kept", 0), ("Gone", ""), ("Gone too", None)])

    assert "Kept" in html
    assert "Gone" not in html


def test_field_order_is_label_hint_error_control() -> None:
    html = render("{% field form.text %}", form=HazardForm({}))
    places = [html.index(part) for part in ("<label", "sp-hint", "sp-error", "<input")]

    assert places == sorted(places)
    assert "sp-field bad" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_error"' in html


def test_field_says_what_is_optional() -> None:
    assert "(optional)" in render("{% field form.until %}", form=HazardForm())
    assert "(optional)" not in render("{% field form.text %}", form=HazardForm())


def test_radio_buttons_are_real_and_labelled() -> None:
    html = render("{% field form.danger %}", form=HazardForm())

    assert html.count('type="radio"') == 2
    assert "<legend>Anyone in danger?</legend>" in html
    assert 'for="id_danger_0"' in html
    assert "sp-seg" in render("{% field form.level %}", form=HazardForm())


def test_crispy_renders_our_rows() -> None:
    html = render("{% load crispy_forms_filters %}{{ form|crispy }}", form=HazardForm({}))

    assert "sp-field" in html
    assert "sp-summary" in html
    assert "mb-3" not in html


def test_error_summary_links_to_fields_and_names_the_question() -> None:
    html = render("{% error_summary form %}", form=HazardForm({"until": "someday"}))

    assert 'href="#id_text"' in html
    assert "Answer “What did you see?”" in html
    assert 'href="#id_danger_0"' in html
    assert "Enter a valid date." in html
    assert render("{% error_summary form %}", form=HazardForm()).strip() == ""


def test_tri_state_keeps_its_answer() -> None:
    html = render("{% tri 'item-3' 'fail' legend='Guard' %}")

    assert 'value="fail" id="item-3_fail" checked' in html
    assert html.count("checked") == 1
