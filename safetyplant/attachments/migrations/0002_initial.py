import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Evidence stays what it was: a bound photo is neither changed nor moved nor removed, whoever asks; its caption may be corrected.
GUARD = """
CREATE FUNCTION attachments_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a photo that belongs to a record cannot be removed' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) - 'caption' IS DISTINCT FROM to_jsonb(OLD) - 'caption' THEN
        RAISE EXCEPTION 'a photo that belongs to a record cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER attachments_guard_evidence BEFORE UPDATE OR DELETE ON attachments_attachment
    FOR EACH ROW WHEN (OLD.set_id IS NOT NULL) EXECUTE FUNCTION attachments_guard_evidence();
"""
UNGUARD = """
DROP TRIGGER attachments_guard_evidence ON attachments_attachment;
DROP FUNCTION attachments_guard_evidence();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("attachments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="bound_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="uploaded_by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="set",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="attachments.attachmentset",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="person",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="uploadpiece",
            name="upload",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="attachments.upload"
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(condition=models.Q(("set__isnull", False)), fields=["set", "id"], name="attachment_set"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["uploaded_by", "uploaded_at"], name="attachment_by_when"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(condition=models.Q(("set__isnull", True)), fields=["uploaded_at"], name="attachment_unbound"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["uploaded_by", "sent_sha256"], name="attachment_by_sent"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["file_key"], name="attachment_file"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("set__isnull", True)), fields=("uploaded_by", "sent_sha256"), name="attachment_unbound_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bound_at__isnull", True), ("bound_by__isnull", True), ("purpose", ""), ("set__isnull", True)),
                    models.Q(
                        ("bound_at__isnull", False),
                        ("bound_by__isnull", False),
                        ("set__isnull", False),
                        models.Q(("purpose", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="attachment_bound_all_or_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(fields=("person", "sent_sha256"), name="upload_once"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("received__lte", models.F("total"))), name="upload_within_total"
            ),
        ),
        migrations.AddConstraint(
            model_name="uploadpiece",
            constraint=models.UniqueConstraint(fields=("upload", "start"), name="upload_piece_once"),
        ),
        migrations.RunSQL(GUARD, reverse_sql=UNGUARD),
    ]
