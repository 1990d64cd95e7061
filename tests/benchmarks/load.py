"""Sixteen clients at once: faceted pages a second from one and two workers, beside an empty view of the same server."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

from django.db.models import Count

from timeline.models import Category, Event, Participation

from . import Measurement
from .answers import annals
from .asking import Server, shapes
from .loading import load

CLIENTS = 16
SECONDS = 8.0
# More than are answered in the time: a question that comes again is not cold.
QUESTIONS = 2_500
EMPTY = "/healthz"


def measurements(events: int) -> Iterator[Measurement]:
    """Yield pages a second, cold (each filter for the first time) and warm, and the 99th percentile of the wait."""
    if not Event.objects.exists():
        load(events)
    codes = [
        row["country_id"] for row in Participation.objects.values("country_id").annotate(n=Count("pk")).order_by("-n")
    ]
    asked = dict(shapes(codes, list(Category.objects.values_list("slug", flat=True)), QUESTIONS))
    paths = list(dict.fromkeys(f"/?{question.query}" for question in asked["country-category-range"]))
    for workers in (1, 2):
        with annals(workers) as address:
            bound, bound_wait = under_load(address, itertools.repeat(EMPTY))
            for heat, some in (("cold", iter(paths)), ("warm", itertools.cycle(paths[:20]))):
                rate, wait = under_load(address, some)
                name = f"{heat}-{workers}-worker"
                yield Measurement(f"{name}-pages", rate, "empty view", bound, "/s")
                yield Measurement(f"{name}-p99", wait, "empty view", bound_wait, "ms")


def under_load(address: str, paths: Iterator[str]) -> tuple[float, float]:
    """Answers a second to all clients together, and the 99th percentile of their waits in milliseconds.

    It ends when the time is over, or sooner with the last of the paths.
    """
    begun = time.monotonic()
    waits: list[float] = []
    lock = threading.Lock()

    def following() -> str | None:
        with lock:
            return next(paths, None)

    def client() -> None:
        server = Server(address)
        while time.monotonic() < begun + SECONDS and (path := following()):
            waits.append(server.ask(path))

    clients = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    waits.sort()
    return len(waits) / (time.monotonic() - begun), waits[round(len(waits) * 0.99) - 1]
