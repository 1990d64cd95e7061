"""Settings of Annals: one file, every choice read from the environment or from a `.env` file beside manage.py.

A wrong value stops the start with a message that names the variable, the value and the choices.
All variables are described in `.env.example`.
"""

import ipaddress
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

SWITCH = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")


def text(variable: str, default: str = "") -> str:
    """Return a variable as it stands: `Env.str` would take a secret key that begins with "$" for another name."""
    return os.environ.get(variable, "").strip() or default


def switch(variable: str, default: bool) -> bool:
    """Return a yes-or-no variable; django-environ alone would read any typing error as "no"."""
    value = text(variable, "yes" if default else "no")
    if value.lower() not in SWITCH:
        raise ImproperlyConfigured(f"{variable}={value!r} is not understood. Use yes or no.")
    return SWITCH[value.lower()]


def choice(variable: str, choices: list[str], default: str) -> str:
    """Return a variable that must be one of `choices`, whatever its case."""
    value = text(variable, default)
    for known in choices:
        if value.lower() == known.lower():
            return known
    raise ImproperlyConfigured(f"{variable}={value!r} is not known. Use one of: {', '.join(choices)}.")


def port(variable: str, default: int) -> int:
    """Return a variable that must be a TCP port."""
    value = text(variable, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise ImproperlyConfigured(f"{variable}={value!r} is not a port. Use a number from 1 to 65535.")
    return int(value)


def number(variable: str, default: int) -> int:
    """Return a whole number from 0 up."""
    value = text(variable, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 7):
        raise ImproperlyConfigured(f"{variable}={value!r} is not a number. Use a whole number from 0 to 999999.")
    return int(value)


def names(variable: str, default: list[str]) -> list[str]:
    """Return a comma-separated variable as a list without blanks."""
    return [name for name in (part.strip() for part in text(variable).split(",")) if name] or default


def origins(variable: str, default: list[str]) -> list[str]:
    """Return web addresses without a path, such as https://annals.example."""
    found = []
    for value in names(variable, default):
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
            raise ImproperlyConfigured(
                f"{variable}={value!r} is not a web address without a path. Use for example https://annals.example."
            )
        found.append(f"{parts.scheme}://{parts.netloc}")
    return found


def networks(variable: str) -> list[str]:
    """Return IP addresses or networks; none when the variable is not set."""
    found = names(variable, default=[])
    for value in found:
        try:
            ipaddress.ip_network(value)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{variable}={value!r} is not an address. Use for example 127.0.0.1 or 10.0.0.0/8."
            ) from error
    return found


def secret_key(directory: Path) -> str:
    """Return the key in `directory`/secret_key, made once and readable by the owner alone.

    Several processes may start at once: each writes its own file, and whoever links it first wins.
    """
    path = directory / "secret_key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        candidate = directory / f".secret_key.{secrets.token_hex(8)}"
        candidate.touch(mode=0o600, exist_ok=False)
        candidate.write_text(get_random_secret_key())
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    key = path.read_text().strip()
    if not key:
        raise ImproperlyConfigured(f"{path} is empty. Delete it, and a new key is made at the next start.")
    return key


def database(url: str, sqlite_default: Path) -> dict[str, Any]:
    """Return Django's description of the database at `url`, with the options that keep it safe under load."""
    if not url:
        sqlite_default.parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{sqlite_default}"
    try:
        scheme = urlsplit(url).scheme
        found: dict[str, Any] = environ.Env.db_url_config(url) if scheme in DATABASE_SCHEMES else {}
    except ValueError:
        found = {}
    if found.get("NAME", "") in ("", ":memory:"):
        # The address may hold a password, so it is not repeated.
        raise ImproperlyConfigured(
            "DATABASE_URL is not understood. Use sqlite:///path/to/file or postgres://user:password@host:port/name."
        )
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["NAME"] = BASE_DIR / found["NAME"]
        # With IMMEDIATE no write fails with "database is locked"; a longer timeout or WAL alone does not help.
        # FULL: what an editor was told is saved survives a power cut.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    # A new connection reads the whole schema before its first answer, on SQLite too: longer than a kept page takes.
    found["CONN_MAX_AGE"] = 60
    found["CONN_HEALTH_CHECKS"] = True
    # Reads must never take SQLite's write lock; views that write open their own transaction.
    found["ATOMIC_REQUESTS"] = False
    return found


