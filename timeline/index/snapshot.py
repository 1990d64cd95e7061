"""The index as it stood at one revision: a big base, a small recent segment, and what is dead in the base.

As in Lucene, segments never change. An edited event is dead in the base and stands anew in the recent segment; a
deleted one is only dead. Every question is asked of each segment, and the answers are added up or merged.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from timeline import search
from timeline.models import Outline
from timeline.words import Query

from .kept import Kept
from .segment import NOTHING, Ids, Segment, ordinals
from .selection import Selection, Set

# Views that are kept while nothing changes, some 15 MB of them.
MOST_VIEWS = 200
# Searches whose events are kept, each at most a bit for each event: at a million 8 MB of them.
MOST_WORDS = 64


@dataclass(frozen=True)
class Snapshot:
    """Segments and the living events in them: what questions are answered of, by default what readers may see."""

    revision: int
    segments: tuple[Segment, ...]
    alive: Selection = field(repr=False)
    stored: Selection = field(repr=False)
    """The events of every status that the database holds."""
    views: Kept[Any] = field(init=False, repr=False, compare=False, default_factory=lambda: Kept(MOST_VIEWS))
    """What was shown of the events, while they stay as they are."""
    words: Kept[Selection] = field(repr=False, compare=False, default_factory=lambda: Kept(MOST_WORDS))
    """The events, alive or not, that hold words which somebody asked for."""

    @classmethod
    def of(cls, revision: int, base: Segment, recent: Segment | None = None, dead: Set = NOTHING) -> Snapshot:
        """`dead` are ordinals of the base whose events were changed or deleted since it was made."""
        segments = (base,) if recent is None else (base, recent)
        parts: tuple[Set, ...] = (base.all - dead if dead else base.all, *(segment.all for segment in segments[1:]))
        stored = Selection(parts)
        return cls(revision, segments, Selection(tuple(segment.published for segment in segments)) & stored, stored)

    def of_every_status(self) -> Snapshot:
        """The same for editors, who also see drafts and what was withdrawn."""
        return replace(self, alive=self.stored)

    def _each(self, ask: Callable[[Segment], Set], among: Selection | None = None) -> Selection:
        """What each segment answers, less the dead, or of some of the living."""
        return Selection(tuple(ask(segment) for segment in self.segments)) & (self.alive if among is None else among)

    @property
    def nothing(self) -> Selection:
        return Selection(tuple(NOTHING for _segment in self.segments))

    # Sets ------------------------------------------------------------------------------------------------------------

    def any_of(self, facet: str, values: Iterable[str], among: Selection | None = None) -> Selection:
        """The events with any of these values of a facet: of all the living, or of some of them."""
        values = list(values)
        return self._each(lambda segment: segment.any_of(facet, values), among)

    def at_least(self, importance: int) -> Selection:
        return self.any_of("importance", [str(level) for level in range(importance, 6)])

    def with_ids(self, ids: Iterable[int] | Ids) -> Selection:
        """The events with these ids; ids that are not in the index are left out."""
        wanted = ids if isinstance(ids, np.ndarray) else np.fromiter(ids, dtype=np.int64)
        return self._each(lambda segment: segment.with_ids(wanted))

    def holding(self, query: Query) -> Selection:
        """The events that hold what is wanted and nothing of what is not. Raises search.TooBroad."""
        found = self.alive
        for part in self._divided(query):
            events = self._holding(part)
            found = found - events if part.only_excludes else found & events
        return found

    def _divided(self, query: Query) -> list[Query]:
        """Queries that ask the same together: a word asked on its own is there when it is asked beside others.

        Several words that nobody asked for yet are left together. Few events may hold them all, which the text engine
        finds without gathering all that hold one.
        """
        alone = [Query((term,)) for term in query.wanted]
        known = [part for part in alone if self.words.get(part) is not None]
        unknown = tuple(part.wanted[0] for part in alone if part not in known)
        if len(unknown) > 1:
            return [*known, Query(unknown, query.unwanted)]
        return [*alone, Query((), query.unwanted)] if query.unwanted else alone

    def _holding(self, query: Query) -> Selection:
        def ask() -> Selection:
            ids = search.matching_ids(query)
            return Selection(tuple(segment.with_ids(ids) for segment in self.segments))

        # Inside a transaction the database may show what no revision will ever hold.
        return ask() if connection.in_atomic_block else self.words.of(query, ask)

    def outlines(self, ids: Iterable[int]) -> dict[int, Outline]:
        """What a drawing shows of living events, by id; asked of the database once for as long as they do not change.

        The most important events are by nature few, and so the same ones are drawn for one question after another.
        """
        base, *others = self.segments
        segments = {id: next((each for each in others if id in each.holds), base) for id in ids}
        found = {id: known for id, segment in segments.items() if (known := segment.outlines.get(id))}
        if missing := segments.keys() - found.keys():
            for id, outline in Outline.of(missing).items():
                found[id] = segments[id].outlines.put(id, outline)
        return found

    def filed_between(self, first: int, last: int) -> Selection:
        """The events filed under some day from first to last."""
        return self._each(lambda segment: segment.filed_between(first, last))

    def touching(self, first: int, last: int) -> Selection:
        """The events that happened, certainly or possibly, on some day from first to last."""
        return self._each(lambda segment: segment.touching(first, last))

    def known_between(self, first: int, last: int) -> Selection:
        """The events known to the day that happened on some day from first to last."""
        return self._each(lambda segment: segment.known_between(first, last))

    def on_days_of_year(self, first: int, last: int) -> Selection:
        """The events known to the day from one day of any year to another; 727 is 27 July."""
        return self._each(lambda segment: segment.on_days_of_year(first, last))

    # Counts ----------------------------------------------------------------------------------------------------------

    def values(self, facet: str) -> set[str]:
        """The values of a facet that some event has or had."""
        return set().union(*(segment.postings[facet] for segment in self.segments))

    def counts(self, facet: str, among: Selection) -> Counter[str]:
        """How many of the living events given have each value of a facet."""
        if among is self.alive:
            # What is left of most questions when the facet's own choice is left out.
            return Counter(self.views.of(("counts", facet), lambda: self._counted(facet, among)))
        return self._counted(facet, among)

    def _counted(self, facet: str, among: Selection) -> Counter[str]:
        counts: Counter[str] = Counter()
        for segment, part in zip(self.segments, among, strict=True):
            for value, events in segment.postings[facet].items():
                counts[value] += events.intersection_cardinality(part)
        return counts

    def histogram(self, edges: NDArray[np.int64], events: Selection) -> NDArray[np.int64]:
        return np.sum([s.histogram(edges, part) for s, part in zip(self.segments, events, strict=True)], axis=0)

    def certain(self, first: int, last: int, events: Selection) -> int:
        """How many of the events, all of which touch a range, happened in it under every reading of their dates."""
        return sum(s.certain(first, last, part) for s, part in zip(self.segments, events, strict=True))

    def density(self, edges: NDArray[np.int64], events: Selection) -> NDArray[np.int64]:
        return np.sum([s.density(edges, part) for s, part in zip(self.segments, events, strict=True)], axis=0)

    def filed_in(self, starts: Sequence[int], events: Selection) -> list[int]:
        """How many of the events are filed from each of some days on and before the next; after the last, all."""
        edges = np.array([*starts, datetime.date.max.toordinal() + 1], dtype=np.int64)
        return [int(count) for count in self.density(edges, events & self.filed_between(starts[0], int(edges[-1])))]

    def days_of_year(self, events: Selection) -> NDArray[np.int64]:
        """How many events known to the day happened on each day of the year; entry 727 is 27 July."""
        counts = np.zeros(1300, dtype=np.int64)
        for segment, part in zip(self.segments, events, strict=True):
            counts += np.bincount(segment.days_of_year[ordinals(part - segment.spans)], minlength=1300)
        return counts

    def extent(self, events: Selection) -> tuple[int, int] | None:
        """The first and the last day of the events as written, open ends left out; None if there are none."""
        extents = [s.extent(part) for s, part in zip(self.segments, events, strict=True) if part]
        return (min(first for first, _last in extents), max(last for _first, last in extents)) if extents else None

    # Order -----------------------------------------------------------------------------------------------------------

    def in_order(self, events: Selection) -> tuple[NDArray[np.int32], Ids]:
        """The days and ids of the events, by day and id."""
        days, ids = [], []
        for segment, part in zip(self.segments, events, strict=True):
            at = ordinals(part)
            days.append(segment.days[at])
            ids.append(segment.ids[at])
        return _merged(days, ids)

    def page(
        self, events: Selection, after: tuple[int, int] | None, limit: int, newest: bool
    ) -> tuple[NDArray[np.int32], Ids]:
        """Days and ids of at most `limit` events beyond (day, id) in either direction, by day and id ascending."""
        days, ids = [], []
        for segment, part in zip(self.segments, events, strict=True):
            if newest:
                place = len(segment) if after is None else segment.place_after(after[0], after[1] - 1)
                stop = part.rank(place - 1) if place else 0
                at = [part[number] for number in range(max(0, stop - limit), stop)]
            else:
                place = 0 if after is None else segment.place_after(*after)
                start = part.rank(place - 1) if place else 0
                at = [part[number] for number in range(start, min(start + limit, len(part)))]
            days.append(segment.days[at])
            ids.append(segment.ids[at])
        merged_days, merged_ids = _merged(days, ids)
        chosen = slice(max(0, len(merged_ids) - limit), None) if newest else slice(limit)
        return merged_days[chosen], merged_ids[chosen]

    def numbered(self, events: Selection, start: int, stop: int) -> Ids:
        """The ids from one number to before another in the order of day and id, counted from 0."""
        base, *others = events
        # However the few recent events mix with the base, at most so many of them stand before it.
        before = max(0, start - sum(len(part) for part in others))
        parts = Selection((base[before:stop], *others))
        return self.in_order(parts)[1][start - before : stop - before]

    def spread(self, events: Selection, limit: int) -> Ids:
        """Ids of at most `limit` of the events, spread evenly over their order."""
        ids = []
        share = [len(part) for part in events]
        for segment, part, size in zip(self.segments, events, share, strict=True):
            room = min(size, -(-limit * size // max(sum(share), 1)))
            places = np.linspace(0, size - 1, room).round().astype(np.int64)
            ids.append(segment.ids[np.array([part[int(place)] for place in places], dtype=np.int64)])
        return np.concatenate(ids)[:limit]


def _merged(days: list[NDArray[np.int32]], ids: list[Ids]) -> tuple[NDArray[np.int32], Ids]:
    if len(days) == 1:
        return days[0], ids[0]
    all_days, all_ids = np.concatenate(days), np.concatenate(ids)
    order = np.lexsort((all_ids, all_days))
    return all_days[order], all_ids[order]
