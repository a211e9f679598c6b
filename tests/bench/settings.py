"""The product's settings with two additions: the floor's view, and a header that says how many queries an answer took."""

from safetyplant.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.counting.CountQueriesMiddleware", *MIDDLEWARE]  # noqa: F405
