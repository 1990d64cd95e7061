"""Files, feeds and pictures of all events: the first byte, the whole, the memory; beside Django's own way."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import cast

from django.core import serializers
from django.http import StreamingHttpResponse
from django.test import Client

from timeline.models import Event

from . import Measurement
from .loading import load

# A rival that holds everything at once is asked for so many, and its time is multiplied.
MOST_OF_RIVAL = 5_000
FORMS = ("atom", "ics", "svg", "png")


def measurements(events: int) -> Iterator[Measurement]:
    """Yield the first byte, whole time and memory of a CSV of everything, and the time of each bounded form."""
    load(events)
    client = Client(SERVER_NAME="localhost")
    client.get("/events.json?importance=5")
    per_event, memory_per_event = _rival()

    begun = time.perf_counter()
    pieces = _sent(client, "/events.csv")
    size = len(next(pieces))
    first = time.perf_counter() - begun
    size += sum(len(piece) for piece in pieces)
    whole = time.perf_counter() - begun
    yield Measurement("csv-first-byte", first * 1000, "bound", 300, "ms")
    yield Measurement("csv-events-a-second", events / whole, "django-serializer", 1 / per_event, "events/s")
    yield Measurement("csv-size", size / 1e6, "events x 300 bytes", events * 300 / 1e6, "MB")

    tracemalloc.start()
    for _piece in _sent(client, "/events.csv?order=newest"):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Measurement("csv-memory", peak / 1e6, "all at once", memory_per_event * events / 1e6, "MB")

    for form in FORMS:
        begun = time.perf_counter()
        response = client.get(f"/events.{form}")
        taken = (time.perf_counter() - begun) * 1000
        assert response.status_code == 200
        yield Measurement(f"{form}-of-all", taken, "bound", 2000, "ms")


def _sent(client: Client, address: str) -> Iterator[bytes]:
    """The pieces of a file as they leave."""
    response = cast(StreamingHttpResponse, client.get(address))
    return cast(Iterator[bytes], response.streaming_content)


def _rival() -> tuple[float, float]:
    """Seconds and bytes an event of Django's serializer, which a plain view would use."""
    tracemalloc.start()
    chosen = list(Event.objects.order_by("day", "pk").for_page()[:MOST_OF_RIVAL])
    json.loads(serializers.serialize("json", chosen))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    begun = time.perf_counter()
    serializers.serialize("json", list(Event.objects.order_by("day", "pk").for_page()[:MOST_OF_RIVAL]))
    return (time.perf_counter() - begun) / len(chosen), peak / len(chosen)
