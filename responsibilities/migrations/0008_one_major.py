from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibilities", "0007_one_top")]

    operations = [
        migrations.AddConstraint(
            model_name="level",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_major", True)), fields=("is_major",), name="level_one_major"
            ),
        ),
    ]
