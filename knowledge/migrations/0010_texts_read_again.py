from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0009_downloads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="editionfile",
            name="edition_file_text_due",
        ),
        migrations.AddIndex(
            model_name="editionfile",
            index=models.Index(
                condition=models.Q(
                    ("text_state", "due"),
                    ("text_due_at__gt", models.F("text_read_at")),
                    _connector="OR",
                ),
                fields=["text_due_at"],
                name="edition_file_text_due",
            ),
        ),
    ]
