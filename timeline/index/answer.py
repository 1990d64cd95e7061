"""The answer to one filter: how many, when, of which kinds, and which events a page of the list shows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap, FrozenBitMap

from timeline import search
from timeline.filters import Cursor, EventFilter
from timeline.models.countries import with_predecessors

from .segment import Segment, ordinals

FACETS = ("country", "category", "actor", "importance", "dataset")


class Answer:
    """Computed as it is asked for; a count that nobody shows costs nothing."""

    def __init__(self, asked: EventFilter, segment: Segment) -> None:
        self.asked = asked
        self.segment = segment

    # Which events ----------------------------------------------------------------------------------------------------

    @cached_property
    def _parts(self) -> dict[str, BitMap | FrozenBitMap]:
        """For each part of the question that narrows, the events it admits."""
        asked, segment = self.asked, self.segment
        parts: dict[str, BitMap | FrozenBitMap] = {}
        if asked.countries:
            groups = [self._any("country", group) for group in asked.country_groups()]
            join = BitMap.intersection if asked.match == "all" else BitMap.union
            parts["country"] = join(*groups)
        for facet, values in (("category", asked.categories), ("actor", asked.actors), ("dataset", asked.datasets)):
            if values:
                parts[facet] = self._any(facet, values)
        if asked.importance > 1:
            parts["importance"] = segment.at_least(asked.importance)
        if asked.q:
            parts["q"] = segment.with_ids(search.matching_ids(asked.words))
        if asked.has_range:
            first, last = asked.range
            parts["range"] = segment.touching(first.toordinal(), last.toordinal())
        return parts

    def _any(self, facet: str, values: Iterable[str]) -> BitMap:
        return BitMap.union(BitMap(), *(self.segment.having(facet, value) for value in values))

    def _without(self, *left_out: str) -> BitMap | FrozenBitMap:
        kept = [part for name, part in self._parts.items() if name not in left_out]
        return BitMap.intersection(*kept) if kept else self.segment.all

    @cached_property
    def events(self) -> BitMap | FrozenBitMap:
        """The ordinals of all events that match, certainly or possibly."""
        return self._without()

    @cached_property
    def regardless_of_range(self) -> BitMap | FrozenBitMap:
        """The ordinals of what matches at any time: what the overview shows."""
        return self._without("range")

    # How many --------------------------------------------------------------------------------------------------------

    @cached_property
    def total(self) -> int:
        return len(self.events)

    @cached_property
    def certain(self) -> int:
        """How many lie in the range under every reading of their dates; all of them where no range is asked for."""
        if not self.asked.has_range:
            return self.total
        first, last = self.asked.range
        return self.segment.certainly_in(first.toordinal(), last.toordinal()).intersection_cardinality(self.events)

    @property
    def possible(self) -> int:
        """How many only may lie in the range."""
        return self.total - self.certain

    def facet(self, name: str) -> dict[str, int]:
        """For each value that occurs, how many events choosing it would show beside the rest of the question.

        A facet's own choice is left out, so that the others can still be seen, except where every chosen country
        must take part: there the next country narrows the ones chosen before.
        """
        keeps_own = name == "country" and self.asked.match == "all"
        base = self.events if keeps_own else self._without(name)
        if name == "importance":
            return {str(level): self.segment.at_least(level).intersection_cardinality(base) for level in range(1, 6)}
        before = self.asked.vocabulary.predecessors if name == "country" and self.asked.predecessors else {}
        counts = {}
        for value, having in self.segment.postings[name].items():
            group = with_predecessors([value], before) if before else {value}
            admitted = having if len(group) == 1 else self._any(name, group)
            if count := admitted.intersection_cardinality(base):
                counts[value] = count
        return counts

    def would_match(self, *left_out: str) -> int:
        """How many events would match if these parts of the question were dropped."""
        return len(self._without(*left_out))

    # When ------------------------------------------------------------------------------------------------------------

    def extent(self, events: BitMap | FrozenBitMap | None = None) -> tuple[datetime.date, datetime.date] | None:
        """The first and last day of the events as written, open ends left out; None if there are none."""
        events = self.events if events is None else events
        if not events:
            return None
        at = ordinals(events)
        first = int(self.segment.days[at[0]])
        ends = self.segment.latest[at]
        finite = ends[ends < datetime.date.max.toordinal()]
        last = max(int(finite.max()) if len(finite) else first, int(self.segment.days[at[-1]]))
        return datetime.date.fromordinal(first), datetime.date.fromordinal(last)

    def histogram(
        self, edges: Sequence[int] | NDArray[np.int64], events: BitMap | FrozenBitMap | None = None
    ) -> list[int]:
        """How many events touch each bin; bin i holds the days edges[i] to edges[i + 1] - 1.

        An event of one day counts once; what lasts or is uncertain counts in each bin that it touches.
        """
        events = self.events if events is None else events
        segment = self.segment
        bounds = np.asarray(edges, dtype=np.int64)
        places = np.searchsorted(segment.days, bounds)
        points = events - segment.spans
        ranks = np.array([points.rank(int(place) - 1) if place else 0 for place in places], dtype=np.int64)
        counts = np.diff(ranks)
        at = ordinals(events & segment.spans)
        if len(at):
            begun = np.searchsorted(np.sort(segment.earliest[at]), bounds[1:] - 1, side="right")
            over = np.searchsorted(np.sort(segment.latest[at]), bounds[:-1], side="left")
            counts = counts + begun - over
        return [int(count) for count in counts]

    def density(
        self, edges: Sequence[int], drawn: Iterable[int], events: BitMap | FrozenBitMap | None = None
    ) -> list[int]:
        """How many events besides the drawn ones each bin holds; each event counts once, in the bin of its first day.

        What began before the first edge counts in the first bin.
        """
        events = self.events if events is None else events
        rest = events - self.segment.with_ids(drawn)
        places = np.searchsorted(self.segment.days, np.asarray(edges, dtype=np.int64))
        ranks = np.array([rest.rank(int(place) - 1) if place else 0 for place in places], dtype=np.int64)
        ranks[0] = 0
        ranks[-1] = len(rest)
        return [int(count) for count in np.diff(ranks)]

    # On days of any year ---------------------------------------------------------------------------------------------

    def on_day_of_year(self, month: int, day: int) -> BitMap:
        """Those known to the day that happened on this day of any year, as the queryset's method of this name."""
        return self.segment.on_days_of_year(month * 100 + day, month * 100 + day) & self.events

    def in_month_of_year(self, month: int) -> BitMap:
        """Those known to the day that happened in this month of any year."""
        return self.segment.on_days_of_year(month * 100 + 1, month * 100 + 31) & self.events

    def known_between(self, first: datetime.date, last: datetime.date) -> BitMap:
        """Those known to the day that happened from first to last."""
        return self.segment.known_between(first.toordinal(), last.toordinal()) & self.events

    def days_of_year(self) -> dict[tuple[int, int], int]:
        """How many of those known to the day happened on each (month, day) of any year; days without any are absent."""
        counts = np.bincount(self.segment.days_of_year[ordinals(self.events - self.segment.spans)])
        return {divmod(int(at), 100): int(counts[at]) for at in np.flatnonzero(counts)}

    def years_of(self, events: BitMap | FrozenBitMap) -> dict[int, int]:
        """The year of each of the events, by ordinal."""
        return {at: datetime.date.fromordinal(int(self.segment.days[at])).year for at in events}

    # Which, of many --------------------------------------------------------------------------------------------------

    def in_lane(self, facet: str, value: str) -> BitMap:
        """The matching events of one lane."""
        before = self.asked.vocabulary.predecessors if facet == "country" and self.asked.predecessors else {}
        group = with_predecessors([value], before) if before else {value}
        return self._any(facet, group) & self.events

    def most_important(self, limit: int, events: BitMap | FrozenBitMap | None = None) -> list[int]:
        """Ids of at most `limit` events, important ones first; of a level that does not fit, a spread in time."""
        events = self.events if events is None else events
        chosen: list[int] = []
        for level in range(5, 0, -1):
            at = ordinals(self.segment.having("importance", str(level)) & events)
            room = limit - len(chosen)
            if len(at) > room:
                at = at[np.linspace(0, len(at) - 1, room).round().astype(np.int64)] if room else at[:0]
            chosen.extend(int(id) for id in self.segment.ids[at])
            if len(chosen) >= limit:
                break
        return chosen

    def page(self, limit: int) -> tuple[list[int], Cursor | None]:
        """Ids of a page of the list after the filter's cursor, and the cursor of the next page if there is one."""
        events, after = self.events, self.asked.after
        newest = self.asked.order == "newest"
        start = 0
        if after is not None:
            place = self.segment.place_after(after.day.toordinal(), after.id)
            if newest:
                # place_after counts the cursor's own event when it still exists; newest-first begins before it.
                place = self._place_before(after)
            start = events.rank(place - 1) if place else 0
        if newest:
            stop = start if after is not None else len(events)
            begin = max(0, stop - limit)
            at = [events[i] for i in range(stop - 1, begin - 1, -1)]
            more = begin > 0
        else:
            at = [events[i] for i in range(start, min(start + limit, len(events)))]
            more = start + limit < len(events)
        ids = [int(self.segment.ids[ordinal]) for ordinal in at]
        cursor = self._cursor(at[-1]) if more and at else None
        return ids, cursor

    def _place_before(self, cursor: Cursor) -> int:
        """The ordinal at which (day, id) stands or would stand."""
        return self.segment.place_after(cursor.day.toordinal(), cursor.id - 1)

    def _cursor(self, ordinal: int) -> Cursor:
        day = datetime.date.fromordinal(int(self.segment.days[ordinal]))
        return Cursor(day, int(self.segment.ids[ordinal]))
