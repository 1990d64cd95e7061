"""From the database to columns, without model instances: a million of those take minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from django.db.models import Func, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from numpy.typing import NDArray

from timeline.models import ActorParticipation, Event, Participation
from timeline.models.many_rows import pieces

from .segment import LACKING, SETS, STATUS, Columns, Ids

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
    """The events of every status as the database has them: all, or those of the ids among them."""
    batches: Iterable[Sequence[int] | None] = [None] if ids is None else pieces(ids, IDS_AT_ONCE)
    numbers: list[Ids] = [np.empty(0, dtype=np.int64)]
    days: list[NDArray[np.int32]] = [np.empty((len(_DAYS), 0), dtype=np.int32)]
    terms = {name: _Terms() for name in SETS}
    for batch in batches:
        events = Event.objects.using(using).order_by()
        events = events if batch is None else events.filter(pk__in=batch)
        for chunk in _chunks(_rows(events)):
            pks, *dates, importance, category, dataset, status = zip(*chunk, strict=True)
            # One array for all facets: at a million events, one for each would take as much memory as the index.
            numbers.append(np.array(pks, dtype=np.int64))
            days.append(np.array(dates, dtype=np.int32))
            values = {"importance": importance, "category": category, "dataset": dataset, STATUS: status}
            for name, of_each in values.items():
                terms[name].add(numbers[-1], of_each)
        for facet, rows in (("country", _countries(using)), ("actor", _actors(using))):
            for chunk in _chunks(rows if batch is None else rows.filter(event_id__in=batch)):
                terms[facet].add(*zip(*chunk, strict=True))
        for lack, without in events.lacking().items():
            for chunk in _chunks(without.values_list("pk")):
                terms[LACKING].add([pk for (pk,) in chunk], [lack] * len(chunk))
    found = {facet: terms.pop(facet).by_value() for facet in SETS}
    return Columns(np.concatenate(numbers), **dict(zip(_DAYS, np.concatenate(days, axis=1), strict=True)), terms=found)


class _Terms:
    """Gathers which event has which value of a facet, as numbers, a chunk at a time."""

    def __init__(self) -> None:
        self.codes: dict[Any, int] = {}
        self.ids: list[Ids] = []
        self.coded: list[NDArray[np.int32]] = []

    def add(self, ids: Sequence[int] | Ids, values: Sequence[Any]) -> None:
        codes = self.codes
        self.ids.append(np.asarray(ids, dtype=np.int64))
        self.coded.append(
            np.fromiter((codes.setdefault(value, len(codes)) for value in values), dtype=np.int32, count=len(values))
        )

    def by_value(self) -> dict[str, Ids]:
        """The ids of the events of each value; None is no value."""
        if not self.ids:
            return {}
        ids, coded = np.concatenate(self.ids), np.concatenate(self.coded)
        order = np.argsort(coded, kind="stable")
        groups = np.split(ids[order], np.searchsorted(coded[order], np.arange(1, len(self.codes))))
        return {str(value): group for value, group in zip(self.codes, groups, strict=True) if value is not None}


def _rows(events: QuerySet[Event]) -> QuerySet[Event, Any]:
    """Id, five days, importance, category, dataset, status."""
    return events.values_list("pk", *map(Ordinal, _DAYS), "importance", "category_id", "dataset_id", "status")


def _countries(using: str) -> QuerySet[Participation, Any]:
    return Participation.objects.using(using).order_by().values_list("event_id", "country_id")


def _actors(using: str) -> QuerySet[ActorParticipation, Any]:
    return ActorParticipation.objects.using(using).order_by().values_list("event_id", "actor_id")


def _chunks(rows: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    return pieces(rows.iterator(ROWS_AT_ONCE), ROWS_AT_ONCE)
