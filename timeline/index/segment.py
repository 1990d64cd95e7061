"""The index itself: the published events in the order of their days, and for each value the set that has it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

Days = NDArray[np.int32]
NOTHING = FrozenBitMap()
UNIX_EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of one event. Days are proleptic Gregorian ordinals, as of datetime.date.toordinal."""

    id: int
    day: int
    earliest: int
    latest: int
    start_latest: int
    end_earliest: int
    importance: int
    category: str
    dataset: str
    countries: tuple[str, ...]
    actors: tuple[str, ...]


class Segment:
    """Immutable. An ordinal is a place in the order of (day, id)."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        ordered = sorted(entries, key=lambda entry: (entry.day, entry.id))
        self.ids: NDArray[np.int64] = np.array([entry.id for entry in ordered], dtype=np.int64)
        self.days = self._days(entry.day for entry in ordered)
        self.earliest = self._days(entry.earliest for entry in ordered)
        self.latest = self._days(entry.latest for entry in ordered)
        self.start_latest = self._days(entry.start_latest for entry in ordered)
        self.end_earliest = self._days(entry.end_earliest for entry in ordered)
        self.all = FrozenBitMap(range(len(ordered)))
        # An event of one certain day needs only its place in the order; the others are compared by their bounds.
        self.spans = FrozenBitMap(np.flatnonzero(self.earliest != self.latest).astype(np.uint32))
        self.postings = self._postings(ordered)

    @staticmethod
    def _days(values: Iterable[int]) -> Days:
        return np.fromiter(values, dtype=np.int32)

    @staticmethod
    def _postings(ordered: list[Entry]) -> dict[str, dict[str, FrozenBitMap]]:
        lists: dict[str, dict[str, list[int]]] = {
            name: {} for name in ("country", "actor", "category", "dataset", "importance")
        }
        for ordinal, entry in enumerate(ordered):
            for name, value in _terms(entry):
                lists[name].setdefault(value, []).append(ordinal)
        return {
            name: {value: FrozenBitMap(ordinals) for value, ordinals in values.items()}
            for name, values in lists.items()
        }

    def having(self, facet: str, value: str) -> FrozenBitMap:
        """The events with this value of a facet."""
        return self.postings[facet].get(value, NOTHING)

    def at_least(self, importance: int) -> BitMap:
        return BitMap.union(BitMap(), *(self.having("importance", str(level)) for level in range(importance, 6)))

    def with_ids(self, ids: Iterable[int]) -> BitMap:
        """The events with these ids; ids that are not in the index are left out."""
        wanted = np.fromiter(ids, dtype=np.int64)
        return BitMap(np.flatnonzero(np.isin(self.ids, wanted)).astype(np.uint32))

    def touching(self, first: int, last: int) -> BitMap:
        """The events that happened, certainly or possibly, on some day from first to last."""
        points = self._points_between(first, last)
        return points | self._spans_where(lambda at: (self.earliest[at] <= last) & (self.latest[at] >= first))

    def certainly_in(self, first: int, last: int) -> BitMap:
        """The events that happened in the range under every reading of their dates."""
        points = self._points_between(first, last)
        return points | self._spans_where(lambda at: (self.start_latest[at] <= last) & (self.end_earliest[at] >= first))

    def _points_between(self, first: int, last: int) -> BitMap:
        start, stop = np.searchsorted(self.days, [first, last + 1])
        return BitMap(range(int(start), int(stop))) - self.spans

    def _spans_where(self, condition: object) -> BitMap:
        at = ordinals(self.spans)
        return BitMap(at[condition(at)].astype(np.uint32))  # type: ignore[operator]

    @cached_property
    def days_of_year(self) -> NDArray[np.int16]:
        """Month and day of each event's day, 27 July as 727; computed when first asked for, then kept."""
        days = (self.days.astype(np.int64) - UNIX_EPOCH).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        day_of_month = (days - months).astype(np.int64) + 1
        return ((months.astype(np.int64) % 12 + 1) * 100 + day_of_month).astype(np.int16)

    def on_days_of_year(self, first: int, last: int) -> BitMap:
        """The events known to the day from one day of any year to another; 727 is 27 July."""
        found = (self.days_of_year >= first) & (self.days_of_year <= last)
        return BitMap(np.flatnonzero(found).astype(np.uint32)) - self.spans

    def known_between(self, first: int, last: int) -> BitMap:
        """The events known to the day that happened on some day from first to last."""
        return self._points_between(first, last)

    def place_after(self, day: int, id: int) -> int:
        """The ordinal of the first event that stands after (day, id) in the order."""
        start, stop = np.searchsorted(self.days, [day, day + 1])
        return int(start + np.searchsorted(self.ids[start:stop], id, side="right"))


def ordinals(bitmap: BitMap | FrozenBitMap) -> NDArray[np.int64]:
    """The ordinals of a set as an array, ascending."""
    return np.fromiter(bitmap, dtype=np.int64, count=len(bitmap))


def _terms(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "category", entry.category
    yield "importance", str(entry.importance)
    if entry.dataset:
        yield "dataset", entry.dataset
    for country in set(entry.countries):
        yield "country", country
    for actor in set(entry.actors):
        yield "actor", actor
