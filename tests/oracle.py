"""Slow, plain answers to the questions that the index answers fast: read the rows, look at each, count."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from timeline.dates import Overlap
from timeline.filters import Cursor, EventFilter
from timeline.models import Country, Event

FACETS = ("country", "category", "actor", "importance", "dataset")


@dataclass(frozen=True)
class Row:
    """A published event with all that is asked about."""

    event: Event
    countries: frozenset[str]
    actors: frozenset[str]

    @property
    def key(self) -> tuple[datetime.date, int]:
        return self.event.day, self.event.pk


_read: list[Row] | None = None


@contextmanager
def reading_once() -> Iterator[None]:
    """Read the events once for all questions that are asked inside: nothing may be written there."""
    global _read
    _read = rows()
    try:
        yield
    finally:
        _read = None


def rows() -> list[Row]:
    """Every published event in the order of the list."""
    if _read is not None:
        return _read
    found = [
        Row(
            event,
            frozenset(part.country_id for part in event.participations.all()),
            frozenset(part.actor.slug for part in event.actor_participations.all()),
        )
        for event in Event.objects.filter(status="published")
        .select_related("dataset")
        .prefetch_related("participations", "actor_participations__actor")
    ]
    return sorted(found, key=lambda row: row.key)


def standing_for(code: str, asked: EventFilter) -> set[str]:
    """A country, and with predecessors=yes all that came before it."""
    if not asked.predecessors:
        return {code}
    found: set[str] = set()
    before = {code}
    while before - found:
        found |= before
        before = set(Country.objects.filter(successors__in=found).values_list("code", flat=True))
    return found


def _conditions(asked: EventFilter) -> dict[str, Callable[[Row], bool]]:
    groups = [standing_for(code, asked) for code in asked.countries]
    combine = all if asked.match == "all" else any
    words = [word.lower() for word in asked.q.split()]
    return {
        "country": lambda row: not groups or combine(bool(group & row.countries) for group in groups),
        "category": lambda row: not asked.categories or row.event.category_id in asked.categories,
        "actor": lambda row: not asked.actors or bool(set(asked.actors) & row.actors),
        "dataset": lambda row: not asked.datasets or dataset_of(row) in asked.datasets,
        "importance": lambda row: row.event.importance >= asked.importance,
        "q": lambda row: all(word in row.event.title.lower() or word in row.event.summary.lower() for word in words),
        "range": lambda row: row.event.overlap(*asked.range) is not Overlap.NONE,
    }


def dataset_of(row: Row) -> str:
    return row.event.dataset.slug if row.event.dataset else ""


def matching(asked: EventFilter, *left_out: str) -> list[Row]:
    """The events that match, oldest first; parts of the question named in `left_out` are not asked."""
    conditions = [condition for name, condition in _conditions(asked).items() if name not in left_out]
    return [row for row in rows() if all(condition(row) for condition in conditions)]


def total(asked: EventFilter) -> int:
    return len(matching(asked))


def certain(asked: EventFilter) -> int:
    return sum(row.event.overlap(*asked.range) is Overlap.CERTAIN or not asked.has_range for row in matching(asked))


def possible(asked: EventFilter) -> int:
    return total(asked) - certain(asked)


def facet(name: str, asked: EventFilter) -> dict[str, int]:
    """How many events each value would show: its own choice left out, except where all countries must take part."""
    keeps_own = name == "country" and asked.match == "all"
    base = matching(asked) if keeps_own else matching(asked, name)
    if name == "importance":
        return {str(level): sum(row.event.importance >= level for row in base) for level in range(1, 6)}
    counts: Counter[str] = Counter()
    if name == "country":
        # Only countries that some published event names are offered.
        named = {code for row in rows() for code in row.countries}
        for code in named:
            group = standing_for(code, asked)
            counts[code] = sum(bool(group & row.countries) for row in base)
    for row in base:
        if name == "actor":
            counts.update(row.actors)
        elif name == "category":
            counts[row.event.category_id] += 1
        elif name == "dataset" and dataset_of(row):
            counts[dataset_of(row)] += 1
    return {value: count for value, count in counts.items() if count}


def histogram(edges: Sequence[int], asked: EventFilter) -> list[int]:
    """How many events touch each bin of days edges[i] to edges[i + 1] - 1."""
    return [
        sum(row.event.earliest.toordinal() < after and row.event.latest.toordinal() >= first for row in matching(asked))
        for first, after in pairwise(edges)
    ]


def density(edges: Sequence[int], drawn: Collection[int], asked: EventFilter) -> list[int]:
    """How many events besides the drawn ones: each once, in the bin of its day, or in the nearest one."""
    counts = [0] * (len(edges) - 1)
    for row in matching(asked):
        if row.event.pk not in drawn:
            day = row.event.day.toordinal()
            counts[max((i for i in range(len(counts)) if edges[i] <= day), default=0)] += 1
    return counts


def page(asked: EventFilter, limit: int) -> tuple[list[int], Cursor | None]:
    """The next ids after the cursor, and the cursor of the next page if there is one."""
    found = matching(asked)
    after = (asked.after.day, asked.after.id) if asked.after else None
    if asked.order == "newest":
        found = [row for row in reversed(found) if after is None or row.key < after]
    else:
        found = [row for row in found if after is None or row.key > after]
    shown = found[:limit]
    cursor = Cursor(*shown[-1].key) if len(found) > limit else None
    return [row.event.pk for row in shown], cursor
