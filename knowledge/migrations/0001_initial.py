import alliance.files.storage
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alliance", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HarvestRecord",
            fields=[
                (
                    "report_number",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="number of the report"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(help_text="To the second.", verbose_name="changed"),
                ),
                ("is_deleted", models.BooleanField(default=False, verbose_name="no longer there")),
            ],
            options={
                "verbose_name": "record for harvesters",
                "verbose_name_plural": "records for harvesters",
                "indexes": [
                    models.Index(fields=["changed_at", "report_number"], name="harvest_in_order")
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("subtitle", models.CharField(blank=True, max_length=300, verbose_name="subtitle")),
                (
                    "slug",
                    models.SlugField(
                        editable=False, max_length=80, verbose_name="name in the address"
                    ),
                ),
                (
                    "is_named_by_file",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="is called as its file was"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        help_text="As in “Evaluation” or “Desk review”.",
                        max_length=120,
                        verbose_name="kind",
                    ),
                ),
                (
                    "publisher",
                    models.CharField(db_index=True, max_length=200, verbose_name="publisher"),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="place of publication"
                    ),
                ),
                (
                    "commissioner",
                    models.CharField(
                        blank=True,
                        help_text="Who asked for the report.",
                        max_length=200,
                        verbose_name="commissioned by",
                    ),
                ),
                (
                    "performer",
                    models.CharField(
                        blank=True,
                        help_text="The consultancy or institution that did the work, where it is named.",
                        max_length=200,
                        verbose_name="performed by",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "date",
                    models.DateField(blank=True, null=True, verbose_name="date of publication"),
                ),
                ("series", models.CharField(blank=True, max_length=200, verbose_name="series")),
                ("licence", models.CharField(blank=True, max_length=100, verbose_name="licence")),
                (
                    "source_url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="address at the publisher"
                    ),
                ),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^10\\.\\d{4,9}/\\S+\\Z", "Write a DOI as in 10.1000/182."
                            )
                        ],
                        verbose_name="DOI",
                    ),
                ),
                (
                    "isbn",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(97[89][- ]?)?(\\d[- ]?){9}[\\dXx]\\Z",
                                "Write an ISBN with its 10 or 13 digits.",
                            )
                        ],
                        verbose_name="ISBN",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("embargoed", "Embargoed"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "embargoed_until",
                    models.DateField(
                        blank=True,
                        help_text="The day on which the report appears in the library by itself.",
                        null=True,
                        verbose_name="embargoed until",
                    ),
                ),
                (
                    "retirement_note",
                    models.TextField(
                        blank=True,
                        help_text="Shown on the page that stays at the report's address.",
                        verbose_name="why it was retired",
                    ),
                ),
                (
                    "catalogue_key",
                    models.SlugField(
                        blank=True,
                        editable=False,
                        max_length=120,
                        null=True,
                        unique=True,
                        verbose_name="shipped entry",
                    ),
                ),
                ("catalogue_checksum", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        limit_choices_to={"vocabulary": "theme"},
                        related_name="+",
                        to="alliance.term",
                        verbose_name="themes",
                    ),
                ),
                (
                    "regions",
                    models.ManyToManyField(
                        blank=True,
                        limit_choices_to={"vocabulary": "region"},
                        related_name="+",
                        to="alliance.term",
                        verbose_name="regions",
                    ),
                ),
                (
                    "sdgs",
                    models.ManyToManyField(
                        blank=True,
                        limit_choices_to={"vocabulary": "sdg"},
                        related_name="+",
                        to="alliance.term",
                        verbose_name="Sustainable Development Goals",
                    ),
                ),
                (
                    "countries",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="alliance.country",
                        verbose_name="countries",
                    ),
                ),
                (
                    "related",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Shown first; reports on the same themes follow by themselves.",
                        to="knowledge.report",
                        verbose_name="related reports",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["-pk"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="report_arrows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{draft:embargoed,draft:published,embargoed:draft,embargoed:embargoed,embargoed:published,embargoed:retired,published:retired,retired:published}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="997e4a918ff7b2a2e0ed8105b5cd372f3dd0dd55",
                            operation="UPDATE",
                            pgid="pgtrigger_report_arrows_123dd",
                            table="knowledge_report",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="tells_harvesters",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF TG_OP = 'UPDATE' AND (OLD.changed_at, OLD.status, OLD.embargoed_until)\n                IS NOT DISTINCT FROM (NEW.changed_at, NEW.status, NEW.embargoed_until) THEN\n                RETURN NULL;\n            END IF;\n            IF TG_OP <> 'DELETE' AND (\n                NEW.status = 'published' OR (\n                    NEW.status = 'embargoed'\n                    AND NEW.embargoed_until <= (clock_timestamp() AT TIME ZONE 'UTC')::date\n                )\n            ) THEN\n                INSERT INTO knowledge_harvestrecord (report_number, changed_at, is_deleted)\n                VALUES (NEW.id, date_trunc('second', clock_timestamp()), false)\n                ON CONFLICT (report_number) DO UPDATE\n                SET changed_at = EXCLUDED.changed_at, is_deleted = false;\n            ELSE\n                UPDATE knowledge_harvestrecord\n                SET changed_at = date_trunc('second', clock_timestamp()), is_deleted = true\n                WHERE report_number = COALESCE(OLD.id, NEW.id) AND NOT is_deleted;\n            END IF;\n            RETURN NULL;\n        ",
                            hash="b1f6800286cea0013d44d32ba6d2e322dd7611f9",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_tells_harvesters_693e0",
                            table="knowledge_report",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("year"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="report_newest",
                    ),
                    models.Index(fields=["title", "id"], name="report_title"),
                    models.Index(
                        condition=models.Q(("status", "embargoed")),
                        fields=["embargoed_until"],
                        name="report_embargoed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "embargoed", "published", "retired"])
                        ),
                        name="report_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "embargoed"), _negated=True),
                            ("embargoed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="report_embargo_has_day",
                        violation_error_message="Say until when the report is embargoed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date__isnull", True),
                            ("year", django.db.models.functions.datetime.ExtractYear("date")),
                            _connector="OR",
                        ),
                        name="report_date_in_year",
                        violation_error_message="The date does not lie in the year given.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authors",
                        to="knowledge.report",
                        verbose_name="report",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "prefix",
                    models.CharField(blank=True, max_length=30, verbose_name="title of the person"),
                ),
                (
                    "given_name",
                    models.CharField(blank=True, max_length=100, verbose_name="given name"),
                ),
                ("family_name", models.CharField(max_length=100, verbose_name="family name")),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="first asked for"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked for"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("search", models.TextField(blank=True, verbose_name="search")),
                (
                    "frequency",
                    models.CharField(
                        choices=[("day", "at most once a day"), ("week", "at most once a week")],
                        default="week",
                        max_length=4,
                        verbose_name="how often",
                    ),
                ),
                (
                    "seen_until",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="seen until"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="due"),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("confirmed_at__isnull", False), ("ended_at__isnull", True)
                        ),
                        fields=["due_at", "id"],
                        name="alert_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="alert_email_is_lower_case",
                    ),
                    models.UniqueConstraint(
                        fields=("email", "search"), name="alert_once_for_a_search"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("frequency__in", ["day", "week"])),
                        name="alert_frequency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appearance",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="appearance",
                        serialize=False,
                        to="knowledge.report",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editions",
                        to="knowledge.report",
                        verbose_name="report",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("ar", "العربية"),
                            ("de", "Deutsch"),
                            ("en", "English"),
                            ("es", "Español"),
                            ("fr", "Français"),
                            ("hi", "हिन्दी"),
                            ("id", "Bahasa Indonesia"),
                            ("nb", "Norsk bokmål"),
                            ("pt", "Português"),
                            ("ru", "Русский"),
                            ("sw", "Kiswahili"),
                            ("tr", "Türkçe"),
                            ("vi", "Tiếng Việt"),
                            ("zh", "中文"),
                        ],
                        default="en",
                        max_length=12,
                        verbose_name="language",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Left empty, it is the report's title.",
                        max_length=300,
                        verbose_name="title in this language",
                    ),
                ),
                (
                    "subtitle",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="subtitle in this language"
                    ),
                ),
                (
                    "abstract",
                    models.TextField(
                        blank=True,
                        help_text="An empty line begins a new paragraph.",
                        verbose_name="abstract",
                    ),
                ),
                (
                    "key_findings",
                    models.TextField(
                        blank=True, help_text="One on each line.", verbose_name="key findings"
                    ),
                ),
                (
                    "recommendations",
                    models.TextField(
                        blank=True, help_text="One on each line.", verbose_name="recommendations"
                    ),
                ),
                (
                    "reading_html",
                    models.TextField(
                        blank=True,
                        help_text="HTML: headings h2 and h3 with ids, paragraphs, lists, tables, quotations, links. Everything else is taken out.",
                        verbose_name="reading edition",
                    ),
                ),
                (
                    "reading_is_digest",
                    models.BooleanField(
                        default=False,
                        help_text="The reading edition is a summary in our own words, and says so.",
                        verbose_name="digest by the Alliance",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "language"),
                        name="edition_once_per_language",
                        violation_error_message="The report has an edition in this language.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="edition_has_title"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionFile",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=alliance.files.storage.private_storage,
                        upload_to="",
                        verbose_name="file",
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(help_text="In bytes.", verbose_name="size"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "content_type",
                    models.CharField(max_length=100, verbose_name="kind, found by content"),
                ),
                (
                    "scan",
                    models.CharField(
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
                (
                    "scan_word",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=200,
                        verbose_name="what the scanner said",
                    ),
                ),
                (
                    "scan_attempts",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="scans in vain"
                    ),
                ),
                (
                    "scan_due_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        null=True,
                        verbose_name="scan due",
                    ),
                ),
                (
                    "scanned_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="scanned"
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="knowledge.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="version",
                    ),
                ),
                (
                    "page_count",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty where the file could not be read.",
                        null=True,
                        verbose_name="pages",
                    ),
                ),
                (
                    "is_digest",
                    models.BooleanField(default=False, verbose_name="digest by the Alliance"),
                ),
                (
                    "text_state",
                    models.CharField(
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
                (
                    "text_due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="text due"
                    ),
                ),
                (
                    "text_attempts",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="readings in vain"
                    ),
                ),
                (
                    "text_read_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="text read"
                    ),
                ),
                (
                    "text_is_cut",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        verbose_name="only a part of the text was read",
                    ),
                ),
                (
                    "language_found",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=12,
                        verbose_name="language of the text",
                    ),
                ),
                (
                    "cover",
                    models.ImageField(
                        blank=True,
                        editable=False,
                        storage=alliance.files.storage.picture_storage,
                        upload_to="",
                        verbose_name="cover",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of the PDF",
                "verbose_name_plural": "versions of the PDF",
                "ordering": ["-number"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("text_state", "due"),
                            ("text_due_at__gt", models.F("text_read_at")),
                            _connector="OR",
                        ),
                        fields=["text_due_at"],
                        name="edition_file_text_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="editionfile_sha256_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scan__in", ["clean", "refused"]), ("scanned_at__isnull", False)
                            ),
                            models.Q(
                                models.Q(("scan__in", ["clean", "refused"]), _negated=True),
                                ("scanned_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="editionfile_verdict_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scan__in", ["waiting", "failed"]), ("scan_due_at__isnull", False)
                            ),
                            models.Q(
                                models.Q(("scan__in", ["waiting", "failed"]), _negated=True),
                                ("scan_due_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="editionfile_waits_for_a_scan",
                    ),
                    models.UniqueConstraint(
                        fields=("edition", "number"), name="edition_file_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="edition_file_counts_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_state__in", ["due", "read", "empty", "failed"])),
                        name="edition_file_text_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexEntry",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="index_entry",
                        serialize=False,
                        to="knowledge.report",
                    ),
                ),
                ("shown_from", models.DateField(null=True)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("title_key", models.CharField(db_collation="C", max_length=300)),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=250), size=None
                    ),
                ),
                ("card", models.JSONField()),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("titles", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("everything", django.contrib.postgres.search.SearchVectorField()),
                ("wanted", models.PositiveIntegerField(default=1)),
                ("read", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["titles"], name="index_titles"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="index_words"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["everything"], name="index_everything"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["facets"], name="index_facets"
                    ),
                    models.Index(
                        models.OrderBy(models.F("year"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("report"), descending=True),
                        condition=models.Q(("shown_from__isnull", False)),
                        name="index_newest",
                    ),
                    models.Index(
                        condition=models.Q(("shown_from__isnull", False)),
                        fields=["title_key", "report"],
                        name="index_title",
                    ),
                    models.Index(
                        condition=models.Q(("read__lt", models.F("wanted"))),
                        fields=["report"],
                        name="index_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.editionfile",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "number"), name="index_page_once_per_file"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexWord",
            fields=[
                (
                    "word",
                    models.CharField(
                        db_collation="C", max_length=40, primary_key=True, serialize=False
                    ),
                ),
                ("reports", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["-reports", "word"], name="index_word_usual")],
            },
        ),
        migrations.CreateModel(
            name="IndexChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="knowledge.editionfile",
                        verbose_name="version of the PDF",
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
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="page_once_in_a_file"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="page_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TableImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="alliance.stagedupload",
                        verbose_name="table",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Waits to be tried"),
                            ("tried", "Tried; nothing is changed yet"),
                            ("wanted", "Being taken over"),
                            ("taken", "Taken over"),
                            ("refused", "Cannot be read"),
                        ],
                        default="due",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "leased_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="held by a worker until"
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="rows looked at")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="added")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("same", models.PositiveIntegerField(default=0, verbose_name="stay the same")),
                ("wrong", models.PositiveIntegerField(default=0, verbose_name="wrong")),
                (
                    "differing",
                    models.JSONField(default=list, verbose_name="rows that add or change"),
                ),
                ("problems", models.JSONField(default=list, verbose_name="mistakes")),
            ],
            options={
                "verbose_name": "import of a table",
                "verbose_name_plural": "imports of tables",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "done",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("added"), "+", models.F("changed")
                                        ),
                                        "+",
                                        models.F("same"),
                                    ),
                                    "+",
                                    models.F("wrong"),
                                ),
                            )
                        ),
                        name="table_import_counts_its_rows",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecentDownload",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                        verbose_name="hash of reader, edition and day",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.edition",
                        verbose_name="edition",
                    ),
                ),
                ("day", models.DateField(db_index=True, verbose_name="day")),
                ("hour", models.PositiveSmallIntegerField(verbose_name="hour of the last visit")),
                ("last_at", models.DateTimeField(verbose_name="last asked for")),
                ("requests", models.PositiveIntegerField(verbose_name="requests")),
                (
                    "unique_requests",
                    models.PositiveIntegerField(verbose_name="requests, one for each visit"),
                ),
            ],
            options={
                "verbose_name": "download of today",
                "verbose_name_plural": "downloads of today",
            },
        ),
        migrations.CreateModel(
            name="DownloadCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.edition",
                        verbose_name="edition",
                    ),
                ),
                ("month", models.DateField(verbose_name="first day of the month")),
                ("requests", models.PositiveIntegerField(verbose_name="requests")),
                (
                    "unique_requests",
                    models.PositiveIntegerField(verbose_name="requests, one for each visit"),
                ),
            ],
            options={
                "verbose_name": "downloads of a month",
                "verbose_name_plural": "downloads by month",
                "indexes": [models.Index(fields=["month"], name="download_count_month")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "month"), name="download_count_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="download_count_month_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unique_requests__lte", models.F("requests"))),
                        name="download_count_unique_within_all",
                    ),
                ],
            },
        ),
    ]
