"""Sealing and what verify_audit finds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from threading import Barrier, Thread
from threading import Event as Signal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from responsibilities.models import Person, Unit
from safetyplant.audit.chain import seal_pending, verify_chain
from safetyplant.audit.context import AuditContext, audit_context
from safetyplant.audit.models import Event, Pending, Seal
from safetyplant.audit.services import Row, erase_personal, record, record_many
from safetyplant.audit.tasks import seal


@contextmanager
def as_forger() -> Iterator[object]:
    """Someone with the owner's rights on the database, past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def sealed(station: Unit, head: Person) -> list[Event]:
    with audit_context(AuditContext(channel="web", ip="10.0.0.7")):
        record_many([Row("unit.changed", station, head, {"name": ["A", str(n)]}, personal={"name": "Zhao"}) for n in range(5)])
    assert seal_pending() == 5
    return list(Event.objects.order_by("id"))


def test_sealing_chains_every_event_once(sealed: list[Event]) -> None:
    seals = list(Seal.objects.order_by("seq"))
    assert [s.seq for s in seals] == [1, 2, 3, 4, 5]
    assert [s.event_id for s in seals] == [e.pk for e in sealed]
    assert [s.previous for s in seals[1:]] == [s.hash for s in seals[:-1]]
    assert not Pending.objects.exists()
    assert seal() == 0
    verdict = verify_chain(chunk=2)
    assert (verdict.events, verdict.sealed, verdict.pending, verdict.ok) == (5, 5, 0, True)
    assert verdict.head == f"5:{seals[-1].hash}"


def test_sealing_goes_on_in_batches(station: Unit) -> None:
    record_many([Row("unit.changed", station, None) for _ in range(25)])
    assert seal_pending(batch=10) == 25
    assert verify_chain().ok


def test_event_not_sealed_yet_is_pending_and_fine(sealed: list[Event], station: Unit) -> None:
    record("unit.changed", station, by=None)
    verdict = verify_chain()
    assert (verdict.events, verdict.sealed, verdict.pending, verdict.ok) == (6, 5, 1, True)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_event SET changes = '{}' WHERE id = %s",
        "UPDATE audit_event SET actor_id = NULL WHERE id = %s",
        "UPDATE audit_event SET at = at + interval '1 microsecond' WHERE id = %s",
        'UPDATE audit_event SET personal = \'{"name": "Li"}\' WHERE id = %s',
        "UPDATE audit_event SET ip = '10.0.0.8' WHERE id = %s",
        "UPDATE audit_event SET salt = NULL WHERE id = %s",
        "DELETE FROM audit_event WHERE id = %s",
        "DELETE FROM audit_seal WHERE event_id = %s",
        "UPDATE audit_seal SET hash = repeat('a', 64) WHERE event_id = %s",
        (
            "WITH gone AS (DELETE FROM audit_seal WHERE event_id = %s RETURNING event_id)"
            " DELETE FROM audit_event USING gone WHERE id = event_id"
        ),
    ],
)
def test_any_edit_or_deletion_is_found(sealed: list[Event], forgery: str) -> None:
    with as_forger() as cursor:
        cursor.execute(forgery, [sealed[2].pk])  # type: ignore[attr-defined]
    verdict = verify_chain()
    assert not verdict.ok
    assert verdict.problems


def test_deletion_before_sealing_is_found(station: Unit) -> None:
    event = record("unit.changed", station, by=None)
    with as_forger() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE id = %s", [event.pk])  # type: ignore[attr-defined]
    assert not verify_chain().ok


def test_event_taken_out_of_the_queue_is_found(station: Unit) -> None:
    record("unit.changed", station, by=None)
    Pending.objects.all().delete()
    assert not verify_chain().ok


def test_cut_tail_is_found_with_an_anchor(sealed: list[Event]) -> None:
    seq, digest = verify_chain().head.split(":")
    with as_forger() as cursor:
        cursor.execute("DELETE FROM audit_seal WHERE seq > 3")  # type: ignore[attr-defined]
        cursor.execute("DELETE FROM audit_event WHERE id > %s", [sealed[2].pk])  # type: ignore[attr-defined]
    assert verify_chain().ok  # the chain alone cannot know
    assert not verify_chain(anchor=(int(seq), digest)).ok


