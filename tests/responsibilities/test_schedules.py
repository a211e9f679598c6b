"""When steps fall: pure functions."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from responsibilities.schedules import AFTER, BEFORE, DUE, HALF, Period, Step, due_occurrences, first_occurrence, next_occurrence

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
LONG = [
    Step(1, HALF, audience=("owner",)),
    Step(2, BEFORE, timedelta(days=3), audience=("owner",)),
    Step(3, BEFORE, timedelta(days=1)),
    Step(4, DUE),
    Step(5, AFTER, timedelta(days=1), asks_answer=True),
    Step(6, AFTER, timedelta(days=14), repeat=timedelta(days=7)),
]


def period(days: float, *, began: datetime | None = None) -> Period:
    return Period(START, START + timedelta(days=days), began or START)


def moments(length: Period, until: timedelta) -> list[tuple[int, int, float]]:
    first = first_occurrence(LONG, length)
    assert first is not None
    found, _next = due_occurrences(LONG, length, first, START + until)
    return [(at.position, at.occurrence, (at.moment - START) / timedelta(days=1)) for at in found]


def test_steps_fall_in_the_order_of_their_moments_not_of_their_positions():
    # In a period of four days T-3 comes before the half.
    assert moments(period(4), timedelta(days=5)) == [(2, 0, 1.0), (1, 0, 2.0), (3, 0, 3.0), (4, 0, 4.0), (5, 0, 5.0)]


def test_steps_before_the_version_began_never_existed():
    late_version = period(7, began=START + timedelta(days=6, hours=12))
    assert moments(late_version, timedelta(days=8)) == [(4, 0, 7.0), (5, 0, 8.0)]


def test_a_repeating_step_recurs_without_end():
    assert moments(period(7), timedelta(days=36))[-3:] == [(6, 0, 21.0), (6, 1, 28.0), (6, 2, 35.0)]


def test_a_version_that_began_long_after_the_date_still_has_its_next_repetition():
    first = first_occurrence(LONG, period(7, began=START + timedelta(days=30)))
    assert first is not None
    assert (first.position, first.occurrence, first.moment) == (6, 2, START + timedelta(days=35))


def test_a_schedule_without_repetition_comes_to_its_end():
    steps = LONG[:4]
    last = due_occurrences(steps, period(7), first_occurrence(steps, period(7)), START + timedelta(days=99))[0][-1]
    assert next_occurrence(steps, period(7), last) is None


@given(
    days=st.floats(min_value=0.1, max_value=60),
    began=st.floats(min_value=0, max_value=80),
    pokes=st.lists(st.floats(min_value=0, max_value=120), min_size=1, max_size=12),
)
def test_each_step_comes_once_in_order_however_the_sweep_is_poked(days: float, began: float, pokes: list[float]):
    length = period(days, began=START + timedelta(days=began))
    expected_first = first_occurrence(LONG, length)
    at_once, _next = due_occurrences(LONG, length, expected_first, START + timedelta(days=max(pokes)))
    bit_by_bit, cursor = [], expected_first
    for poke in sorted(pokes):
        while cursor is not None and cursor.moment <= START + timedelta(days=poke):
            bit_by_bit.append(cursor)
            cursor = next_occurrence(LONG, length, cursor)
    assert bit_by_bit == at_once
    assert at_once == sorted(set(at_once))
    assert all(at.moment > length.began_at for at in at_once)


def test_only_steps_after_the_date_are_late():
    assert [step.is_late for step in LONG] == [False, False, False, False, True, True]
