"""`make bench`: one JSON line per measure, at 10,000 and 100,000 hazards, against the floor of the same run.

`python -m tests.bench --rows 10000` measures one size; `--only hazard-list,dashboard` some pages.
"""

import argparse
import os
import sys

from safetyplant.embedded import acquire, home_of
from tests.bench.server import CHECKOUT

SIZES = (10_000, 100_000)


def main() -> None:
    options = _options()
    lease = acquire(home_of(CHECKOUT, "bench", durable=False))
    try:
        _environment(lease.database_url, lease.redis_url)
        # After the environment: Django reads it once.
        from tests.bench.pages import measure_all

        measure_all(options.rows, options.only)
    finally:
        lease.release()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="numbers of hazards, ascending")
    parser.add_argument("--only", type=lambda text: set(text.split(",")), default=set(), help="names of measures")
    return parser.parse_args(sys.argv[1:])


def _environment(database_url: str, redis_url: str) -> None:
    os.environ |= {
        "SAFETYPLANT_ENV": "local",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "STORAGE_URL": f"file://{CHECKOUT}/var/bench-files",
        "LOG_LEVEL": "WARNING",
    }


if __name__ == "__main__":
    main()
