"""Our whole answer (the fragment with drawing, facets and list) over HTTP, beside Datasette and plain SQL.

Cold is a filter that nobody asked for before, warm the same one again. Datasette is asked for its JSON with facets of
category, importance and status and fifty rows: less than we answer, as it has no facet across tables, no histogram and
no drawing. Plain SQL counts, facets by country, category and importance, fills the bins and reads fifty rows.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.db.models import Count

from timeline.models import Category, Event, Participation

from . import Measurement
from .asking import Question, Server, shapes, times, words_in_turn
from .browser.servers import environment, granian, wait_for
from .loading import load

ROUNDS = 24
ROUNDS_OF_RIVAL = 20
# Of more events than this a rival's one answer takes from seconds to minutes, and is asked for once.
MOST_FOR_ROUNDS = 2_000_000
DATASETTE = "datasette==0.65.5"
STOCK: dict[str, str] = {}
TUNED = {"facet_time_limit_ms": "10000", "sql_time_limit_ms": "30000", "suggest_facets": "off"}
FACETS = ("category_id", "importance", "status")
SQL = (
    "SELECT count(*) FROM timeline_event e WHERE {condition}",
    """SELECT country_id, count(*) FROM timeline_participation WHERE event_id IN
    (SELECT e.id FROM timeline_event e WHERE {condition}) GROUP BY 1""",
    "SELECT category_id, count(*) FROM timeline_event e WHERE {condition} GROUP BY 1",
    "SELECT importance, count(*) FROM timeline_event e WHERE {condition} GROUP BY 1",
    "SELECT substr(day, 1, 7), count(*) FROM timeline_event e WHERE {condition} GROUP BY 1",
    "SELECT * FROM timeline_event e WHERE {condition} ORDER BY day, id LIMIT 50",
)


def measurements(events: int) -> Iterator[Measurement]:
    """Yield median and 99th percentile of each shape of question, cold and warm, beside each rival."""
    if not Event.objects.exists():
        load(events)
    usual = shapes(countries(), list(Category.objects.values_list("slug", flat=True)), ROUNDS)
    yield from compared(chain(usual, [("another-common-word", words_in_turn(ROUNDS))]))


def countries() -> list[str]:
    """Codes of the countries that take part in events, those in most of them first."""
    rows = Participation.objects.values("country_id").annotate(n=Count("pk")).order_by("-n", "country_id")
    return [row["country_id"] for row in rows]


def compared(shapes: Iterable[tuple[str, list[Question]]]) -> Iterator[Measurement]:
    """Ask us and the rivals the questions of each shape, over the same database."""
    rounds = ROUNDS_OF_RIVAL if Event.objects.count() <= MOST_FOR_ROUNDS else 1
    with ExitStack() as servers:
        ours = Server(servers.enter_context(annals()))
        rivals = {
            "Datasette stock": Server(servers.enter_context(datasette(STOCK))),
            "Datasette tuned": Server(servers.enter_context(datasette(TUNED))),
        }
        # A server that has answered others, but none of these questions.
        for at in range(60):
            ours.ask(f"/?importance={2 + at % 3}&from={1945 + at}")
        for name, questions in shapes:
            paths = [f"/?{question.query}" for question in questions]
            found = {"cold": times(ours.ask, paths), "warm": times(ours.ask, paths[:1] * ROUNDS)}
            some = questions[:rounds]
            beside = {rival: times(server.ask, map(rows_of, some)) for rival, server in rivals.items()}
            beside["plain SQL"] = times(plain_sql, (question.condition for question in some))
            for heat, (median, worst) in found.items():
                for rival, (rival_median, rival_worst) in beside.items():
                    yield Measurement(f"{name}-{heat}-p50", median, rival, rival_median, "ms")
                    yield Measurement(f"{name}-{heat}-p99", worst, rival, rival_worst, "ms")


@contextmanager
def annals(workers: int = 1) -> Iterator[str]:
    """Serve the database of the measurements as an installation would, with an index kept in its own folder."""
    with tempfile.TemporaryDirectory(prefix="annals-benchmark-") as folder:
        served = environment(Path(folder)) | {"DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"}
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=settings.BASE_DIR, env=served, check=True)
        with granian("timeline.wsgi:application", served, workers=workers) as address:
            for _ in range(4 * workers):
                Server(address).ask("/?importance=5")
            yield address


def rows_of(question: Question) -> str:
    """The address at which Datasette answers the question."""
    name = Path(str(connection.settings_dict["NAME"])).stem
    condition = question.condition.replace("e.", "timeline_event.")
    pairs = [("_where", condition), ("_sort", "day"), ("_size", "50"), *(("_facet", facet) for facet in FACETS)]
    return f"/{name}/timeline_event.json?{urlencode(pairs)}"


@contextmanager
def datasette(choices: dict[str, str]) -> Iterator[str]:
    """Serve the same file by Datasette, which is installed in an environment of its own when it is first needed."""
    folder = settings.BASE_DIR / "var" / "benchmarks" / "datasette"
    if not (folder / "bin" / "datasette").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", DATASETTE, "setuptools<81"], check=True)
    port = free_port()
    command = [str(folder / "bin" / "datasette"), "serve", str(connection.settings_dict["NAME"])]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    for name, value in choices.items():
        command += ["--setting", name, value]
    server = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def plain_sql(condition: str) -> float:
    """Ask the database itself; the milliseconds that it took."""
    start = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in SQL:
            cursor.execute(statement.format(condition=condition).replace("%", "%%"))
            cursor.fetchall()
    return (time.perf_counter() - start) * 1000
