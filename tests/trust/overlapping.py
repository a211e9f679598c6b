"""Case 2, first half: eight sweeps and two beats at the same moment make what one would have made."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from responsibilities import sweep as sweeping
from responsibilities.sweep import sweep_deadlines
from tests.trust import forks, ledger
from tests.trust.cast import make_cast
from tests.trust.result import Result

SWEEPS = 8
STEP = timedelta(hours=7)


def run_overlapping(*, times: int, restore: Callable[[], None]) -> Result:
    result = Result(2, "overlapping-sweeps")
    batch, sweeping.BATCH = sweeping.BATCH, 12
    moments = [ledger.START + STEP * number for number in range(1, times + 1)]
    try:
        with result.timed():
            cast = make_cast()
            for number, moment in enumerate(moments):
                ledger.plant_for(cast, number, moment)
                well = forks.run_together([partial(sweep_deadlines, moment)] * SWEEPS)
                result.require(well, f"a sweep failed at {moment}")
                result.times += 1
            found = ledger.snapshot()
            result.extra += ledger.unlike_their_ledger()
            restore()
            lost, extra = ledger.compare(ledger.told_in_peace(moments), found)
            result.lost += lost
            result.extra += extra
            result.figures["reminders"] = found["reminders"].total()
    finally:
        sweeping.BATCH = batch
    return result
