"""Feeds, calendars and pictures of all events, each bounded whatever there is."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.test import Client

from . import Measurement
from .loading import load

FORMS = ("atom", "ics", "svg", "png")


def measurements(events: int) -> Iterator[Measurement]:
    """Yield the time of each form."""
    load(events)
    client = Client(SERVER_NAME="localhost")
    client.get("/events.json?importance=5")
    for form in FORMS:
        begun = time.perf_counter()
        response = client.get(f"/events.{form}")
        taken = (time.perf_counter() - begun) * 1000
        assert response.status_code == 200
        yield Measurement(f"{form}-of-all", taken, "bound", 2000, "ms")
