"""The index: built from the database, started from its kept base, its memory, and the way of an edit to others.

Each figure is taken in processes of their own, beside what nobody could do without: reading the rows by a bare cursor,
reading the file, a process that has no index, a number that one process writes and another reads.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.obeying import Obeying
from timeline.models import Event

from . import Measurement
from .browser.servers import environment
from .loading import load

ROUNDS = 20
LIMIT_OF_START_MS = 500
LIMIT_OF_MEMORY_MB = 100
ROWS = (
    """SELECT id, day, earliest, latest, start_latest, end_earliest, importance, category_id, dataset_id, status
    FROM timeline_event""",
    "SELECT event_id, country_id FROM timeline_participation",
)


class Process(Obeying):
    """A process of the installation, which answers with figures."""

    def __init__(self, variables: dict[str, str]) -> None:
        environment = variables | {"DJANGO_SETTINGS_MODULE": "timeline.settings"}
        super().__init__(["-W", "ignore::UserWarning", "-m", "tests.benchmarks.one_process"], environment)

    def figure(self, line: str = "") -> float:
        """The figure that it answers an order with, or the next one without an order."""
        return float(self.asked(line) if line else self.answer())


@contextmanager
def process(variables: dict[str, str]) -> Iterator[Process]:
    """Start one, and end it."""
    started = Process(variables)
    try:
        yield started
    finally:
        started.end()


def measurements(events: int) -> Iterator[Measurement]:
    """Yield build, start, memory, and the way of an edit."""
    if not Event.objects.exists():
        load(events)
    name = str(connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory(prefix="annals-benchmark-") as folder:
        variables = environment(Path(folder)) | {"DATABASE_URL": f"sqlite:///{name}"}
        yield from built_and_started(variables, Path(folder) / "index.base")
        yield from edited(variables)


def built_and_started(variables: dict[str, str], base: Path) -> Iterator[Measurement]:
    """What a process pays for its index, the first one of an installation and those that follow."""
    rows = bare_rows()
    with process(variables) as first:
        built = first.figure("start") / 1000
        wait_until_kept(base)
    yield Measurement("build", built, "bare cursor", rows, "s")
    starts, without, added = [], [], []
    for _round in range(ROUNDS):
        with process(variables) as worker:
            without.append(worker.figure("memory"))
            starts.append(worker.figure("start"))
            added.append(worker.figure("memory") - without[-1])
    start = statistics.median(starts)
    yield Measurement("start-from-base", start, "reading the file", reading(base), "ms")
    yield Measurement("start-from-base", start, "building", built * 1000, "ms")
    yield Measurement("start-from-base", start, "limit", LIMIT_OF_START_MS, "ms")
    memory = statistics.median(added)
    yield Measurement("memory-of-index", memory, "process without it", statistics.median(without), "MB")
    yield Measurement("memory-of-index", memory, "limit", LIMIT_OF_MEMORY_MB, "MB")


def edited(variables: dict[str, str]) -> Iterator[Measurement]:
    """How soon another process shows what one has saved, and what its first answer costs it."""
    drafts = list(Event.objects.order_by("pk").values_list("pk", flat=True)[: 2 * ROUNDS])
    Event.objects.filter(pk__in=drafts).update(status="draft")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (number integer)")
        cursor.execute("INSERT INTO bare VALUES (0)")
    with process(variables) as writer, process(variables) as reader:
        writer.figure("start")
        reader.figure("start")
        total = int(reader.figure("count"))
        shown, bare, first, plain = [], [], [], []
        for number, pk in enumerate(drafts[:ROUNDS], start=1):
            reader.order(f"wait {total + number}")
            begun = writer.figure(f"publish {pk}")
            shown.append(reader.figure() - begun)
            reader.order(f"wait-bare {number}")
            begun = writer.figure("bare")
            bare.append(reader.figure() - begun)
        for pk in drafts[ROUNDS:]:
            writer.figure(f"publish {pk}")
            first.append(reader.figure("first"))
            plain.append(reader.figure("first"))
    yield Measurement("edit-shown-elsewhere", statistics.median(shown), "bare number", statistics.median(bare), "ms")
    yield Measurement("answer-after-edit", statistics.median(first), "unchanged", statistics.median(plain), "ms")


def bare_rows() -> float:
    """Seconds that reading the same rows by a bare cursor takes."""
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in ROWS:
            cursor.execute(statement)
            while cursor.fetchmany(20_000):
                pass
    return time.perf_counter() - begun


def wait_until_kept(base: Path) -> None:
    """The base is written while its process answers already."""
    end = time.monotonic() + 60
    while not base.exists() and time.monotonic() < end:
        time.sleep(0.1)


def reading(base: Path) -> float:
    """Milliseconds that reading the kept base takes; a small index is not kept, and none is read."""
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        if base.exists():
            base.read_bytes()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)
