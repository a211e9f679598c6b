"""Who ever had a hand in a fix, held against whoever accepts it; answers that are suspended; how far a date may be moved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Of older fixes only the last are known: whoever has one that was begun, and whoever handed it in.
KNOWN = """
    INSERT INTO responsibilities_actionfixer (action_id, person_id)
    SELECT id, owner_id FROM responsibilities_correctiveaction WHERE status NOT IN ('assigned', 'cancelled')
    UNION SELECT id, submitted_by_id FROM responsibilities_correctiveaction WHERE submitted_by_id IS NOT NULL
"""
#: From either side: neither does a fixer accept it, nor becomes a fixer who has accepted it.
CREATE_GUARD = """
CREATE FUNCTION responsibilities_never_self_verified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'responsibilities_correctiveaction' THEN
        PERFORM 1 FROM responsibilities_actionfixer WHERE action_id = NEW.id AND person_id = NEW.verified_by_id;
    ELSE
        PERFORM 1 FROM responsibilities_correctiveaction WHERE id = NEW.action_id AND verified_by_id = NEW.person_id;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'action_never_self_verified: whoever had a hand in a fix never accepts it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_never_self_verified';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER responsibilities_never_self_verified BEFORE UPDATE OF verified_by_id ON responsibilities_correctiveaction
    FOR EACH ROW WHEN (NEW.verified_by_id IS NOT NULL) EXECUTE FUNCTION responsibilities_never_self_verified();
CREATE TRIGGER responsibilities_never_self_verified BEFORE INSERT OR UPDATE ON responsibilities_actionfixer
    FOR EACH ROW EXECUTE FUNCTION responsibilities_never_self_verified();
"""
DROP_GUARD = "DROP FUNCTION responsibilities_never_self_verified() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("responsibilities", "0009_done_and_standstill")]

    operations = [
        migrations.CreateModel(
            name="ActionFixer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fixers",
                        to="responsibilities.correctiveaction",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "fixer",
                "verbose_name_plural": "fixers",
                "constraints": [models.UniqueConstraint(fields=("action", "person"), name="action_fixer_once")],
            },
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(CREATE_GUARD, DROP_GUARD),
        migrations.AddField(model_name="escalation", name="suspended_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="levelterm",
            name="most_times",
            field=models.PositiveSmallIntegerField(
                db_default=5, default=5, verbose_name="a date at most so many times these days away"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelterm",
            constraint=models.CheckConstraint(condition=models.Q(("most_times__gte", 1)), name="level_term_most_times"),
        ),
    ]