def test_chain_forged_anew_is_found_with_an_anchor(sealed: list[Event]) -> None:
    anchor = (3, Seal.objects.get(seq=3).hash)
    with as_forger() as cursor:
        cursor.execute("UPDATE audit_event SET changes = '{}' WHERE id = %s", [sealed[1].pk])  # type: ignore[attr-defined]
        cursor.execute("DELETE FROM audit_seal")  # type: ignore[attr-defined]
        cursor.execute("INSERT INTO audit_pending SELECT id FROM audit_event")  # type: ignore[attr-defined]
    seal_pending()
    assert verify_chain().ok
    assert not verify_chain(anchor=anchor).ok
    assert verify_chain(anchor=(3, Seal.objects.get(seq=3).hash)).ok


def test_lawful_erasure_leaves_the_chain_whole(sealed: list[Event], officer: Person) -> None:
    erase_personal(sealed[:2], by=officer, reason="asked for")
    assert verify_chain().ok


def test_problems_told_are_limited_but_all_counted(station: Unit) -> None:
    record_many([Row("unit.changed", station, None) for _ in range(50)])
    seal_pending()
    with as_forger() as cursor:
        cursor.execute("UPDATE audit_event SET action = 'forged'")  # type: ignore[attr-defined]
    verdict = verify_chain()
    assert (verdict.faults, len(verdict.problems)) == (50, 20)


def test_command_ends_with_json_and_says_ok_by_its_exit_status(sealed: list[Event]) -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    result = json.loads(out.getvalue().splitlines()[-1])
    assert {"events": 5, "sealed": 5, "pending": 0, "ok": True}.items() <= result.items()
    call_command("verify_audit", f"--anchor={result['head']}", stdout=out)
    with as_forger() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE id = %s", [sealed[4].pk])  # type: ignore[attr-defined]
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", stdout=out)
    assert stop.value.code == 1
    assert json.loads(out.getvalue().splitlines()[-1])["ok"] is False


@pytest.mark.parametrize("anchor", ["", "1", "x:y", "0:" + "a" * 64, "1:abc"])
def test_command_refuses_what_is_no_anchor(db: None, anchor: str) -> None:
    with pytest.raises(CommandError):
        call_command("verify_audit", f"--anchor={anchor}")


@pytest.mark.django_db(transaction=True)
def test_slow_transaction_is_sealed_after_it_commits_though_its_id_is_older(station: Unit) -> None:
    """Its id is given before those that are sealed first; a watermark of ids would skip it for ever."""
    written, go_on = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            record("unit.changed", station, by=None, detail={"slow": True})
            written.set()
            go_on.wait(10)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert written.wait(10)
    record("unit.changed", station, by=None)
    assert seal_pending() == 1
    go_on.set()
    thread.join()
    assert seal_pending() == 1
    first, second = Seal.objects.order_by("seq").values_list("event_id", flat=True)
    assert second < first
    assert verify_chain().ok


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sealers_at_once_make_one_whole_chain(station: Unit) -> None:
    start, stop = Barrier(7), Signal()

    def write() -> None:
        start.wait()
        for _ in range(30):
            record("unit.changed", station, by=None)
        connection.close()

    def keep_sealing() -> None:
        start.wait()
        while not stop.is_set():
            seal_pending(batch=7)
        connection.close()

    writers, sealers = [Thread(target=write) for _ in range(4)], [Thread(target=keep_sealing) for _ in range(3)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal_pending()
    verdict = verify_chain()
    assert verdict.problems == []
    assert (verdict.events, verdict.sealed, verdict.pending) == (120, 120, 0)


@pytest.mark.django_db(transaction=True)
def test_verify_runs_on_one_snapshot_outside_a_transaction(station: Unit) -> None:
    record("unit.changed", station, by=None)
    seal_pending()
    assert verify_chain().ok
