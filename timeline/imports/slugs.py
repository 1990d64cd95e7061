"""Addresses for many new events at once, by the same rule as `timeline.models.events.free_slug`, asking for many."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from django.utils.text import slugify
from pyroaring import BitMap

from timeline.models import Event, SlugRedirect
from timeline.models.events import SLUG_LENGTH
from timeline.models.many_rows import pieces

from .scratch import Scratch

AT_ONCE = 500
MOST_KNOWN = 20_000
"""Addresses held in memory, taken or free, before they go to the disk."""


class Taken(NamedTuple):
    """An address in use."""

    owner: int | None
    """The event that has it; None for a new one."""
    last: int = 1
    """The last number that was given out behind it."""


class Slugs:
    """The addresses in use, and new ones beside them. It knows those of the last chunks of events."""

    def __init__(self) -> None:
        self._scratch = Scratch("CREATE TABLE slug (slug TEXT PRIMARY KEY, owner INTEGER, last INTEGER) WITHOUT ROWID")
        self._known: dict[str, Taken | None] = {}
        self._changed: set[str] = set()
        # Of most addresses it tells that they have not been given out, without looking into the table.
        self._hashes = BitMap()
        # An address that leads to another event since that has a new one is not free either.
        tables = (SlugRedirect.objects.values_list("slug", "event_id"), Event.objects.values_list("slug", "pk"))
        self._stored = [rows.order_by() for rows in tables if rows.exists()]

    def look_up(self, wanted: Iterable[str], new: Sequence[tuple[str, datetime.date]]) -> None:
        """Begin a chunk: find out which of the wanted addresses are in use, and which for new titles and days."""
        if len(self._known) > MOST_KNOWN:
            self._forget()
        stems = [_stems(title, day) for title, day in new]
        self._read(chain(wanted, *stems))
        often = Counter(plain for plain, _dated in stems)
        numbered = Counter(dated for plain, dated in stems if self._known[plain] or often[plain] > 1)
        self._read(slug for dated, count in numbered.items() for slug in self._offered(dated, count))

    def _forget(self) -> None:
        """Put away what is known, in order: many that lie beside each other are written more quickly than a few."""
        changed = ((slug, taken.owner, taken.last) for slug in sorted(self._changed) if (taken := self._known[slug]))
        self._scratch.write("INSERT OR REPLACE INTO slug VALUES (?, ?, ?)", changed)
        self._hashes.update(map(_hash, self._changed))
        self._known, self._changed = {}, set()

    def is_free(self, slug: str, owner: int | None) -> bool:
        """True if nobody has it, or only the event with this id."""
        self._read([slug])
        taken = self._known[slug]
        return taken is None or (owner is not None and taken.owner == owner)

    def take(self, slug: str, owner: int | None) -> None:
        """From now on this event has it."""
        self._known[slug] = Taken(owner)
        self._changed.add(slug)

    def new(self, title: str, day: datetime.date) -> str:
        """A free address made from the title, taken at once."""
        plain, dated = stems = _stems(title, day)
        self._read(stems)
        slug = plain if not self._known[plain] else dated if not self._known[dated] else self._numbered(dated)
        self.take(slug, None)
        return slug

    def _numbered(self, dated: str) -> str:
        while True:
            [slug] = self._offered(dated, 1)
            if slug not in self._known:
                self._read(self._offered(dated, AT_ONCE))
            taken = self._known[dated]
            assert taken
            self._known[dated] = taken._replace(last=taken.last + 1)
            self._changed.add(dated)
            if not self._known[slug]:
                return slug

    def _offered(self, dated: str, count: int) -> list[str]:
        first = (self._known[dated] or Taken(None)).last + 1
        return [f"{dated}-{number}" for number in range(first, first + count)]

    def _read(self, slugs: Iterable[str]) -> None:
        missing = {slug: None for slug in slugs if slug not in self._known}
        if not missing:
            return
        self._known |= missing
        for some in pieces(missing, AT_ONCE):
            for rows in self._stored:
                self._known |= {slug: Taken(owner) for slug, owner in rows.filter(slug__in=some)}
        perhaps = (slug for slug in missing if _hash(slug) in self._hashes)
        for slug, *taken in self._scratch.rows_among("SELECT slug, owner, last FROM slug WHERE slug IN", perhaps):
            self._known[slug] = Taken(*taken)


def _hash(slug: str) -> int:
    return hash(slug) & 0xFFFFFFFF


def _stems(title: str, day: datetime.date) -> tuple[str, str]:
    """The address that a title gives, and the one with the year."""
    plain = _stem(title) or f"event-{day.isoformat()}"
    year = str(day.year)
    return plain, plain if plain.endswith(year) else f"{plain}-{year}"


# Asked twice of each new event; and many a table has few titles, such as one for each kind of event and place.
@lru_cache(20_000)
def _stem(title: str) -> str:
    return slugify(title)[: SLUG_LENGTH - 20].strip("-")
