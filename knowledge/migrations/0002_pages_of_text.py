import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import alliance.files.storage

# Nothing refers to these rows yet, so each gets its new key where it stands.
_NEW_KEY = """
    ALTER TABLE knowledge_editionfile DROP COLUMN id;
    ALTER TABLE knowledge_editionfile ADD COLUMN uuid uuid NOT NULL DEFAULT gen_random_uuid();
    ALTER TABLE knowledge_editionfile ALTER COLUMN uuid DROP DEFAULT;
    ALTER TABLE knowledge_editionfile ADD PRIMARY KEY (uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("knowledge", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_NEW_KEY, elidable=False)],
            state_operations=[
                migrations.RemoveField(model_name="editionfile", name="id"),
                migrations.AddField(
                    model_name="editionfile",
                    name="uuid",
                    field=models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.RenameField("editionfile", "created_at", "added_at"),
        migrations.AddField(
            model_name="editionfile",
            name="name",
            field=models.CharField(default="report.pdf", max_length=150, verbose_name="name"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="editionfile",
            name="content_type",
            field=models.CharField(
                default="application/pdf", max_length=100, verbose_name="kind, found by content"
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(help_text="Counted from one.", verbose_name="page"),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
            ],
            options={
                "verbose_name": "page of text",
                "verbose_name_plural": "pages of text",
                "ordering": ["number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="editionfile",
            name="edition_file_sha256",
        ),
        migrations.AddField(
            model_name="editionfile",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="added by",
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="cover",
            field=models.ImageField(
                blank=True,
                editable=False,
                storage=alliance.files.storage.picture_storage,
                upload_to="",
                verbose_name="cover",
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="language_found",
            field=models.CharField(
                blank=True, editable=False, max_length=12, verbose_name="language of the text"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="scan",
            field=models.CharField(
                choices=[
                    ("not_scanned", "not scanned"),
                    ("waiting", "is being checked for viruses"),
                    ("failed", "could not be checked for viruses yet; this is tried again"),
                    ("clean", "no virus found"),
                    ("refused", "virus found"),
                ],
                default="not_scanned",
                max_length=20,
                verbose_name="virus scan",
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="scan_attempts",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="scans in vain"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="scan_due_at",
            field=models.DateTimeField(
                blank=True, db_index=True, editable=False, null=True, verbose_name="scan due"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="scan_word",
            field=models.CharField(
                blank=True, editable=False, max_length=200, verbose_name="what the scanner said"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="scanned_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="scanned"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="text_attempts",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="readings in vain"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="text_due_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="text due"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="text_is_cut",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="only a part of the text was read"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="text_read_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="text read"
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="text_state",
            field=models.CharField(
                choices=[
                    ("due", "is being read"),
                    ("read", "read"),
                    ("empty", "has pages without text, as scans have"),
                    ("failed", "could not be read"),
                ],
                default="due",
                editable=False,
                max_length=10,
                verbose_name="text",
            ),
        ),
        migrations.AlterField(
            model_name="editionfile",
            name="sha256",
            field=models.CharField(max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AlterField(
            model_name="editionfile",
            name="size",
            field=models.PositiveBigIntegerField(help_text="In bytes.", verbose_name="size"),
        ),
        migrations.AddIndex(
            model_name="editionfile",
            index=models.Index(
                condition=models.Q(("text_state", "due")),
                fields=["text_due_at"],
                name="edition_file_text_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="editionfile_sha256_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan__in", ["clean", "refused"]), ("scanned_at__isnull", False)),
                    models.Q(
                        models.Q(("scan__in", ["clean", "refused"]), _negated=True),
                        ("scanned_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="editionfile_verdict_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan__in", ["waiting", "failed"]), ("scan_due_at__isnull", False)),
                    models.Q(
                        models.Q(("scan__in", ["waiting", "failed"]), _negated=True),
                        ("scan_due_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="editionfile_waits_for_a_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_state__in", ["due", "read", "empty", "failed"])),
                name="edition_file_text_state",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pages",
                to="knowledge.editionfile",
                verbose_name="version of the PDF",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(
                fields=("file", "number"), name="page_once_in_a_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="page_counts_from_one"
            ),
        ),
    ]
