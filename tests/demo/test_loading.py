"""Loading itself: only into an empty installation, and the same story for the same moment in either language."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from inspections.choices import HazardStatus
from inspections.models import Hazard, Inspection, Violation
from responsibilities.models import Escalation, Unit
from safetyplant.demo.loading import load_demo
from tests.factories.responsibilities import UnitFactory

#: Deep in the night, when the story's days have to be folded hardest.
NIGHT = datetime(2026, 6, 17, 19, 30, tzinfo=UTC)

pytestmark = pytest.mark.slow


def test_an_installation_with_units_of_its_own_is_left_alone(db: None) -> None:
    UnitFactory(name="Our own branch", code="OWN")
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo", stdout=StringIO())
    assert Unit.objects.count() == 1


def test_the_same_moment_gives_the_same_story_in_either_language(db: None) -> None:
    """Loaded twice, in English and in Chinese, at an hour of the night: same numbers, places, people's roles and states."""
    stories, texts = [], []
    for language in ("en", "zh-hans"):
        try:
            with transaction.atomic():
                load_demo(language, now=NIGHT)
                stories.append(_story())
                texts.append(set(Hazard.objects.values_list("title", flat=True)))
                assert set(Hazard.objects.values_list("status", flat=True)) == set(HazardStatus.values)
                asked = Escalation.objects.waiting().values_list("addressee__username", flat=True)
                assert {"head", "leader", "director"} <= set(asked)
                raise _Undo
        except _Undo:
            continue
    assert stories[0] == stories[1]
    assert "Stuffing box leaks above the limit" in texts[0]
    assert "盘根盒渗漏超标" in texts[1]
    assert not [title for title in texts[1] if title.isascii()]


class _Undo(Exception):
    """Takes a load back."""


def _story() -> list[tuple[Any, ...]]:
    hazards = Hazard.objects.order_by("number").values_list(
        "number", "status", "unit__code", "place__code", "level", "reported_by__username", "found_at", "due_at"
    )
    inspections = Inspection.objects.order_by("number", "pk").values_list("number", "status", "unit__code", "score")
    violations = Violation.objects.order_by("number").values_list("number", "person__username", "unit__code")
    return [*hazards, *inspections, *violations]
