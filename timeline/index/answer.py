"""The answer to one filter: how many, when, of which kinds, and which events a page of the list shows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, reduce
from operator import and_
from typing import Literal, TypeVar, cast

import numpy as np
from django.urls import get_script_prefix
from django.utils.translation import get_language
from numpy.typing import NDArray

from timeline.filters import Cursor, EventFilter
from timeline.models.countries import with_predecessors
from timeline.router import reading_at

from .segment import FACETS
from .selection import Selection
from .snapshot import Snapshot

__all__ = ["FACETS", "Answer"]

Made = TypeVar("Made")


class Answer:
    """Computed as it is asked for; a count that nobody shows costs nothing."""

    def __init__(self, asked: EventFilter, snapshot: Snapshot) -> None:
        self.asked = asked
        self.snapshot = snapshot

    # Which events ----------------------------------------------------------------------------------------------------

    @cached_property
    def _parts(self) -> dict[str, Selection]:
        """For each part of the question that narrows, the events it admits."""
        asked, snapshot = self.asked, self.snapshot
        parts: dict[str, Selection] = {}
        if asked.countries:
            groups = asked.country_groups()
            if asked.match == "all":
                parts["country"] = reduce(and_, (snapshot.any_of("country", group) for group in groups))
            else:
                parts["country"] = snapshot.any_of("country", set().union(*groups))
        for facet, values in (("category", asked.categories), ("actor", asked.actors), ("dataset", asked.datasets)):
            if values:
                parts[facet] = snapshot.any_of(facet, [self._term(facet, value) for value in values])
        if asked.importance > 1:
            parts["importance"] = snapshot.at_least(asked.importance)
        if asked.sought:
            parts["q"] = snapshot.holding(asked.sought)
        if asked.has_range:
            first, last = asked.range
            parts["range"] = snapshot.touching(first.toordinal(), last.toordinal())
        return parts

    def _term(self, facet: str, value: str) -> str:
        """What a value is called in the index: people and datasets by their keys, which outlive a change of slug."""
        if facet == "actor":
            return str(self.asked.vocabulary.actors[value].pk)
        return str(self.asked.vocabulary.datasets[value].pk) if facet == "dataset" else value

    def _value(self, facet: str, term: str) -> str | None:
        """The value that a term stands for; None for what has been deleted since."""
        if facet == "actor":
            return self.asked.vocabulary.actor_slugs.get(int(term))
        return self.asked.vocabulary.dataset_slugs.get(int(term)) if facet == "dataset" else term

    def _without(self, *left_out: str) -> Selection:
        kept = [part for name, part in self._parts.items() if name not in left_out]
        return self.events if len(kept) == len(self._parts) else self._all_of(kept)

    def _all_of(self, parts: Collection[Selection]) -> Selection:
        return reduce(and_, parts) if parts else self.snapshot.alive

    @cached_property
    def events(self) -> Selection:
        """All events that match, certainly or possibly."""
        return self._all_of(self._parts.values())

    @cached_property
    def regardless_of_range(self) -> Selection:
        """What matches at any time: what the overview shows."""
        return self._without("range") if self.asked.has_range else self.events

    @property
    def nothing(self) -> Selection:
        """No event: where a union begins."""
        return self.snapshot.nothing

    def with_ids(self, ids: Iterable[int]) -> Selection:
        """The events of these ids that match."""
        return self.snapshot.with_ids(ids) & self.events

    def at_least(self, importance: int) -> Selection:
        """The matching events of at least an importance."""
        return self.snapshot.at_least(importance) & self.events

    def ids(self, events: Selection) -> list[int]:
        """The ids of some events, by day and id."""
        return [int(id) for id in self.snapshot.in_order(events)[1]]

    def reading_rows(self) -> AbstractContextManager[None]:
        """Within it, rows are read from a replica that has come as far as this answer, if there is one."""
        return reading_at(self.snapshot.revision)

    def kept(self, name: str, make: Callable[[], Made], *others: Hashable) -> Made:
        """What `make` gives, made once for a question, in a language and below a script prefix, while nothing changes.

        Nothing may be kept that depends on the page of the list or the opened event, unless `others` names it.
        """
        # A name may have changed between the reading of the vocabulary and of the index.
        revision = self.asked.vocabulary.revision
        key = (name, self.asked.changed(), revision, get_language(), get_script_prefix(), *others)
        return cast(Made, self.snapshot.views.of(key, make))

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
        return self.snapshot.certain(first.toordinal(), last.toordinal(), self.events)

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
        counts = self.snapshot.counts(name, base)
        if name == "importance":
            return {str(level): sum(counts[str(each)] for each in range(level, 6)) for level in range(1, 6)}
        before = self._before(name)
        for term in list(counts) if before else ():
            group = with_predecessors([term], before)
            if len(group) > 1:
                counts[term] = self.snapshot.any_of(name, group).count_in(base)
        return {
            value: count for term, count in counts.items() if count and (value := self._value(name, term)) is not None
        }

    def _before(self, facet: str) -> dict[str, set[str]]:
        """What counts for a country besides itself."""
        return self.asked.vocabulary.predecessors if facet == "country" and self.asked.predecessors else {}

    def would_match(self, *left_out: str) -> int:
        """How many events would match if these parts of the question were dropped."""
        return len(self._without(*left_out))

    # When ------------------------------------------------------------------------------------------------------------

    def extent(self, events: Selection | None = None) -> tuple[datetime.date, datetime.date] | None:
        """The first and last day of the events as written, open ends left out; None if there are none."""
        days = self.snapshot.extent(self.events if events is None else events)
        return (datetime.date.fromordinal(days[0]), datetime.date.fromordinal(days[1])) if days else None

    @cached_property
    def whole_extent(self) -> tuple[datetime.date, datetime.date] | None:
        """The first and last day of what matches at any time."""
        return self.extent(self.regardless_of_range)

    def histogram(self, edges: Sequence[int] | NDArray[np.int64], events: Selection | None = None) -> list[int]:
        """How many events touch each bin; bin i holds the days edges[i] to edges[i + 1] - 1.

        An event of one day counts once; what lasts or is uncertain counts in each bin that it touches.
        """
        counts = self.snapshot.histogram(np.asarray(edges, dtype=np.int64), self.events if events is None else events)
        return [int(count) for count in counts]

    def density(self, edges: Sequence[int], drawn: Iterable[int], events: Selection | None = None) -> list[int]:
        """How many events besides the drawn ones each bin holds; each event counts once, in the bin of its first day.

        What began before the first edge counts in the first bin.
        """
        rest = (self.events if events is None else events) - self.snapshot.with_ids(drawn)
        return [int(count) for count in self.snapshot.density(np.asarray(edges, dtype=np.int64), rest)]

    # On days of any year ---------------------------------------------------------------------------------------------

    def on_day_of_year(self, month: int, day: int) -> Selection:
        """Those known to the day that happened on this day of any year, as the queryset's method of this name."""
        return self.snapshot.on_days_of_year(month * 100 + day, month * 100 + day) & self.events

    def in_month_of_year(self, month: int) -> Selection:
        """Those known to the day that happened in this month of any year."""
        return self.snapshot.on_days_of_year(month * 100 + 1, month * 100 + 31) & self.events

    def known_between(self, first: datetime.date, last: datetime.date) -> Selection:
        """Those known to the day that happened from first to last."""
        return self.snapshot.known_between(first.toordinal(), last.toordinal()) & self.events

    def days_of_year(self) -> dict[tuple[int, int], int]:
        """How many of those known to the day happened on each (month, day) of any year; days without any are absent."""
        counts = self.snapshot.days_of_year(self.events)
        return {divmod(int(at), 100): int(counts[at]) for at in np.flatnonzero(counts)}

    def years_of(self, events: Selection) -> dict[int, int]:
        """The year of each of the events, by id, in the order of their days."""
        days, ids = self.snapshot.in_order(events)
        return {int(id): datetime.date.fromordinal(int(day)).year for day, id in zip(days, ids, strict=True)}

    # Which, of many --------------------------------------------------------------------------------------------------

    def in_lane(self, facet: str, value: str) -> Selection:
        """The matching events of one lane."""
        before = self._before(facet)
        group = with_predecessors([value], before) if before else (self._term(facet, value),)
        return self.snapshot.any_of(facet, group, self.events)

    def most_important(self, limit: int, events: Selection | None = None) -> list[int]:
        """Ids of at most `limit` events, important ones first; of a level that does not fit, a spread in time."""
        events = self.events if events is None else events
        chosen: list[int] = []
        for level in range(5, 0, -1):
            of_level = self.snapshot.any_of("importance", [str(level)], events)
            chosen.extend(int(id) for id in self.snapshot.spread(of_level, limit - len(chosen)))
            if len(chosen) >= limit:
                break
        return chosen

    def page(self, limit: int) -> tuple[list[int], Cursor | None]:
        """Ids of a page of the list after the filter's cursor, and the cursor of the next page if there is one."""
        newest, after = self.asked.order == "newest", self.asked.after
        place = (after.day.toordinal(), after.id) if after else None
        # One more than a page tells whether there is another, without a count.
        days, ids = self.snapshot.page(self.events, place, limit + 1, newest)
        more = len(ids) > limit
        shown = slice(len(ids) - limit if more else 0, None) if newest else slice(limit)
        days, ids = days[shown], ids[shown]
        if newest:
            days, ids = days[::-1], ids[::-1]
        last = Cursor(datetime.date.fromordinal(int(days[-1])), int(ids[-1])) if more else None
        return [int(id) for id in ids], last

    def page_before(self, event: Cursor, limit: int) -> Cursor | Literal["start"] | None:
        """Where the page begins that ends just before an event in the list's order; None if nothing stands before."""
        newest = self.asked.order == "newest"
        place = (event.day.toordinal(), event.id)
        days, ids = self.snapshot.page(self.events, place, limit + 1, not newest)
        if not len(ids):
            return None
        if len(ids) <= limit:
            return "start"
        at = -1 if newest else 0
        return Cursor(datetime.date.fromordinal(int(days[at])), int(ids[at]))
