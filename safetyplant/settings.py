"""All settings, in one file, driven by the environment (DESIGN §5 names the variables)."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
INSECURE_KEY = "development-only-never-in-production"

DEBUG = env.bool("DEBUG", default=False)
# "local" is set by `make run` and the tests; anything else is production and refuses defaults.
ENVIRONMENT = env.str("SAFETYPLANT_ENV", default="production")
IS_PRODUCTION = ENVIRONMENT == "production"
SECRET_KEY = env.str("SECRET_KEY", default="" if IS_PRODUCTION else INSECURE_KEY)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="safety-month")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])


def refuse_unsafe_production() -> None:
    """Stop the start with one clear sentence per fault; a plant must not run on defaults."""
    faults = []
    if DEBUG:
        faults.append("DEBUG must be off")
    if len(SECRET_KEY) < 50 or SECRET_KEY == INSECURE_KEY:
        faults.append("SECRET_KEY must be set to at least 50 random characters")
    faults += [f"{name} must be set" for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL") if not env.str(name, default="")]
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS must name the hosts served")
    if faults:
        raise ImproperlyConfigured("SafetyPlant does not start in production: " + "; ".join(faults) + ".")


if IS_PRODUCTION:
    refuse_unsafe_production()

INSTALLED_APPS = [
    "safetyplant.apps.SafetyPlantConfig",
    "safetyplant.access",
    "safetyplant.audit",
    "safetyplant.attachments",
    "safetyplant.documents",
    "safetyplant.intake",
    "safetyplant.notifications",
    "safetyplant.numbering",
    "safetyplant.reporting",
    "safetyplant.search",
    "safetyplant.shell",
    "responsibilities",
    "inspections",
    "drills",
    "accidents",
    "campaigns",
    "safetyplant.dashboards",
    "safetyplant.api",
    "safetyplant.apps.RecordsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "django_filters",
    "csp",
    "ninja",
]

MIDDLEWARE = [
    "safetyplant.access.middleware.KeepingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "safetyplant.access.middleware.RecordPersonMiddleware",
    "safetyplant.shell.middleware.PersonLocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "safetyplant.audit.middleware.AuditContextMiddleware",
    "safetyplant.access.middleware.DeclaredAccessMiddleware",
    "safetyplant.shell.middleware.OwnPasswordMiddleware",
]

ROOT_URLCONF = "safetyplant.urls"
WSGI_APPLICATION = "safetyplant.wsgi.application"

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
                "safetyplant.shell.context_processors.shell",
            ],
            "builtins": [
                "safetyplant.shell.templatetags.shell",
                "safetyplant.shell.templatetags.shell_forms",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]

DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgresql://safetyplant@127.0.0.1:1/safetyplant"),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:1/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "safetyplant",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

AUTH_USER_MODEL = "responsibilities.Person"
AUTHENTICATION_BACKENDS = ["responsibilities.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "safetyplant.shell.passwords.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# SECURITY: proxies of our own in front of the web hosts. With too few, a whole plant shares one address and one person's wrong
# passwords lock out everybody; with too many, anyone may invent an address.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if IS_PRODUCTION else 0)
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "safetyplant.shell.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "safetyplant.shell.accounts.LoginForm",
    "change_password": "safetyplant.shell.accounts.ChangePasswordForm",
}
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "safetyplant.shell.accounts.MfaAdapter"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# A whole plant may sit behind one address, so failing is limited, not signing in: what each of these counts stands in
# shell/guessing.py. The ceiling of an address also bounds the work of hashing what strangers type.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "login_failed_known": "5/5m/key",
    "login_failed_noise": "100/5m/ip",
    "login_failed_noisy": "2/5m/key",
    "login_failed_elsewhere": "30/h/key",
    "login_failed_ceiling": "600/5m/ip",
}
DEVICE_COOKIE_NAME = "__Host-device" if IS_PRODUCTION else "device"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
USE_I18N = True
FORMAT_MODULE_PATH = ["safetyplant.formats"]
USE_TZ = True
# The plant's time zone: one installation is one plant.
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
# Employee number under which the upper plant's safety office is told of major hazards that nobody moves.
UPPER_OFFICE_EMPLOYEE = env.str("UPPER_OFFICE_EMPLOYEE", default="")
PLANT_COUNTRY = env.str("PLANT_COUNTRY", default="CN")

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Not in tests: each of their clients would list all files anew, and their live server has a handler of its own.
WHITENOISE_USE_FINDERS = ENVIRONMENT not in ("production", "test")
WHITENOISE_AUTOREFRESH = False

STORAGE_URL = env.str("STORAGE_URL", default=f"file://{BASE_DIR / 'var' / 'files'}")
STORAGES = {
    "default": {"BACKEND": "safetyplant.attachments.storage.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A checklist page sends about twelve fields and two file inputs per item, empty ones included.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="SafetyPlant <safetyplant@localhost>")
# What mails link to. In production the first host served, unless another address is named.
FIRST_HOST = f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if IS_PRODUCTION else f"http://127.0.0.1:{env.int('PORT', default=8000)}"
SITE_URL = env.str("SITE_URL", default=FIRST_HOST)

CELERY_BROKER_URL = REDIS_URL
# Acknowledged when taken: a task is a poke, PostgreSQL knows what is due. Late acknowledgements over a connection that broke
# meanwhile end the worker, and a long task would be delivered twice.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = not DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "safetyplant.shell.errors.csrf_failure"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # A load balancer asks for these over plain HTTP, from inside.
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

# Where unexpected errors are reported to; empty: nowhere, and nothing leaves the plant.
SENTRY_DSN = env.str("SENTRY_DSN", default="")


def report_errors(dsn: str) -> None:
    """Send unexpected errors, with the place in the code and no data of people."""
    import sentry_sdk  # noqa: PLC0415 - slow to load, and most installations do without
    from sentry_sdk.utils import BadDsn  # noqa: PLC0415

    def without_query(event: Any, hint: Any) -> Any:
        # What someone searched for may be a name.
        event.get("request", {}).pop("query_string", None)
        return event

    try:
        # SECURITY: by default bodies of requests and values of variables would go along, names and passwords among them.
        sentry_sdk.init(
            dsn,
            environment=ENVIRONMENT,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            before_send=without_query,
        )
    except BadDsn as fault:
        raise ImproperlyConfigured(f"SENTRY_DSN is not an address to report errors to: {fault}.") from fault


if SENTRY_DSN:
    report_errors(SENTRY_DSN)
