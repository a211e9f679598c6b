"""What must never be, held by a trigger: a ban without a served penalty of the same person, or of someone of the plant; other terms."""

from django.db import migrations

CREATE_GUARDS = """
CREATE FUNCTION inspections_keep_ban() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'ban_kept: a site ban is never deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ban_kept';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM inspections_penalty WHERE violation_id = NEW.violation_id AND person_id = NEW.person_id
            AND decision <> 'withdraw';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ban_of_penalty: a site ban follows from a notice served on the same person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ban_of_penalty';
        END IF;
        PERFORM 1 FROM responsibilities_unit AS own JOIN responsibilities_unit AS above
            ON starts_with(own.path, above.path) AND above.kind = 'contractor' WHERE own.id = NEW.unit_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ban_of_contractor: only people of contractors are banned from the site'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ban_of_contractor';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.violation_id, OLD.person_id, OLD.unit_id, OLD.starts_on, OLD.reason, OLD.imposed_at, OLD.imposed_by_id, OLD.appeal_until)
            IS DISTINCT FROM (NEW.violation_id, NEW.person_id, NEW.unit_id, NEW.starts_on, NEW.reason, NEW.imposed_at,
                NEW.imposed_by_id, NEW.appeal_until)
        OR NEW.ends_on > OLD.ends_on
        OR (OLD.ends_on <> NEW.ends_on AND NEW.decision <> 'reduce')
        OR (OLD.appealed_at IS NOT NULL AND (OLD.appealed_at, OLD.appealed_by_id, OLD.appeal_text)
            IS DISTINCT FROM (NEW.appealed_at, NEW.appealed_by_id, NEW.appeal_text))
        OR (OLD.decided_at IS NOT NULL AND (OLD.decision, OLD.decided_at, OLD.decided_by_id, OLD.decide_reason, OLD.ends_on)
            IS DISTINCT FROM (NEW.decision, NEW.decided_at, NEW.decided_by_id, NEW.decide_reason, NEW.ends_on))
        OR (OLD.lifted_at IS NOT NULL AND (OLD.lifted_at, OLD.lifted_by_id, OLD.lift_reason)
            IS DISTINCT FROM (NEW.lifted_at, NEW.lifted_by_id, NEW.lift_reason)) THEN
        RAISE EXCEPTION 'ban_kept: the terms of a site ban never change, but for an earlier last day after an appeal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ban_kept';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_keep_ban BEFORE INSERT OR UPDATE OR DELETE ON inspections_siteban
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_ban();
"""
DROP_GUARDS = "DROP FUNCTION inspections_keep_ban() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0017_site_bans")]

    operations = [migrations.RunSQL(CREATE_GUARDS, DROP_GUARDS)]
