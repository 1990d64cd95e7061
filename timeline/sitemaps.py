"""What search engines are told that there is: an index, and in it a file for each year and one for the other pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from timeline.index import Answer
from timeline.models import Event, Story

# The most that one file may hold (sitemaps.org).
ADDRESSES_OF_A_FILE = 50_000


@dataclass(frozen=True, slots=True)
class Page:
    """An address of this site, and the day of its last change where that is known."""

    address: str
    changed: datetime.date | None = None


def sections(answer: Answer) -> list[str]:
    """The names of the files: “pages”, then each year that has events, “1950”, and where they are many “1950-2”."""
    extent = answer.extent()
    if extent is None:
        return ["pages"]
    years = range(extent[0].year, extent[1].year + 1)
    edges = [datetime.date(year, 1, 1).toordinal() for year in years]
    end = datetime.date(years[-1], 12, 31).toordinal() + 1
    names = ["pages"]
    for year, count in zip(years, answer.density([*edges, end], ()), strict=True):
        files = -(-count // ADDRESSES_OF_A_FILE)
        names += [f"{year:04}" if number == 1 else f"{year:04}-{number}" for number in range(1, files + 1)]
    return names


def events_of(year: int, number: int = 1) -> list[Page]:
    """The events filed under a year: its first file of them, or a further one."""
    start = (number - 1) * ADDRESSES_OF_A_FILE
    rows = (
        Event.objects.published()
        .filter(day__range=(datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
        .oldest_first()
        .values_list("slug", "modified")[start : start + ADDRESSES_OF_A_FILE]
    )
    return [Page(reverse("event", args=[slug]), modified.date()) for slug, modified in rows]


def other_pages(answer: Answer, today: datetime.date) -> Iterator[Page]:
    """The front pages, the stories, the countries that take part in anything, and this year's anniversaries."""
    for name in ("browse", "stories", "countries"):
        yield Page(reverse(name))
    yield Page(reverse("anniversaries_of", args=[today.year]))
    for slug, published in Story.objects.values_list("slug", "published"):
        yield Page(reverse("story", args=[slug]), published)
    for code in sorted(answer.facet("country")):
        yield Page(reverse("country", args=[code]))
