"""Published versions and their clauses never change: held by triggers, since an import or a console would pass a form by."""

CREATE_GUARDS = """
CREATE FUNCTION documents_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'A published version of a document never changes: make a new version'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER documents_keep_version BEFORE UPDATE OR DELETE ON documents_documentversion
    FOR EACH ROW EXECUTE FUNCTION documents_keep_version();

CREATE FUNCTION documents_keep_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE waits for a publishing in progress, so that no clause slips in behind it.
    PERFORM 1 FROM documents_documentversion
    WHERE (TG_OP <> 'INSERT' AND id = OLD.version_id OR TG_OP <> 'DELETE' AND id = NEW.version_id) AND status = 'published'
    FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'Clauses of a published version never change: make a new version'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER documents_keep_clause BEFORE INSERT OR UPDATE OR DELETE ON documents_clause
    FOR EACH ROW EXECUTE FUNCTION documents_keep_clause();
"""

DROP_GUARDS = """
DROP FUNCTION documents_keep_version() CASCADE;
DROP FUNCTION documents_keep_clause() CASCADE;
"""
