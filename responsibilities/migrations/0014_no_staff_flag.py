"""Who reads the admin pages follows from today's appointments; the flag was asked by nobody any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("responsibilities", "0013_visit_deadlines"),
    ]

    operations = [
        migrations.RemoveField(model_name="person", name="is_staff"),
    ]
