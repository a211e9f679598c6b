"""What the items of a published standard ask for never changes: held by a trigger, as their clauses' texts are."""

from django.db import migrations

CREATE_GUARD = """
CREATE FUNCTION inspections_keep_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE waits for a publishing in progress, so that no item slips in behind it.
    PERFORM 1 FROM documents_documentversion version JOIN documents_clause clause ON clause.version_id = version.id
    WHERE (TG_OP <> 'INSERT' AND clause.id = OLD.clause_id OR TG_OP <> 'DELETE' AND clause.id = NEW.clause_id)
        AND version.status = 'published'
    FOR SHARE OF version;
    IF FOUND THEN
        RAISE EXCEPTION 'Items of a published version never change: make a new version'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_keep_item BEFORE INSERT OR UPDATE OR DELETE ON inspections_checklistitem
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_item();
"""

DROP_GUARD = "DROP FUNCTION inspections_keep_item() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_facts"), ("documents", "0001_initial")]

    operations = [migrations.RunSQL(CREATE_GUARD, DROP_GUARD)]
