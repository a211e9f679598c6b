from django.db import migrations

from safetyplant.search.sql import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [create_functions()]
