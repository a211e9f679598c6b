"""What falls due for a major hazard; no second later date for its fix without the upper plant's written approval."""

import django.db.models.deletion
from django.db import migrations, models


CREATE_GUARD = """
CREATE FUNCTION responsibilities_approved_extension() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM responsibilities_correctiveaction fix JOIN responsibilities_level level ON level.code = fix.level_id
    WHERE fix.id = NEW.action_id AND level.is_major AND EXISTS (
            SELECT 1 FROM responsibilities_extensionrequest other
            WHERE other.action_id = NEW.action_id AND other.status = 'granted' AND other.id <> NEW.id)
        AND NOT EXISTS (SELECT 1 FROM attachments_attachment page WHERE page.set_id = NEW.approval_id);
    IF FOUND THEN
        RAISE EXCEPTION 'extension_approved_above: a major fix gets a second later date only with a written approval'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_approved_above';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER responsibilities_approved_extension BEFORE INSERT OR UPDATE OF status ON responsibilities_extensionrequest
    FOR EACH ROW WHEN (NEW.status = 'granted') EXECUTE FUNCTION responsibilities_approved_extension();
"""
DROP_GUARD = "DROP FUNCTION responsibilities_approved_extension() CASCADE;"


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0003_sent_size'),
        ('responsibilities', '0017_certified_devices'),
    ]

    operations = [
        migrations.AddField(
            model_name='extensionrequest',
            name='approval',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachmentset'),
        ),
        migrations.AddField(
            model_name='extensionrequest',
            name='approval_number',
            field=models.CharField(blank=True, db_default='', max_length=60, verbose_name='document number of the approval'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('fix', 'Fix'), ('assess', 'Assess'), ('decide', 'Decide'), ('verify', 'Check'), ('answer', 'Answer'), ('acknowledge', 'Acknowledge'), ('release', 'Release'), ('visit', 'Inspect'), ('excuse', 'Decide an excuse'), ('reply', 'Reply'), ('notice', 'Serve a notice'), ('receipt', 'Sign for a notice'), ('appeal', 'Decide an appeal'), ('proposal', 'Decide a proposal'), ('duty', 'Duty after points'), ('proof', 'Check a proof'), ('plan', 'Write the treatment plan'), ('approve', 'Approve the treatment plan'), ('progress', 'Report progress'), ('outside', 'Report outside the unit')], max_length=12, verbose_name='kind'),
        ),
        migrations.RunSQL(CREATE_GUARD, DROP_GUARD),
    ]
