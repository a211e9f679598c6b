"""Every address stands in the table of who may do what; a covering part of the matrix is walked here, all by `make trust`."""

from types import SimpleNamespace

import pytest
from django.urls import get_resolver

from tests.architecture.test_declared_access import views_of
from tests.trust.cast import Cast, make_cast
from tests.trust.matrix.case import leaks_in, run_matrix, run_privacy
from tests.trust.matrix.records import Mark, Records
from tests.trust.matrix.table import TABLE


@pytest.fixture
def cast(catalogue: None) -> Cast:
    return make_cast()


def test_every_address_stands_in_the_table() -> None:
    served = {route for route, _pattern, _namespaces in views_of(get_resolver())}
    written = {row.route for row in TABLE}

    assert (served - written, written - served) == (set(), set()), "(missing in the table, no longer served)"


@pytest.mark.slow
def test_a_covering_part_of_the_matrix(cast: Cast) -> None:
    result = run_matrix(cast, full=False)
    assert result.ok, "\n".join(result.faults[:60])


@pytest.mark.slow
def test_nothing_private_is_shown_exported_or_found(cast: Cast) -> None:
    result = run_privacy(cast, full=False)
    assert result.ok, "\n".join(result.faults[:60])


def test_a_leak_would_be_found() -> None:
    records = Records(SimpleNamespace(), marks=[Mark("ZQX", frozenset({"head"}), "name")])  # type: ignore[arg-type]
    assert list(leaks_in(b"<td>zqx</td>", records, "worker")) == ["shows name ZQX"]
    assert list(leaks_in(b"<td>zqx</td>", records, "head")) == []
    assert list(leaks_in(b"<td>ZQXY</td>", records, "worker")) == []
