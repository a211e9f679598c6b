"""What every test may ask for. People, servers and the browser stand in `tests/fixtures/`."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase

from tests import databases

pytest_plugins = ["tests.fixtures.people", "tests.fixtures.servers", "tests.fixtures.browser"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One database per worker, copied from a migrated template."""
    with django_db_blocker.unblock():
        databases.create_database()
    yield
    with django_db_blocker.unblock():
        databases.drop_database()


@pytest.fixture(scope="session", autouse=True)
def _restore_instead_of_flush() -> Iterator[None]:
    """After tests that commit, the database is copied anew: append-only tables refuse to be emptied."""
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: databases.restore_database()
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(scope="session")
def base_url() -> str:
    """The context has its own; a live server here would start one, and a committing database, for every test."""
    return ""


@pytest.fixture
def catalogue(db: None) -> None:
    """The shipped defaults: levels, terms, schedules, categories, standards. Every test's database has them; asking says so."""


@pytest.fixture
def no_catalogue(db: None) -> None:
    """A database as right after migrating, for tests of loading the catalogue itself."""
    databases.empty_catalogue()
