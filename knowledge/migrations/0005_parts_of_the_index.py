from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


def numbers(**options: Any) -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.PositiveIntegerField(), size=None, **options
    )


class Migration(migrations.Migration):
    """Places of words are kept for many pages together, and codes among the words.

    Until its pages have been read anew a report is found as before, only without passages.
    """

    dependencies = [("knowledge", "0004_names_of_the_index")]

    operations = [
        migrations.DeleteModel(name="IndexPage"),
        migrations.RemoveField(model_name="indexentry", name="files"),
        migrations.AddField(
            model_name="indexentry", name="file", field=models.UUIDField(null=True)
        ),
        migrations.AddField(
            model_name="indexentry",
            name="pages",
            field=numbers(default=list),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="indexentry",
            name="starts",
            field=numbers(default=list),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="IndexPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.UUIDField()),
                ("pages", numbers()),
                ("starts", numbers()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further_parts",
                        to="knowledge.indexentry",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="indexentry", name="index_newest"),
        migrations.RemoveIndex(model_name="indexentry", name="index_title"),
        migrations.AddIndex(
            model_name="indexentry",
            index=models.Index(
                models.OrderBy(models.F("year"), descending=True, nulls_last=True),
                models.OrderBy(models.F("report"), descending=True),
                condition=models.Q(("shown_from__isnull", False)),
                include=("shown_from",),
                name="index_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="indexentry",
            index=models.Index(
                condition=models.Q(("shown_from__isnull", False)),
                fields=["title_key", "report"],
                include=("shown_from",),
                name="index_title",
            ),
        ),
        # Codes are counted for a thousand reports at once: they stay in their rows.
        migrations.RunSQL(
            "ALTER TABLE knowledge_indexentry ALTER facets SET STORAGE MAIN",
            "ALTER TABLE knowledge_indexentry ALTER facets SET STORAGE EXTENDED",
        ),
        migrations.RunSQL(
            "UPDATE knowledge_indexentry SET wanted = wanted + 1, attempts = 0,"
            " words = words || array_to_tsvector(facets::text[]),"
            " everything = everything || array_to_tsvector(facets::text[])",
            migrations.RunSQL.noop,
        ),
    ]
