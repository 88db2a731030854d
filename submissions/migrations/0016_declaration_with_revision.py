import django.db.models.deletion
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0015_arrival"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="revision",
            name="revision_is_frozen",
        ),
        migrations.AddField(
            model_name="revision",
            name="declaration",
            field=models.JSONField(blank=True, default=list, verbose_name="declaration"),
        ),
        migrations.AddField(
            model_name="revision",
            name="declared_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="declared"
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="declared_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="declared by",
            ),
        ),
    ]
