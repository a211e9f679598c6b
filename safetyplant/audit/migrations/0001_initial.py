import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from safetyplant.audit import sql


def create_guarded_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run as code rather than RunSQL because the name of the people's table comes from the user model."""
    person_table = schema_editor.quote_name(apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table)
    for statements in (
        sql.CREATE_EVENT,
        sql.ADD_ACTOR_KEY.format(person_table=person_table),
        sql.CREATE_GUARDS,
        sql.CREATE_PARTITIONING,
    ):
        schema_editor.execute(statements, params=None)


def drop_guarded_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(sql.DROP_ALL, params=None)


EVENT_STATE = migrations.CreateModel(
    name="Event",
    fields=[
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        (
            "at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
        ),
        ("action", models.CharField(max_length=80, verbose_name="what")),
        ("subject_type", models.CharField(blank=True, max_length=80)),
        ("subject_id", models.BigIntegerField(null=True)),
        (
            "changes",
            models.JSONField(
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                verbose_name="changes",
            ),
        ),
        (
            "detail",
            models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
        (
            "personal",
            models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True),
        ),
        ("ip", models.GenericIPAddressField(null=True, verbose_name="from where")),
        ("salt", models.BinaryField(null=True)),
        ("personal_digest", models.CharField(max_length=64)),
        ("request_id", models.CharField(blank=True, max_length=64)),
        (
            "channel",
            models.CharField(
                choices=[
                    ("web", "Page"),
                    ("api", "API"),
                    ("task", "Background work"),
                    ("command", "Command line"),
                ],
                max_length=8,
            ),
        ),
        (
            "actor",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
    ],
    options={
        "verbose_name": "event",
        "verbose_name_plural": "events",
        "indexes": [
            models.Index(
                models.F("subject_type"),
                models.F("subject_id"),
                models.OrderBy(models.F("id"), descending=True),
                name="audit_event_subject",
            ),
            models.Index(
                models.F("actor"),
                models.OrderBy(models.F("id"), descending=True),
                name="audit_event_actor",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Pending",
            fields=[("event_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={
                "verbose_name": "event waiting to be sealed",
                "verbose_name_plural": "events waiting to be sealed",
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"verbose_name": "seal", "verbose_name_plural": "seals"},
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[EVENT_STATE],
            database_operations=[migrations.RunPython(create_guarded_tables, drop_guarded_tables)],
        ),
    ]
