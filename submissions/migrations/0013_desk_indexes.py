from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0012_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="submission", name="submission_assignee"),
        migrations.RemoveIndex(model_name="submission", name="submission_queue"),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["status", "submitted_at", "id"],
                include=("kind", "organization"),
                name="submission_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        ["due_diligence", "eligibility_screening", "for_decision", "submitted"],
                    )
                ),
                fields=["status_at", "id"],
                include=("organization",),
                name="submission_status_at",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["assignee", "status"],
                include=("id", "organization"),
                name="submission_desk",
            ),
        ),
    ]
