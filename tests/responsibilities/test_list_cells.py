"""The cells of the lists of deadlines, units and people: what they say, and that a page reads no more than they say."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responsibilities.models import Deadline, Person, Unit
from tests.factories.inspections import assigned
from tests.factories.responsibilities import PersonFactory, PostFactory, UnitFactory

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = timezone.now()


@pytest.fixture
def read(client, people):
    """`read(path)`: the rows of the list as texts by what stands in their first link, and the SQL that the page asked."""

    def read(path, by=None):
        client.force_login(by or people.director)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(path).content.decode()
        rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1], re.DOTALL)
        named = {re.search(r'class="title[^"]*" href="[^"]*">(.*?)</a>', row).group(1): row for row in rows}
        return named, [query["sql"] for query in captured]

    return read


def test_people(read, people, station):
    PersonFactory(unit=station, name="Kim <i>", post=PostFactory(unit=station, name="Fitter"))
    Person.objects.filter(pk=people.outsider.pk).update(is_external=True, is_active=False)
    Person.objects.filter(pk=people.worker2.pk).update(is_active=False)
    rows, sql = read("/people/?all=1")
    assert "Gathering Station A, Fitter" in rows["Kim &lt;i&gt;"]
    assert "Known by name" in rows["Ou Yang"]
    assert "No access" in rows["Wu Tao"]
    assert "sp-ava sm you" in rows["Dong Jianguo"]
    (listed,) = (query for query in sql if 'JOIN "responsibilities_post"' in query)
    assert "password" not in listed


def test_units(read, station, contractor):
    UnitFactory(name="No & Head", parent=station)
    Unit.objects.filter(pk=contractor.pk).update(is_active=False, closed_on=NOW.date())
    rows, _sql = read("/units/?all=1")
    assert "No head" in rows["No &amp; Head"]
    assert "sp-depth-2" in rows["No &amp; Head"]
    assert "Unit closed" in rows["Drilling Contractor"]
    assert "He Qiang" in rows["Gathering Station A"]
    assert "2 people" in rows["Gathering Station A"]
    assert "led by the director" in rows["Branch Factory"]


def test_deadlines(read, people, station):
    met, cancelled, paused, late = (
        assigned(station, people.worker, assessor=people.officer, title=title, now=NOW).action.deadline_id
        for title in ("First & last", "Second", "Third", "Fourth")
    )
    ended = {"closed_at": NOW, "next_step_at": None}
    Deadline.objects.filter(pk=met).update(status="met", done_at=NOW, **ended)
    Deadline.objects.filter(pk=cancelled).update(status="cancelled", **ended)
    Deadline.objects.filter(pk=paused).update(status="paused", paused_at=NOW, next_step_at=None)
    began = {"starts_at": NOW - timedelta(days=9), "version_began_at": NOW - timedelta(days=9)}
    Deadline.objects.filter(pk=late).update(due_at=NOW - timedelta(days=3), first_due_at=NOW - timedelta(days=3), **began)
    rows, _sql = read("/deadlines/?kind=fix")
    assert ", done " in rows["Fix: First &amp; last"]
    assert "Cancelled" in rows["Fix: Second"]
    assert 'class="muted"' in rows["Fix: Second"]
    assert "Stopped" in rows["Fix: Third"]
    assert "sp-due late" in rows["Fix: Fourth"]
    assert "Gathering Station A" in rows["Fix: Fourth"]
