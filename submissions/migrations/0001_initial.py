import alliance.files.storage
import alliance.searching
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pgtrigger.compiler
import submissions.models.revision
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alliance", "0001_initial"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=50, verbose_name="region")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("eoi", "Expression of Interest"),
                            ("demand", "Demand"),
                            ("offer", "Offer"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "partner_category",
                    models.CharField(blank=True, max_length=50, verbose_name="partner category"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignment_rules",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="goes to",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Among rules that say equally much, the lower first.",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of assignment",
                "verbose_name_plural": "rules of assignment",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "kind", "partner_category", "person"),
                        name="assignment_rule_once",
                        violation_error_message="There is such a rule for this person already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked for"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="made")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=alliance.files.storage.private_storage,
                        upload_to="",
                        verbose_name="file",
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        default=0, help_text="In bytes.", verbose_name="size"
                    ),
                ),
            ],
            options={
                "verbose_name": "export of data",
                "verbose_name_plural": "exports of data",
                "ordering": ["-requested_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("attempts__lt", 5), ("made_at", None)),
                        fields=("person",),
                        name="data_export_one_in_the_making",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), ("made_at", None)),
                            models.Q(
                                ("made_at__isnull", False), models.Q(("file", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="data_export_made_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "language",
                    models.CharField(default="en", max_length=10, verbose_name="language"),
                ),
                ("title", models.CharField(max_length=100, verbose_name="letter")),
            ],
            options={
                "verbose_name": "letter template",
                "verbose_name_plural": "letter templates",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "language"), name="letter_template_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="submissions.lettertemplate",
                        verbose_name="letter",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "is_shipped",
                    models.BooleanField(default=False, verbose_name="came with the portal"),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a letter",
                "verbose_name_plural": "versions of letters",
                "ordering": ["-number"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="letter_version_is_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."is_shipped" IS DISTINCT FROM (NEW."is_shipped") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="de14aa7257e82fd2415888558aa52f33a9f1d16a",
                            operation="UPDATE",
                            pgid="pgtrigger_letter_version_is_frozen_9c2ee",
                            table="submissions_letterversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="letter_version_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ac161933d8bbe0bfd1c686c75ee702e57ae9c9a7",
                            operation="DELETE",
                            pgid="pgtrigger_letter_version_stays_11e64",
                            table="submissions_letterversion",
                            when="BEFORE",
                        ),
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "number"), name="letter_version_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked for"
                    ),
                ),
                ("model", models.CharField(max_length=100, verbose_name="list")),
                ("query", models.TextField(blank=True, verbose_name="filters")),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "Excel (XLSX)"), ("csv", "CSV")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="rows written")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "leased_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="held by a worker until"
                    ),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="made")),
                ("reach", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=alliance.files.storage.private_storage,
                        upload_to="",
                        verbose_name="file",
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        default=0, help_text="In bytes.", verbose_name="size"
                    ),
                ),
            ],
            options={
                "verbose_name": "export of a list",
                "verbose_name_plural": "exports of lists",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("made_at", None)),
                        fields=["asked_at"],
                        name="list_export_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), ("made_at", None)),
                            models.Q(
                                ("made_at__isnull", False), models.Q(("file", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="list_export_made_has_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name of the view")),
                (
                    "query",
                    models.CharField(blank=True, max_length=4000, verbose_name="what it shows"),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="saved")),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "name"), name="saved_view_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="saved_view_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("eoi", "Expression of Interest"),
                            ("demand", "Demand"),
                            ("offer", "Offer"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Received"),
                            ("clarification_requested", "Clarification requested"),
                            ("published", "Published"),
                            ("paused", "Paused"),
                            ("fulfilled", "Fulfilled"),
                            ("closed", "Closed"),
                            ("expired", "Expired"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("withdrawn", "Withdrawn"),
                            ("eligibility_screening", "Eligibility screening"),
                            ("due_diligence", "Due diligence"),
                            ("for_decision", "For decision"),
                            ("approved", "Approved"),
                            ("approved_with_conditions", "Approved with conditions"),
                            ("ineligible", "Ineligible"),
                        ],
                        default="draft",
                        max_length=30,
                        verbose_name="status",
                    ),
                ),
                ("status_at", models.DateTimeField(auto_now_add=True, verbose_name="status since")),
                (
                    "status_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="status set by",
                    ),
                ),
                (
                    "return_to",
                    models.CharField(blank=True, max_length=30, verbose_name="returns to"),
                ),
                ("typed", models.JSONField(blank=True, default=dict, verbose_name="as typed")),
                (
                    "logo",
                    models.ImageField(
                        blank=True,
                        storage=alliance.files.storage.picture_storage,
                        upload_to="logos",
                        verbose_name="logo",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="saved")),
                (
                    "saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="reminded of the draft"
                    ),
                ),
                (
                    "warned_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="told that the draft goes"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="begun")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received"),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
                (
                    "is_arriving",
                    models.BooleanField(default=False, editable=False, verbose_name="arrives"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=20, null=True, unique=True, verbose_name="reference"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="name")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.country",
                        verbose_name="country",
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=50, verbose_name="region")),
                (
                    "partner_category",
                    models.CharField(blank=True, max_length=50, verbose_name="partner category"),
                ),
                (
                    "sdgs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        default=list,
                        size=None,
                        verbose_name="SDG",
                    ),
                ),
                (
                    "support",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        default=list,
                        size=None,
                        verbose_name="support",
                    ),
                ),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        default=list,
                        size=None,
                        verbose_name="themes",
                    ),
                ),
                (
                    "places",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        default=list,
                        size=None,
                        verbose_name="places",
                    ),
                ),
                (
                    "modalities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        default=list,
                        size=None,
                        verbose_name="modalities",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first published"),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="expires")),
                (
                    "renewal_offered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reminded to renew"),
                ),
                (
                    "is_paused_by_portal",
                    models.BooleanField(
                        default=False,
                        help_text="Comes back by itself with the clearance of the organization.",
                        verbose_name="paused while the clearance is",
                    ),
                ),
                (
                    "is_paused_by_secretariat",
                    models.BooleanField(
                        default=False,
                        help_text="Only the secretariat shows it again.",
                        verbose_name="paused by the secretariat",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_submissions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                (
                    "routed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="rules looked at"),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "ordering": ["-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="expression_of_interest_arrows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"kind\" = 'eoi')",
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{approved:eligibility_screening,approved_with_conditions:eligibility_screening,clarification_requested:declined,clarification_requested:due_diligence,clarification_requested:eligibility_screening,clarification_requested:for_decision,clarification_requested:lapsed,clarification_requested:withdrawn,declined:eligibility_screening,draft:submitted,due_diligence:clarification_requested,due_diligence:for_decision,due_diligence:withdrawn,eligibility_screening:clarification_requested,eligibility_screening:due_diligence,eligibility_screening:ineligible,eligibility_screening:withdrawn,for_decision:approved,for_decision:approved_with_conditions,for_decision:clarification_requested,for_decision:declined,for_decision:withdrawn,ineligible:eligibility_screening,lapsed:eligibility_screening,submitted:eligibility_screening,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="aecac9d34680d0bbac4d84482226ab8c2593de50",
                            operation="UPDATE",
                            pgid="pgtrigger_expression_of_interest_arrows_02e08",
                            table="submissions_submission",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="demand_or_offer_arrows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"kind\" IN ('demand', 'offer'))",
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{clarification_requested:declined,clarification_requested:lapsed,clarification_requested:submitted,clarification_requested:withdrawn,declined:submitted,draft:submitted,expired:published,lapsed:submitted,paused:closed,paused:expired,paused:fulfilled,paused:published,paused:withdrawn,published:closed,published:expired,published:fulfilled,published:paused,published:published,published:withdrawn,submitted:clarification_requested,submitted:declined,submitted:published,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="95dc3c104dbd2be4ca28de0f99cff97df7ac2aee",
                            operation="UPDATE",
                            pgid="pgtrigger_demand_or_offer_arrows_daeed",
                            table="submissions_submission",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="expression_of_interest_birth",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (NEW.\"status\" = 'draft'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="2591989a8bc681b395384c17c311294c19fdf367",
                            operation="INSERT",
                            pgid="pgtrigger_expression_of_interest_birth_1b0bf",
                            table="submissions_submission",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="submission_identity",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="3139af3889c14afdfeb38732af8a9501bed3e818",
                            operation="UPDATE",
                            pgid="pgtrigger_submission_identity_ab3e9",
                            table="submissions_submission",
                            when="BEFORE",
                        ),
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "status"], name="submission_organization"),
                    models.Index(
                        fields=["status", "submitted_at", "id"],
                        include=("kind", "organization"),
                        name="submission_queue",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "due_diligence",
                                    "eligibility_screening",
                                    "for_decision",
                                    "submitted",
                                ],
                            )
                        ),
                        fields=["submitted_at", "id"],
                        include=("organization",),
                        name="submission_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("status", "draft"), _negated=True),
                        fields=["submitted_at", "id"],
                        include=("organization",),
                        name="submission_received",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            alliance.searching.Plain("title"), config="simple"
                        ),
                        name="submission_search",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "due_diligence",
                                    "eligibility_screening",
                                    "for_decision",
                                    "submitted",
                                ],
                            )
                        ),
                        fields=["status_at", "id"],
                        include=("organization",),
                        name="submission_status_at",
                    ),
                    models.Index(
                        fields=["assignee", "status"],
                        include=("id", "organization"),
                        name="submission_desk",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("status", "draft"), _negated=True),
                            ("assignee__isnull", True),
                            ("routed_at__isnull", True),
                        ),
                        fields=["id"],
                        name="submission_to_be_routed",
                    ),
                    models.Index(
                        condition=models.Q(("is_arriving", True)),
                        fields=["id"],
                        name="submission_arriving",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ("published", "paused"))),
                        fields=["expires_on"],
                        name="submission_expiry",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "eoi"),
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "eligibility_screening",
                                    "due_diligence",
                                    "for_decision",
                                    "clarification_requested",
                                ],
                            ),
                        ),
                        fields=("organization",),
                        name="one_open_expression_of_interest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_paused_by_portal", False), ("status", "paused"), _connector="OR"
                        ),
                        name="submission_paused_by_portal_is_paused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_paused_by_secretariat", False),
                            models.Q(("is_paused_by_portal", False), ("status", "paused")),
                            _connector="OR",
                        ),
                        name="submission_paused_by_secretariat_is_paused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_arriving", False),
                            models.Q(("status", "draft"), _negated=True),
                            _connector="OR",
                        ),
                        name="submission_arriving_is_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reference__isnull", True),
                                ("status", "draft"),
                                ("submitted_at__isnull", True),
                            ),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("reference__isnull", False),
                                ("submitted_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="submission_received_has_reference",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="removed from the form"
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["added_at", "uuid"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="attachment_sha256_is_whole",
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
                        name="attachment_verdict_has_time",
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
                        name="attachment_waits_for_a_scan",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("submission", "sha256"),
                        name="attachment_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="revision")),
                (
                    "answers",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="answers",
                    ),
                ),
                (
                    "declaration",
                    models.JSONField(blank=True, default=list, verbose_name="declaration"),
                ),
                (
                    "declared_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="declared"
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="declared by",
                    ),
                ),
                ("logo_name", models.CharField(blank=True, max_length=200, verbose_name="logo")),
                ("language", models.CharField(max_length=10, verbose_name="language shown")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "attachments",
                    models.ManyToManyField(
                        blank=True,
                        related_name="revisions",
                        to="submissions.attachment",
                        verbose_name="attachments",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-number"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="revision_is_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."answers" IS DISTINCT FROM (NEW."answers") OR OLD."declaration" IS DISTINCT FROM (NEW."declaration") OR OLD."declared_at" IS DISTINCT FROM (NEW."declared_at") OR OLD."logo_name" IS DISTINCT FROM (NEW."logo_name") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="65d7f86f9834246d96cb052ebeb2bc7429795e6b",
                            operation="UPDATE",
                            pgid="pgtrigger_revision_is_frozen_82655",
                            table="submissions_revision",
                            when="BEFORE",
                        ),
                    )
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        alliance.searching.PlainStrings("answers"), name="revision_search"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "number"), name="revision_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("declaration", []), ("declared_at__isnull", True)),
                            models.Q(
                                models.Q(("declaration", []), _negated=True),
                                ("declared_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="revision_declaration_has_time",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.expressions.NegatedExpression(
                            submissions.models.revision.HasLooseExplanation("declaration")
                        ),
                        name="revision_declaration_explained",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change",
                        to="submissions.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the secretariat"),
                            ("accepted", "Accepted"),
                            ("refused", "Not accepted"),
                            ("replaced", "Replaced by a newer one"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="words to the organization")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "waiting")),
                        fields=["id"],
                        name="change_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "waiting"), ("settled_at__isnull", True)),
                            models.Q(
                                models.Q(("outcome", "waiting"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="change_settled_when_not_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clarifications",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="answer until")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="asked")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "reminders_sent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="reminders sent"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="ended without an answer"
                    ),
                ),
            ],
            options={
                "verbose_name": "clarification",
                "verbose_name_plural": "clarifications",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("answered_at__isnull", True), ("ended_at__isnull", True)
                        ),
                        fields=["due_on"],
                        name="clarification_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True), ("ended_at__isnull", True)
                        ),
                        fields=("submission",),
                        name="one_open_clarification",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            ("ended_at__isnull", True),
                            _connector="OR",
                        ),
                        name="clarification_answered_or_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClarificationItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "clarification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="submissions.clarification",
                        verbose_name="clarification",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        help_text="The form's field that it is about; empty for a question about the whole.",
                        max_length=60,
                        verbose_name="field",
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["clarification", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clarification", "position"), name="clarification_item_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("question", ""), _negated=True),
                        name="clarification_item_asks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("approve_with_conditions", "Approve with conditions"),
                            ("publish", "Publish"),
                            ("decline", "Decline"),
                            ("find_ineligible", "Ineligible"),
                        ],
                        max_length=30,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.term",
                        verbose_name="reason",
                    ),
                ),
                ("explanation", models.TextField(verbose_name="explanation for the file")),
                ("letter", models.TextField(verbose_name="letter to the applicant")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="decided")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published"),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="dropped")),
                (
                    "dropped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dropped by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("dropped_at__isnull", True), ("published_at__isnull", True)
                        ),
                        fields=("submission",),
                        name="one_pending_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True),
                            ("dropped_at__isnull", True),
                            _connector="OR",
                        ),
                        name="decision_published_or_dropped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="last seen"
                    ),
                ),
            ],
            options={
                "verbose_name": "person at a draft",
                "verbose_name_plural": "people at drafts",
                "ordering": ["seen_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "user"), name="draft_visit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                ("text", models.TextField(verbose_name="note")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "internal note",
                "verbose_name_plural": "internal notes",
                "ordering": ["-id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            alliance.searching.Plain("text"), config="simple"
                        ),
                        name="note_search",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="submissions.note",
                        verbose_name="internal note",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
            ],
            options={
                "verbose_name": "mention",
                "verbose_name_plural": "mentions",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["user"],
                        name="mention_unread",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("note", "user"), name="mention_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_visits",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                (
                    "seen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="last seen"
                    ),
                ),
            ],
            options={
                "verbose_name": "person at a case",
                "verbose_name_plural": "people at cases",
                "ordering": ["since", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "user"), name="review_visit_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="submission",
            name="shown_revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="submissions.revision",
                verbose_name="published revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("published", "paused")), _negated=True),
                    models.Q(
                        ("expires_on__isnull", False),
                        ("published_at__isnull", False),
                        ("shown_revision__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="submission_published_shows_a_revision",
            ),
        ),
    ]