def replicas(variable: str) -> dict[str, dict[str, Any]]:
    """Return the copies of the database that pages may be read from, as replica1, replica2 ..."""
    found = {}
    for number, url in enumerate(names(variable, default=[]), start=1):
        if not url.startswith(("postgres://", "postgresql://")):
            raise ImproperlyConfigured(f"{variable} is not understood. Use postgres://user:password@host:port/name.")
        known = database(url, Path())
        # A replica that is gone must not hold up a page for long.
        known["OPTIONS"] = {**known.get("OPTIONS", {}), "connect_timeout": 2}
        known["TEST"] = {"MIRROR": "default"}
        found[f"replica{number}"] = known
    return found


# What the environment says wins over the file. ENV_FILE names another file.
environ.Env.read_env(text("ENV_FILE", str(BASE_DIR / ".env")))

# -- This installation ------------------------------------------------------------------------------------------------

DEBUG = switch("DEBUG", default=False)
SECURE = switch("SECURE", default=False)
VAR_DIR = BASE_DIR / text("VAR_DIR", "var")
SECRET_KEY = text("SECRET_KEY") or secret_key(VAR_DIR)
ALLOWED_HOSTS = names("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PORT = port("PORT", default=8000)
SITE_URL = origins("SITE_URL", default=[f"http://localhost:{PORT}"])[0]
CSRF_TRUSTED_ORIGINS = origins("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed (see wsgi.py).
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
# How many corrections readers may send from one network address on one day; 0 closes the form.
CORRECTIONS_PER_DAY = number("CORRECTIONS_PER_DAY", default=10)
# Requests a minute to the API, for each token or else network address; each process counts for itself.
API_READS_PER_MINUTE = number("API_READS_PER_MINUTE", default=600)
API_WRITES_PER_MINUTE = number("API_WRITES_PER_MINUTE", default=60)
# The sites whose pages may show our views in a frame; none named: any site.
EMBED_PARENTS = origins("EMBED_PARENTS", default=[])
# Under its plain name, so that what was pasted once goes on working after each release.
EMBED_SCRIPT = "/static/timeline/js/embed-parent.js"
LOG_LEVEL = choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], default="INFO")

# -- Application ------------------------------------------------------------------------------------------------------

# django_htmx is not among them: its middleware needs no app, and its scripts are older than ours in static/vendor.
INSTALLED_APPS = [
    "timeline",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "csp",
    "simple_history",
    "axes",
]

MIDDLEWARE = [
    "timeline.middleware.lean_files",
    "django.middleware.security.SecurityMiddleware",
    # Before ours, so that forty small files do not each carry headers that mean nothing to them.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "timeline.middleware.same_origin_resources",
    "timeline.middleware.open_exports",
    "timeline.middleware.no_connections_of_ended_threads",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "timeline.middleware.RequestBudget",
]

ROOT_URLCONF = "timeline.urls"
WSGI_APPLICATION = "timeline.wsgi.application"
# Histories are asked for by what they are of, never for all that was changed at a time.
SIMPLE_HISTORY_DATE_INDEX = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ],
        },
    },
]

# -- Database ---------------------------------------------------------------------------------------------------------

DATABASES = {"default": database(text("DATABASE_URL"), VAR_DIR / "annals.sqlite3")}
DATABASES |= replicas("DATABASE_REPLICA_URLS")
DATABASE_ROUTERS = ["timeline.router.Replicas"]

# -- Language and time ------------------------------------------------------------------------------------------------

LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("ru", _("Russian")), ("zh-hans", _("Simplified Chinese"))]
# Not called LANGUAGE: that variable belongs to the operating system's own translations.
LANGUAGE_CODE = choice("LANGUAGE_CODE", [code for code, _name in LANGUAGES], default="en")
LOCALE_PATHS = [BASE_DIR / "timeline" / "locale"]
FORMAT_MODULE_PATH = "timeline.date_formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- Caches -----------------------------------------------------------------------------------------------------------

CACHES = {
    # Counts of requests: more than so many askers at once, and some counts begin anew.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}},
    # Rendered pages by their validators, compressed: some 20 MB a process at the most. They never go stale: another
    # revision has another validator.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

# -- Static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names need `collectstatic`, which nobody wants to run after every change while developing.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "timeline.storage.HashedStaticFilesStorage"
    },
}
# Served at the top of the site: favicon.ico.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "uploads"

# -- Sign-in ----------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
# A password check costs 0.2 s of processor time, so the limit also guards against overload.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# -- Security ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
# A machine that asks for the health inside the private network speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- Logging ----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django's own configuration mails errors and prints only while debugging.
    "loggers": {"django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False}},
}
