"""Bring synthetic events into the database by the million, in one transaction and with one revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max, Model
from django.utils import timezone

from timeline.models import Category, Country, Dataset, Event, Participation, Revision, Source
from timeline.models.changes import EVERYTHING, MOST_NAMED
from timeline.models.countries import CountryStandard
from timeline.models.search_text import SearchText
from timeline.words import GAP, words

from .generator import SyntheticEvent, synthetic_events

CHUNK = 10_000
Rows = Iterable[Sequence[Any]]


class Table:
    """A model's table, of which the given columns are written; the others get the defaults of their fields."""

    def __init__(self, model: type[Model], given: str) -> None:
        fields = model._meta.concrete_fields
        self.name = model._meta.db_table
        others = [field for field in fields if field.attname not in given.split() and not field.primary_key]
        self.columns = given.split() + [field.attname for field in others]
        self.defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)


EVENTS = Table(
    Event,
    "id title slug summary date day earliest latest start_latest end_earliest precision place importance status "
    "external_id created modified category_id dataset_id",
)
PARTICIPATIONS = Table(Participation, "event_id country_id role")
SOURCES = Table(Source, "event_id kind publisher title url published")
SEARCH_TEXTS = Table(SearchText, "event_id title other")


def load(count: int, seed: int = 1945, with_sources: bool = True) -> None:
    """Add `count` published synthetic events to a database of whatever content."""
    load_places()
    countries = list(Country.objects.filter(standard=CountryStandard.CURRENT).values_list("code", "name"))
    categories = list(Category.objects.values_list("slug", flat=True))
    bring_in(synthetic_events(count, countries, categories, seed), synthetic_dataset(), with_sources)


def load_places() -> None:
    """Countries and categories, where they are missing."""
    call_command("load_countries", verbosity=0)


def bring_in(events: Iterator[SyntheticEvent], dataset: Dataset, with_sources: bool = True) -> None:
    """Add published events, which get no history."""
    count = 0
    offset = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    with transaction.atomic(), connection.cursor() as cursor, without_indexes(cursor):
        while chunk := list(islice(events, CHUNK)):
            count += len(chunk)
            write(cursor, EVENTS, event_rows(chunk, offset, dataset.pk))
            write(cursor, PARTICIPATIONS, participation_rows(chunk, offset))
            if with_sources:
                write(cursor, SOURCES, source_rows(chunk, offset))
            write(cursor, SEARCH_TEXTS, search_text_rows(chunk, offset, with_sources))
        touched = range(offset + 1, offset + count + 1) if count <= MOST_NAMED else [EVERYTHING]
        Revision.objects.advance(touched, words=False)
        # The ids were given by us, and PostgreSQL must know where to go on.
        for statement in connection.ops.sequence_reset_sql(no_style(), [Event]):
            cursor.execute(statement)


def synthetic_dataset() -> Dataset:
    """The dataset of all synthetic events."""
    dataset, _made = Dataset.objects.get_or_create(
        slug="synthetic",
        defaults={
            "name": "Synthetic events",
            "publisher": "Annals",
            "licence": "CC0 1.0",
            "citation": "Events that never happened, made for measurements.",
        },
    )
    return dataset


@contextmanager
def without_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """Drop the indexes of the tables that are written, and build them anew at the end.

    Sorting a million keys once is several times quicker than a million insertions in random order. The indexes of
    primary keys and of constraints stay.
    """
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
        " AND tablename = %s AND indexname NOT IN (SELECT conname FROM pg_constraint)",
    }[connection.vendor]
    dropped = []
    for table in (EVENTS, PARTICIPATIONS, SOURCES, SEARCH_TEXTS):
        cursor.execute(query, [table.name])
        dropped += cursor.fetchall()
    for name, _definition in dropped:
        cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    if connection.vendor == "postgresql":
        # Foreign keys are checked at the commit, and a table that waits for it takes no index.
        connection.check_constraints()
    for _name, definition in dropped:
        cursor.execute(definition)


def write(cursor: CursorWrapper, table: Table, rows: Rows) -> None:
    """Write rows as quickly as the database takes them."""
    columns = ", ".join(table.columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, *table.defaults))
    else:
        places = ", ".join(["%s"] * len(table.columns))
        complete = [(*row, *table.defaults) for row in rows]
        cursor.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({places})", complete)


def event_rows(events: Iterable[SyntheticEvent], offset: int, dataset: int) -> Rows:
    """Rows of the events, which get the ids after `offset`."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    for event in events:
        when = event.when
        days = (when.day, when.earliest, when.latest, when.start_latest, when.end_earliest)
        id = offset + event.number
        # Slugs in rising order: their index must stay, and grows at its end.
        head = (id, event.title, f"loaded-{id:08}", event.summary, when.edtf, *(day.isoformat() for day in days))
        tail = (event.importance, "published", str(id), now, now, event.category, dataset)
        yield *head, when.precision.value, event.place, *tail


def participation_rows(events: Iterable[SyntheticEvent], offset: int) -> Rows:
    """Rows of the countries that take part."""
    for event in events:
        for country, role in event.participations:
            yield offset + event.number, country, role


def source_rows(events: Iterable[SyntheticEvent], offset: int) -> Rows:
    """Rows of the sources."""
    for event in events:
        for source in event.sources:
            yield offset + event.number, *source


def search_text_rows(events: Iterable[SyntheticEvent], offset: int, with_sources: bool) -> Rows:
    """Rows of what search finds the events by, as SearchText itself would write them."""
    for event in events:
        titles = [source.title for source in event.sources] if with_sources else []
        others = [folded(text) for text in (event.summary, event.place, *titles) if text]
        yield offset + event.number, folded(event.title), f" {GAP} ".join(others)


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """The words of a text; synthetic texts repeat."""
    return " ".join(words(text))
