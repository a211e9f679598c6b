"""When an appointment that is over was handed over; sessions that end for good."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibilities", "0010_fixers")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="handed_over_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="session_round",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
