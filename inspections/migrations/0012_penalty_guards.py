"""What must never be, held by triggers: the steps of a violation, the terms of a notice, the account of points, the rule."""

from django.db import migrations

CREATE_GUARDS = """
CREATE FUNCTION inspections_violation_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    terms inspections_penalty%ROWTYPE;
    known boolean;
BEGIN
    SELECT * INTO terms FROM inspections_penalty WHERE violation_id = NEW.id;
    known := FOUND;
    IF (OLD.status = 'recorded' AND NEW.status = 'cancelled' AND NOT known)
        OR (OLD.status = 'recorded' AND NEW.status = 'noticed' AND known)
        OR (OLD.status = 'noticed' AND NEW.status = 'appealed' AND terms.appealed_at IS NOT NULL)
        OR (OLD.status = 'noticed' AND NEW.status = 'final' AND terms.appealed_at IS NULL AND terms.final_at IS NOT NULL)
        OR (OLD.status = 'appealed' AND NEW.status = 'final' AND terms.decided_at IS NOT NULL AND terms.final_at IS NOT NULL)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'violation_steps: no way from % to %', OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'violation_steps';
END
$$;
CREATE TRIGGER inspections_violation_steps BEFORE UPDATE OF status ON inspections_violation
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION inspections_violation_steps();

CREATE FUNCTION inspections_violation_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM inspections_penalty WHERE violation_id = NEW.id;
    IF FOUND THEN
        RAISE EXCEPTION 'violation_person: whom a served notice concerns never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'violation_person';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_violation_person BEFORE UPDATE OF person_id, self_reported, found_at ON inspections_violation
    FOR EACH ROW WHEN ((OLD.person_id, OLD.self_reported, OLD.found_at)
        IS DISTINCT FROM (NEW.person_id, NEW.self_reported, NEW.found_at)) EXECUTE FUNCTION inspections_violation_person();

CREATE FUNCTION inspections_keep_penalty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    violation inspections_violation%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'penalty_kept: a served notice is never deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'penalty_kept';
    END IF;
    SELECT * INTO violation FROM inspections_violation WHERE id = NEW.violation_id;
    IF TG_OP = 'INSERT' AND (violation.status <> 'recorded' OR violation.person_id IS DISTINCT FROM NEW.person_id
        OR (violation.self_reported AND NEW.points > 0)) THEN
        RAISE EXCEPTION 'penalty_fits_violation: recorded, of the same person, and without points when self-reported'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'penalty_fits_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ((OLD.violation_id, OLD.person_id, OLD.addressee_id, OLD.rule_id, OLD.repeats, OLD.factor,
            OLD.proposed_points, OLD.points, OLD.fine, OLD.measures, OLD.reason, OLD.noticed_at, OLD.noticed_by_id)
        IS DISTINCT FROM (NEW.violation_id, NEW.person_id, NEW.addressee_id, NEW.rule_id, NEW.repeats, NEW.factor,
            NEW.proposed_points, NEW.points, NEW.fine, NEW.measures, NEW.reason, NEW.noticed_at, NEW.noticed_by_id)
        OR (OLD.received_at IS NOT NULL AND (OLD.receipt, OLD.received_at, OLD.receipt_by_id, OLD.witness_id, OLD.appeal_until)
            IS DISTINCT FROM (NEW.receipt, NEW.received_at, NEW.receipt_by_id, NEW.witness_id, NEW.appeal_until))
        OR (OLD.appealed_at IS NOT NULL AND (OLD.appealed_at, OLD.appealed_by_id, OLD.appeal_text)
            IS DISTINCT FROM (NEW.appealed_at, NEW.appealed_by_id, NEW.appeal_text))
        OR (OLD.decided_at IS NOT NULL AND (OLD.decision, OLD.decided_points, OLD.decided_fine, OLD.decide_reason, OLD.decided_at,
            OLD.decided_by_id) IS DISTINCT FROM (NEW.decision, NEW.decided_points, NEW.decided_fine, NEW.decide_reason,
            NEW.decided_at, NEW.decided_by_id))
        OR (OLD.final_at IS NOT NULL AND OLD.final_at IS DISTINCT FROM NEW.final_at)) THEN
        RAISE EXCEPTION 'penalty_kept: what was served, received, appealed and decided never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'penalty_kept';
    END IF;
    IF NEW.decided_by_id IS NOT NULL AND (NEW.decided_by_id = violation.recorded_by_id
        OR NEW.decided_by_id = COALESCE(NEW.receipt_by_id, 0) OR NEW.decided_by_id = COALESCE(NEW.witness_id, 0)) THEN
        RAISE EXCEPTION 'penalty_decided_by_another: who recorded, served or witnessed it decides no appeal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'penalty_decided_by_another';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_keep_penalty BEFORE INSERT OR UPDATE OR DELETE ON inspections_penalty
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_penalty();

CREATE FUNCTION inspections_keep_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'points_entry_kept: entries of points are only ever added'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_entry_kept';
    END IF;
    IF NEW.kind = 'charge' THEN
        PERFORM 1 FROM inspections_penalty WHERE violation_id = NEW.violation_id AND final_at IS NOT NULL
            AND person_id = NEW.person_id AND COALESCE(decided_points, points) = NEW.points;
    ELSE
        PERFORM 1 FROM inspections_pointsentry WHERE id = NEW.reverses_id AND kind = 'charge' AND person_id = NEW.person_id
            AND year = NEW.year AND violation_id = NEW.violation_id AND points = -NEW.points;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'points_entry_true: an entry says what a final penalty or the charge it takes back says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_entry_true';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_keep_points BEFORE INSERT OR UPDATE OR DELETE ON inspections_pointsentry
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_points();

CREATE FUNCTION inspections_keep_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'penalty_rule_kept: a rule never changes once it is made: make the next edition'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'penalty_rule_kept';
END
$$;
CREATE TRIGGER inspections_keep_rule BEFORE UPDATE OR DELETE ON inspections_penaltyrule
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_rule();
CREATE TRIGGER inspections_keep_rule BEFORE UPDATE OR DELETE ON inspections_rulethreshold
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_rule();
"""
DROP_GUARDS = """
DROP FUNCTION inspections_violation_steps() CASCADE;
DROP FUNCTION inspections_violation_person() CASCADE;
DROP FUNCTION inspections_keep_penalty() CASCADE;
DROP FUNCTION inspections_keep_points() CASCADE;
DROP FUNCTION inspections_keep_rule() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0011_penalties")]

    operations = [migrations.RunSQL(CREATE_GUARDS, DROP_GUARDS)]
