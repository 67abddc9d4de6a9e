"""Settings. Everything that differs between machines comes from the environment; the defaults need no server at all."""

import os
import sys
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from danvan.environment import SQLITE, env
from organisation.roles import ROLES

os.umask(0o077)  # what the portal writes (database, keys, mail, photos, papers) no other account of the machine reads

BASE_DIR = Path(__file__).resolve().parent.parent
EMPTY = env.flag("EMPTY")  # a portal without the demo, in a folder of its own
VAR_DIR = env.folder("VAR_DIR", default=BASE_DIR / "var" / "empty" if EMPTY else BASE_DIR / "var", private=True)

SECRET_KEY = env.secret_key("SECRET_KEY", kept=VAR_DIR / "secret_key")
ENCRYPTION_KEYS = env.secret_keys("ENCRYPTION_KEYS", kept=VAR_DIR / "encryption_key")  # the newest first
DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")
OWN_HOST = "__Host-" if HTTPS else ""  # before names of cookies that browsers take from this host alone, never from a neighbour's
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], needed_by="HTTPS đang bật" if HTTPS else ""
)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "common",
    "organisation",
    "notifications",
    "papers",
    "models_registry",
    "recognition",
    "replication",
    "reports",
    "portal",
    "danvan.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "portal.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.RequestGuard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.limits.CallerMiddleware",
    "portal.page_cache.PublicCacheMiddleware",
    "portal.limits.RateLimitMiddleware",
    "portal.language.LanguageMiddleware",
    "organisation.middleware.NamesMiddleware",
    "compression_middleware.middleware.CompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organisation.middleware.OwnPasswordMiddleware",
    "organisation.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.middleware.TourMiddleware",
]

ROOT_URLCONF = "danvan.urls"
WSGI_APPLICATION = "danvan.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LOADERS = [  # components first: <c-note> is templates/cotton/note.html
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organisation.context.place_of_work",
            ],
            "builtins": ["django.templatetags.i18n", "django_cotton.templatetags.cotton", "portal.templatetags.look"],
        },
    },
]

# Database: PostgreSQL by DATABASE_URL, else SQLite in WAL mode. IMMEDIATE takes the write lock at the start of a
# transaction, so that two writers queue up instead of failing when the second one turns from reading to writing.
DATABASES = {"default": env.database("DATABASE_URL", default=VAR_DIR / "danvan.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 120,  # a big register holds the one writer for a minute
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-32000; PRAGMA mmap_size=33554432;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)  # seconds; the system's own: two minutes
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis carries the queue and the shared cache; without it both are folders, for one machine.
REDIS_URL = env.redis("REDIS_URL")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, float | str] = {
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
    }
else:
    QUEUE_DIR = VAR_DIR / "queue"
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR_DIR / "cache")}}
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.1,  # seconds; a second, as is usual, would stand before each job of a hundred files
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False  # a queue that is down must not hold a page: the row waits and is swept
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "common.sweep_jobs", "schedule": 60.0},
    "send-digests": {"task": "notifications.send_digests", "schedule": crontab(hour="7", minute="0")},
    "retry-mail": {"task": "notifications.retry_mail", "schedule": crontab(minute="*/15")},
    "count-words": {"task": "models_registry.count_words", "schedule": crontab(minute="25")},
    "make-booklets": {"task": "portal.make_due_booklets", "schedule": crontab(hour="2", minute="40")},
    "forget-contacts": {"task": "portal.forget_contacts", "schedule": crontab(hour="3", minute="5")},
    "forget-sessions": {"task": "organisation.forget_sessions", "schedule": crontab(hour="3", minute="20")},
    "forget-held-files": {"task": "common.forget_held", "schedule": crontab(hour="3", minute="30")},
    "empty-bin": {"task": "models_registry.empty_bin", "schedule": crontab(hour="3", minute="40")},
    "forget-import-rows": {"task": "models_registry.forget_rows", "schedule": crontab(hour="3", minute="35")},
    "remind": {"task": "models_registry.remind", "schedule": crontab(hour="7", minute="10")},
    # At ten past midnight, and every half hour for what was missed while the machine was off.
    "make-due-reports": {"task": "reports.make_due", "schedule": crontab(minute="10,40")},
    "remind-reports": {"task": "reports.remind", "schedule": crontab(hour="7", minute="20")},
    "remind-rounds": {"task": "recognition.remind", "schedule": crontab(hour="7", minute="15")},
    "log-audit": {"task": "organisation.log_newest_link", "schedule": crontab(minute="50")},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]  # English: the public pages alone
