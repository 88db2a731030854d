from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0013_desk_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="listexport",
            name="reach",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
    ]
