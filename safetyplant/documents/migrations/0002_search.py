from django.db import migrations

from safetyplant.search.fields import SearchIndex, SearchVector


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("documents", "0001_initial")]

    operations = [
        migrations.AddField(model_name="document", name="search", field=SearchVector("code", "title", "title_zh")),
        migrations.AddField(model_name="clause", name="search", field=SearchVector("text", "text_zh")),
        migrations.AddIndex(model_name="document", index=SearchIndex(fields=["search"], name="document_search")),
        migrations.AddIndex(model_name="clause", index=SearchIndex(fields=["search"], name="clause_search")),
    ]
