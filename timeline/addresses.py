"""The addresses of views that differ from one filter in a value or two, by the hundred.

Writing one address takes 30 µs and a page has five hundred: what they share is written once, and the rest filled in.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Collection
from functools import lru_cache
from urllib.parse import quote_plus

from timeline.filters import EventFilter, path_of, written

# Stand for the values to come. No value of a filter holds a control character, so nothing else is taken for them.
_HOLES = ("\x01", "\x02")
_WRITTEN_HOLES = ("%01", "%02")
_PARAMETERS = {"countries": "country", "categories": "category", "actors": "actor", "datasets": "dataset"}

_quoted = lru_cache(maxsize=20_000)(quote_plus)


def opening(asked: EventFilter) -> Callable[[str], str]:
    """For a slug the same view with that event opened in it."""
    before, after = asked.opened(_HOLES[0]).address().split(_WRITTEN_HOLES[0])
    return lambda slug: f"{before}{slug}{after}"


def within(asked: EventFilter) -> Callable[[str, str], str]:
    """For two EDTF dates the view of that range, with what is opened still open."""
    pattern = asked.changed(start=_HOLES[0], end=_HOLES[1], event=asked.event).address()
    before, rest = pattern.split(_WRITTEN_HOLES[0])
    between, after = rest.split(_WRITTEN_HOLES[1])
    return lambda start, end: f"{before}{_quoted(start)}{between}{_quoted(end)}{after}"


def focusing(asked: EventFilter) -> Callable[[str], str]:
    """For a country's code what a click on its flag asks for."""
    chosen = asked.countries if asked.match == "all" else ()
    there = asked.changed().address()
    add = _adding(asked, "countries", chosen)
    return lambda code: there if code in chosen else add(code)


def toggling(asked: EventFilter, name: str, values: Collection[str]) -> dict[str, str]:
    """For each value of a multiple field ("countries" ...) the view with it added, or dropped where it is chosen."""
    chosen = set(getattr(asked, name))
    add = _adding(asked, name, tuple(chosen))
    return {value: asked.toggled(name, value).address() if value in chosen else add(value) for value in values}


def _adding(asked: EventFilter, name: str, chosen: tuple[str, ...]) -> Callable[[str], str]:
    """For another value of a multiple field the view with it beside the chosen ones.

    Whatever is added, the rest of the query is the same: a third country means no more than a second one.
    """
    parameter = _PARAMETERS[name]
    pairs = asked.changed(**{name: (*chosen, _HOLES[0])}).pairs()
    at = next(place for place, (key, _value) in enumerate(pairs) if key == parameter)
    beside = [(parameter, each) for each in sorted(chosen)]
    rest = [pair for pair in pairs[at:] if pair[0] != parameter]
    # For each place among the chosen ones what stands before it and after it.
    ways = [
        tuple(written(some) for some in (pairs[:at] + beside[:place], beside[place:] + rest))
        for place in range(len(beside) + 1)
    ]
    path = path_of("browse")

    def add(value: str) -> str:
        before, after = ways[bisect(beside, (parameter, value))]
        return f"{path}?{before}{before and '&'}{parameter}={_quoted(value)}{after and '&'}{after}"

    return add
