"""Listed supervision of major hazards, and what the database holds of it: no closing without both signatures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


#: Case M of catalogue.json `severity`: another leader and an expert, neither a fixer, then someone else closes it.
CREATE_GUARDS = """
CREATE FUNCTION inspections_major_verified_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM responsibilities_level WHERE code = NEW.level_id AND is_major;
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM inspections_majortreatment treatment
    JOIN inspections_majorverification leader ON leader.treatment_id = treatment.id AND leader.round = treatment.round
        AND leader.role = 'leader' AND leader.accepted
    JOIN inspections_majorverification expert ON expert.treatment_id = treatment.id AND expert.round = treatment.round
        AND expert.role = 'expert' AND expert.accepted
    WHERE treatment.hazard_id = NEW.id AND treatment.status = 'lifted'
        AND NEW.closed_by_id IS DISTINCT FROM leader.person_id AND NEW.closed_by_id IS DISTINCT FROM expert.person_id
        AND NOT EXISTS (SELECT 1 FROM responsibilities_actionfixer fixer
            WHERE fixer.action_id = NEW.action_id AND fixer.person_id IN (leader.person_id, expert.person_id));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'hazard_major_verified_by_two: a major hazard is closed after another leader and an expert verified it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hazard_major_verified_by_two';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_major_verified_by_two BEFORE UPDATE OF status ON inspections_hazard FOR EACH ROW
    WHEN (NEW.status = 'closed' AND OLD.status <> 'closed' AND NOT NEW.is_past AND NOT NEW.fixed_on_spot)
    EXECUTE FUNCTION inspections_major_verified_by_two();

CREATE FUNCTION inspections_verification_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'A signature is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM inspections_majortreatment treatment JOIN inspections_hazard hazard ON hazard.id = treatment.hazard_id
    JOIN responsibilities_correctiveaction fix ON fix.id = hazard.action_id
    LEFT JOIN responsibilities_actionfixer fixer ON fixer.action_id = fix.id AND fixer.person_id = NEW.person_id
    WHERE treatment.id = NEW.treatment_id AND (fixer.id IS NOT NULL OR NEW.person_id IN (fix.owner_id, fix.submitted_by_id));
    IF FOUND THEN
        RAISE EXCEPTION 'verification_never_by_fixer: whoever had a hand in a fix never verifies it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verification_never_by_fixer';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inspections_verification_stands BEFORE INSERT OR UPDATE OR DELETE ON inspections_majorverification
    FOR EACH ROW EXECUTE FUNCTION inspections_verification_stands();
