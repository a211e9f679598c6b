import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[("before", "Before"), ("after", "After"), ("evidence", "Evidence"), ("document", "Document")],
                        max_length=10,
                    ),
                ),
                ("sent_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("content_type", models.CharField(default="image/jpeg", max_length=40)),
                ("file_key", models.CharField(max_length=120)),
                ("thumb_key", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                ("caption", models.CharField(blank=True, max_length=200, verbose_name="caption")),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("bound_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AttachmentSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_kind", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "set of files",
                "verbose_name_plural": "sets of files",
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_sha256", models.CharField(max_length=64)),
                ("total", models.PositiveIntegerField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "upload",
                "verbose_name_plural": "uploads",
            },
        ),
        migrations.CreateModel(
            name="UploadPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "piece of an upload",
                "verbose_name_plural": "pieces of an upload",
                "ordering": ["start"],
            },
        ),
    ]
