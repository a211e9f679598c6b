"""The tables' own guards: partitions, append-only triggers, the queue of unsealed events, lawful erasure.

The functions that make partitions and erase run with their owner's rights (SECURITY DEFINER), because in production the
application's database role may only INSERT and SELECT here.
"""

PARTITION_ROWS = 10_000_000

CREATE_EVENT = """
CREATE SEQUENCE audit_event_id_seq AS bigint;
CREATE TABLE audit_event (
    id bigint NOT NULL DEFAULT nextval('audit_event_id_seq'),
    at timestamptz NOT NULL,
    action varchar(80) NOT NULL,
    actor_id bigint,
    subject_type varchar(80) NOT NULL,
    subject_id bigint,
    changes jsonb NOT NULL,
    detail jsonb NOT NULL,
    personal jsonb,
    ip inet,
    salt bytea,
    personal_digest varchar(64) NOT NULL,
    request_id varchar(64) NOT NULL,
    channel varchar(8) NOT NULL,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
ALTER SEQUENCE audit_event_id_seq OWNED BY audit_event.id;
-- Rows only land here if making the next partition failed for ten million events; then nothing is lost.
CREATE TABLE audit_event_rest PARTITION OF audit_event DEFAULT;
CREATE INDEX audit_event_subject ON audit_event (subject_type, subject_id, id DESC);
CREATE INDEX audit_event_actor ON audit_event (actor_id, id DESC);
"""

ADD_ACTOR_KEY = """
ALTER TABLE audit_event ADD CONSTRAINT audit_event_actor_fk
    FOREIGN KEY (actor_id) REFERENCES {person_table} (id) DEFERRABLE INITIALLY DEFERRED;
"""

CREATE_GUARDS = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'erasable' THEN
        -- The one lawful change: personal data set to nothing, all else as it was.
        IF NEW.personal IS NULL AND NEW.ip IS NULL AND NEW.salt IS NULL
           AND to_jsonb(NEW) - ARRAY['personal', 'ip', 'salt'] = to_jsonb(OLD) - ARRAY['personal', 'ip', 'salt'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% on % refused: the audit log is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION audit_queue_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pending (event_id) SELECT id FROM added;
    RETURN NULL;
END
$$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change('erasable');
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event_rest
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_event_queue AFTER INSERT ON audit_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_queue_events();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

CREATE_PARTITIONING = """
-- Makes the partition of the present id and the one after it, if missing. Attached rather than created in place, so that
-- writers of other partitions are not locked out. Returns how many were made.
CREATE FUNCTION audit_make_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    present bigint;
    name text;
    made integer := 0;
BEGIN
    SELECT last_value / PARTITION_ROWS INTO present FROM audit_event_id_seq;
    FOR number IN present .. present + 1 LOOP
        name := 'audit_event_p' || number;
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE audit_event INCLUDING DEFAULTS)', name);
        EXECUTE format('CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()', name);
        EXECUTE format('ALTER TABLE audit_event ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       name, number * PARTITION_ROWS, (number + 1) * PARTITION_ROWS);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
SELECT audit_make_partitions();

CREATE FUNCTION audit_erase_personal(ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    erased integer;
BEGIN
    UPDATE audit_event SET personal = NULL, ip = NULL, salt = NULL
    WHERE id = ANY (ids) AND (personal IS NOT NULL OR ip IS NOT NULL OR salt IS NOT NULL);
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END
$$;
"""

CREATE_PARTITIONING = CREATE_PARTITIONING.replace("PARTITION_ROWS", str(PARTITION_ROWS))

DROP_ALL = """
DROP TABLE audit_event;
DROP FUNCTION audit_erase_personal(bigint[]), audit_make_partitions(), audit_queue_events();
DROP FUNCTION audit_refuse_change() CASCADE;
"""
