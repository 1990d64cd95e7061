"""Files of all events: how soon they begin, how fast they go on, and what they hold in memory meanwhile.

The rivals do less: Django's serializer writes no countries and reads all events first, the cursor writes the table of
events alone; openpyxl is given our rows.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import cast

import openpyxl
import psutil
from django.core import serializers
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client

from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats.annals_rows import rows
from timeline.models import Event, Vocabulary

from . import Measurement
from .loading import load

# A rival that holds everything at once is asked for so many.
MOST_OF_RIVAL = 5_000
FORMS = {"csv": "csv", "json": "annals.json", "timelinejs": "timelinejs.json", "xlsx": "xlsx"}


def measurements(events: int) -> Iterator[Measurement]:
    """Yield for each form the first byte, events a second of processor time beside each rival, and the memory."""
    load(events)
    client = Client(SERVER_NAME="localhost")
    client.get("/events.json?importance=5")
    process = psutil.Process()
    for form, ending in FORMS.items():
        before = most = process.memory_info().rss
        begun, used = time.perf_counter(), time.process_time()
        pieces = iter(cast(StreamingHttpResponse, client.get(f"/events.{ending}")))
        size = len(next(pieces))
        first = time.perf_counter() - begun
        for piece in pieces:
            size += len(piece)
            most = max(most, process.memory_info().rss)
        pace = events / (time.process_time() - used)
        yield Measurement(f"{form}-first-byte", first * 1000, "bound", 300, "ms")
        for rival, write in RIVALS[form].items():
            yield Measurement(f"{form}-events-a-second", pace, rival, _pace(write), "/s")
        yield Measurement(f"{form}-memory", (most - before) / 1e6, "the file", size / 1e6, "MB")


@cache
def _pace(write: Callable[[], int]) -> float:
    """Events a second of processor time."""
    used = time.process_time()
    return write() / (time.process_time() - used)


def _serialized() -> int:
    chosen = list(Event.objects.order_by("day", "pk").for_page()[:MOST_OF_RIVAL])
    serializers.serialize("json", chosen)
    return len(chosen)


def _plain() -> int:
    written = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM timeline_event WHERE status = 'published' ORDER BY day, id")
        writer = csv.writer(io.StringIO())
        while found := cursor.fetchmany(1000):
            writer.writerows(found)
            written += len(found)
    return written


def _workbook() -> int:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("events")
    table = rows(exports.records_of(index.answer(EventFilter(Vocabulary.current()))))
    for written, row in enumerate(table):
        sheet.append(row)
        if written == MOST_OF_RIVAL:
            break
    book.save(io.BytesIO())
    return written


RIVALS = {
    "csv": {"django-serializer": _serialized, "cursor + csv": _plain},
    "json": {"django-serializer": _serialized},
    "timelinejs": {"django-serializer": _serialized},
    "xlsx": {"openpyxl": _workbook},
}
