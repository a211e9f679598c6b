"""Recording, reading and guarding the log."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.utils.text import capfirst
from django.utils.translation import override

from responsibilities.models import Person, Unit
from safetyplant.audit import history as telling
from safetyplant.audit.context import AuditContext, audit_context
from safetyplant.audit.middleware import AuditContextMiddleware, client_ip
from safetyplant.audit.models import Event, Pending, Seal
from safetyplant.audit.services import Row, erase_personal, record, record_many


@pytest.fixture(autouse=True)
def _sentences() -> None:
    telling.register("test.closed", sentence="%(actor)s closed it on %(day)s with %(note)s.", icon="check-circle", tone="good")
    yield
    telling._types.pop("test.closed", None)


def test_record_writes_who_what_where(station: Unit, head: Person) -> None:
    with audit_context(AuditContext(channel="web", ip="10.0.0.7", request_id="abc12345")):
        event = record("unit.renamed", station, by=head, changes={"name": ["A", "B"]}, detail={"day": date(2026, 6, 18)})
    event.refresh_from_db()
    assert (event.actor, event.subject_type, event.subject_id) == (head, "responsibilities.unit", station.pk)
    assert (event.channel, event.ip, event.request_id) == ("web", "10.0.0.7", "abc12345")
    assert (event.changes, event.detail) == ({"name": ["A", "B"]}, {"day": "2026-06-18"})


def test_record_outside_a_request_is_of_the_command_line(station: Unit) -> None:
    event = record("unit.renamed", station, by=None)
    assert (event.channel, event.ip, event.actor_id) == ("command", None, None)


def test_nul_in_a_text_is_replaced(station: Unit) -> None:
    event = record("unit.renamed", station, by=None, detail={"note": "a\x00b"})
    assert Event.objects.get(pk=event.pk).detail == {"note": "a\ufffdb"}


def test_record_many_takes_one_query_per_batch(station: Unit, head: Person, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert record_many([Row("unit.renamed", station, head) for _ in range(50)]) == 50
    assert Event.objects.count() == Pending.objects.count() == 50


@pytest.mark.parametrize("table", ["audit_event", "audit_event_p0"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET action = 'x'", "UPDATE {} SET personal = '{{}}'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_events_can_only_be_added(station: Unit, statement: str, table: str) -> None:
    record("unit.renamed", station, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a waiting check of a foreign key would refuse TRUNCATE first
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table))


@pytest.mark.parametrize("statement", ["UPDATE audit_seal SET hash = ''", "DELETE FROM audit_seal", "TRUNCATE audit_seal"])
def test_seals_can_only_be_added(db: None, statement: str) -> None:
    Seal.objects.create(seq=1, event_id=1, previous="", hash="")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_erasing_personal_data_leaves_nothing_else_changed(station: Unit, officer: Person) -> None:
    with audit_context(AuditContext(channel="web", ip="10.0.0.7")):
        event = record("violation.recorded", station, by=officer, personal={"name": "Zhao Lei"}, detail={"points": 3})
    assert erase_personal([event], by=officer, reason="asked for") == 1
    event.refresh_from_db()
    assert (event.personal, event.ip, event.salt, event.detail) == (None, None, None, {"points": 3})
    assert Event.objects.latest("id").action == "audit.personal_erased"
    assert erase_personal([event], by=officer, reason="again") == 0


def test_partitions_exist_ahead_and_take_the_rows(station: Unit) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('audit_event_id_seq', 10000005)")
        event = record("unit.renamed", station, by=None)
        cursor.execute("SELECT tableoid::regclass::text FROM audit_event WHERE id = %s", [event.pk])
        assert cursor.fetchone()[0] == "audit_event_p1"
        cursor.execute("SELECT audit_make_partitions(), audit_make_partitions()")
        assert cursor.fetchone() == (1, 0)
        cursor.execute("SELECT setval('audit_event_id_seq', 20000005)")
        later = record("unit.renamed", station, by=None)
        cursor.execute("SELECT tableoid::regclass::text FROM audit_event WHERE id = %s", [later.pk])
        assert cursor.fetchone()[0] == "audit_event_p2"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE audit_event_p2")


def test_history_tells_newest_first_in_one_query(
    station: Unit, station2: Unit, head: Person, django_assert_num_queries: object
) -> None:
    record("test.closed", station, by=head, detail={"day": "2025-06-18", "note": "1", "quote": "Gate tested"})
    record("test.closed", station2, by=None, detail={"day": "2026-06-19", "note": "2"})
    record("test.closed", head, by=None)
    with django_assert_num_queries(1):  # type: ignore[operator]
        second, first = telling.history(station, station2)
    assert first.sentence == "<b>He Qiang</b> closed it on 18 June 2025 with 1."
    assert (first.actor, first.quote, first.icon, first.tone) == (head, "Gate tested", "check-circle", "good")
    assert second.sentence.startswith("<b>SafetyPlant</b>")
    assert len(telling.history(station, station2, limit=1)) == 1


def test_sentence_escapes_what_people_wrote(station: Unit, head: Person) -> None:
    head.name = "<script>alert(1)</script>"
    head.save(update_fields=["name"])
    entry = telling.entry_of(record("test.closed", station, by=head, detail={"day": "x", "note": "<img onerror=1>"}))
    assert "<script>" not in entry.sentence
    assert "<img" not in entry.sentence
    assert "&lt;img" in entry.sentence


def test_sentence_survives_missing_parameters_and_unknown_actions(station: Unit, head: Person) -> None:
    assert "…" in telling.entry_of(record("test.closed", station, by=head)).sentence
    assert "changed this record" in telling.entry_of(record("nobody.knows", station, by=head)).sentence


def test_changes_carry_labels_and_choices_in_the_readers_language(station: Unit, head: Person) -> None:
    event = record(
        "unit.changed", station, by=head, changes={"kind": ["team", "station"], "is_active": [True, False], "gone": [None, 5]}
    )
    kind, active, gone = telling.changes_of(event)
    assert (kind.label, kind.before, kind.after) == ("Kind", "Team", "Station")
    assert (active.label, active.before, active.after) == ("Active", "yes", "no")
    assert (gone.label, gone.before, gone.after) == ("Gone", "nothing", "5")
    with override("zh-hans"):
        assert telling.changes_of(event)[0].label == capfirst(str(Unit._meta.get_field("kind").verbose_name))


def test_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="tone"):
        telling.register("test.x", sentence="x", tone="red")


def test_history_template_shows_entries_and_changes(station: Unit, head: Person) -> None:
    from django.template.loader import render_to_string  # noqa: PLC0415 - settings first

    record("unit.changed", station, by=head, changes={"name": ["A", "<b>"]})
    html = render_to_string("audit/_history.html", {"entries": telling.history(station)})
    assert "He Qiang" in html
    assert "&lt;b&gt;" in html
    assert "style=" not in html
    assert "Nothing is recorded" in render_to_string("audit/_history.html", {"entries": []})


def test_middleware_sets_context_and_answers_with_the_request_id(db: None, rf: RequestFactory) -> None:
    seen = {}

    def view(request: object) -> object:
        from django.http import HttpResponse  # noqa: PLC0415

        seen["event"] = record("test.closed", None, by=None)
        return HttpResponse()

    response = AuditContextMiddleware(view)(rf.get("/api/v1/hazards/", headers={"X-Request-ID": "phone-12345678"}))  # type: ignore[arg-type]
    assert (seen["event"].channel, seen["event"].ip, seen["event"].request_id) == ("api", "127.0.0.1", "phone-12345678")
    assert response["X-Request-ID"] == "phone-12345678"
    forged = AuditContextMiddleware(view)(rf.get("/", headers={"X-Request-ID": "a\tb <script>"}))  # type: ignore[arg-type]
    assert forged["X-Request-ID"].isalnum()
    assert seen["event"].channel == "web"


def test_forwarded_address_counts_only_from_our_own_proxies(rf: RequestFactory, settings: object) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    assert client_ip(request) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    assert client_ip(request) == "2.2.2.2"
    assert client_ip(rf.get("/", headers={"X-Forwarded-For": "nonsense"})) is None


def test_every_page_answers_with_a_request_id(client: Client) -> None:
    assert len(client.get("/healthz")["X-Request-ID"]) == 32


def test_migrations_and_models_agree(db: None) -> None:
    call_command("makemigrations", "audit", "documents", "numbering", "search", check=True, dry_run=True, verbosity=0)