"""
DROP_GUARDS = """
DROP FUNCTION inspections_major_verified_by_two() CASCADE;
DROP FUNCTION inspections_verification_stands() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0003_sent_size'),
        ('inspections', '0014_outside_letters'),
        ('responsibilities', '0018_major_treatment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MajorTreatment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True, verbose_name='number of the notice')),
                ('status', models.CharField(choices=[('planning', 'Plan to be written'), ('proposed', 'Plan waits for approval'), ('approved', 'In treatment'), ('lifted', 'Supervision lifted'), ('dropped', 'No longer major')], default='planning', max_length=10, verbose_name='state')),
                ('opened_at', models.DateTimeField(verbose_name='listed since')),
                ('responsibility', models.TextField(blank=True, verbose_name='Responsibility')),
                ('measures', models.TextField(blank=True, verbose_name='Measures')),
                ('funds', models.TextField(blank=True, verbose_name='Funds')),
                ('plan_due_at', models.DateTimeField(blank=True, null=True, verbose_name='Time limit')),
                ('contingency', models.TextField(blank=True, verbose_name='Contingency plan')),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round of verification')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('approve_deadline', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.deadline')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='another leader')),
                ('checker_deadline', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.deadline')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                ('expert_deadline', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.deadline')),
                ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='treatments', to='inspections.hazard', verbose_name='hazard')),
                ('plan_deadline', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.deadline')),
                ('progress_deadline', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.deadline')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'treatment of a major hazard',
                'verbose_name_plural': 'treatments of major hazards',
                'ordering': ['-opened_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='MajorProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.PositiveSmallIntegerField(verbose_name='report')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('text', models.TextField(blank=True, verbose_name='progress')),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='done, in per cent')),
                ('written_at', models.DateTimeField(blank=True, null=True)),
                ('missed_at', models.DateTimeField(blank=True, null=True, verbose_name='missed')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('treatment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='inspections.majortreatment')),
            ],
            options={
                'verbose_name': 'progress report',
                'verbose_name_plural': 'progress reports',
                'ordering': ['week'],
            },
        ),
        migrations.CreateModel(
            name='MajorVerification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('leader', 'Another leader'), ('expert', 'Expert')], max_length=8)),
                ('accepted', models.BooleanField()),
                ('note', models.TextField(verbose_name='what was seen')),
                ('signed_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('treatment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='inspections.majortreatment')),
            ],
            options={
                'verbose_name': 'verification of a major hazard',
                'verbose_name_plural': 'verifications of major hazards',
                'ordering': ['signed_at'],
            },
        ),
        migrations.CreateModel(
            name='OutsideReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('addressee', models.CharField(choices=[('regulator', 'The regulator'), ('congress', "The workers' congress")], max_length=10, verbose_name='to')),
                ('reported_on', models.DateField(blank=True, null=True, verbose_name='reported on')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('deadline', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='responsibilities.deadline')),
                ('files', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachmentset')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('treatment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outside_reports', to='inspections.majortreatment')),
            ],
            options={
                'verbose_name': 'report outside',
                'verbose_name_plural': 'reports outside',
                'ordering': ['addressee'],
            },
        ),
        migrations.AddIndex(
            model_name='majortreatment',
            index=models.Index(fields=['status', '-opened_at'], name='treatment_status'),
        ),
        migrations.AddConstraint(
            model_name='majortreatment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'dropped'), _negated=True), fields=('hazard',), name='treatment_one_living'),
        ),
        migrations.AddConstraint(
            model_name='majortreatment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['proposed', 'approved', 'lifted']), _negated=True), models.Q(('plan_due_at__isnull', False), ('proposed_at__isnull', False), ('proposed_by__isnull', False), models.Q(('responsibility', ''), _negated=True), models.Q(('measures', ''), _negated=True), models.Q(('funds', ''), _negated=True), models.Q(('contingency', ''), _negated=True)), _connector='OR'), name='treatment_plan_has_all_five'),
        ),
        migrations.AddConstraint(
            model_name='majortreatment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('checker__isnull', False), ('expert__isnull', False), ('status__in', ['approved', 'lifted'])), ('status', 'dropped'), models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('status__in', ['planning', 'proposed'])), _connector='OR'), name='treatment_approved_whole'),
        ),
        migrations.AddConstraint(
            model_name='majortreatment',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='treatment_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='majortreatment',
            constraint=models.CheckConstraint(condition=models.Q(('checker__isnull', True), ('expert__isnull', True), models.Q(('checker', models.F('expert')), _negated=True), _connector='OR'), name='treatment_two_verifiers'),
        ),
        migrations.AddConstraint(
            model_name='majortreatment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('status__in', ['planning', 'proposed', 'approved'])), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('status__in', ['lifted', 'dropped'])), _connector='OR'), name='treatment_ended_whole'),
        ),
        migrations.AddConstraint(
            model_name='majorprogress',
            constraint=models.UniqueConstraint(fields=('treatment', 'week'), name='progress_week_once'),
        ),
        migrations.AddConstraint(
            model_name='majorprogress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('percent__isnull', True), ('text', ''), ('written_at__isnull', True), ('written_by__isnull', True)), models.Q(('percent__lte', 100), ('written_at__isnull', False), ('written_by__isnull', False), models.Q(('text', ''), _negated=True)), _connector='OR'), name='progress_written_whole'),
        ),
        migrations.AddConstraint(
            model_name='majorprogress',
            constraint=models.CheckConstraint(condition=models.Q(('written_at__isnull', True), ('missed_at__isnull', True), _connector='OR'), name='progress_written_or_missed'),
        ),
        migrations.AddConstraint(
            model_name='majorprogress',
            constraint=models.UniqueConstraint(condition=models.Q(('missed_at__isnull', True), ('written_at__isnull', True)), fields=('treatment',), name='progress_one_owed'),
        ),
        migrations.AddConstraint(
            model_name='majorverification',
            constraint=models.UniqueConstraint(fields=('treatment', 'round', 'role'), name='verification_once'),
        ),
        migrations.AddConstraint(
            model_name='majorverification',
            constraint=models.UniqueConstraint(fields=('treatment', 'round', 'person'), name='verification_two_people'),
        ),
        migrations.AddConstraint(
            model_name='majorverification',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='verification_says_what_was_seen'),
        ),
        migrations.AddConstraint(
            model_name='outsidereport',
            constraint=models.UniqueConstraint(fields=('treatment', 'addressee'), name='outside_report_once'),
        ),
        migrations.AddConstraint(
            model_name='outsidereport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document_number', ''), ('recorded_at__isnull', True), ('recorded_by__isnull', True), ('reported_on__isnull', True)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False), ('reported_on__isnull', False), models.Q(('document_number', ''), _negated=True)), _connector='OR'), name='outside_report_whole'),
        ),
        migrations.RunSQL(CREATE_GUARDS, DROP_GUARDS),
    ]
