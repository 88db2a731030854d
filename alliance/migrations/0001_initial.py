import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ReferenceStamp",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("stamp", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="reference_stamp_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "code",
                    models.SlugField(
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use lower-case letters, digits and single hyphens.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "select_mode",
                    models.CharField(
                        choices=[("one", "One"), ("many", "One or more")],
                        max_length=4,
                        verbose_name="how many",
                    ),
                ),
                (
                    "max_choices",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="at most"),
                ),
                (
                    "allow_other",
                    models.BooleanField(
                        default=False,
                        help_text="Whoever chooses “Other” must say what in a text field.",
                        verbose_name="offers Other",
                    ),
                ),
            ],
            options={
                "verbose_name": "vocabulary",
                "verbose_name_plural": "vocabularies",
                "ordering": ["name"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="renews_reference_stamp",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO alliance_referencestamp (id, stamp) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;\n            RETURN NULL;\n        ",
                            hash="16498d091d057f569a891b69cb3d3300ae000287",
                            level="STATEMENT",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_renews_reference_stamp_bb79f",
                            table="alliance_vocabulary",
                            when="AFTER",
                        ),
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("select_mode__in", ["one", "many"])),
                        name="vocabulary_select_mode",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_choices__isnull", True),
                            models.Q(("max_choices__gte", 1), ("select_mode", "many")),
                            _connector="OR",
                        ),
                        name="vocabulary_limit_for_many",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "vocabulary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="alliance.vocabulary",
                        verbose_name="vocabulary",
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use lower-case letters, digits and single hyphens.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("label_en", models.CharField(max_length=500, verbose_name="label (English)")),
                (
                    "label_fr",
                    models.CharField(blank=True, max_length=500, verbose_name="label (French)"),
                ),
                (
                    "label_es",
                    models.CharField(blank=True, max_length=500, verbose_name="label (Spanish)"),
                ),
                (
                    "label_ar",
                    models.CharField(blank=True, max_length=500, verbose_name="label (Arabic)"),
                ),
                (
                    "label_zh",
                    models.CharField(blank=True, max_length=500, verbose_name="label (Chinese)"),
                ),
                (
                    "label_ru",
                    models.CharField(blank=True, max_length=500, verbose_name="label (Russian)"),
                ),
                ("help_en", models.TextField(blank=True, verbose_name="description (English)")),
                ("help_fr", models.TextField(blank=True, verbose_name="description (French)")),
                ("help_es", models.TextField(blank=True, verbose_name="description (Spanish)")),
                ("help_ar", models.TextField(blank=True, verbose_name="description (Arabic)")),
                ("help_zh", models.TextField(blank=True, verbose_name="description (Chinese)")),
                ("help_ru", models.TextField(blank=True, verbose_name="description (Russian)")),
                ("order", models.PositiveSmallIntegerField(default=1000, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, verbose_name="version of the wording"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("un", "UN"),
                            ("un-based", "UN-based"),
                            ("own", "Own"),
                            ("standard", "International standard"),
                        ],
                        default="own",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="source")),
                (
                    "data",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What the portal reads besides the wording; see the other terms of the list.",
                        verbose_name="data",
                    ),
                ),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "ordering": ["vocabulary", "order", "id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="code_is_permanent",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."vocabulary_id" IS DISTINCT FROM (NEW."vocabulary_id") OR OLD."code" IS DISTINCT FROM (NEW."code"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="449a5e80eb39d1f9136dcb6f9c32f43c816af75c",
                            operation="UPDATE",
                            pgid="pgtrigger_code_is_permanent_42323",
                            table="alliance_term",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="is_retired_not_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="390fbf53b4820abe0250834dc8a4ad2d2bf7bf5d",
                            operation="DELETE",
                            pgid="pgtrigger_is_retired_not_deleted_85fc5",
                            table="alliance_term",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="wording_raises_version",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    NEW.version = OLD.version + (NEW.label_en IS DISTINCT FROM OLD.label_en OR NEW.label_fr IS DISTINCT FROM OLD.label_fr OR NEW.label_es IS DISTINCT FROM OLD.label_es OR NEW.label_ar IS DISTINCT FROM OLD.label_ar OR NEW.label_zh IS DISTINCT FROM OLD.label_zh OR NEW.label_ru IS DISTINCT FROM OLD.label_ru)::int;\n                    RETURN NEW;\n                ",
                            hash="25b9ddd7d164d4e25dff360b7701da873844249f",
                            operation="UPDATE",
                            pgid="pgtrigger_wording_raises_version_005ee",
                            table="alliance_term",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="renews_reference_stamp",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO alliance_referencestamp (id, stamp) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;\n            RETURN NULL;\n        ",
                            hash="9b092f7d1c9b2e4c967c18cac42436ad55b38a4b",
                            level="STATEMENT",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_renews_reference_stamp_5bb7d",
                            table="alliance_term",
                            when="AFTER",
                        ),
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vocabulary", "code"), name="term_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("label_en", ""), _negated=True),
                        name="term_has_english_label",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["un", "un-based", "own", "standard"])),
                        name="term_origin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Country",
            fields=[
                (
                    "iso2",
                    models.CharField(
                        max_length=2,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ISO code, two letters",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(
                        max_length=3, unique=True, verbose_name="ISO code, three letters"
                    ),
                ),
                ("m49", models.CharField(max_length=3, unique=True, verbose_name="M49 code")),
                ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=120, verbose_name="name (French)"),
                ),
                (
                    "name_es",
                    models.CharField(blank=True, max_length=120, verbose_name="name (Spanish)"),
                ),
                (
                    "name_ar",
                    models.CharField(blank=True, max_length=120, verbose_name="name (Arabic)"),
                ),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=120, verbose_name="name (Chinese)"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=120, verbose_name="name (Russian)"),
                ),
                ("region", models.SlugField(verbose_name="region")),
                (
                    "m49_region_code",
                    models.CharField(blank=True, max_length=3, verbose_name="M49 region code"),
                ),
                (
                    "m49_region",
                    models.CharField(blank=True, max_length=60, verbose_name="M49 region"),
                ),
                (
                    "m49_subregion_code",
                    models.CharField(blank=True, max_length=3, verbose_name="M49 subregion code"),
                ),
                (
                    "m49_subregion",
                    models.CharField(blank=True, max_length=60, verbose_name="M49 subregion"),
                ),
                (
                    "m49_intermediate_code",
                    models.CharField(
                        blank=True, max_length=3, verbose_name="M49 intermediate region code"
                    ),
                ),
                (
                    "m49_intermediate",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="M49 intermediate region"
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(default=False, verbose_name="offered in the forms"),
                ),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["name_en"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="code_is_permanent",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."iso2" IS DISTINCT FROM (NEW."iso2"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="cf2fd325628efe50ee82a05de18c65f6a2acfa99",
                            operation="UPDATE",
                            pgid="pgtrigger_code_is_permanent_9c666",
                            table="alliance_country",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="renews_reference_stamp",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO alliance_referencestamp (id, stamp) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;\n            RETURN NULL;\n        ",
                            hash="28fcb076a0a62267c92abd7c307c6844f4c21aa1",
                            level="STATEMENT",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_renews_reference_stamp_650e7",
                            table="alliance_country",
                            when="AFTER",
                        ),
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("iso2__regex", "^[A-Z]{2}$")),
                        name="country_iso2_two_capitals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="country_has_english_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountryGroupMembership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_memberships",
                        to="alliance.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("ldc", "Least developed countries"),
                            ("lldc", "Landlocked developing countries"),
                            ("sids", "Small island developing States"),
                        ],
                        max_length=4,
                        verbose_name="group",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="first day")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="last day")),
            ],
            options={
                "verbose_name": "group membership",
                "verbose_name_plural": "group memberships",
                "ordering": ["country", "group", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("country", "group", "valid_from"),
                        name="country_group_once_per_start",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("group__in", ["ldc", "lldc", "sids"])),
                        name="country_group_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="country_group_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("actor_id", models.BigIntegerField(blank=True, null=True, verbose_name="actor")),
                ("subject_type", models.CharField(max_length=80, verbose_name="subject type")),
                ("subject_id", models.BigIntegerField(verbose_name="subject")),
                (
                    "internal",
                    models.BooleanField(default=False, verbose_name="shown to staff only"),
                ),
                ("data", models.JSONField(blank=True, default=dict, verbose_name="data")),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="090e2e075816d68493c1c26b4fa7a04c60d9e180",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_732a9",
                            table="alliance_event",
                            when="BEFORE",
                        ),
                    )
                ],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject")
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenBucket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=64,
                        unique=True,
                        verbose_name="hash of the limit and who it holds for",
                    ),
                ),
                ("full_at", models.DateTimeField(db_index=True, verbose_name="full again")),
            ],
            options={
                "verbose_name": "token bucket",
                "verbose_name_plural": "token buckets",
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=80, verbose_name="message")),
                ("recipient", models.EmailField(max_length=254, verbose_name="to")),
                ("sender", models.CharField(max_length=320, verbose_name="from")),
                ("reply_to", models.CharField(blank=True, max_length=320, verbose_name="reply to")),
                ("subject", models.CharField(max_length=998, verbose_name="subject")),
                ("text", models.TextField(verbose_name="text")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                ("headers", models.JSONField(blank=True, default=dict, verbose_name="headers")),
                (
                    "message_id",
                    models.CharField(max_length=255, unique=True, verbose_name="Message-ID"),
                ),
                ("is_secret", models.BooleanField(default=False, verbose_name="secret")),
                ("about_type", models.CharField(blank=True, max_length=80, verbose_name="about")),
                (
                    "about_id",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="number of what it is about"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")],
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next attempt"
                    ),
                ),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
            ],
            options={
                "verbose_name": "outgoing mail",
                "verbose_name_plural": "outgoing mail",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "queued")),
                        fields=["next_attempt_at", "id"],
                        name="mail_due",
                    ),
                    models.Index(
                        condition=models.Q(("about_id__isnull", False)),
                        fields=["about_type", "about_id"],
                        name="mail_about",
                    ),
                    models.Index(
                        condition=models.Q(("status", "failed")), fields=["id"], name="mail_failed"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("status", "sent")),
                            models.Q(
                                models.Q(("status", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mail_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about_id__isnull", True), ("about_type", "")),
                            models.Q(
                                models.Q(("about_type", ""), _negated=True),
                                ("about_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="mail_about_type_has_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "number",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="number"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("prints", models.JSONField(verbose_name="fingerprints")),
                ("key_id", models.CharField(max_length=8, verbose_name="key")),
                ("mac", models.CharField(max_length=64, verbose_name="seal")),
            ],
            options={
                "verbose_name": "seal of the trail",
                "verbose_name_plural": "seals of the trail",
                "ordering": ["number"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="23551255c01467306bb5c4de1e694f0255e242a8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1f93a",
                            table="alliance_seal",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("seals", models.BigIntegerField(verbose_name="seals checked")),
                ("events", models.BigIntegerField(verbose_name="events checked")),
                (
                    "broken",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "seal-missing",
                                "a seal was removed, or seals were put in another order",
                            ),
                            ("seal-changed", "a seal was changed, or made without the key"),
                            ("key-unknown", "the key of a seal is not known here"),
                            ("event-deleted", "an event was deleted"),
                            ("event-inserted", "an event was put in later"),
                            ("event-changed", "an event was changed"),
                            (
                                "end-missing",
                                "the last seals were removed, or an older copy was restored",
                            ),
                        ],
                        max_length=20,
                        verbose_name="what is broken",
                    ),
                ),
                (
                    "broken_seal",
                    models.BigIntegerField(blank=True, null=True, verbose_name="in the seal"),
                ),
                (
                    "broken_event",
                    models.BigIntegerField(blank=True, null=True, verbose_name="at the event"),
                ),
            ],
            options={
                "verbose_name": "check of the trail",
                "verbose_name_plural": "checks of the trail",
                "ordering": ["-id"],
                "get_latest_by": "id",
            },
        ),
        migrations.CreateModel(
            name="StagedUpload",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.SlugField(max_length=80, verbose_name="purpose")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "sent_size",
                    models.PositiveBigIntegerField(
                        help_text="In bytes.", verbose_name="size as sent"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        max_length=100, unique=True, verbose_name="path in the staging folder"
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        help_text="In bytes.", verbose_name="size as kept"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "content_type",
                    models.CharField(max_length=100, verbose_name="kind, found by content"),
                ),
                (
                    "uploaded_by",
                    models.BigIntegerField(blank=True, null=True, verbose_name="user id"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                ("consumed_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
            ],
            options={
                "verbose_name": "staged upload",
                "verbose_name_plural": "staged uploads",
                "ordering": ["-created_at"],
                "indexes": [models.Index(fields=["created_at"], name="staged_upload_created")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("path__contains", "/"), _negated=True),
                            models.Q(("path", ""), _negated=True),
                        ),
                        name="staged_upload_path_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="staged_upload_sha256_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartialUpload",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.SlugField(max_length=80, verbose_name="purpose")),
                (
                    "takes",
                    models.CharField(
                        choices=[
                            ("picture", "picture, encoded afresh"),
                            ("document", "document, kept as sent"),
                        ],
                        default="picture",
                        max_length=10,
                        verbose_name="takes",
                    ),
                ),
                (
                    "max_side",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="In pixels; of pictures only.",
                        verbose_name="longest side as kept",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        help_text="In bytes.", verbose_name="size as announced"
                    ),
                ),
                (
                    "offset",
                    models.PositiveBigIntegerField(
                        default=0, help_text="In bytes.", verbose_name="arrived so far"
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        max_length=64, verbose_name="hash of the sender's network address"
                    ),
                ),
                (
                    "uploaded_by",
                    models.BigIntegerField(blank=True, null=True, verbose_name="user id"),
                ),
                (
                    "held",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="alliance.stagedupload",
                        verbose_name="kept as",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="last part"
                    ),
                ),
            ],
            options={
                "verbose_name": "partial upload",
                "verbose_name_plural": "partial uploads",
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("held__isnull", True)),
                        fields=["sender"],
                        name="partial_upload_unfinished",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("offset__lte", models.F("size")), ("size__gt", 0)),
                        name="partial_upload_within_its_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held__isnull", True), ("offset", models.F("size")), _connector="OR"
                        ),
                        name="partial_upload_held_is_whole",
                    ),
                ],
            },
        ),
    ]
