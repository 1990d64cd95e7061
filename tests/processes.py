"""A process of its own beside the tests, on their database. It reads orders and answers each.

count QUERY        how many events the index of this process finds
write NUMBER NAME  publish so many events, one transaction each, titled NAME 1, NAME 2 ...
rename ID TIMES    add so many letters to the title of an event, one locked transaction each
import NUMBER      publish so many events in one transaction, saying "writing" when half of them are written
stop COUNT SQL     say "there" and go no further when a statement with these words is about to run for the COUNTth time
file PATH          what `import_events` does with a file, all events published
step RUN STATE     what the admin does when a step of an import is started
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

# A new Python would import Django and Annals for each, which takes longer than most tests.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.prepared"])


class Process:
    """Another process on the tests' database."""

    def __init__(self) -> None:
        self._orders, theirs = _context.Pipe()
        names = (str(connection.settings_dict["NAME"]), str(settings.MEDIA_ROOT))
        self.running = _context.Process(target=obey, args=(theirs, *names), daemon=True)
        self.running.start()
        theirs.close()

    def order(self, line: str) -> None:
        self._orders.send(line)

    def answer(self) -> str:
        return str(self._orders.recv())

    def asked(self, line: str) -> str:
        self.order(line)
        return self.answer()

    def count(self, query: str = "") -> int:
        return int(self.asked(f"count {query}"))

    def end(self) -> None:
        self._orders.close()
        self.running.join(timeout=60)

    def kill(self) -> None:
        self.running.kill()
        self.end()


@pytest.fixture
def start() -> Iterator[Callable[[], Process]]:
    started: list[Process] = []

    def begin() -> Process:
        started.append(Process())
        return started[-1]

    yield begin
    for process in started:
        process.end()


# Where the process answers its test.
answers: Connection


def count(query: str) -> int:
    from django.http import QueryDict

    from timeline import index
    from timeline.filters import EventFilter

    return index.answer(EventFilter.parse(QueryDict(query))).total


def write(number: str, name: str) -> str:
    from timeline.models import Event

    for each in range(1, int(number) + 1):
        Event.objects.create(title=f"{name} {each}", date="1953-07-27", category_id="peace", status="published")
    return "written"


def rename(pk: str, times: str) -> str:
    from django.db import transaction

    from timeline.models import Event

    for _ in range(int(times)):
        with transaction.atomic():
            event = Event.objects.select_for_update().get(pk=pk)
            event.title += "x"
            event.save()
    return "renamed"


def import_(number: str) -> str:
    from django.db import transaction

    from timeline.models import Event

    with transaction.atomic():
        for each in range(int(number)):
            if each == int(number) // 2:
                answers.send("writing")
            Event.objects.create(title=f"Row {each}", date="1950", category_id="peace", status="published")
    return "imported"


def stop(count: str, *words: str) -> str:
    from django.db.backends.signals import connection_created

    left = int(count)

    def execute(run: Callable[..., Any], sql: str, *others: Any) -> Any:
        nonlocal left
        if " ".join(words) in sql:
            left -= 1
            if left == 0:
                answers.send("there")
                time.sleep(600)
        return run(sql, *others)

    connection_created.connect(
        lambda connection, **_about: connection.execute_wrappers.append(execute), weak=False, dispatch_uid="stop"
    )
    return "will stop"


def file(path: str) -> str:
    from django.core.management import call_command

    call_command("import_events", Path(path), status="published", verbosity=0, stdout=sys.stderr)
    return "imported"


def step(pk: str, state: str) -> str:
    from django.contrib.auth.models import User

    from timeline.desk import import_worker
    from timeline.models import ImportRun, ImportState

    run = ImportRun.objects.get(pk=pk)
    import_worker.start(run, ImportState(state), User.objects.get(pk=run.author_id or 0), patience=600)
    run.refresh_from_db()
    return run.state


def obey(orders: Connection, database: str, uploads: str) -> None:
    """Take the tests' database, and obey until nobody is there to give an order."""
    global answers
    answers = orders
    settings.DATABASES["default"]["NAME"] = database
    settings.MEDIA_ROOT = uploads
    does: dict[str, Callable[..., object]] = {
        "count": count,
        "write": write,
        "rename": rename,
        "import": import_,
        "stop": stop,
        "file": file,
        "step": step,
    }
    with tempfile.TemporaryDirectory(prefix="annals-") as folder:
        settings.VAR_DIR = Path(folder)
        while True:
            try:
                name, *words = orders.recv().split(" ")
            except EOFError:
                return
            orders.send(str(does[name](*words)))
