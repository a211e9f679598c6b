"""`make trust`: every case at full count, one JSON line each; exit status 1 if one fails.

`python -m tests.trust --only 1,8` runs some cases, `--times K` each no more often than that and the matrix in part.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.trust.result import Result

Case = tuple[int, str, Callable[[], "Result"]]


def main() -> int:
    options = _options()
    os.environ.setdefault("LOG_LEVEL", "CRITICAL")
    from tests import environment  # noqa: PLC0415 - takes the test servers, before Django reads its settings

    try:
        return _run(options)
    finally:
        environment.pytest_unconfigure(None)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make trust", description=__doc__)
    parser.add_argument("--only", type=lambda text: {int(part) for part in text.split(",")}, default=set(), help="case numbers")
    parser.add_argument("--times", type=int, default=None, help="this count in place of each case's own")
    return parser.parse_args(sys.argv[1:])


def _run(options: argparse.Namespace) -> int:
    import django  # noqa: PLC0415 - after the environment

    django.setup()
    logging.disable(logging.CRITICAL)  # refusals by the thousand are what is asked for
    failed = 0
    for number, name, case in _cases(options.times):
        if options.only and number not in options.only:
            continue
        print(f"case {number}, {name} …", file=sys.stderr, flush=True)  # noqa: T201 - progress beside the lines
        with _database():
            result = case()
        print(result.line(), flush=True)  # noqa: T201 - the output itself
        failed += not result.ok
    return 1 if failed else 0


@contextmanager
def _database() -> Iterator[None]:
    from tests import databases  # noqa: PLC0415 - after django.setup()

    databases.create_database()
    try:
        yield
    finally:
        databases.drop_database()


def _cases(times: int | None) -> Iterator[Case]:
    from tests.databases import restore_database  # noqa: PLC0415 - after django.setup()
    from tests.trust.broker import run_broker  # noqa: PLC0415
    from tests.trust.cast import make_cast  # noqa: PLC0415
    from tests.trust.fuzzing import run_fuzzing  # noqa: PLC0415
    from tests.trust.killed import run_killed  # noqa: PLC0415
    from tests.trust.leaving import run_leaving  # noqa: PLC0415
    from tests.trust.life import run_life  # noqa: PLC0415
    from tests.trust.matrix.case import run_matrix, run_privacy  # noqa: PLC0415
    from tests.trust.matrix.foreign import run_foreign  # noqa: PLC0415
    from tests.trust.overlapping import run_overlapping  # noqa: PLC0415
    from tests.trust.scripts import run_scripts  # noqa: PLC0415
    from tests.trust.sending import run_sending  # noqa: PLC0415
    from tests.trust.together import run_together  # noqa: PLC0415

    def count(full: int) -> int:
        return full if times is None else max(min(times, full), 1)

    yield 1, "killed", lambda: run_killed(kills=count(200), restore=restore_database)
    yield 2, "overlapping sweeps", lambda: run_overlapping(times=count(100), restore=restore_database)
    yield 2, "broker", lambda: run_broker(times=count(50))
    yield 6, "sending", lambda: run_sending(make_cast(), times=count(1000))
    yield 8, "life cycle", lambda: run_life(make_cast(), steps=count(10_000))
    yield 8, "two at once", lambda: run_together(times=count(50))
    yield 10, "access matrix", lambda: run_matrix(make_cast(), full=times is None)
    yield 10, "privacy", lambda: run_privacy(make_cast(), full=times is None)
    yield 10, "foreign keys", lambda: run_foreign(make_cast())
    yield 11, "leaving", lambda: run_leaving(make_cast(), times=count(20))
    yield 12, "fuzzing", lambda: run_fuzzing(make_cast(), examples=count(50))
    callers = ("director", "officer", "head", "worker") if times is None else ("officer",)
    yield 13, "scripts", lambda: run_scripts(make_cast(), callers=callers, with_admin=times is None)


if __name__ == "__main__":
    sys.exit(main())
