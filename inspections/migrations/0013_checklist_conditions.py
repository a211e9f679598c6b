"""Sections, critical items, evidence on failure, references and conditions of checklist items."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

CREATE_GUARD = """
CREATE FUNCTION inspections_check_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.shown_if_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM documents_clause own JOIN documents_clause other ON other.version_id = own.version_id
        WHERE own.id = NEW.clause_id AND other.id = NEW.shown_if_id AND other.position < own.position
    ) THEN
        -- Else an item could wait for itself, and would never be asked.
        RAISE EXCEPTION 'The condition of an item names an earlier item of the same version'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_check_item BEFORE INSERT OR UPDATE ON inspections_checklistitem
    FOR EACH ROW EXECUTE FUNCTION inspections_check_item();
"""

DROP_GUARD = "DROP FUNCTION inspections_check_item() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0012_penalty_guards"), ("documents", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="checklistitem",
            name="section",
            field=models.CharField(blank=True, db_default="", max_length=120, verbose_name="section"),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="section_zh",
            field=models.CharField(blank=True, db_default="", max_length=120, verbose_name="section in Chinese"),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="score_cap",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score at most, if it fails"),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="photo_on_fail",
            field=models.BooleanField(db_default=False, default=False, verbose_name="photo when it fails"),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="note_on_fail",
            field=models.BooleanField(db_default=False, default=False, verbose_name="note when it fails"),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="reference",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.clause",
                verbose_name="reference",
            ),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="shown_if",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="documents.clause",
                verbose_name="only if",
            ),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="shown_on",
            field=models.CharField(
                blank=True,
                choices=[("pass", "OK"), ("fail", "Fail"), ("na", "N/A")],
                db_default="",
                max_length=4,
                verbose_name="answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistitem",
            constraint=models.CheckConstraint(
                condition=Q(("score_cap__isnull", True), ("score_cap__lte", 100), _connector="OR"), name="checklist_item_cap"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistitem",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("shown_if__isnull", True), ("shown_on", "")),
                    Q(("shown_if__isnull", False), ("shown_on__in", ["pass", "fail", "na"])),
                    _connector="OR",
                ),
                name="checklist_item_condition_whole",
            ),
        ),
        migrations.RunSQL(CREATE_GUARD, DROP_GUARD),
    ]