LANGUAGE_COOKIE_NAME = f"{OWN_HOST}ngon-ngu"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["danvan.formats"]

STATIC_URL = "static/"
STATIC_ROOT = env.folder("STATIC_ROOT", default=VAR_DIR / "static", writable="collectstatic" in sys.argv)  # else only read
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "danvan.static.PackageFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = env.folder("MEDIA_ROOT", default=VAR_DIR / "media", private=True)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LARGEST_BODY = 25 * 1024 * 1024  # a file of 20 MB (common.sizes.FILE_LIMIT) and its form
LARGEST_SEND = 100 * 1024 * 1024  # many registers at once, of who has logged in
DATA_UPLOAD_MAX_NUMBER_FILES = 600  # of a send that is over its limit, the files that are too many are named

# Mail: EMAIL_URL (smtp+tls://user:password@host:587) where there is a server, else files under var/mail.
MAIL_FILES: dict[str, object] = {
    "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "EMAIL_FILE_PATH": VAR_DIR / "mail",
}
vars().update(env.mail("EMAIL_URL", default=MAIL_FILES))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_address("MAIL_FROM", default="dan-van-kheo@localhost")
PORT = env.number("PORT", default=8000, least=1, most=65535)  # of `make run` and deploy/serve.py, as the next
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", default=2, least=1, most=256)  # processes that answer
SITE_ADDRESS = env.web_address("SITE_ADDRESS", default=f"http://127.0.0.1:{PORT}")  # before the links in mails
DEMO = env.flag("DEMO")  # the login page says what to try, where the database is the demo's; `make run` sets it
DEMO_PASSWORD = env.text("DEMO_PASSWORD")

CLAMAV = env.antivirus("CLAMAV")  # where ClamAV's daemon listens: what people send is scanned before it is kept
SIGNING_KEYS = env.signing_keys("SIGNING_KEYS")  # the file that names the issuers' keys, by which certificates are signed

PUBLIC_CACHE_SECONDS = env.number("PUBLIC_CACHE_SECONDS", default=300)  # pages of visitors, kept until something is written
PUBLIC_RATE = env.number("PUBLIC_RATE", default=240)  # pages a minute made for one address of visitors; 0: no limit
USER_RATE = env.number("USER_RATE", default=600)  # pages a minute made for one account; 0: no limit
REMEMBER_SECONDS = env.number("REMEMBER_SECONDS", default=20)  # names on the catalogue's filters, in each process

# Who may come in
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "models_registry:work"
LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "organisation.adapters.HouseAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {  # wrong passwords are counted by axes
    # Wrong codes of the second step: by account first, so that one machine's mistakes take few of its whole office's.
    "login_failed": "5/15m/key,30/15m/ip",
    "reauthenticate": "10/15m/user",
    "change_password": "5/15m/user",
}
MFA_ADAPTER = "organisation.adapters.HouseMFAAdapter"
MFA_FORMS = {"add_webauthn": "organisation.forms.NewKeyForm", "edit_webauthn": "organisation.forms.KeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Dân vận khéo"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.flag("WEBAUTHN_INSECURE")
MFA_REQUIRED_ROLES = env.names("MFA_REQUIRED_ROLES", known=ROLES)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # one person's mistakes must not lock a whole office out
AXES_USERNAME_CALLABLE = "organisation.lockout.name_tried"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "organisation.lockout.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
PROXY_COUNT = env.number("PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
AXES_CLIENT_IP_CALLABLE = "organisation.lockout.address_of"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{OWN_HOST}sessionid", f"{OWN_HOST}csrftoken"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failed"

# One set of headers, strict: no foreign host, no inline script or style
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the arrows and ticks in Bootstrap's stylesheet are data images
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked on the machine itself
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if HTTPS and PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The API: read only, JSON alone; a view that does not say that it is open is closed.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Dữ liệu mở: mô hình “Dân vận khéo”",
    "DESCRIPTION": "Chỉ đọc, không cần tài khoản. Từ điển dữ liệu và giấy phép: /du-lieu-mo/.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": True,
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.level("LOG_LEVEL", default="WARNING")},
    "loggers": {"danvan.audit": {"handlers": ["console"], "level": "INFO", "propagate": False}},  # whatever LOG_LEVEL is
}
