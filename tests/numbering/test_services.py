from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from safetyplant.numbering.services import next_number, reserve_numbers

DAY = date(2026, 6, 18)


def test_next_number_counts_by_series_and_year(db: None) -> None:
    assert [next_number("HZ", DAY), next_number("HZ", DAY)] == ["HZ-2026-0001", "HZ-2026-0002"]
    assert next_number("INS", DAY) == "INS-2026-0001"
    assert next_number("HZ", date(2027, 1, 1)) == "HZ-2027-0001"


def test_reserve_numbers_gives_a_block_and_goes_on_after_it(db: None) -> None:
    assert reserve_numbers("HZ", DAY, 3) == ["HZ-2026-0001", "HZ-2026-0002", "HZ-2026-0003"]
    assert next_number("HZ", DAY) == "HZ-2026-0004"
    assert reserve_numbers("HZ", DAY, 0) == []


def test_numbers_grow_past_four_digits(db: None) -> None:
    assert reserve_numbers("HZ", DAY, 10_000)[-1] == "HZ-2026-10000"


@pytest.mark.parametrize("series", ["", "hz", "HZ-", "TOOLONGNAME", "H Z"])
def test_series_that_is_not_a_word_is_refused(db: None, series: str) -> None:
    with pytest.raises(ValueError, match="series"):
        next_number(series, DAY)


@pytest.mark.django_db(transaction=True)
def test_failed_transaction_gives_its_number_back() -> None:
    with transaction.atomic():
        assert next_number("HZ", DAY) == "HZ-2026-0001"
        transaction.set_rollback(True)
    assert next_number("HZ", DAY) == "HZ-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_never_share_a_number() -> None:
    start, given = Barrier(8), []

    def take() -> None:
        start.wait()
        for _ in range(10):
            with transaction.atomic():
                given.append(next_number("HZ", DAY))
        connection.close()

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [f"HZ-2026-{number:04d}" for number in range(1, 81)]
