"""Many believable hazards at once, for measuring: set-based, so that a hundred thousand take seconds.

Spread over the units, places and people that exist (load the demo data first): the past years' are closed with their
corrective action and deadline, the latest weeks' are in every state, some late.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from inspections.models import Hazard
from responsibilities.models import CorrectiveAction, Deadline, Person, Unit
from safetyplant.numbering.services import reserve_numbers

#: What is wrong, by the day's number: short texts of two languages, so that search has words to find.
TITLES = (
    "Crank guard gate broken",
    "Stuffing box leaks above the limit",
    "Control cabinet door not sealed",
    "Extinguisher below the green range",
    "Well number plate unreadable",
    "抽油机护栏损坏，无法关闭",
    "井口盘根盒渗漏超标",
    "配电柜门密封失效",
    "灭火器压力低于绿区",
    "出油管线腐蚀穿孔",
)

PLAN = """
    CREATE TEMPORARY TABLE generated ON COMMIT DROP AS
    WITH units AS (
        SELECT u.id AS unit_id, row_number() OVER (ORDER BY u.id) - 1 AS r, count(*) OVER () AS total,
               (SELECT min(p.id) FROM responsibilities_person p WHERE p.unit_id = u.id AND p.is_active) AS reporter_id,
               (SELECT a.person_id FROM responsibilities_appointment a
                WHERE a.unit_id = u.id AND a.role = 'unit_head' AND a.ends_on IS NULL LIMIT 1) AS head_id
        FROM responsibilities_unit u WHERE u.is_active AND u.parent_id IS NOT NULL
    )
    SELECT i, units.unit_id, coalesce(units.reporter_id, %(anyone)s) AS reporter_id,
           coalesce(units.head_id, %(anyone)s) AS owner_id,
           (SELECT p.id FROM responsibilities_place p WHERE p.unit_id = units.unit_id ORDER BY p.id OFFSET (i / units.total) %% 20 LIMIT 1)
               AS place_id,
           (ARRAY['G3', 'G2', 'G2', 'G1', 'G3', 'G2', 'G3', 'G1', 'G2', 'G3'])[1 + (i / 7) %% 10] AS level_id,
           (SELECT code FROM inspections_hazardcategory ORDER BY position OFFSET (i / 3) %% 19 LIMIT 1) AS category_id,
           %(titles)s::text[] AS titles,
           -- The newest twelfth is of the last weeks and open; the rest reaches back three years.
           CASE WHEN i %% 12 = 0 THEN %(now)s - (i %% 600) * interval '1 hour'
                ELSE %(now)s - interval '26 days' - (i::bigint * 7919 %% 1700000) * interval '1 minute' END AS found_at,
           CASE WHEN i %% 12 = 0 THEN (ARRAY['assigned', 'in_progress', 'assigned', 'submitted'])[1 + (i / 12) %% 4] ELSE 'closed' END AS status
    FROM generate_series(0, %(count)s - 1) AS i JOIN units ON units.r = (i * 31) %% units.total
"""
DEADLINES = """
    INSERT INTO responsibilities_deadline (id, kind, status, number, title, link, unit_id, owner_id, level_id, field, is_urgent,
        starts_at, first_due_at, due_at, version, version_began_at, paused_at, closed_at, sweep_failures, done_at)
    SELECT %(deadline)s + i, 'fix',
           CASE status WHEN 'closed' THEN 'met' WHEN 'submitted' THEN 'paused' ELSE 'open' END,
           (%(numbers)s::text[])[i + 1], titles[1 + i %% 10], '/hazards/' || (%(hazard)s + i) || '/', unit_id, owner_id, level_id, '', false,
           found_at, found_at + days, found_at + days, 1, found_at,
           CASE WHEN status = 'submitted' THEN found_at + interval '1 hour' END,
           CASE WHEN status = 'closed' THEN found_at + days * 0.8 END, 0,
           CASE status WHEN 'closed' THEN found_at + days * 0.8 WHEN 'submitted' THEN found_at + interval '1 hour' END
    FROM generated, LATERAL (SELECT (CASE level_id WHEN 'G3' THEN 1 WHEN 'G2' THEN 7 ELSE 15 END) * interval '1 day' AS days) d
