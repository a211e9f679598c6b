"""What the list asks for when it shows accepted hazards; built beside the running plant."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inspections", "0022_acceptances")]

    operations = [
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(("accepted_until__isnull", False)), fields=["due_at", "id"], name="hazard_accepted"
            ),
        ),
    ]
