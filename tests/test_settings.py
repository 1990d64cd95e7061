"""The settings as an operator meets them: each case starts a process of its own with its own environment."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing in the environment but `variables`, and what it writes in `folder`."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "timeline.settings",
        "ENV_FILE": str(folder / "absent.env"),
        "VAR_DIR": str(folder),
    } | variables
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def settings_with(folder: Path, *names: str, **variables: str) -> dict[str, object]:
    finished = run(folder, "-c", SHOW, *names, **variables)
    assert finished.returncode == 0, finished.stderr
    shown: dict[str, object] = json.loads(finished.stdout)
    return shown


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("DEBUG", "maybe", "DEBUG='maybe' is not understood. Use yes or no."),
        ("SECURE", "2", "SECURE='2' is not understood. Use yes or no."),
        ("LANGUAGE_CODE", "fr", "LANGUAGE_CODE='fr' is not known. Use one of: en, ko, ru, zh-hans."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL='loud' is not known. Use one of: DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ("PORT", "http", "PORT='http' is not a port. Use a number from 1 to 65535."),
        ("PORT", "65536", "PORT='65536' is not a port. Use a number from 1 to 65535."),
        (
            "SITE_URL",
            "annals.example",
            "SITE_URL='annals.example' is not a web address without a path. Use for example https://annals.example.",
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a.example,b.example",
            "CSRF_TRUSTED_ORIGINS='b.example' is not a web address without a path. Use for example https://",
        ),
        (
            "TRUSTED_PROXIES",
            "proxy",
            "TRUSTED_PROXIES='proxy' is not an address. Use for example 127.0.0.1 or 10.0.0.0/8.",
        ),
        ("DATABASE_URL", "mysql://u:secret@host/name", "DATABASE_URL is not understood."),
        ("DATABASE_URL", "postgres://u:secret@host:port/name", "DATABASE_URL is not understood."),
        ("DATABASE_URL", "postgres://u:secret@host", "DATABASE_URL is not understood."),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL is not understood."),
    ],
)
def test_a_wrong_value_is_refused_with_variable_value_and_choices(
    tmp_path: Path, variable: str, value: str, message: str
) -> None:
    finished = run(tmp_path, "manage.py", "check", **{variable: value})
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"Annals cannot start: {message}")
    assert "secret" not in finished.stderr


@pytest.mark.parametrize(
    ("value", "meaning"), [("yes", True), ("True", True), ("0", False), ("off", False), ("", False)]
)
def test_a_switch_reads_every_usual_spelling(tmp_path: Path, value: str, meaning: bool) -> None:
    assert settings_with(tmp_path, "DEBUG", DEBUG=value) == {"DEBUG": meaning}


def test_without_any_variable_annals_answers_only_to_this_machine(tmp_path: Path) -> None:
    assert settings_with(tmp_path, "DEBUG", "ALLOWED_HOSTS", "SITE_URL", "SECURE_SSL_REDIRECT", PORT="8123") == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SITE_URL": "http://localhost:8123",
        "SECURE_SSL_REDIRECT": False,
    }


def test_the_secret_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first = settings_with(tmp_path, "SECRET_KEY")
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert settings_with(tmp_path, "SECRET_KEY") == first == {"SECRET_KEY": (tmp_path / "secret_key").read_text()}
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name] == ["secret_key"]


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from timeline.settings import SECRET_KEY; print(SECRET_KEY)"]
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "/dev/null", "VAR_DIR": str(tmp_path)}
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    keys = {process.communicate()[0].strip() for process in started}
    assert keys == {(tmp_path / "secret_key").read_text()}


def test_a_secret_key_may_begin_with_a_dollar(tmp_path: Path) -> None:
    assert settings_with(tmp_path, "SECRET_KEY", SECRET_KEY="$HOME") == {"SECRET_KEY": "$HOME"}


def test_the_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "some.env"
    file.write_text("LANGUAGE_CODE=ko\nLOG_LEVEL=ERROR\n")
    shown = settings_with(tmp_path, "LANGUAGE_CODE", "LOG_LEVEL", ENV_FILE=str(file), LOG_LEVEL="DEBUG")
    assert shown == {"LANGUAGE_CODE": "ko", "LOG_LEVEL": "DEBUG"}


def test_a_relative_sqlite_path_begins_at_the_project(tmp_path: Path) -> None:
    shown = settings_with(tmp_path, "DATABASES", DATABASE_URL="sqlite:///var/other.sqlite3")
    assert shown["DATABASES"]["default"]["NAME"] == str(ROOT / "var" / "other.sqlite3")  # type: ignore[index]


def test_sqlite_takes_the_write_lock_at_once_and_writes_through_to_the_disk(tmp_path: Path) -> None:
    ask = (
        "import django; django.setup()\n"
        "from django.db import connection, transaction\n"
        "cursor = connection.cursor()\n"
        "for name in ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'):\n"
        "    print(cursor.execute(f'PRAGMA {name}').fetchone()[0])\n"
        "print(connection.transaction_mode)\n"
    )
    assert run(tmp_path, "-c", ask).stdout.split() == ["wal", "2", "1", "20000", "IMMEDIATE"]


def public_installation(folder: Path) -> Path:
    """Write the file that `.env.example` proposes for a public installation: its first block, without the "#"."""
    example = (ROOT / ".env.example").read_text()
    block = example.split("# --- A public installation")[1].split("\n\n")[0].splitlines()[1:]
    file = folder / "public.env"
    file.write_text("\n".join(line.removeprefix("# ") for line in block))
    return file


def test_the_public_installation_of_the_example_passes_djangos_deployment_checks(tmp_path: Path) -> None:
    file = public_installation(tmp_path)
    finished = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", ENV_FILE=str(file))
    assert (finished.returncode, finished.stderr.strip()) == (0, "")


def test_the_public_installation_insists_on_https_for_two_years(tmp_path: Path) -> None:
    file = public_installation(tmp_path)
    shown = settings_with(
        tmp_path, "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", ENV_FILE=str(file)
    )
    assert shown == {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 63072000, "SESSION_COOKIE_SECURE": True}


def test_check_warns_when_a_public_installation_has_only_private_addresses(tmp_path: Path) -> None:
    finished = run(tmp_path, "manage.py", "check", "--deploy", SECURE="yes")
    assert "timeline.W001" in finished.stderr
    assert "timeline.W002" in finished.stderr


def test_every_variable_that_is_read_is_described_in_the_example() -> None:
    source = (ROOT / "timeline" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    readers = "text|switch|choice|port|number|names|origins|networks|replicas"
    read = set(re.findall(rf'(?:{readers})\("([A-Z_]+)"', source)) - {"ENV_FILE"}
    described = set(re.findall(r"^# ([A-Z_]+) \(", example, flags=re.MULTILINE))
    assert described == read


def test_only_a_trusted_proxy_may_say_that_the_visitor_used_https(tmp_path: Path) -> None:
    ask = (
        "from django.test import RequestFactory\n"
        "from timeline.wsgi import application\n"
        "for address in ('127.0.0.1', '192.0.2.9'):\n"
        "    asked = RequestFactory().get('/favicon.ico', headers={'host': 'annals.example'}, REMOTE_ADDR=address,\n"
        "        HTTP_X_FORWARDED_FOR='192.0.2.1', HTTP_X_FORWARDED_PROTO='https').environ\n"
        "    application(asked, lambda status, headers: print(status, asked['REMOTE_ADDR']))\n"
    )
    finished = run(tmp_path, "-c", ask, ENV_FILE=str(public_installation(tmp_path)))
    assert finished.stdout.splitlines() == ["200 OK 192.0.2.1", "301 Moved Permanently 192.0.2.9"], finished.stderr


def test_static_files_are_collected_under_names_that_hold_their_hash(tmp_path: Path) -> None:
    # Compressing them, twice for each name, would take four fifths of the time.
    collect = (
        "import django\n"
        "django.setup()\n"
        "from django.conf import settings\n"
        "from django.core.management import call_command\n"
        "settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ('css', 'js', 'json', 'md', 'mjs', 'svg', 'txt')\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
    )
    finished = run(tmp_path, "-c", collect)
    assert (finished.returncode, finished.stderr) == (0, "")
    hashed: dict[str, str] = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    for name in (name for name in hashed if name.startswith("timeline/js/")):
        source = (tmp_path / "static" / hashed[name]).read_text()
        for imported in re.findall(r'^(?:import|export)\b.*?["\']\./([^"\']+)["\']', source, flags=re.MULTILINE):
            assert f"timeline/js/{imported}" in hashed.values(), f"{name} imports {imported} without its hash"
