"""Checks of similar places, and what the database holds of them: one answer for each, closed with the last."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


#: An answer is given once, while its check is open; what was found is a hazard at that very place. No check closes unanswered.
CREATE_GUARDS = """
CREATE FUNCTION inspections_place_answer_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answer <> '' THEN
        RAISE EXCEPTION 'place_answer_stands: an answer of a place is never changed or removed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_answer_stands';
    END IF;
    PERFORM 1 FROM inspections_placecheck WHERE id = NEW.place_check_id AND status = 'open';
    IF NOT FOUND AND NEW.answer <> '' THEN
        RAISE EXCEPTION 'place_answer_in_time: only an open check takes answers'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_answer_in_time';
    END IF;
    PERFORM 1 FROM inspections_hazard WHERE id = NEW.hazard_id AND place_id IS DISTINCT FROM NEW.place_id;
    IF FOUND THEN
        RAISE EXCEPTION 'place_answer_hazard_there: what was found at a place is a hazard at that place'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_answer_hazard_there';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_place_answer_stands BEFORE UPDATE OR DELETE ON inspections_placeanswer
    FOR EACH ROW EXECUTE FUNCTION inspections_place_answer_stands();

CREATE FUNCTION inspections_place_check_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM inspections_placeanswer WHERE place_check_id = NEW.id AND answer = '';
    IF FOUND THEN
        RAISE EXCEPTION 'place_check_answered: a check is closed once every place has answered'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_check_answered';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_place_check_answered BEFORE UPDATE OF status ON inspections_placecheck FOR EACH ROW
    WHEN (NEW.status = 'closed' AND OLD.status <> 'closed') EXECUTE FUNCTION inspections_place_check_answered();
"""
DROP_GUARDS = """
DROP FUNCTION inspections_place_answer_stands() CASCADE;
DROP FUNCTION inspections_place_check_answered() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0003_sent_size'),
        ('inspections', '0018_ban_guards'),
        ('responsibilities', '0020_place_check_deadlines'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deadline', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='check_share', to='responsibilities.deadline')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.unit')),
            ],
            options={
                'verbose_name': 'share of a check',
                'ordering': ['unit_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlaceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('body_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('number', models.CharField(max_length=32, unique=True, verbose_name='number')),
                ('title', models.CharField(max_length=200, verbose_name='what to look for')),
                ('description', models.TextField(blank=True, verbose_name='how to check it')),
                ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'All answered'), ('cancelled', 'Cancelled')], default='open', max_length=10, verbose_name='state')),
                ('sent_at', models.DateTimeField(verbose_name='sent')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_reason', models.TextField(blank=True, verbose_name='reason')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='place_checks', to='inspections.hazard', verbose_name='hazard')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'check of similar places',
                'verbose_name_plural': 'checks of similar places',
                'ordering': ['-sent_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PlaceAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(blank=True, choices=[('fine', 'Fine here'), ('found', 'Found here too'), ('na', 'Not applicable')], max_length=8, verbose_name='answer')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hazard', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='found_by_check', to='inspections.hazard', verbose_name='hazard')),
                ('photos', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachmentset')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.place', verbose_name='place')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='inspections.checkshare')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.unit', verbose_name='unit')),
                ('place_check', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='inspections.placecheck')),
            ],
            options={
                'verbose_name': 'answer of a place',
                'verbose_name_plural': 'answers of places',
                'ordering': ['share_id', 'unit_id', 'place_id'],
            },
        ),
        migrations.AddField(
            model_name='checkshare',
            name='place_check',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='inspections.placecheck'),
        ),
        migrations.AddIndex(
            model_name='placecheck',
            index=models.Index(fields=['-sent_at', '-id'], name='place_check_sent'),
        ),
        migrations.AddIndex(
            model_name='placecheck',
            index=models.Index(fields=['due_at', 'id'], name='place_check_due'),
        ),
        migrations.AddIndex(
            model_name='placecheck',
            index=models.Index(fields=['unit', '-sent_at', '-id'], name='place_check_unit'),
        ),
        migrations.AddConstraint(
            model_name='placecheck',
            constraint=models.UniqueConstraint(fields=('sent_by', 'client_id'), name='place_check_client_once'),
        ),
        migrations.AddConstraint(
            model_name='placecheck',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('hazard',), name='place_check_one_open'),
        ),
        migrations.AddConstraint(
            model_name='placecheck',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('sent_at'))), name='place_check_due_after_sent'),
        ),
        migrations.AddConstraint(
            model_name='placecheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status', 'closed')), models.Q(models.Q(('status', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='place_check_closed_whole'),
        ),
        migrations.AddConstraint(
            model_name='placecheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancel_reason__gt', ''), ('cancelled_at__isnull', False), ('cancelled_by__isnull', False), ('status', 'cancelled')), models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancelled_at__isnull', True), ('cancelled_by__isnull', True)), _connector='OR'), name='place_check_cancelled_whole'),
        ),
        migrations.AddConstraint(
            model_name='placeanswer',
            constraint=models.UniqueConstraint(fields=('place_check', 'place'), name='place_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='placeanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True), ('note', ''), ('photos__isnull', True)), models.Q(('answer__gt', ''), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='place_answer_whole'),
        ),
        migrations.AddConstraint(
            model_name='placeanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'found'), ('hazard__isnull', False)), models.Q(models.Q(('answer', 'found'), _negated=True), ('hazard__isnull', True)), _connector='OR'), name='place_answer_found_has_hazard'),
        ),
        migrations.AddConstraint(
            model_name='placeanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'na'), _negated=True), ('note__gt', ''), _connector='OR'), name='place_answer_na_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='checkshare',
            constraint=models.UniqueConstraint(fields=('place_check', 'unit', 'asked'), name='check_share_once'),
        ),
        migrations.RunSQL(CREATE_GUARDS, DROP_GUARDS),
    ]
