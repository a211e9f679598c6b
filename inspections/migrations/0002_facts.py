"""Facts by trigger: every change of the hazard table leaves ± rows in the delta table, whoever makes it and however."""

from django.conf import settings
from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION sp_plant_day(moment timestamptz) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (moment AT TIME ZONE '{zone}')::date $$;

-- What one hazard counts for: a row per measure. Past (imported) hazards are never late and never on time.
CREATE FUNCTION sp_hazard_measures(h inspections_hazard)
    RETURNS TABLE (unit_id bigint, day date, level_code varchar, measure varchar)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT h.unit_id, m.day, coalesce(h.level_id, '-')::varchar, m.measure::varchar
    FROM (VALUES
        ('open', CASE WHEN h.status NOT IN ('closed', 'cancelled') THEN DATE '0001-01-01' END),
        ('reported', CASE WHEN h.status <> 'cancelled' THEN sp_plant_day(h.found_at) END),
        ('closed', CASE WHEN h.status = 'closed' THEN sp_plant_day(h.closed_at) END),
        ('due', CASE WHEN h.status <> 'cancelled' AND NOT h.is_past THEN sp_plant_day(h.first_due_at) END),
        ('on_time', CASE WHEN h.status = 'closed' AND NOT h.is_past AND h.done_at <= h.first_due_at
                         THEN sp_plant_day(h.first_due_at) END),
        ('repeat', CASE WHEN h.status <> 'cancelled' AND h.repeat_of_id IS NOT NULL THEN sp_plant_day(h.found_at) END)
    ) AS m(measure, day)
    WHERE m.day IS NOT NULL
$$;

CREATE FUNCTION sp_hazard_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO inspections_hazarddelta (unit_id, day, level_code, measure, n)
        SELECT m.unit_id, m.day, m.level_code, m.measure, count(*)
        FROM new_rows r, LATERAL sp_hazard_measures(r::inspections_hazard) m GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO inspections_hazarddelta (unit_id, day, level_code, measure, n)
        SELECT m.unit_id, m.day, m.level_code, m.measure, -count(*)
        FROM old_rows r, LATERAL sp_hazard_measures(r::inspections_hazard) m GROUP BY 1, 2, 3, 4;
    ELSE
        INSERT INTO inspections_hazarddelta (unit_id, day, level_code, measure, n)
        SELECT unit_id, day, level_code, measure, sum(n) FROM (
            SELECT m.*, 1 AS n FROM new_rows r, LATERAL sp_hazard_measures(r::inspections_hazard) m
            UNION ALL
            SELECT m.*, -1 AS n FROM old_rows r, LATERAL sp_hazard_measures(r::inspections_hazard) m
        ) AS changes GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER hazard_facts_insert AFTER INSERT ON inspections_hazard
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sp_hazard_facts();
CREATE TRIGGER hazard_facts_update AFTER UPDATE ON inspections_hazard
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sp_hazard_facts();
CREATE TRIGGER hazard_facts_delete AFTER DELETE ON inspections_hazard
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sp_hazard_facts();
"""
UNDO = """
DROP TRIGGER hazard_facts_insert ON inspections_hazard;
DROP TRIGGER hazard_facts_update ON inspections_hazard;
DROP TRIGGER hazard_facts_delete ON inspections_hazard;
DROP FUNCTION sp_hazard_facts();
DROP FUNCTION sp_hazard_measures(inspections_hazard);
DROP FUNCTION sp_plant_day(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTIONS.format(zone=settings.TIME_ZONE), UNDO)]
