"""Settings that every installation shares. Nothing secret, nothing local."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from .database import APP_ROLE, database_settings
from .delivery import *  # noqa: F403
from .folders import BASE_DIR, VAR_DIR
from .mail import *  # noqa: F403
from .operation import *  # noqa: F403
from .operation import LOG_FORMAT, logging_settings
from .outward_limits import *  # noqa: F403
from .search_cluster import *  # noqa: F403
from .wagtail_parts import *  # noqa: F403

# --- apps ------------------------------------------------------------------------------
# `public` holds only what is shared between sites (decision 022, trap T3): whatever is named
# in both places would let a tenant query fall through to public's table.
SHARED_APPS = [
    "django_tenants",
    "govplatform.tenancy",
    "govplatform.audit",
    "govplatform.accounts",
    "govplatform.consequences",
    "govplatform.waiting",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "procrastinate.contrib.django",
    "govplatform.addresses",
    "govplatform.dictionaries",
    "govplatform.archive",
    "govplatform.delivery",
    "govplatform.lifecycle",
    "govplatform.cases",
    "content_library",
    "content_library.vocabularies",
    "content_library.distribution",
    "content_library.harvesting",
    "search",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "govplatform.accounts.site_roles",
    "wagtail",
    "wagtail.admin",
    "wagtail.search",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.users",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.contrib.forms",
    "taggit",
    "modelcluster",
    "govplatform.confidentiality",
    "govplatform.review",
    "sites.media",
    "sites.home",
    "sites.columns",
    "sites.articles",
    "sites.policies",
    "sites.offices",
    "sites.disclosure",
    "sites.statistics",
    "sites.service_guides",
    "sites.interaction",
    "sites.interviews",
    "sites.surveys",
    "sites.reposts",
    "sites.documents_in",
    "sites.arrivals",
    "sites.writing",
]
# Apps without tables of their own; they come first so that their templates and commands win.
PLAIN_APPS = [
    "govplatform.serving",
    "govplatform.monitor",
    "govplatform.kept_logs",
    "govplatform.console",
    "govplatform.rule_packs",
    "content_library.console",
    "themes",
    "content_library.outward",
    "sites.document_record",
    "sites.managing",
    "sites.demo",
    # Only for its grid, which lies among its static files.
    "wagtail.contrib.table_block",
    "django_tasks",
    "django_filters",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
INSTALLED_APPS = [
    "govplatform.tenancy",
    *PLAIN_APPS,
    *[app for app in SHARED_APPS if app != "govplatform.tenancy"],
    *TENANT_APPS,
]

TENANT_MODEL = "tenancy.Tenant"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = True
TEMPLATE_SCHEMA = "govsite_template"
SITE_SCHEMA_PREFIX = "site_"
APP_DATABASE_ROLE = APP_ROLE
THEME_CODES = ["base", "portal", "county"]
COLOUR_CODES = ["blue", "indigo", "red", "maroon", "green", "teal", "brown", "slate"]
#: Tables whose rows may be added and read by the application, never changed (decision 004).
APPEND_ONLY_TABLES = [
    "audit_entry", "review_decision", "review_withdrawalconfirmation", "review_transferredclearance",
    "confidentiality_disposition",
    "dictionaries_wordchange", "lifecycle_applicationdecision", "lifecycle_applicationpaper",
    "content_library_resourceversion", "content_library_resourcefile", "content_library_change",
]  # fmt: skip

DATABASES = {"default": database_settings(VAR_DIR)}
#: An act waits so long for others that are at the same thing, in seconds; then it is refused (govplatform.locks).
LOCK_WAIT_SECONDS = int(os.environ.get("LOCK_WAIT_SECONDS", "10"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- hosts -----------------------------------------------------------------------------
# The host middleware knows every host of the platform and refuses the others (decision 023),
# so Django's own list would only be a second, poorer registry.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "govplatform.console.urls"
CONSOLE_URLCONF = "govplatform.console.urls"
CONSOLE_OPEN_BESIDES: frozenset[str] = frozenset()
DEMO_SIGN_IN = False
PUBLIC_URLCONF = "sites.urls"
START_PAGE_HOSTS: list[str] = []
#: Whether the demo may write what is said to have happened earlier (sites/demo/recorded_time.py): only the demo may.
DEMO_RECORDED_TIME = False
START_PAGE_URLCONF = "sites.demo.urls"
#: Hosts under which archives are read; none: the reader is closed.
ARCHIVE_HOSTS = [host for host in os.environ.get("ARCHIVE_HOSTS", "").split(",") if host]
ARCHIVE_URLCONF = "govplatform.archive.reader.urls"
#: The sheet of console addresses and roles (``govplatform.console.admission``): below it is known by this name alone.
CONSOLE_ADDRESSES = "sites.console_addresses"
#: What has words that citizens read besides pages of content, kind by kind (deploy/decisions/032-frame-texts.md).
FRAME_TEXTS = "sites.frame_texts.SHEET"
RETENTION = "sites.retention.SHEET"  # what holds personal data, with its term
#: Parent domain of every console host; the session cookie belongs to it alone.
CONSOLE_PARENT_DOMAIN = os.environ.get("CONSOLE_PARENT_DOMAIN", "console.localhost")
PUBLIC_SCHEME = "https"
PUBLIC_PORT = ""
WSGI_APPLICATION = "govplatform.serving.wsgi.application"

MIDDLEWARE = [
    "govplatform.tenancy.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "govplatform.tenancy.bad_requests.BadRequestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "govplatform.traditional.middleware.TraditionalPages",
    "govplatform.tenancy.hosts.ConsoleSessionMiddleware",
    "govplatform.tenancy.hosts.ConsoleCsrfMiddleware",
    "govplatform.tenancy.hosts.ConsoleAuthenticationMiddleware",
    "govplatform.accounts.middleware.SecondFactorMiddleware",
    "govplatform.tenancy.hosts.ConsoleMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "govplatform.accounts.middleware.LockoutMiddleware",
    "govplatform.console.refusals.RefusalMiddleware",
    "govplatform.console.admission.AdmissionMiddleware",
    "govplatform.accounts.middleware.PeopleOfBrowserMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                # keyed by theme (trap T16)
                (
                    "themes.loader.CachedLoader",
                    [
                        "themes.loader.ThemeLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "govplatform.console.context_processors.signed_in",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- people ----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "govplatform.accounts.backends.SiteRoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "govplatform.accounts.credentials.passwords.MixedCharactersValidator"},
]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"
SECOND_FACTOR_REQUIRED = True
SESSION_ENGINE = "govplatform.accounts.credentials.console_sessions"
SESSION_COOKIE_NAME = "console_session"
SESSION_COOKIE_DOMAIN = CONSOLE_PARENT_DOMAIN
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Half an hour without a request ends the session.
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
CSRF_COOKIE_NAME = "console_csrf"
CSRF_COOKIE_HTTPONLY = False
RECOVERY_CODES = 10
OTP_TOTP_ISSUER = "政务公开集约化平台"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = "govplatform.accounts.credentials.failed_sign_ins.counted_together"
AXES_CLIENT_IP_CALLABLE = "govplatform.tenancy.client_address.address_or_none"
# Who goes on trying does not make the lock longer: locking somebody out would be a matter of one request now and then.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 50
#: From so many failures on, wherever they come from, an account answers unknown browsers later and later, in seconds.
SIGN_IN_FAILURES_BEFORE_DELAY = 10
LONGEST_SIGN_IN_DELAY = 60
#: For so long a browser in which both factors were given is not locked out by strangers.
KNOWN_DEVICE_DAYS = 90
#: So long a one-time link opens an account, in seconds; and an offered role may be answered, in days.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
ROLE_OFFER_DAYS = 30
FAILED_SIGN_INS_KEPT_DAYS = 60
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "govplatform.accounts.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_HANDLER = "govplatform.accounts.credentials.failed_sign_ins.FailedSignInHandler"

# --- language, time --------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "platform" / "govplatform" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["govplatform.formats"]


# --- caches: every key carries the schema (traps T5, T6) ---------------------------------
def _in_memory(name: str, entries: int, seconds: int = 300) -> dict[str, object]:
    """A cache of this process with at most ``entries``, each for ``seconds`` unless it is said otherwise."""
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "TIMEOUT": seconds,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }


CACHES = {
    "default": _in_memory("", 5000),
    # bodies of pages: few and not large (sites/pages/kept_bodies.py), so a process stays small whatever it serves
    "bodies": _in_memory("bodies", 800, 600),
    # the long ones among them, up to some megabytes each
    "long_bodies": _in_memory("long_bodies", 8, 600),
    # what pages of a site share of their markup (themes/templatetags/pieces.py): some hundred bytes to some KB each
    "pieces": _in_memory("pieces", 2000, 600),
    "renditions": _in_memory("renditions", 5000, 600),
    # who asked how often; where several processes serve, LIMITS_DIR makes it a shared one (production)
    "outward": _in_memory("outward", 50_000),
    # how many have searched for the same, as digests; shared like the one above
    "questions": _in_memory("questions", 50_000),
}

# --- what follows an act ----------------------------------------------------------------
#: The sheet of consequences (``govplatform.events.sheet.Sheet``): below it is known by this name alone.
CONSEQUENCES = "sites.wiring.SHEET"

# --- addresses ----------------------------------------------------------------------------
#: What the sites tell of their addresses (``govplatform.addresses.known.AddressBook``): below known by this name alone.
ADDRESS_BOOK = "sites.address_book.book.BOOK"

# --- search -------------------------------------------------------------------------------
#: What can be found besides resources of the library (``search.registry.Source``): below known by this name alone.
WAITING_KINDS = "sites.waiting_kinds.KINDS"
SEARCH_SOURCES = "sites.search_sources.SOURCES"
SEARCH_PAGE_FACTS = "sites.search_sources.page_facts"
#: A term is kept in the statistics when it was asked from so many places within so many days (decision 052).
SEARCH_STATISTICS = {"places": 5, "days": 7}

# --- setting up ---------------------------------------------------------------------------
#: Functions that are called once, when a platform is set up: what it has from its first minute and may change.
FIRST_DATA: list[str] = ["search.synonyms.shipped.load_at_first"]

# --- rendering ----------------------------------------------------------------------------
#: How many processes help where a whole site is rendered (archives): one for each further core.
RENDERING_HELPERS = int(os.environ.get("RENDERING_HELPERS", max((os.cpu_count() or 1) - 1, 0)))

# --- jobs ------------------------------------------------------------------------------
#: Queue -> how many of its jobs run at once. With three or more no site can hold them all.
JOB_SLOTS = {
    "urgent": 4,
    "publishing": 3,
    "scans": 3,
    "deliveries": 4,
    "bulk": 3,
    "default": 3,
    "owner": 1,
}
TASKS = {
    "default": {
        "BACKEND": "govplatform.tenancy.jobs.TenantTaskBackend",
        "QUEUES": list(JOB_SLOTS),
    }
}
#: Modules of tasks that have moved: jobs queued by the version before find them under their new name.
MOVED_TASKS = {
    "content_library.pushes.tasks": "content_library.distribution.tasks",
    "content_library.vocabularies.tasks": "content_library.resources.tasks",
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = "govplatform.tenancy.jobs.register"

# --- files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
#: Pictures and attachments of the common library, each once, named by its SM3.
LIBRARY_ROOT = VAR_DIR / "library"
#: Archives that the console has made, each in a folder of its own.
ARCHIVE_ROOT = Path(os.environ.get("ARCHIVE_ROOT", VAR_DIR / "archives"))
#: What certificates of archives are signed with: an Ed25519 key as PEM (or 64 hexadecimal digits) in the environment,
#: else in a file, which init_platform makes.
ARCHIVE_SIGNING_KEY = os.environ.get("ARCHIVE_SIGNING_KEY", "")
ARCHIVE_KEY_FILE = Path(os.environ.get("ARCHIVE_KEY_FILE", VAR_DIR / "archive_key.pem"))
#: What contact data of citizens is encrypted with: 64 hexadecimal digits, made with the first case.
CASES_KEY_FILE = Path(os.environ.get("CASES_KEY_FILE", VAR_DIR / "cases_key"))
#: Dumps of sites, as ``drop_site`` and the console write them; a key (64 hexadecimal digits in a file) encrypts them.
SITE_DUMPS_DIR = Path(os.environ.get("SITE_DUMPS_DIR", VAR_DIR / "site_dumps"))
#: Where the console looks for backups of the whole platform, which the verb ``backup --out`` writes.
BACKUP_ROOT = Path(os.environ.get("BACKUP_ROOT", VAR_DIR / "backups"))
SITE_DUMP_KEY_FILE = os.environ.get("SITE_DUMP_KEY_FILE", "")
#: Paths of files that belong to the pages which offer them, and go into an archive with these.
ARCHIVED_FILES = ["/documents/", "/library/files/", "/media/"]
#: Papers of applications: private, sent only by the screens of those who may see the application.
PAPERS_ROOT = VAR_DIR / "papers"
STATICFILES_FINDERS = [
    "themes.finders.ThemeFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django_tenants.files.storage.TenantFileSystemStorage"},
    "staticfiles": {"BACKEND": "govplatform.serving.stored_static.StoredStatic"},
    "library": {"BACKEND": "content_library.resources.blobs.LibraryStorage"},
    "papers": {"BACKEND": "govplatform.lifecycle.applications.storage.PaperStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
#: What the console takes in one request; the front server says the same (deploy/nginx/govplatform/console.conf).
LARGEST_REQUEST = 256 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
#: Some more than any form takes, so that the form says in words what is too many.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000

# --- safety ----------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
RULE_PACK_DIR = BASE_DIR / "platform" / "govplatform" / "rule_packs" / "packs"

SILENCED_SYSTEM_CHECKS = [
    "axes.W002",  # AxesMiddleware is wrapped in LockoutMiddleware: console hosts only
]
LOGGING = logging_settings(LOG_FORMAT)

# --- the library for everybody, and other platforms' libraries (decision 013) ---------------
#: How many proxies of ours stand before the web server; 0: the address that connects is the client.
OUTWARD_PROXIES = int(os.environ.get("OUTWARD_PROXIES", "0"))
#: Hosts that may be harvested although they lie on this machine ("*.localhost": below).
HARVEST_LOCAL_HOSTS: list[str] = []
