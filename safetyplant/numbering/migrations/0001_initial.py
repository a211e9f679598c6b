from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("series", models.CharField(max_length=8, verbose_name="series")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "last",
                    models.PositiveIntegerField(default=0, verbose_name="last number"),
                ),
            ],
            options={
                "verbose_name": "number series",
                "verbose_name_plural": "number series",
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="numbering_series_year")],
            },
        ),
    ]
