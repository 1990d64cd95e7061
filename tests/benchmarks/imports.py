"""A table of events through the one door: read, checked, written with history and words; beside a bare executemany."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.core.management import call_command
from django.db import connection, transaction

from timeline.formats import Reading
from timeline.formats.registry import FORMATS
from timeline.imports import apply, check
from timeline.models import Category, Country
from timeline.models.countries import CountryStandard
from timeline.records import DatasetRecord, EventRecord, ParticipationRecord, Record, SourceRecord

from . import Measurement
from .generator import synthetic_events

TABLES = ("timeline_event", "timeline_participation", "timeline_source")
LIMIT_MB = 300
"""What an import of a hundred thousand rows may take."""


def records(count: int) -> Iterator[Record]:
    """Synthetic events as records."""
    countries = list(Country.objects.filter(standard=CountryStandard.CURRENT).values_list("code", "name"))
    categories = list(Category.objects.values_list("slug", flat=True))
    yield DatasetRecord("synthetic", "Synthetic events", "Annals", "CC0 1.0", "Events that never happened.")
    for event in synthetic_events(count, countries, categories):
        yield EventRecord(
            id=str(event.number),
            dataset="synthetic",
            title=event.title,
            summary=event.summary,
            date=event.when.edtf,
            category=event.category,
            place=event.place,
            importance=event.importance,
            status="published",
            countries=tuple(ParticipationRecord(*part) for part in event.participations),
            sources=tuple(SourceRecord(*source) for source in event.sources),
        )


def bare() -> float:
    """Seconds that it takes to write the same rows into tables without keys, by one executemany each."""
    seconds = 0.0
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            rows = cursor.fetchall()
            cursor.execute(f"CREATE TEMPORARY TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")
            places = ", ".join(["%s"] * len(rows[0]))
            start = time.perf_counter()
            with transaction.atomic():
                cursor.executemany(f"INSERT INTO bare_{table} VALUES ({places})", rows)
            seconds += time.perf_counter() - start
    return seconds


def measurements(events: int) -> Iterator[Measurement]:
    """Yield rows per second of a first import and of a second one that changes nothing, and the memory."""
    call_command("load_countries", verbosity=0)
    with tempfile.TemporaryFile() as file:
        for piece in FORMATS["csv"].write(records(events)):  # type: ignore[misc]
            file.write(piece)
        figures = {}
        for name in ("first", "again"):
            file.seek(0)
            start = time.perf_counter()
            report = check(FORMATS["csv"].read(cast(BinaryIO, file), Reading()))
            checked = time.perf_counter()
            apply(report, reason="a measurement")
            figures[name] = checked - start, time.perf_counter() - checked
            assert report.problems == []
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rival = events / bare()
    for name, (checking, applying) in figures.items():
        yield Measurement(f"rows-{name}", events / (checking + applying), "executemany", rival, "rows/s")
        yield Measurement(f"checking-{name}", events / checking, "executemany", rival, "rows/s")
    yield Measurement("writing-first", events / figures["first"][1], "executemany", rival, "rows/s")
    yield Measurement("memory", memory, "limit", LIMIT_MB, "MB")
