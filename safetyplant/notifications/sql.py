"""The statements that Django's ORM can't say in one go."""

#: Arrays in (one per column of a notice, one row per position), inbox and outbox rows out, in one statement.
#: Ids are drawn first, so that the outbox part can join the new messages back to what was asked for them. A person gets a single
#: mail (`each`, or urgent for digest readers), a place in the daily mail (`digest`), or none: no address,
#: inactive, or by their own choice, which nothing overrules.
NOTIFY_MANY = """
WITH asked AS MATERIALIZED (
    SELECT nextval('notifications_message_id_seq') AS id, n.*
    FROM unnest(
        %(recipients)s::bigint[], %(codes)s::text[], %(params)s::text[], %(links)s::text[], %(urgent)s::boolean[],
        %(dedupe)s::text[], %(modes)s::text[], %(withdraw)s::text[]
    ) AS n(recipient_id, code, params, link, urgent, dedupe_key, mail_mode, withdraw_key)
), made AS (
    INSERT INTO notifications_message
        (id, recipient_id, code, params, link, urgent, dedupe_key, withdraw_key, created_at)
    SELECT id, recipient_id, code, params::jsonb, link, urgent, dedupe_key, withdraw_key, %(now)s
    FROM asked
    ON CONFLICT (recipient_id, dedupe_key) DO NOTHING
    RETURNING id
), mailed AS (
    INSERT INTO notifications_delivery
        (message_id, channel, state, urgent, created_at, not_before, attempts, mail_id, address, last_error)
    SELECT asked.id,
           CASE WHEN asked.urgent OR mode.name = 'each' THEN 'email' ELSE 'digest' END,
           CASE WHEN NOT asked.urgent AND mode.name = 'each' AND %(quiet_until)s > %(now)s THEN 'held' ELSE 'queued' END,
           asked.urgent, %(now)s,
           CASE WHEN NOT asked.urgent AND mode.name = 'each' THEN %(quiet_until)s ELSE %(now)s END,
           0, gen_random_uuid(), '', ''
    FROM made
    JOIN asked USING (id)
    JOIN {person} AS person
      ON person.id = asked.recipient_id AND person.is_active AND person.email <> '' AND person.mail_mode <> 'none'
    CROSS JOIN LATERAL (SELECT COALESCE(asked.mail_mode, person.mail_mode) AS name) AS mode
    WHERE mode.name <> 'none'
    ON CONFLICT (message_id, channel) DO NOTHING
)
SELECT count(*) FROM made
"""

#: Deliveries of what is no longer true; one already in a mail server's hands can't be called back.
WITHDRAW = """
WITH gone AS (
    UPDATE notifications_message SET withdrawn_at = %(now)s
    WHERE withdraw_key = ANY(%(keys)s) AND withdraw_key <> '' AND withdrawn_at IS NULL
      AND (%(recipient)s::bigint IS NULL OR recipient_id = %(recipient)s)
    RETURNING id
)
UPDATE notifications_delivery AS delivery
SET state = 'withdrawn', finished_at = %(now)s
FROM gone
WHERE delivery.message_id = gone.id AND delivery.state IN ('queued', 'held')
"""

#: One row per digest reader and day, however many schedulers ask; and for others who have something waiting in it.
OPEN_DIGESTS = """
INSERT INTO notifications_digestrun (person_id, day, state, not_before, attempts, mail_id, last_error)
SELECT person.id, %(day)s, 'queued', %(now)s, 0, gen_random_uuid(), ''
FROM {person} AS person
WHERE person.is_active AND person.email <> '' AND person.mail_mode <> 'none'
  AND (
    person.mail_mode = 'digest'
    OR person.id IN (
        SELECT message.recipient_id FROM notifications_delivery AS delivery
        JOIN notifications_message AS message ON message.id = delivery.message_id
        WHERE delivery.channel = 'digest' AND delivery.state = 'queued'
    )
  )
  AND NOT EXISTS (SELECT FROM notifications_digestrun AS run WHERE run.person_id = person.id AND run.day = %(day)s)
ON CONFLICT (person_id, day) DO NOTHING
"""

MAKE_PARTITIONS = "SELECT notifications_make_partitions(%s, %s)"
