"""A segment of the index: events in the order of their days, and for each value of each facet the set that has it."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from timeline.models import EventStatus, Outline

from .day_counts import Before, count_days
from .kept import Kept

FACETS = ("country", "actor", "category", "dataset", "importance")
# What besides has a set for each value: the state of an event, and what an editor misses in it.
STATUS, LACKING = "status", "lacking"
SETS = (*FACETS, STATUS, LACKING)
NOTHING = FrozenBitMap()
# Fewer ids than this are sorted sooner than marked.
FEW = 2_000
# Where there are at most so many ids to an event, each id has a place of its own: 16 bytes an event at most.
GAPS = 4
# Outlines that a segment keeps, some 10 MB of them.
MOST_OUTLINES = 20_000
UNIX_EPOCH = datetime.date(1970, 1, 1).toordinal()

Days = NDArray[np.int32]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """Events as they are read: one row an event, in any order.

    The five columns of days are proleptic Gregorian ordinals, as of datetime.date.toordinal. `terms` holds for each
    facet and value the ids of the events that have it.
    """

    ids: Ids
    day: Days
    earliest: Days
    latest: Days
    start_latest: Days
    end_earliest: Days
    terms: Mapping[str, Mapping[str, Ids]]


class Segment:
    """Immutable. An ordinal is a place in the order of (day, id).

    Most events are known to the day: of them only that day is kept. The bounds of the others, the spans, stand in
    arrays of their own beside their ordinals.
    """

    def __init__(
        self,
        ids: Ids,
        days: Days,
        spans: NDArray[np.uint32],
        bounds: NDArray[np.int32],
        postings: Mapping[str, Mapping[str, FrozenBitMap]],
    ) -> None:
        self.ids = ids
        self.days = days
        self.span_ordinals = spans
        self.bounds = bounds
        self.earliest, self.latest, self.start_latest, self.end_earliest = bounds
        self.postings = postings
        self.spans = FrozenBitMap(bitmap(spans))
        self._rows_kept: tuple[object, NDArray[np.int32]] = (None, np.empty(0, dtype=np.int32))
        self._ends_kept: tuple[object, tuple[Before, Before] | None] = (None, None)
        self.outlines: Kept[Outline] = Kept(MOST_OUTLINES)
        """What drawings showed of the events, by id. It needs no care: a changed event leaves for another segment."""
        self.all = FrozenBitMap(range(len(ids)))

    @classmethod
    def of(cls, columns: Columns) -> Segment:
        """Order the events and gather the sets."""
        order = np.lexsort((columns.ids, columns.day))
        bounds = np.stack([columns.earliest, columns.latest, columns.start_latest, columns.end_earliest])[:, order]
        spans = np.flatnonzero(bounds[0] != bounds[1]).astype(np.uint32)
        segment = cls(columns.ids[order], columns.day[order], spans, np.ascontiguousarray(bounds[:, spans]), {})
        segment.postings = {
            facet: {
                value: FrozenBitMap(bitmap(segment.places_of(ids)))
                for value, ids in columns.terms.get(facet, {}).items()
            }
            for facet in SETS
        }
        return segment

    @classmethod
    def from_parts(
        cls, arrays: Mapping[str, NDArray[Any]], postings: Mapping[str, Mapping[str, FrozenBitMap]]
    ) -> Segment:
        """A segment from what parts() gave."""
        everything = {facet: postings.get(facet, {}) for facet in SETS}
        return cls(arrays["ids"], arrays["days"], arrays["spans"], arrays["bounds"], everything)

    def parts(self) -> dict[str, NDArray[Any]]:
        """The arrays that, with the postings, make the segment again."""
        return {"ids": self.ids, "days": self.days, "spans": self.span_ordinals, "bounds": self.bounds}

    def __len__(self) -> int:
        return len(self.ids)

    # By value --------------------------------------------------------------------------------------------------------

    @property
    def published(self) -> FrozenBitMap:
        """The events that readers may see."""
        return self.having(STATUS, EventStatus.PUBLISHED)

    def having(self, facet: str, value: str) -> FrozenBitMap:
        """The events with this value of a facet."""
        return self.postings[facet].get(value, NOTHING)

    def any_of(self, facet: str, values: Iterable[str]) -> BitMap | FrozenBitMap:
        """The events with any of these values of a facet."""
        sets = [self.having(facet, value) for value in values]
        return sets[0] if len(sets) == 1 else BitMap.union(BitMap(), *sets)

    # By id -----------------------------------------------------------------------------------------------------------

    @cached_property
    def _first_id(self) -> int:
        return int(self.ids.min())

    @cached_property
    def _ordinal_of_id(self) -> NDArray[np.int32] | None:
        """For each id from the first to the last its ordinal, -1 where there is none; None where too few ids are taken.

        Ids are given in a row, so that nearly all of them are: to look one up costs a hundredth of a search for it.
        """
        taken = int(self.ids.max()) - self._first_id + 1
        if taken > GAPS * len(self.ids):
            return None
        ordinals = np.full(taken, -1, dtype=np.int32)
        ordinals[self.ids - self._first_id] = np.arange(len(self.ids), dtype=np.int32)
        return ordinals

    @cached_property
    def _by_id(self) -> tuple[Ids, NDArray[np.int32]]:
        """The ids ascending, and the ordinal of each."""
        order = np.argsort(self.ids, kind="stable").astype(np.int32)
        return self.ids[order], order

    def _ordinals_of(self, ids: Ids) -> NDArray[np.int32]:
        """The ordinals of those of the ids that are in the segment, in their order."""
        if (ordinal_of_id := self._ordinal_of_id) is not None:
            at = ids - self._first_id
            found = ordinal_of_id[at[(at >= 0) & (at < len(ordinal_of_id))]]
            return found[found >= 0]
        sorted_ids, ordinals = self._by_id
        at = np.searchsorted(sorted_ids, ids)
        at[at == len(sorted_ids)] = 0
        return ordinals[at[sorted_ids[at] == ids]]

    def places_of(self, ids: Ids) -> NDArray[np.uint32]:
        """The ordinals of these ids, ascending; ids that are not in the segment are left out."""
        if not len(self.ids):
            return np.empty(0, dtype=np.uint32)
        found = self._ordinals_of(ids)
        if len(found) < FEW:
            return np.unique(found).astype(np.uint32)
        # Marking is several times quicker than sorting.
        marks = np.zeros(len(self.ids), dtype=np.bool_)
        marks[found] = True
        return np.flatnonzero(marks).astype(np.uint32)

    def with_ids(self, ids: Iterable[int] | Ids) -> BitMap:
        """The events with these ids."""
        wanted = ids if isinstance(ids, np.ndarray) else np.fromiter(ids, dtype=np.int64)
        return bitmap(self.places_of(wanted))

    @cached_property
    def holds(self) -> frozenset[int]:
        """The ids of a small segment."""
        return frozenset(self.ids.tolist())

    # By day ----------------------------------------------------------------------------------------------------------

    def _first_on(self, days: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """For each of some days the ordinal of the first event on or after it."""
        # Days of another width would make numpy copy all of ours into it: a millisecond for each question.
        return np.searchsorted(self.days, np.asarray(days, dtype=self.days.dtype))

    def filed_between(self, first: int, last: int) -> BitMap:
        """The events filed under some day from first to last."""
        start, stop = self._first_on([first, last + 1])
        return BitMap(range(int(start), int(stop)))

    def touching(self, first: int, last: int) -> BitMap:
        """The events that happened, certainly or possibly, on some day from first to last."""
        # An event touches the day that it is filed under. Of the others only spans are asked: those before for their
        # end, those after for their beginning.
        filed = self._first_on([first, last + 1]).astype(self.span_ordinals.dtype)
        begin, end = np.searchsorted(self.span_ordinals, filed)
        before = self.span_ordinals[:begin][self.latest[:begin] >= first]
        after = self.span_ordinals[end:][self.earliest[end:] <= last]
        return self.filed_between(first, last) | bitmap(np.concatenate([before, after]))

    def known_between(self, first: int, last: int) -> BitMap:
        """The events known to the day that happened on some day from first to last."""
        return self.filed_between(first, last) - self.spans

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
        return bitmap(np.flatnonzero(found).astype(np.uint32)) - self.spans

    def place_after(self, day: int, id: int) -> int:
        """The ordinal of the first event that stands after (day, id) in the order."""
        start, stop = self._first_on([day, day + 1])
        return int(start + np.searchsorted(self.ids[start:stop], id, side="right"))

    # Counting --------------------------------------------------------------------------------------------------------

    def histogram(self, edges: NDArray[np.int64], events: BitMap | FrozenBitMap) -> NDArray[np.int64]:
        """How many of the events touch each bin; bin i holds the days edges[i] to edges[i + 1] - 1."""
        counts = np.diff(self._ranks(edges, events - self.spans))
        if not len(self.span_ordinals):
            return counts
        begun, over = self._ends(events)
        return counts + begun(edges[1:]) - over(edges[:-1])

    def _ends(self, events: BitMap | FrozenBitMap) -> tuple[Before, Before]:
        """Of the events that are spans, how many have begun before a day, and how many are over."""
        kept, ends = self._ends_kept
        if kept is not events or ends is None:
            rows = self._span_rows(events)
            if len(rows) > len(self.span_ordinals) // 2:
                # Most of them are asked for: it is less work to count the others.
                all_begun, all_over = self._ends_of_all
                begun, over = self._ends_of(self._rows_of(self.spans - events))
                ends = lambda days: all_begun(days) - begun(days), lambda days: all_over(days) - over(days)
            else:
                ends = self._ends_of(rows)
            self._ends_kept = (events, ends)
        return ends

    def _ends_of(self, rows: NDArray[np.int32] | slice) -> tuple[Before, Before]:
        first, last = self._known_days
        return count_days(self.earliest[rows], first, last), count_days(self.latest[rows], first, last)

    @cached_property
    def _ends_of_all(self) -> tuple[Before, Before]:
        return self._ends_of(slice(None))

    @cached_property
    def _known_days(self) -> tuple[int, int]:
        """The first and the last day on which a span begins or ends, open and unknown ends left out."""
        begins = self.earliest[self.earliest > datetime.date.min.toordinal()]
        last = max(int(self.earliest.max()), int(self._written_ends.max()))
        return min(int(begins.min(initial=last)), int(self.latest.min()), last), last

    def certain(self, first: int, last: int, events: BitMap | FrozenBitMap) -> int:
        """How many of the events, all of which touch a range, happened in it under every reading of their dates."""
        rows = self._span_rows(events)
        certain = (self.start_latest[rows] <= last) & (self.end_earliest[rows] >= first)
        return len(events) - len(rows) + int(np.count_nonzero(certain))

    def density(self, edges: NDArray[np.int64], events: BitMap | FrozenBitMap) -> NDArray[np.int64]:
        """How many of the events are filed under each bin; what begins before the first counts in it."""
        ranks = self._ranks(edges, events)
        ranks[0], ranks[-1] = 0, len(events)
        return np.diff(ranks)

    def _ranks(self, edges: NDArray[np.int64], events: BitMap | FrozenBitMap) -> NDArray[np.int64]:
        """For each edge how many of the events are filed under a day before it."""
        places = self._first_on(edges)
        return np.array([events.rank(int(place) - 1) if place else 0 for place in places], dtype=np.int64)

    def _span_rows(self, events: BitMap | FrozenBitMap) -> NDArray[np.int32]:
        """Where in the bounds the events stand that are spans. An answer asks several times about the same events."""
        kept, rows = self._rows_kept
        if kept is not events:
            rows = self._rows_of(events & self.spans)
            self._rows_kept = (events, rows)
        return rows

    def _rows_of(self, spans: BitMap | FrozenBitMap) -> NDArray[np.int32]:
        whole = len(spans) == len(self.span_ordinals)
        return np.arange(len(spans), dtype=np.int32) if whole else self._row_of_ordinal[ordinals(spans)]

    @cached_property
    def _row_of_ordinal(self) -> NDArray[np.int32]:
        """For each ordinal that is a span its row in the bounds: four bytes an event save a search for each span."""
        rows = np.zeros(len(self.ids), dtype=np.int32)
        rows[self.span_ordinals] = np.arange(len(self.span_ordinals), dtype=np.int32)
        return rows

    def extent(self, events: BitMap | FrozenBitMap) -> tuple[int, int]:
        """The first and the last day of some events, one at least, as written; open ends left out."""
        first, last = int(self.days[events.min()]), int(self.days[events.max()])
        return first, max(last, int(self._written_ends[self._span_rows(events)].max(initial=0)))

    @cached_property
    def _written_ends(self) -> Days:
        """The last days of the spans, 0 for one that goes on."""
        return np.where(self.latest < datetime.date.max.toordinal(), self.latest, 0).astype(self.latest.dtype)


def ordinals(events: BitMap | FrozenBitMap) -> NDArray[np.uint32]:
    """The ordinals of a set as an array, ascending."""
    return np.frombuffer(events.to_array(), dtype=np.uint32)


def bitmap(places: NDArray[np.uint32]) -> BitMap:
    """The set of some ordinals; BitMap alone would take each of them for a Python number, eight times as slow."""
    return BitMap(array("I", places.tobytes()))
