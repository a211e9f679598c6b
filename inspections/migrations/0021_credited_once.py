"""One credit a hazard. Built beside running writes: the accounts of a plant take points meanwhile."""

from django.db import migrations, models

ONCE = models.UniqueConstraint(condition=models.Q(("kind", "credit")), fields=("hazard",), name="points_entry_credited_once")
CREATE = (
    'CREATE UNIQUE INDEX CONCURRENTLY "points_entry_credited_once" ON "inspections_pointsentry" ("hazard_id") '
    "WHERE \"kind\" = 'credit'"
)
DROP = 'DROP INDEX CONCURRENTLY IF EXISTS "points_entry_credited_once"'


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inspections", "0020_credits")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE, DROP)],
            state_operations=[migrations.AddConstraint(model_name="pointsentry", constraint=ONCE)],
        )
    ]
