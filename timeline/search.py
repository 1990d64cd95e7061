"""From words to events, by the text engine of the database: FTS5 of SQLite, tsvector of PostgreSQL.

Both read what timeline.models.search_text writes. Nothing is ranked by relevance: the timeline is in the order of
time, and suggestions are in the order of importance, among a bounded number of the newest hits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import TypeVar

import numpy as np
from django.db import OperationalError, connection, transaction
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from timeline import limits, words
from timeline.models import Actor, Country, Event, Vocabulary
from timeline.words import Query, Term

Ids = NDArray[np.int64]

# What one search may take of the database, in milliseconds.
BUDGET = 300
# Of the events that a suggestion could be, this many of those entered last are compared.
EVENTS_COMPARED = 2000
SUGGESTIONS = 8
OF_ONE_KIND = 3
NAMES_KEPT = 20_000

Named = TypeVar("Named", Country, Actor)


class TooBroad(Exception):
    """A search would take more of the database than one request may."""

    def __str__(self) -> str:
        return _("This search is too broad to be answered in time. Add a word, or make the beginnings longer.")


# Events that hold the words -------------------------------------------------------------------------------------------


def matching_ids(query: Query) -> Ids:
    """Ids of the events, published or not, that hold what is wanted and nothing of what is not.

    For a query that only excludes, the ids of what it excludes. Raises TooBroad.
    """
    if not query:
        return np.empty(0, dtype=np.int64)
    # All ids as one value: a quarter of a million rows would cost more than finding them.
    inner, parameters = _statement(query)
    if connection.vendor == "postgresql":
        packed = f"SELECT string_agg(int8send(found.event_id), '') FROM ({inner}) AS found"  # noqa: S608 -- of constants
    else:
        packed = f"SELECT group_concat(found.event_id) FROM ({inner}) AS found"  # noqa: S608
    with budget(), connection.cursor() as cursor:
        cursor.execute(packed, parameters)
        value = cursor.fetchone()[0]
    if value is None:
        return np.empty(0, dtype=np.int64)
    if connection.vendor == "postgresql":
        return np.frombuffer(value, dtype=">i8").astype(np.int64)
    return np.fromstring(value, dtype=np.int64, sep=",")


def _statement(query: Query, *, in_title: bool = False) -> tuple[str, tuple[str]]:
    """The SQL that gives the ids as `event_id`, and its parameter."""
    if connection.vendor == "postgresql":
        asked = _tsquery(query, weight="A" if in_title else "")
        return "SELECT event_id FROM timeline_searchtext WHERE vector @@ %s::tsquery", (asked,)
    asked = _fts5(query)
    asked = f"{{title}} : ({asked})" if in_title else asked
    table = "timeline_searchtext_words"
    return f"SELECT rowid AS event_id FROM {table} WHERE {table} MATCH %s", (asked,)  # noqa: S608


# Words hold letters, digits and marks alone, so nothing in them can be an operator or end a quotation.


def _fts5(query: Query) -> str:
    def phrase(term: Term) -> str:
        return f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")

    unwanted = " OR ".join(map(phrase, query.unwanted))
    if query.only_excludes:
        return unwanted
    wanted = " AND ".join(map(phrase, query.wanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _tsquery(query: Query, weight: str = "") -> str:
    def phrase(term: Term) -> str:
        *before, last = [f"'{word}'" for word in term.words]
        flags = ("*" if term.is_prefix else "") + weight
        mark = f":{weight}" if weight else ""
        return "(" + " <-> ".join([*(word + mark for word in before), f"{last}:{flags}" if flags else last]) + ")"

    unwanted = " | ".join(map(phrase, query.unwanted))
    if query.only_excludes:
        return unwanted
    wanted = " & ".join(map(phrase, query.wanted))
    return f"{wanted} & !({unwanted})" if unwanted else wanted


# Within bounds --------------------------------------------------------------------------------------------------------


@contextmanager
def budget(milliseconds: int = BUDGET) -> Iterator[None]:
    """Let no statement inside take longer. Raises TooBroad where one would."""
    try:
        # On PostgreSQL a cancelled statement spoils its transaction; SQLite would lock out writers for one.
        alone = transaction.atomic() if connection.vendor == "postgresql" else nullcontext()
        with limits.at_most(milliseconds), alone:
            yield
    except OperationalError as error:
        if not limits.was_stopped(error):
            raise
        raise TooBroad from error


# Suggestions ----------------------------------------------------------------------------------------------------------


def suggest(text: str, limit: int = SUGGESTIONS) -> list[Country | Actor | Event]:
    """Countries, actors and published events that hold in their names or titles what was typed so far.

    The last word may be only begun. Of each kind the likeliest come first.
    """
    query = words.parse(text)
    if not query.wanted:
        return []
    *before, last = query.wanted
    begun = Query((*before, Term(last.words, is_prefix=True)), query.unwanted)
    vocabulary = Vocabulary.current()
    countries = _named(begun, vocabulary.countries.values(), _names_of_country)
    actors = _named(begun, vocabulary.actors.values(), lambda actor: (actor.name,))
    found: list[Country | Actor | Event] = [*countries[:OF_ONE_KIND], *actors[:OF_ONE_KIND]]
    return found + _titled(begun, limit - len(found))


def _named(query: Query, rows: Iterable[Named], names_of: Callable[[Named], Iterable[str]]) -> list[Named]:
    """Those with a name that matches, the shortest names first, and before all those that begin with the words."""
    found = []
    first = query.wanted[0].words[0]
    for row in rows:
        folded = ((len(name), _folded(name)) for name in names_of(row))
        # Looking for the letters costs little, and few names have them.
        matching = [(length, name) for length, name in folded if first in name and query.matches(name.split())]
        if matching:
            begins = any(name.startswith(first) for _length, name in matching)
            found.append((not begins, min(matching)[0], row.pk, row))
    return [row for *_order, row in sorted(found, key=lambda entry: entry[:3])]


_folded = lru_cache(maxsize=NAMES_KEPT)(words.folded)


def _names_of_country(country: Country) -> tuple[str, ...]:
    names = (country.name, country.official_name, country.name_ko, country.name_ru, country.name_zh, country.demonym)
    return tuple(name for name in (*names, *country.aliases) if name)


def _titled(query: Query, limit: int) -> list[Event]:
    """Published events by importance, the latest first, of the newest that hold the words in their titles."""
    if len(query.wanted[-1].words[-1]) < 2 and query.wanted[-1].words[-1].isascii():
        return []
    statement, parameters = _statement(query, in_title=True)
    newest = RawSQL(f"{statement} ORDER BY event_id DESC LIMIT {EVENTS_COMPARED}", parameters)  # noqa: S611
    events = Event.objects.published().filter(pk__in=newest).order_by("-importance", "-day", "-pk")
    try:
        with budget():
            return list(events[:limit])
    except TooBroad:
        return []
