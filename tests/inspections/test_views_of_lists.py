"""The tabs above the lists narrow without a form: exactly as the filters of their addresses do."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from inspections.filters import HazardFilter, InspectionFilter, ViolationFilter
from inspections.models import Hazard, Inspection, Violation
from inspections.views import hazard_columns, inspection_columns, violation_columns
from responsibilities.filters import ActionFilter
from responsibilities.models import CorrectiveAction
from responsibilities.views import action_columns
from tests.factories.inspections import reported

LISTS = [
    (Hazard, HazardFilter, hazard_columns.VIEWS),
    (Inspection, InspectionFilter, inspection_columns.VIEWS),
    (Violation, ViolationFilter, violation_columns.VIEWS),
    (CorrectiveAction, ActionFilter, action_columns.VIEWS),
]
CASES = [(model, kind, view) for model, kind, views in LISTS for view in views if view.query]


@pytest.mark.parametrize(("model", "kind", "view"), CASES, ids=[f"{m.__name__}-{v.key}" for m, _k, v in CASES])
def test_a_view_narrows_as_its_address_says(model, kind, view, rf, director, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    request = rf.get(f"/?{view.query}")
    request.user = director
    by_form = kind(QueryDict(view.query), queryset=model.objects.all(), request=request).qs
    assert view.rows is not None
    assert str(view.rows(model.objects.all(), request).query) == str(by_form.query)


def test_an_empty_list_offers_no_export(client, officer):
    client.force_login(officer)
    assert "format=xlsx" not in client.get("/hazards/?state=closed").content.decode()


def test_a_phone_searches_and_exports_the_list_too(client, officer, worker, station):
    reported(station, worker)
    client.force_login(officer)
    page = client.get("/hazards/?all=1").content.decode()
    bar = page.split('class="sp-listbar phone-only"')[1].split('<div class="sp-filters">')[0]
    assert 'type="search" name="q"' in bar
    assert "format=xlsx" in bar
    assert "format=csv" in bar
