"""The form of a list's filters comes when asked for: in its place with script, as a page without."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def narrow_to_late(page):
    page.goto("/hazards/")
    expect(page.locator("#list-filters form")).to_have_count(0)
    page.locator("#list-filters-button").click()
    form = page.locator("#list-filters form")
    expect(form).to_be_visible()
    form.get_by_label("State").select_option("late")
    form.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("state=late"))
    expect(page.locator(".sp-chip")).to_contain_text("Late")


def test_with_script_the_form_opens_in_its_place_and_keeps_the_focus(page, logged_in, catalogue, director):
    logged_in(page, director)
    page.goto("/hazards/")
    page.locator("#list-filters-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list-filters form")).to_be_visible()
    expect(page.locator("#list-filters-button")).to_be_focused()
    expect(page).to_have_url(re.compile("/hazards/$"))
    narrow_to_late(page)


def test_without_script_the_form_comes_with_the_page(new_context, context_options, logged_in, catalogue, director):
    page = new_context(**context_options, java_script_enabled=False).new_page()
    narrow_to_late(logged_in(page, director))
