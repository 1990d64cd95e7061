"""From the database to columns, without model instances: a million of those take minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import Func, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from timeline.models import ActorParticipation, Event, Participation

from .segment import Columns, Ids

ROWS_AT_ONCE = 20_000
# Ids that may stand in one IN list: SQLite takes 32,766 values, PostgreSQL 65,535.
IDS_AT_ONCE = 5_000

_DAYS = ("day", "earliest", "latest", "start_latest", "end_earliest")


class Ordinal(Func):
    """A date as the number of its day, 1 January of year 1 being day 1, as date.toordinal() counts."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) - 1721424.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s - DATE '0001-01-01' + 1)"
        return self.as_sql(compiler, connection, template=template, **context)


def columns(ids: Sequence[int] | None = None, using: str = "default") -> Columns:
    """The published events as the database has them: all, or those of the ids among them."""
    events = Event.objects.using(using).published().order_by()
    if ids is None:
        return _columns(*_read(events, None, using))
    read = [_read(events, ids[at : at + IDS_AT_ONCE], using) for at in range(0, len(ids), IDS_AT_ONCE)]
    rows = np.concatenate([rows for rows, _terms in read]) if read else np.empty((0, 6), dtype=np.int64)
    terms: dict[str, dict[str, list[int]]] = {}
    for _rows, found in read:
        for facet, values in found.items():
            for value, having in values.items():
                terms.setdefault(facet, {}).setdefault(value, []).extend(having)
    return _columns(rows, terms)


def _columns(rows: Any, terms: dict[str, dict[str, list[int]]]) -> Columns:
    as_arrays: dict[str, dict[str, Ids]] = {
        facet: {value: np.array(ids, dtype=np.int64) for value, ids in values.items()}
        for facet, values in terms.items()
    }
    days = rows[:, 1:].T.astype(np.int32)
    return Columns(
        ids=np.ascontiguousarray(rows[:, 0]),
        day=days[0],
        earliest=days[1],
        latest=days[2],
        start_latest=days[3],
        end_earliest=days[4],
        terms=as_arrays,
    )


def _read(
    events: QuerySet[Event], ids: Sequence[int] | None, using: str
) -> tuple[Any, dict[str, dict[str, list[int]]]]:
    """One row an event (id and five days), and for each facet and value the ids of the events that have it."""
    terms: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in ("importance", "category", "dataset")}
    chunks = []
    if ids is not None:
        events = events.filter(pk__in=ids)
    for rows in _rows(events):
        for row in rows:
            terms["importance"][str(row[6])].append(row[0])
            terms["category"][row[7]].append(row[0])
            if row[8]:
                terms["dataset"][str(row[8])].append(row[0])
        chunks.append(np.array([row[:6] for row in rows], dtype=np.int64))
    parts = Participation.objects.using(using).order_by().values_list("event_id", "country_id")
    actors = ActorParticipation.objects.using(using).order_by().values_list("event_id", "actor_id")
    return (
        np.concatenate(chunks) if chunks else np.empty((0, 6), dtype=np.int64),
        {**terms, "country": _pairs(parts, ids), "actor": _pairs(actors, ids)},
    )


def _rows(events: QuerySet[Event]) -> Iterator[list[Any]]:
    """In lists of many rows: id, five days, importance, category, dataset."""
    days = [Ordinal(name) for name in _DAYS]
    rows = events.values_list("pk", *days, "importance", "category_id", "dataset_id").iterator(ROWS_AT_ONCE)
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        yield chunk


def _pairs(rows: QuerySet[Any, Any], ids: Sequence[int] | None) -> dict[str, list[int]]:
    """The ids of the events of each value; a value counts once an event."""
    found: dict[str, list[int]] = defaultdict(list)
    for event_id, value in (rows if ids is None else rows.filter(event_id__in=ids)).iterator(ROWS_AT_ONCE):
        found[str(value)].append(event_id)
    return found
