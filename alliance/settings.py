"""All settings, in one file; the environment decides.

`ALLIANCE_MODE=local` is for trying the portal on one's own machine: an embedded PostgreSQL, a
generated secret, mail shown at /local/mail/. Without it the mode is `production`, in which
everything that matters must be given and anything unsafe stops the start (see `environment.py`).
`.env.example` lists every variable.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from alliance import content_security, environment, logs, plain_lines
from alliance.embedded_postgres import OWNER, database_settings
from alliance.local import pseudo

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Mode -------------------------------------------------------------------------------------

ALLIANCE_MODE = environment.text("ALLIANCE_MODE", "production")
if ALLIANCE_MODE not in {"local", "production"}:
    raise ImproperlyConfigured("ALLIANCE_MODE is either `local` or `production`.")
LOCAL_MODE = ALLIANCE_MODE == "local"
# What local mode does without, production must be given.
_NONE_LOCALLY = "" if LOCAL_MODE else None

DEBUG = False  # in no mode: the error pages are part of the product

ALLIANCE_DATA = Path(environment.text("ALLIANCE_DATA") or BASE_DIR / "var").resolve()
PORT = environment.number("PORT", 8000)

if LOCAL_MODE:
    SECRET_KEY = environment.text("SECRET_KEY") or environment.kept_secret(
        ALLIANCE_DATA / "secret_key"
    )
    TRAIL_KEY = environment.text("TRAIL_KEY") or environment.kept_secret(
        ALLIANCE_DATA / "trail_key"
    )
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    # Passkeys need a name, not an address: so localhost.
    SITE_URL = f"http://localhost:{PORT}"
else:
    SECRET_KEY = environment.secret("SECRET_KEY")
    TRAIL_KEY = environment.secret("TRAIL_KEY")
    ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
    SITE_URL = environment.https_address("SITE_URL")
SITE_URL = SITE_URL.rstrip("/")
# Earlier secrets, separated by commas: what they signed and encrypted can still be read.
SECRET_KEY_FALLBACKS = environment.several("SECRET_KEY_FALLBACKS")
# Seals the trail of events. One of its own: whoever has a copy of the database has no key to it.
TRAIL_KEY_FALLBACKS = environment.several("TRAIL_KEY_FALLBACKS")

# --- Applications ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "alliance.apps.SecretariatAdminConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "pgtrigger",
    "django_tasks",
    "django_tasks_db",
    "alliance",
    "organizations",
    "knowledge",
    "submissions",
]

MIDDLEWARE = [
    "alliance.middleware.request_context",
    "alliance.states.once_per_request",
    "alliance.kept_pages.kept_pages",
    "alliance.vocabularies.once_per_request",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "alliance.middleware.security_headers",
    "alliance.errors.service_away",
    "alliance.compression.PageCompression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "alliance.middleware.clean_input",
    "alliance.files.uploads.RequestSizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alliance.middleware.login_required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "organizations.login.sessions.session_limits",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "alliance.urls"
WSGI_APPLICATION = "alliance.wsgi.application"
FORM_RENDERER = "alliance.renderer.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alliance.context_processors.site",
                "organizations.context_processors.session_end",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "alliance"
CRISPY_TEMPLATE_PACK = "alliance"
CRISPY_FAIL_SILENTLY = False

# --- Database ----------------------------------------------------------------------------------

DATABASE_URL = environment.required(
    "DATABASE_URL",
    "As in postgres://user:password@host:5432/alliance.",
    default=_NONE_LOCALLY,
)
_database: dict[str, Any] = (
    {**dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
    if DATABASE_URL
    else database_settings(ALLIANCE_DATA)
)
if "postgresql" not in _database["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
# Through PgBouncer in transaction mode the next statement may go over another connection: nothing
# may stay open on one, as a cursor would. What programs of PostgreSQL set for themselves would stay
# with everybody: copies and migrations go to the server itself.
DATABASE_POOLED = environment.flag("DATABASE_POOLED")
DATABASE_DIRECT_URL = environment.address("DATABASE_DIRECT_URL", "postgresql://", "postgres://")
_database |= {"DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED}
# Nobody is told then that the portal never made a copy of itself.
COPIED_ELSEWHERE = environment.flag("COPIED_ELSEWHERE")
# A server that says nothing, as behind a line that is cut, holds nobody up for minutes: seconds to
# wait for a connection, milliseconds for word that what was sent has arrived.
_waits = {"connect_timeout": 5, "tcp_user_timeout": 20_000, "keepalives_idle": 20}
_database |= {"OPTIONS": _waits | _database.get("OPTIONS", {})}
DATABASES = {"default": _database | {"CONN_HEALTH_CHECKS": True}}
# One that follows it, from which what is public is drawn once it has come as far (see
# `alliance/replica.py`). Nobody waits for it as for the first: that one does its work as well.
DATABASE_REPLICA_URL = environment.address("DATABASE_REPLICA_URL", "postgres://", "postgresql://")
if DATABASE_REPLICA_URL:
    _replica: dict[str, Any] = {**dj_database_url.parse(DATABASE_REPLICA_URL, conn_max_age=60)}
    _waits |= {"connect_timeout": 2, "tcp_user_timeout": 5_000}
    _replica |= {"OPTIONS": _waits | _replica.get("OPTIONS", {})}
    DATABASES["replica"] = _replica | {"DISABLE_SERVER_SIDE_CURSORS": True}
    DATABASE_ROUTERS = ["alliance.reading.Router"]
# The portal runs as the role of DATABASE_URL. The one that owns the tables is needed by `migrate`
# alone: with it, whoever got hold of the portal could rewrite the trail.
DATABASE_OWNER_URL = environment.text("DATABASE_OWNER_URL")
DATABASE_RUNTIME_ROLE = _database["USER"]
_owner_url = DATABASE_OWNER_URL or DATABASE_DIRECT_URL
_owner = dj_database_url.parse(_owner_url) if _owner_url else _database
DATABASE_OWNER: dict[str, Any] = (
    {name: _owner[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    if DATABASE_URL
    else {"USER": OWNER}
)
# A role that may copy that server as a whole, and follow its log: for `backup` alone.
DATABASE_COPIES_URL = environment.address("DATABASE_COPIES_URL", "postgresql://", "postgres://")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits and counters must be seen by every worker, and survive a flood of keys. In the database,
# or, where several machines share one, in Redis: redis://:password@host:6379/0.
CACHE_URL = environment.address("CACHE_URL", "redis://", "rediss://", "unix://")
CACHES = {
    "default": (
        {"BACKEND": "alliance.shared_cache.SharedCache", "LOCATION": CACHE_URL}
        if CACHE_URL
        else {
            "BACKEND": "alliance.cache.CountingCache",
            "LOCATION": "alliance_cache",
            "OPTIONS": {"MAX_ENTRIES": 200_000},
        }
    )
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# What a lost job would have done: each finds the rows that say work is due.
SWEEPS = [
    "alliance.emails.send_due_mail",
    "alliance.bounces.mailbox.collect",
    "alliance.files.staging.sweep_staging",
    "alliance.files.keeping.sweep_private_files",
    "alliance.files.leftovers.sweep_pictures",
    "alliance.limits.sweep_buckets",
    "alliance.trail.seal_events",
    "alliance.trail_check.check_when_due",
    "knowledge.indexing.index_due",
    "knowledge.alert_tasks.note_appearances",
    "knowledge.alert_tasks.send_alerts",
    "organizations.actions.subscriptions.end_undeliverable",
    "knowledge.actions.alerts.end_undeliverable",
    "organizations.tasks.read_list_when_due",
    "organizations.tasks.screen_names_that_are_due",
    "organizations.tasks.tell_of_stale_list",
    "organizations.alarms.tell_of_alarms",
    "organizations.actions.due_diligence.expire_clearances",
    "organizations.actions.due_diligence_days.remind_of_questions",
    "organizations.actions.email_change.apply_changes",
    "organizations.actions.joining.pass_on_requests",
    "organizations.duplicates.find_duplicates",
    "submissions.actions.routing.route_received",
    "submissions.actions.clarification_days.remind_of_questions",
    "submissions.actions.clarification_days.lapse_unanswered",
    "submissions.actions.publication_sweeps.expire_publications",
    "submissions.actions.publication_sweeps.pause_uncleared",
    "submissions.actions.publication_sweeps.resume_cleared",
    "submissions.actions.publication_sweeps.offer_renewals",
    "submissions.public.writing.take_up_missed",
    "submissions.public.pictures.draw_due",
    "submissions.actions.draft_sweeps.remind_of_drafts",
    "submissions.actions.draft_sweeps.warn_of_deletion",
    "submissions.digest_tasks.send_digests",
    "submissions.tasks.make_due_exports",
    "submissions.tasks.make_due_list_exports",
    "knowledge.machines.embargoes.announce_embargoed",
    "knowledge.counting.fold",
    "submissions.retention.sweep",
]
# The same for work of which a single row may take minutes; looked for every two seconds.
LONG_SWEEPS = [
    "knowledge.actions.table_imports.run_due_imports",
    "knowledge.actions.report_exports.make_due_exports",
    "knowledge.tasks.read_due_files",
]
# The same for work that has no job and somebody waits for; looked for every second.
PROMPT_SWEEPS = [
    "submissions.actions.arrival.take_in_received",
    "submissions.directory.writing.follow_marked",
]
ALLIANCE_SWEEP_SECONDS = environment.number("ALLIANCE_SWEEP_SECONDS", 30)

# --- Watching ----------------------------------------------------------------------------------

# Opens /metrics to whoever sends it as a bearer token; without one there is no such page.
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < environment.SHORTEST_SECRET:
    raise ImproperlyConfigured(
        f"METRICS_TOKEN is shorter than {environment.SHORTEST_SECRET} characters."
    )
# Who counts what waits (see `alliance/watching.py`), and who has other figures to tell.
QUEUES = [
    "alliance.queues.mail",
    "alliance.queues.files_to_scan",
    "alliance.queues.jobs",
    "knowledge.queues.files_to_read",
    "knowledge.queues.reports_to_index",
    "knowledge.queues.report_exports",
    "knowledge.queues.table_imports",
    "knowledge.queues.alerts",
    "submissions.queues.arrivals",
    "submissions.queues.data_exports",
    "submissions.queues.list_exports",
]
METRICS = [
    "organizations.metrics.sanctions_list",
    "alliance.backups.metrics.last_copy",
    "alliance.replica_watch.metrics",
]
# Who looks for what needs somebody (see `alliance/alarms.py`).
ALARMS = [
    "alliance.alarms.of_queues",
    "alliance.alarms.of_sweeps",
    "alliance.alarms.of_mail",
    "alliance.alarms.of_parts",
    "alliance.alarms.of_copies",
    "organizations.alarms.of_sanctions_list",
]

# --- The secretariat ---------------------------------------------------------------------------

# What its first page tells, from the top (see `alliance/start_page.py`).
START_PAGE = [
    "submissions.admin.start.mine",
    "submissions.admin.start.notes_for_me",
    "submissions.admin.start.cases",
    "organizations.admin.start.checks",
    "organizations.admin.start.messages",
    "alliance.admin.failed_mails",
    "submissions.admin.statistics.over_time",
]
# After how many days without a step a case that waits for the secretariat counts as overdue.
CASES_OVERDUE_AFTER_DAYS = environment.number("CASES_OVERDUE_AFTER_DAYS", 14)

# --- Search engines ----------------------------------------------------------------------------

# The pages that they are shown besides the reports.
SITEMAP_PAGES = [
    "home",
    "about",
    "demands",
    "offers",
    "library:list",
    "directory:list",
    "connect",
    "subscribe",
    "register",
]
# The sitemaps, each a class of an app that knows what it has.
SITEMAPS = {
    "pages": "knowledge.machines.sitemaps.PageSitemap",
    "reports": "knowledge.machines.sitemaps.ReportSitemap",
    "board": "submissions.board.sitemap.BoardSitemap",
    "organizations": "submissions.directory.sitemap.OrganizationSitemap",
}
# Lists besides the library's of which robots shall not ask every combination of choices.
FACETS_OF_LISTS = {
    "/demands/": ("theme", "region", "support", "modality", "sdg", "country"),
    "/organizations/": ("country", "region", "sdg", "category", "theme"),
    "/organizations/map/": ("country", "region", "sdg", "category", "theme"),
    "/offers/": ("theme", "region", "support", "modality", "sdg", "country"),
}

# What public pages are made from, each with the question for its state (see `alliance/states.py`).
PUBLIC_STATES = {
    "terms": "alliance.vocabularies.STATE",
    "library": "knowledge.search.state.STATE",
    "entries": "submissions.public.state.STATE",
    "organizations": "submissions.public.state.ORGANIZATIONS",
}

# --- Identity ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["organizations.login.backend.Backend"]
PASSWORD_HASHERS = [
    "organizations.login.passwords.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "organizations.login.passwords.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "organizations.login.passwords.MaximumLengthValidator"},
    {"NAME": "organizations.login.passwords.CommonPasswordValidator"},
    {"NAME": "organizations.login.passwords.OwnWordsValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"

ACCOUNT_ADAPTER = "organizations.login.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "organizations.forms.account.LoginForm",
    "add_email": "organizations.forms.account.ChangeEmailForm",
    "change_password": "organizations.forms.account.ChangePasswordForm",
    "confirm_email_verification_code": "organizations.forms.account.ConfirmEmailForm",
    "confirm_login_code": "organizations.forms.account.LoginCodeForm",
    "confirm_password_reset_code": "organizations.forms.account.ResetCodeForm",
    "reauthenticate": "organizations.forms.account.ReauthenticateForm",
    "reset_password": "organizations.forms.account.ResetPasswordForm",
    "reset_password_from_key": "organizations.forms.account.NewPasswordForm",
    "set_password": "organizations.forms.account.SetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True  # one address, replaced once the new one is confirmed
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Longer than the code for a new address: this one opens an account that is worth something.
ACCOUNT_PASSWORD_RESET_BY_CODE_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
# Asked for in a browser that a person without a second factor has not used before.
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None  # the person decides, by the box
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Besides allauth's own: ten codes an hour for one address leave thirty guesses of a million.
ACCOUNT_RATE_LIMITS = {
    "change_password": "5/5m/user",  # the present one can be guessed there as at the login
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip,5/h/key",
}
# How many proxies of ours add to X-Forwarded-For; with 0 the header counts for nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "organizations.login.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "organizations.forms.account.SecondFactorForm",
    "authenticate_webauthn": "organizations.forms.account.PasskeyLoginForm",
    "reauthenticate": "organizations.forms.account.ReauthenticateByCodeForm",
    "reauthenticate_webauthn": "organizations.forms.account.ReauthenticateByPasskeyForm",
    "activate_totp": "organizations.forms.account.ActivateAppForm",
    "deactivate_totp": "organizations.forms.account.DeactivateAppForm",
    "add_webauthn": "organizations.forms.account.AddPasskeyForm",
    "edit_webauthn": "organizations.forms.account.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "UNOSSC Alliance"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones go wrong by half a minute
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL_MODE
USERSESSIONS_TRACK_ACTIVITY = False  # `session_limits` notes it once a minute

SESSION_ENGINE = "alliance.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # unless Remember me was ticked
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Cookies know no port: two copies on one machine would log each other out.
_COOKIE_SUFFIX = f"_{PORT}" if LOCAL_MODE else ""
SESSION_COOKIE_NAME = f"alliance_session{_COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"alliance_csrf{_COOKIE_SUFFIX}"
BROWSER_COOKIE_NAME = f"alliance_browser{_COOKIE_SUFFIX}"
LANGUAGE_COOKIE_NAME = f"alliance_language{_COOKIE_SUFFIX}"

# --- Security ----------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not LOCAL_MODE:
    SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-alliance_session"
    CSRF_COOKIE_NAME = "__Host-alliance_csrf"
    BROWSER_COOKIE_NAME = "__Host-alliance_browser"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    if environment.flag("BEHIND_TLS_PROXY"):
        if not ALLAUTH_TRUSTED_PROXY_COUNT:
            raise ImproperlyConfigured(
                "TRUSTED_PROXY_COUNT is 0 behind a proxy: all visitors would share one address, "
                "and the limits on guessing would lock everybody out."
            )
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
# Where weaknesses are reported, as security.txt says it: mailto: or https:, the best one first.
# Without any it is the Connect form.
SECURITY_CONTACTS = environment.several("SECURITY_CONTACTS")
if not all(contact.startswith(("https://", "mailto:")) for contact in SECURITY_CONTACTS):
    raise ImproperlyConfigured("SECURITY_CONTACTS begin with https:// or mailto:.")
CSRF_FAILURE_VIEW = "alliance.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_security.DIRECTIVES}

# --- Files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT") or ALLIANCE_DATA / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "alliance.staticfiles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = ALLIANCE_DATA / "media"
# A bucket for them where several machines share them, as in
# s3://key:secret@s3.example.org/bucket?region=eu-central-1; else folders in ALLIANCE_DATA.
FILES_URL = environment.address("FILES_URL", "s3://")
_PRIVATE, _PICTURES, _STAGING = (
    f"alliance.files.{backend}"
    for backend in (
        ("objects.PrivateObjects", "objects.PublicPictureObjects", "objects.StagingObjects")
        if FILES_URL
        else ("storage.PrivateStorage", "storage.PublicPictureStorage", "storage.StagingFolder")
    )
)
STORAGES = {
    "default": {"BACKEND": _PRIVATE},
    "private": {"BACKEND": _PRIVATE},
    "pictures": {"BACKEND": _PICTURES},
    "staging": {"BACKEND": _STAGING},
    "staticfiles": {
        "BACKEND": "alliance.staticfiles.SiteStaticFilesStorage",
        # Whatever web server stands in front may read them.
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
# Where the names of public pictures stand; one that stands in none of them is deleted.
PICTURE_COLUMNS = [
    "knowledge.EditionFile.cover",
    "organizations.Organization.logo",
    "submissions.Submission.logo",
    "submissions.Revision.logo_name",
    "submissions.PublicEntry.picture",
]
# Files leave by nginx, after a view has said to whom (see `alliance/files/accel.py`).
X_ACCEL_REDIRECT = environment.flag("X_ACCEL_REDIRECT")
FILE_UPLOAD_HANDLERS = ["alliance.files.uploads.StagingUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
# Uploads are refused, with a word why, before they take the last of the disk; in bytes.
UPLOAD_FREE_DISK_FLOOR = environment.number("UPLOAD_FREE_DISK_FLOOR", 2 * 2**30)
# What looks for viruses in files that are handed out as they were sent: clamd, as in
# tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl. Local mode does without.
CLAMD_URL = environment.required(
    "CLAMD_URL",
    "Nothing would look for viruses in what people send. "
    "As in unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310.",
    default=_NONE_LOCALLY,
)
if CLAMD_URL and not CLAMD_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured("CLAMD_URL begins with tcp:// or unix:///.")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- Mail --------------------------------------------------------------------------------------

EMAIL_BACKEND = "alliance.emails.OutboxBackend"
# Where the worker hands mail over, as in smtp://user:password@host:587?tls=1; local mode keeps it.
EMAIL_URL = environment.required(
    "EMAIL_URL",
    "As in smtp://user:password@host:587?tls=1.",
    default=_NONE_LOCALLY,
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.required(
    "DEFAULT_FROM_EMAIL",
    "The sender of all mail.",
    default="UNOSSC Alliance <alliance@localhost>" if LOCAL_MODE else None,
)
SECRETARIAT_EMAIL = environment.required(
    "SECRETARIAT_EMAIL",
    "Who hears of messages and concerns.",
    default="secretariat@localhost" if LOCAL_MODE else None,
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mails come back that could not be delivered, as in bounces@alliance.example.org: the portal
# writes from bounces+12-5f3a…@, which says which one it was. Without it only what is refused at
# once is noticed.
BOUNCE_ADDRESS = environment.mail_address("BOUNCE_ADDRESS")
# The mailbox behind it, which the worker reads: imaps://user:password@host/INBOX. Leave it empty
# where the mail server hands them to `manage.py receive_bounce`.
BOUNCE_MAILBOX = environment.text("BOUNCE_MAILBOX")
if BOUNCE_MAILBOX and not BOUNCE_MAILBOX.startswith(("imaps://", "imap://")):
    raise ImproperlyConfigured("BOUNCE_MAILBOX begins with imaps:// or imap://.")

# --- Screening ---------------------------------------------------------------------------------

# From which likeness on (RapidFuzz, 0 to 100) a name is put before a person. Changing one of them
# has everybody screened again.
SCREENING_STRONG_RATIO = environment.number("SCREENING_STRONG_RATIO", 85)
SCREENING_POSSIBLE_RATIO = environment.number("SCREENING_POSSIBLE_RATIO", 90)
# Where the worker reads the UN Security Council Consolidated List from, every few hours.
SANCTIONS_LIST_ADDRESS = environment.text(
    "SANCTIONS_LIST_ADDRESS",
    "" if LOCAL_MODE else "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
)

# --- Lines to other hosts ---------------------------------------------------------------------

if not LOCAL_MODE:
    plain_lines.refuse(
        {
            "DATABASE_URL": DATABASE_URL,
            "DATABASE_OWNER_URL": DATABASE_OWNER_URL,
            "DATABASE_REPLICA_URL": DATABASE_REPLICA_URL,
            "CACHE_URL": CACHE_URL,
            "FILES_URL": FILES_URL,
            "CLAMD_URL": CLAMD_URL,
            "EMAIL_URL": EMAIL_URL,
            "BOUNCE_MAILBOX": BOUNCE_MAILBOX,
        },
        accepted=environment.several("PLAIN_LINES"),
    )

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# The six UN languages will come; an untranslated one is not offered.
LANGUAGES = [("en", "English")]
# One that nobody speaks instead, to see what translations will do to pages; see `local/pseudo.py`.
PSEUDO_LANGUAGE = environment.one_of("PSEUDO_LANGUAGE", pseudo.LANGUAGES) if LOCAL_MODE else ""
if PSEUDO_LANGUAGE:
    LANGUAGE_CODE = PSEUDO_LANGUAGE
    LANGUAGES = [(PSEUDO_LANGUAGE, pseudo.LANGUAGES[PSEUDO_LANGUAGE])]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["alliance.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logs --------------------------------------------------------------------------------------

LOGGING = logs.configuration(level=environment.text("LOG_LEVEL", "INFO"))
