"""What the sweep looks into each minute; built beside the running plant."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("responsibilities", "0011_succession")]

    operations = [
        AddIndexConcurrently(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("handed_over_at__isnull", True)), fields=["ends_on"], name="appointment_to_hand_over"
            ),
        ),
    ]