"""
ACTIONS = """
    INSERT INTO responsibilities_correctiveaction (id, subject_kind, number, title, link, status, level_id, field, unit_id, owner_id,
        verifier_id, deadline_id, waiting_for, interim_control, submitted_at, submitted_by_id, submit_note, returned_count,
        verified_at, verified_by_id, cancel_reason, revision, created_at, created_by_id)
    SELECT %(action)s + i, 'hazard', (%(numbers)s::text[])[i + 1], titles[1 + i %% 10], '/hazards/' || (%(hazard)s + i) || '/',
           CASE status WHEN 'closed' THEN 'verified' ELSE status END, level_id, '', unit_id, owner_id, %(checker)s, %(deadline)s + i, '', '',
           CASE WHEN status IN ('closed', 'submitted') THEN found_at + interval '10 hours' END,
           CASE WHEN status IN ('closed', 'submitted') THEN owner_id END, '', 0,
           CASE WHEN status = 'closed' THEN found_at + interval '19 hours' END,
           CASE WHEN status = 'closed' THEN %(checker)s::bigint END, '', 1, found_at, %(checker)s
    FROM generated
"""
FIXERS = """
    INSERT INTO responsibilities_actionfixer (action_id, person_id)
    SELECT %(action)s + i, owner_id FROM generated WHERE status <> 'assigned'
"""
HAZARDS = """
    INSERT INTO inspections_hazard (id, client_id, body_hash, number, title, description, status, waiting_for, unit_id, place_id, field,
        category_id, level_id, possibly_major, immediate_danger, found_at, reported_at, reported_by_id, assess_method, assess_inputs,
        assessed_at, assessed_by_id, action_id, interim_control, fixed_on_spot, holder_id, fixer_id, due_at, first_due_at, done_at,
        closed_at, closed_by_id, cancel_reason, is_past, revision)
    SELECT %(hazard)s + i, gen_random_uuid(), '', (%(numbers)s::text[])[i + 1], titles[1 + i %% 10], 'Seen on the round, number ' || i,
           status, '', unit_id, place_id, 'production', category_id, level_id, false, false, found_at, found_at, reporter_id, 'direct', '{}',
           found_at, %(checker)s, %(action)s + i, '', false,
           CASE WHEN status = 'closed' THEN NULL WHEN status = 'submitted' THEN %(checker)s ELSE owner_id END, owner_id,
           CASE WHEN status = 'closed' THEN NULL ELSE found_at + days END, found_at + days,
           CASE WHEN status IN ('closed', 'submitted') THEN found_at + interval '10 hours' END,
           CASE WHEN status = 'closed' THEN found_at + interval '19 hours' END,
           CASE WHEN status = 'closed' THEN %(checker)s::bigint END, '', false, 1
    FROM generated, LATERAL (SELECT (CASE level_id WHEN 'G3' THEN 1 WHEN 'G2' THEN 7 ELSE 15 END) * interval '1 day' AS days) d
"""


class NothingToSpreadOver(LookupError):
    """There are no units or people yet: load the demo data or import your own first."""


@dataclass(frozen=True)
class Generated:
    hazards: int


def generate_hazards(count: int, *, now: datetime) -> Generated:
    """Insert `count` hazards with their actions and deadlines, in one transaction; facts follow by trigger."""
    numbers = reserve_numbers("HZ", now.date(), count)
    checker = Person.objects.active().filter(appointments__role="leader_in_charge").order_by("pk").first()
    anyone = Person.objects.active().exclude(pk=checker.pk if checker else None).order_by("pk").first()
    if checker is None or anyone is None or not Unit.objects.filter(parent__isnull=False).exists():
        raise NothingToSpreadOver("Load the demo data first: manage.py load_demo")
    with transaction.atomic(), connection.cursor() as cursor:
        params = {
            "count": count,
            "now": now,
            "titles": list(TITLES),
            "anyone": anyone.pk,
            "checker": checker.pk,
            "numbers": numbers,
            "deadline": _reserve_ids(cursor, Deadline, count),
            "action": _reserve_ids(cursor, CorrectiveAction, count),
            "hazard": _reserve_ids(cursor, Hazard, count),
        }
        for statement in (PLAN, DEADLINES, ACTIONS, FIXERS, HAZARDS):
            cursor.execute(statement, params)
    with connection.cursor() as cursor:
        for model in (Deadline, CorrectiveAction, Hazard):
            cursor.execute(f"VACUUM ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
    return Generated(hazards=count)


def _reserve_ids(cursor, model, count: int) -> int:  # type: ignore[no-untyped-def]
    """The first of `count` consecutive ids, taken from the table's own sequence."""
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence(%s, 'id'), nextval(pg_get_serial_sequence(%s, 'id')) + %s)",
        [model._meta.db_table, model._meta.db_table, count],
    )
    last: int = cursor.fetchone()[0]
    return last - count
