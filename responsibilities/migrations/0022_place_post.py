"""Who works at a place. The post is one of the place's unit: a foreign key of both columns holds it to the end of a transaction."""

import django.db.models.deletion
from django.db import migrations, models

WITHIN = """
ALTER TABLE "responsibilities_place" ADD CONSTRAINT "place_post_of_its_unit" FOREIGN KEY ("post_id", "unit_id")
    REFERENCES "responsibilities_post" ("id", "unit_id") DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE "responsibilities_place" VALIDATE CONSTRAINT "place_post_of_its_unit";
"""
ANYWHERE = 'ALTER TABLE "responsibilities_place" DROP CONSTRAINT "place_post_of_its_unit";'


class Migration(migrations.Migration):
    dependencies = [("responsibilities", "0021_accept_days")]

    operations = [
        migrations.AddField(
            model_name="place",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="responsibilities.post",
                verbose_name="post",
            ),
        ),
        migrations.AddConstraint(
            model_name="post", constraint=models.UniqueConstraint(fields=("id", "unit"), name="post_of_unit")
        ),
        migrations.RunSQL(WITHIN, ANYWHERE),
    ]
