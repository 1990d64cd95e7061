"""SQLite with our options beside Django's own: eight processes add one to a number for two seconds."""

import multiprocessing
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from timeline.settings import database

from . import Measurement

WRITERS = 8
SECONDS = 2.0


def write(path: str, ours: bool, result: "multiprocessing.Queue[tuple[int, int]]") -> None:
    """Read, modify and write in one transaction until the time is over; count what was written and what refused."""
    options = database(f"sqlite:///{path}", Path(path))["OPTIONS"]
    connection = sqlite3.connect(path, timeout=options["timeout"] if ours else 5, isolation_level=None)
    if ours:
        connection.executescript(options["init_command"])
    begin = f"BEGIN {options['transaction_mode']}" if ours else "BEGIN"
    written = refused = 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            connection.execute(begin)
            (number,) = connection.execute("SELECT number FROM counter").fetchone()
            connection.execute("UPDATE counter SET number = ?", (number + 1,))
            connection.execute("COMMIT")
            written += 1
        except sqlite3.OperationalError:
            refused += 1
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    result.put((written, refused))


def contend(ours: bool) -> tuple[int, int]:
    """Return how many writes succeeded and how many failed with "database is locked"."""
    with tempfile.TemporaryDirectory(prefix="annals-benchmark-") as folder:
        path = f"{folder}/counter.sqlite3"
        connection = sqlite3.connect(path)
        connection.executescript("CREATE TABLE counter (number); INSERT INTO counter VALUES (0);")
        connection.close()
        result: multiprocessing.Queue[tuple[int, int]] = multiprocessing.Queue()
        writers = [multiprocessing.Process(target=write, args=(path, ours, result)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        counts = [result.get() for _ in writers]
        for writer in writers:
            writer.join()
    return sum(written for written, _ in counts), sum(refused for _, refused in counts)


def measurements(events: int) -> Iterator[Measurement]:
    """Yield the share of refused writes and the writes that lasted; the number of events plays no part."""
    ours, ours_refused = contend(ours=True)
    rival, rival_refused = contend(ours=False)
    name = "Django's default"
    share = 100 * ours_refused / (ours + ours_refused)
    yield Measurement("refused-writes", share, name, 100 * rival_refused / (rival + rival_refused), "%")
    yield Measurement("lasting-writes", ours / SECONDS, name, rival / SECONDS, "/s")
