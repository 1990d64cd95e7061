"""What lists and drawings show of events: they show hundreds, and whole models take four times as long to make."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self

from django.urls import get_script_prefix, reverse

from timeline import dates

from .prepared import Prepared

if TYPE_CHECKING:
    from .categories import Category
    from .countries import Country


def path_of_event(slug: str) -> str:
    """The path of an event's page; Django's way to it takes 30 µs, and a page shows many."""
    before, after = _around_slug(get_script_prefix())
    return f"{before}{slug}{after}"


@lru_cache(maxsize=20)
def _around_slug(_prefix: str) -> tuple[str, str]:
    before, after = reverse("event", args=["__slug__"]).split("__slug__")
    return before, after


class Dated:
    """What follows from the `date` and the `slug` that every form of an event has."""

    __slots__ = ()

    if TYPE_CHECKING:
        date: str
        day: datetime.date
        precision: str
        slug: str

    def get_absolute_url(self) -> str:
        return path_of_event(self.slug)

    @property
    def when(self) -> dates.EventDate:
        """The date, understood."""
        return dates.parse_edtf(self.date)

    @property
    def date_in_words(self) -> str:
        return dates.display(self.date)

    @property
    def month_heading(self) -> str:
        """The month under which a list shows it, “July 1953”; empty where the date is not that exact."""
        if self.precision in (dates.Precision.YEAR, dates.Precision.DECADE, dates.Precision.CENTURY):
            return ""
        return dates.display(f"{self.day.year:04}-{self.day.month:02}")

    def overlap(self, first: datetime.date, last: datetime.date) -> dates.Overlap:
        return dates.overlap(self.when, first, last)


class Evidence(NamedTuple):
    """What a card says of a source when it is printed."""

    publisher: str
    title: str
    published: str


@dataclass(slots=True)
class Card(Dated):
    """What the timeline's list shows of an event, with the countries that take part, each once, and the evidence."""

    category: Category
    taking_part: list[Country]
    evidence: list[Evidence]
    pk: int
    date: str
    day: datetime.date
    precision: str
    slug: str
    title: str
    summary: str
    place: str
    importance: int

    @classmethod
    def of(cls, ids: Sequence[int], countries: Mapping[str, Country], categories: Mapping[str, Category]) -> list[Self]:
        """The cards of the events of these ids, in their order, in three plain queries.

        Whoever asks knows the countries and categories, so that none of them need be read.
        """
        taking_part: dict[int, dict[str, Country]] = {id: {} for id in ids}
        for id, code in _TAKING_PART.rows(ids):
            if code in countries:
                taking_part[id][code] = countries[code]
        evidence: dict[int, list[Evidence]] = {id: [] for id in ids}
        for id, *row in _EVIDENCE.rows(ids):
            evidence[id].append(Evidence(*row))
        found = {
            id: cls(categories[kind], list(taking_part[id].values()), evidence[id], id, *row)
            for kind, id, *row in _CARDS.rows(ids)
            if kind in categories
        }
        return [found[id] for id in ids if id in found]

    @property
    def source_count(self) -> int:
        return len(self.evidence)


class _OutlineFields(NamedTuple):
    id: int
    title: str
    slug: str
    date: str
    importance: int
    category_id: str


class Outline(Dated, _OutlineFields):
    """What a mark shows of an event."""

    __slots__ = ()

    @classmethod
    def of(cls, ids: Iterable[int]) -> dict[int, Self]:
        """The outlines of the events of these ids, by id."""
        return {row[0]: cls(*row) for row in _OUTLINES.rows(ids)}


_COLUMNS = ("pk", "date", "day", "precision", "slug", "title", "summary", "place", "importance")
_CARDS = Prepared("Event", lambda events, ids: events.filter(pk__in=ids).order_by().values_list("category", *_COLUMNS))
_TAKING_PART = Prepared("Participation", lambda rows, ids: rows.filter(event__in=ids).values_list("event", "country"))
_EVIDENCE = Prepared("Source", lambda rows, ids: rows.filter(event__in=ids).values_list("event", *Evidence._fields))
_OUTLINES = Prepared("Event", lambda events, ids: events.filter(pk__in=ids).order_by().values_list(*Outline._fields))
