"""What the scripts add, in a real browser under the real policy; and that pages do without them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from PIL import Image

from responsibilities.models import Person
from safetyplant.access.rules import signed_in
from safetyplant.attachments.forms import PhotosField
from safetyplant.attachments.models import Attachment
from safetyplant.shell import navigation
from safetyplant.urls import handler400, handler403, handler404, handler500  # noqa: F401
from safetyplant.urls import urlpatterns as real

pytestmark = [pytest.mark.urls("tests.shell.test_browser"), pytest.mark.django_db(transaction=True)]

PAGE = """{% extends "base.html" %}{% block title %}Parts{% endblock %}{% block content %}
<form method="post" enctype="multipart/form-data" data-autosave="/parts/save/" data-unsaved>{% csrf_token %}
{% error_summary form %}{% field form.text %}{% field form.photos %}{% field form.place %}
<span data-autosave-state></span><button class="btn btn-primary" type="submit">Send</button></form>
<figure data-chart="numbers"><details><summary>Table</summary><table><tr><td>3</td></tr></table></details></figure>
{{ chart|json_script:"numbers" }}
{% endblock %}"""
CHART = {"xAxis": {"data": ["W1"]}, "yAxis": {}, "series": [{"type": "bar", "tone": "brand", "data": [3]}]}
saved: list[str] = []


class PartsForm(forms.Form):
    text = forms.CharField(label="Text", max_length=20, widget=forms.Textarea)
    photos = PhotosField(label="Photos", required=False)
    place = forms.ChoiceField(
        label="Place",
        required=False,
        choices=[("", "–"), ("1", "Well N12-45"), ("2", "Tank T-201")],
        widget=forms.Select(attrs={"data-search": ""}),
    )


@signed_in
def parts(request: HttpRequest) -> HttpResponse:
    form = PartsForm(request.POST or None, request.FILES or None)
    form.fields["photos"].by = request.user
    if request.method == "POST" and form.is_valid():
        return HttpResponse(f"photos: {len(form.cleaned_data['photos'])}, place: {form.cleaned_data['place']}")
    page = engines["django"].from_string(PAGE).render({"form": form, "chart": CHART}, request)
    return HttpResponse(page, status=422 if request.method == "POST" else 200)


@signed_in
def save(request: HttpRequest) -> HttpResponse:
    saved.append(request.POST["text"])
    return HttpResponse(status=204)


urlpatterns = [path("parts/", parts), path("parts/save/", save), *real]


def picture() -> dict[str, Any]:
    stream = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(stream, "JPEG")
    return {"name": "flange.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}


@pytest.fixture
def complaints(page: Any, logged_in: Callable[..., Any], worker: Person) -> list[str]:
    """A signed-in page; what the console complains about, policy violations above all."""
    navigation._page.cache_clear()
    logged_in(page, worker)
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_photo_travels_ahead_of_the_form(page: Any, complaints: list[str], worker: Person) -> None:
    page.goto("/parts/")
    with page.expect_response(lambda response: "/files/" in response.url and response.status == 201):
        page.set_input_files("input[type=file]", picture())
    page.wait_for_selector("input[name=photos_sha]", state="attached")
    assert Attachment.objects.get().uploaded_by == worker

    page.fill("#id_text", "Oil drips")
    page.click("text=Send")
    assert page.text_content("body") == "photos: 1, place: "
    assert Attachment.objects.count() == 1
    assert complaints == []


def test_photo_can_be_removed_before_sending(page: Any, complaints: list[str]) -> None:
    page.goto("/parts/")
    page.set_input_files("input[type=file]", picture())
    page.wait_for_selector("input[name=photos_sha]", state="attached")
    page.click("[data-remove-photo]")
    page.fill("#id_text", "Oil drips")
    page.click("text=Send")

    assert page.text_content("body") == "photos: 0, place: "


def test_autosave_tells_that_it_saved(page: Any, complaints: list[str]) -> None:
    saved.clear()
    page.goto("/parts/")
    page.fill("#id_text", "Half a sentence")
    page.wait_for_selector("text=Saved")

    assert saved == ["Half a sentence"]
    assert "5 characters left" not in (page.text_content("main") or "")
    page.fill("#id_text", "Nearly full of text")
    assert "1 characters left" in (page.text_content("main") or "")


def test_heavy_parts_come_and_break_no_policy(page: Any, complaints: list[str]) -> None:
    page.goto("/parts/")
    page.wait_for_selector("figure canvas")
    page.click(".ts-control")
    page.keyboard.type("T-201")
    page.click(".ts-dropdown .option >> text=Tank T-201")
    page.fill("#id_text", "Oil drips")
    page.click("text=Send")

    assert page.text_content("body") == "photos: 0, place: 2"
    assert complaints == []


def test_theme_changes_at_once_and_stays(page: Any, complaints: list[str]) -> None:
    page.goto("/account/")
    with page.expect_response("**/theme/"):
        page.click(".sp-body .sp-theme button[value=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.reload()

    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert complaints == []


def test_form_and_photo_work_without_script(
    new_context: Callable[..., Any], context_options: dict[str, Any], logged_in: Callable[..., Any], worker: Person
) -> None:
    navigation._page.cache_clear()
    page = logged_in(new_context(**context_options, java_script_enabled=False).new_page(), worker)
    page.goto("/parts/")
    page.set_input_files("input[type=file]", picture())
    page.fill("#id_text", "Oil drips")
    page.select_option("#id_place", "1")
    page.click("text=Send")

    assert page.text_content("body") == "photos: 1, place: 1"


def test_faults_are_summed_up_and_focused(page: Any, complaints: list[str]) -> None:
    page.goto("/parts/")
    page.eval_on_selector("#id_text", "field => field.removeAttribute('required')")
    page.click("text=Send")
    page.wait_for_selector(".sp-summary:focus")
    page.click(".sp-summary a")

    assert page.evaluate("document.activeElement.id") == "id_text"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/login/", "/account/", "/account/tokens/", "/parts/", "/nothing/"])
def test_pages_pass_the_accessibility_check(page: Any, complaints: list[str], address: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    if address == "/login/":
        page.context.clear_cookies()
    page.goto(address)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]

    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []


def test_nothing_scrolls_sideways_on_a_phone(phone: Any, logged_in: Callable[..., Any], worker: Person) -> None:
    navigation._page.cache_clear()
    logged_in(phone, worker)
    for address in ("/account/", "/account/tokens/", "/parts/", "/nothing/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address
