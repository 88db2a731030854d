import alliance.files.storage
import alliance.searching
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
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
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=300, verbose_name="name of institution / organization"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("national", "One country"),
                            ("regional", "Regional entity"),
                            ("global", "Global entity"),
                        ],
                        default="national",
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="alliance.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.term",
                        verbose_name="organization type",
                    ),
                ),
                (
                    "type_other",
                    models.CharField(blank=True, max_length=200, verbose_name="organization other"),
                ),
                (
                    "registration_number",
                    models.CharField(
                        blank=True,
                        help_text="As in the register of companies, associations or charities.",
                        max_length=100,
                        verbose_name="registration number",
                    ),
                ),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="website")),
                ("description", models.TextField(blank=True, verbose_name="brief description")),
                (
                    "logo",
                    models.ImageField(
                        blank=True,
                        storage=alliance.files.storage.picture_storage,
                        upload_to="logos",
                        verbose_name="logo",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="registered")),
                (
                    "compared_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="compared with others"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("compared_at__isnull", True)),
                        fields=["id"],
                        name="organization_to_compare",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            alliance.searching.Plain("name"), config="simple"
                        ),
                        name="organization_search",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("country__isnull", False), ("scope", "national")),
                            models.Q(
                                models.Q(("scope", "national"), _negated=True),
                                ("country__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="organization_country_when_national",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="email")),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="subscription_email_is_lower_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RelatedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related_names",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("former_name", "Former name"),
                            ("parent", "Parent organization"),
                            ("head", "Head"),
                            ("owner", "Owner"),
                            ("board", "Member of the board"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="name")),
            ],
            options={
                "verbose_name": "related name",
                "verbose_name_plural": "related names",
                "ordering": ["id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            alliance.searching.Plain("name"), config="simple"
                        ),
                        name="related_name_search",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "kind", "name"), name="related_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="related_name_is_not_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("first_name", models.CharField(max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="May enter the admin with a second factor.",
                        verbose_name="secretariat",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="registered"
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            alliance.searching.Plain("first_name"),
                            alliance.searching.Plain("last_name"),
                            alliance.searching.Plain("email"),
                            config="simple",
                        ),
                        name="user_search",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("email",), name="user_email_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="user_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(
                                ("email__endswith", "@invalid"),
                                ("first_name", ""),
                                ("is_active", False),
                                ("is_staff", False),
                                ("is_superuser", False),
                                ("last_name", ""),
                            ),
                            _connector="OR",
                        ),
                        name="user_erased_is_nobody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="absence",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="away from")),
                ("ends_on", models.DateField(help_text="The last day.", verbose_name="away until")),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="absence_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("reader", "Reader")],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("function", models.CharField(max_length=150, verbose_name="function / role")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("user",), name="membership_one_per_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictOfInterest",
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
                        related_name="conflicts_of_interest",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts_of_interest",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("declared_at", models.DateTimeField(auto_now_add=True, verbose_name="declared")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                ("ended_reason", models.TextField(blank=True, verbose_name="why it ended")),
            ],
            options={
                "verbose_name": "conflict of interest",
                "verbose_name_plural": "conflicts of interest",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "organization"),
                        name="one_open_conflict_of_interest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="conflict_of_interest_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_reason", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conflict_of_interest_ended_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConnectMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="your name")),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                (
                    "organization",
                    models.CharField(max_length=300, verbose_name="organization / institution"),
                ),
                ("job_title", models.CharField(max_length=150, verbose_name="job title / role")),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.term",
                        verbose_name="reason for connecting",
                    ),
                ),
                (
                    "is_concern",
                    models.BooleanField(
                        default=False,
                        help_text="Only senior reviewers and administrators may read it.",
                        verbose_name="report of a concern",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="short message")),
                (
                    "about_path",
                    models.CharField(blank=True, max_length=300, verbose_name="about the page"),
                ),
                ("about_title", models.CharField(blank=True, max_length=300, verbose_name="about")),
                ("fingerprint", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="received")),
                (
                    "status",
                    models.CharField(
                        choices=[("new", "New"), ("answered", "Answered"), ("done", "Dealt with")],
                        default="new",
                        max_length=10,
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
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
            ],
            options={
                "verbose_name": "Connect message",
                "verbose_name_plural": "Connect messages",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["status", "-id"], name="connect_inbox")],
            },
        ),
        migrations.CreateModel(
            name="ConnectReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="organizations.connectmessage",
                        verbose_name="message",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "is_from_sender",
                    models.BooleanField(default=False, verbose_name="from the sender"),
                ),
                ("fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
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
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alliance.outgoingmail",
                        verbose_name="mail",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a Connect message",
                "verbose_name_plural": "answers to Connect messages",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("fingerprint", ""), _negated=True),
                        fields=("fingerprint",),
                        name="connect_reply_is_sent_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_from_sender", False),
                            models.Q(("made_by__isnull", True), ("mail__isnull", True)),
                            _connector="OR",
                        ),
                        name="connect_reply_of_sender_is_by_nobody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConnectNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="organizations.connectmessage",
                        verbose_name="message",
                    ),
                ),
                ("text", models.TextField(verbose_name="note")),
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
                "verbose_name": "note on a Connect message",
                "verbose_name_plural": "notes on Connect messages",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ConnectRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.term",
                        verbose_name="reason for connecting",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Reviewer", "Reviewer"),
                            ("Senior reviewer", "Senior reviewer"),
                            ("Administrator", "Administrator"),
                        ],
                        max_length=30,
                        verbose_name="everybody with this role is told",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="people who are told",
                    ),
                ),
            ],
            options={
                "verbose_name": "route of Connect messages",
                "verbose_name_plural": "routes of Connect messages",
                "ordering": ["reason__order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OrganizationDocument",
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
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("registration", "Registration certificate"),
                            ("statutes", "Statutes or founding act"),
                            ("accounts", "Annual report or accounts"),
                            ("other", "Another document"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["added_at", "uuid"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="organizationdocument_sha256_is_whole",
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
                        name="organizationdocument_verdict_has_time",
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
                        name="organizationdocument_waits_for_a_scan",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "sha256"), name="organization_document_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DueDiligence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_diligence_cycles",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="cycle")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("basic", "Basic"),
                            ("standard", "Standard"),
                            ("enhanced", "Enhanced"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("screening", "Screening"),
                            ("under_review", "Under review"),
                            ("clarification_requested", "Clarification requested"),
                            ("escalated", "Escalated"),
                            ("cleared", "Cleared"),
                            ("cleared_with_conditions", "Cleared with conditions"),
                            ("not_cleared", "Not cleared"),
                            ("suspended", "Suspended"),
                            ("expired", "Expired"),
                        ],
                        default="not_started",
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
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        help_text="Conditions, or why it is not cleared: as in the letter to its owners.",
                        verbose_name="words to the organization",
                    ),
                ),
                (
                    "partner_category",
                    models.CharField(blank=True, max_length=50, verbose_name="partner category"),
                ),
                (
                    "engagement",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        default=list,
                        size=None,
                        verbose_name="kind of engagement",
                    ),
                ),
                (
                    "level_reason",
                    models.TextField(
                        blank=True,
                        help_text="Empty as long as the level is the proposed one.",
                        verbose_name="reason for the level",
                    ),
                ),
                (
                    "level_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="level set by",
                    ),
                ),
                (
                    "recommended_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="clearing recommended"
                    ),
                ),
                (
                    "recommended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="clearing recommended by",
                    ),
                ),
                ("recommendation", models.TextField(blank=True, verbose_name="recommendation")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_due_diligence",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
            ],
            options={
                "verbose_name": "due diligence",
                "verbose_name_plural": "due diligence",
                "ordering": ["-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="due_diligence_arrows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{clarification_requested:under_review,cleared:expired,cleared:suspended,cleared_with_conditions:expired,cleared_with_conditions:suspended,escalated:not_cleared,escalated:under_review,not_started:screening,screening:under_review,suspended:under_review,under_review:clarification_requested,under_review:cleared,under_review:cleared_with_conditions,under_review:escalated,under_review:not_cleared}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="0db603ed4fcb1cc1514a5a1b60990a5f3d4b87a4",
                            operation="UPDATE",
                            pgid="pgtrigger_due_diligence_arrows_751c5",
                            table="organizations_duediligence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="due_diligence_birth",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (NEW.\"status\" = 'not_started'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="f261ebd780376534d0fcaa85ee730728f0489917",
                            operation="INSERT",
                            pgid="pgtrigger_due_diligence_birth_28539",
                            table="organizations_duediligence",
                            when="BEFORE",
                        ),
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("cleared", "cleared_with_conditions"))),
                        fields=["valid_until"],
                        name="due_diligence_expiry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "number"), name="due_diligence_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ("cleared", "cleared_with_conditions")),
                                _negated=True,
                            ),
                            ("valid_until__isnull", False),
                            _connector="OR",
                        ),
                        name="due_diligence_clearance_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="organizations.duediligence",
                        verbose_name="due diligence",
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="check")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "Not applicable"),
                        ],
                        max_length=15,
                        verbose_name="answer",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                (
                    "answered_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="answered"
                    ),
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
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "code"), name="check_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", "yes"),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="check_explained_unless_yes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DueDiligenceQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="organizations.duediligence",
                        verbose_name="due diligence",
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
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
                ("answer", models.TextField(blank=True, verbose_name="answer")),
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
                    models.DateTimeField(blank=True, null=True, verbose_name="taken back"),
                ),
            ],
            options={
                "verbose_name": "question of due diligence",
                "verbose_name_plural": "questions of due diligence",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True), ("ended_at__isnull", True)
                        ),
                        fields=("cycle",),
                        name="due_diligence_one_open_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("ended_at__isnull", True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="due_diligence_question_answered_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("question", ""), _negated=True),
                        name="due_diligence_question_asks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "new_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="new address"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Confirmed from the earlier address"),
                            ("no_objection", "Nobody objected in time"),
                            ("objected", "Stopped from the earlier address"),
                            ("cancelled", "Taken back"),
                            ("taken", "The address was taken meanwhile"),
                        ],
                        max_length=15,
                        verbose_name="how it ended",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of address",
                "verbose_name_plural": "changes of address",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user",),
                        name="email_change_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("new_email", django.db.models.functions.text.Lower("new_email"))
                        ),
                        name="email_change_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", ""), ("ended_at", None)),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("new_email", ""),
                                models.Q(("end", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="email_change_ended_somehow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("reader", "Reader")],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="mail number")),
                (
                    "invited_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="invited"),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="taken back"),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken back by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["invited_at", "uuid"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("organization", "email"),
                        name="invitation_one_open_per_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="invitation_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None), ("revoked_at", None), _connector="OR"
                        ),
                        name="invitation_ends_one_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="join_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("typed_name", models.CharField(max_length=300, verbose_name="name as typed")),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="join_requests",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "leaves",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="leaves the registration",
                    ),
                ),
                ("function", models.CharField(max_length=150, verbose_name="function / role")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                (
                    "passed_on_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="passed on to the secretariat"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to join",
                "verbose_name_plural": "requests to join",
                "ordering": ["asked_at", "uuid"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("user",),
                        name="join_request_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="join_request_decided_when_not_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PossibleDuplicate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "newer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="newer registration",
                    ),
                ),
                (
                    "older",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="earlier registration",
                    ),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="found"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept_apart", "Two institutions"),
                            ("request_made", "Turned into a request to join"),
                        ],
                        default="open",
                        max_length=15,
                        verbose_name="status",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "possible duplicate",
                "verbose_name_plural": "possible duplicates",
                "ordering": ["-found_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("newer", "older"), name="possible_duplicate_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("newer__gt", models.F("older"))),
                        name="possible_duplicate_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="possible_duplicate_decided_when_not_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SanctionsSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                ("generated_at", models.DateTimeField(verbose_name="generated")),
                ("source", models.CharField(max_length=500, verbose_name="read from")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("persons", models.PositiveIntegerField(verbose_name="persons")),
                ("entities", models.PositiveIntegerField(verbose_name="entities")),
                ("is_current", models.BooleanField(default=False, verbose_name="current")),
                (
                    "taken_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="taken"),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
            ],
            options={
                "verbose_name": "sanctions list",
                "verbose_name_plural": "sanctions lists",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("is_current",),
                        name="sanctions_snapshot_one_current",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=30, verbose_name="reference")),
                ("digest", models.CharField(max_length=64, verbose_name="hash of the entry")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("entity", "Entity")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("regime", models.CharField(blank=True, max_length=100, verbose_name="regime")),
                ("listed_on", models.DateField(blank=True, null=True, verbose_name="listed on")),
                ("names", models.JSONField(verbose_name="names")),
                ("birth_years", models.JSONField(default=list, verbose_name="birth years")),
                ("countries", models.JSONField(default=list, verbose_name="countries")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "first_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="begun",
                        to="organizations.sanctionssnapshot",
                        verbose_name="first in",
                    ),
                ),
                (
                    "ended_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended",
                        to="organizations.sanctionssnapshot",
                        verbose_name="no longer in",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
            ],
            options={
                "verbose_name": "listed entry",
                "verbose_name_plural": "listed entries",
                "ordering": ["reference", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reference", "digest"), name="listed_entry_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_in", None)),
                        fields=("reference",),
                        name="listed_entry_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_in", None), ("ended_on", None)),
                            models.Q(("ended_in__isnull", False), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="listed_entry_end_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="at"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("source", models.CharField(max_length=500, verbose_name="read from")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "A new list was taken"),
                            ("same", "Nothing has changed"),
                            ("refused", "The file was refused"),
                            ("unreachable", "The file could not be read"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="message")),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="organizations.sanctionssnapshot",
                        verbose_name="list",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of the sanctions list",
                "verbose_name_plural": "readings of the sanctions list",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["new", "same"]), ("snapshot__isnull", False)),
                            models.Q(("outcome__in", ["new", "same"]), _negated=True),
                            _connector="OR",
                        ),
                        name="list_import_good_has_a_list",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screening_runs",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="organizations.sanctionssnapshot",
                        verbose_name="list",
                    ),
                ),
                ("method", models.CharField(max_length=30, verbose_name="method")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("names", "Names are new or changed"),
                            ("list", "The list or the method is new"),
                            ("asked", "Asked for"),
                        ],
                        max_length=10,
                        verbose_name="cause",
                    ),
                ),
                ("names", models.PositiveIntegerField(verbose_name="names screened")),
                (
                    "listed_names",
                    models.PositiveIntegerField(verbose_name="against names of the list"),
                ),
                (
                    "found",
                    models.PositiveIntegerField(
                        help_text="Decided ones included.", verbose_name="alike"
                    ),
                ),
                ("new", models.PositiveIntegerField(verbose_name="new hits")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "screening run",
                "verbose_name_plural": "screening runs",
                "ordering": ["-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="screening_run_is_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."snapshot_id" IS DISTINCT FROM (NEW."snapshot_id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."cause" IS DISTINCT FROM (NEW."cause") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."listed_names" IS DISTINCT FROM (NEW."listed_names") OR OLD."found" IS DISTINCT FROM (NEW."found") OR OLD."new" IS DISTINCT FROM (NEW."new") OR OLD."at" IS DISTINCT FROM (NEW."at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c47f2a21721440c603e3c21063b2ba50b7637ee8",
                            operation="UPDATE",
                            pgid="pgtrigger_screening_run_is_frozen_e24f5",
                            table="organizations_screeningrun",
                            when="BEFORE",
                        ),
                    )
                ],
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="screening_run_history")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreenedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screened_names",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("institution", "Institution"),
                            ("former_name", "Former name"),
                            ("acronym", "Acronym"),
                            ("parent", "Parent organization"),
                            ("registrant", "Registrant"),
                            ("lead", "Lead"),
                            ("co_lead", "Co-lead"),
                            ("head", "Head"),
                            ("owner", "Owner"),
                            ("board", "Member of the board"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("name", models.CharField(max_length=320, verbose_name="name")),
                ("spelling", models.TextField(blank=True, verbose_name="compared spelling")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="birth year"
                    ),
                ),
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
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registration", "Registration"),
                            ("profile", "Profile of the organization"),
                            ("application", "Application"),
                            ("secretariat", "Secretariat"),
                        ],
                        max_length=12,
                        verbose_name="known from",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=30, verbose_name="reference"),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="added"),
                ),
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
                    "retired_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="no longer screened since"
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken off by",
                    ),
                ),
                ("retired_reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.screeningrun",
                        verbose_name="last run",
                    ),
                ),
            ],
            options={
                "verbose_name": "screened name",
                "verbose_name_plural": "screened names",
                "ordering": ["id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="screened_name_identity",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."spelling" IS DISTINCT FROM (NEW."spelling"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="079bb04228f62079bf7f0aabf7080d7abdad1324",
                            operation="UPDATE",
                            pgid="pgtrigger_screened_name_identity_40016",
                            table="organizations_screenedname",
                            when="BEFORE",
                        ),
                    )
                ],
                "indexes": [models.Index(fields=["run"], name="screened_name_run")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("organization", "name", "email"),
                        name="screened_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("email", "")),
                        fields=("organization", "kind", "name", "birth_year", "country"),
                        name="screened_name_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("birth_year", None),
                            models.Q(("birth_year__gte", 1900), ("birth_year__lte", 2100)),
                            _connector="OR",
                        ),
                        name="screened_name_birth_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "name",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="organizations.screenedname",
                        verbose_name="screened name",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hits",
                        to="organizations.listedentry",
                        verbose_name="listed entry",
                    ),
                ),
                (
                    "first_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.screeningrun",
                        verbose_name="found by",
                    ),
                ),
                (
                    "last_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.screeningrun",
                        verbose_name="last found by",
                    ),
                ),
                ("listed_name", models.CharField(max_length=1000, verbose_name="listed name")),
                (
                    "band",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Possible"), (2, "Strong")], verbose_name="likeness"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("equal", "The same words"),
                            ("spelling", "Nearly the same letters"),
                            ("part", "Nearly all words of one name occur in the other"),
                            ("whole", "The same, but a name that says little"),
                        ],
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                ("score", models.FloatField(verbose_name="score")),
                ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
                ("priority", models.SmallIntegerField(default=0, verbose_name="priority")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("dismissed", "Dismissed"),
                            ("confirmed", "Confirmed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="status since"
                    ),
                ),
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
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="found"),
                ),
            ],
            options={
                "verbose_name": "hit",
                "verbose_name_plural": "hits",
                "ordering": ["-priority", "id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="hit_arrows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{confirmed:open,dismissed:open,open:confirmed,open:dismissed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="5d46cde989fbdd7b6b9f3a8451fb07bf29571ccc",
                            operation="UPDATE",
                            pgid="pgtrigger_hit_arrows_7b835",
                            table="organizations_hit",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="hit_birth",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (NEW.\"status\" = 'open'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="09bee1d87989c8c60a9bb77b4b0a93774b591892",
                            operation="INSERT",
                            pgid="pgtrigger_hit_birth_413af",
                            table="organizations_hit",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="hit_identity",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."name_id" IS DISTINCT FROM (NEW."name_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c7046f8165d3de7694ba018ed5dee21e049c354a",
                            operation="UPDATE",
                            pgid="pgtrigger_hit_identity_3f695",
                            table="organizations_hit",
                            when="BEFORE",
                        ),
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["-priority", "id"],
                        name="hit_queue",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "entry"), name="hit_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "open"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hit_decision_has_a_reason",
                    ),
                ],
            },
        ),
    ]
