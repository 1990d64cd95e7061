"""The addresses of views that differ from one filter in a value or two, by the hundred.

Writing one address takes 30 µs and a page has five hundred: what they share is written once, and the rest filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from django.urls import reverse

from timeline.filters import EventFilter

# Stand for the values to come. No value of a filter holds a control character, so nothing else is taken for them.
_HOLES = ("\x01", "\x02")
_WRITTEN_HOLES = ("%01", "%02")
_PARAMETERS = {"countries": "country", "categories": "category", "actors": "actor", "datasets": "dataset"}


def opening(asked: EventFilter) -> Callable[[str], str]:
    """For a slug the same view with that event opened in it."""
    pattern = asked.opened(_HOLES[0]).address()
    return lambda slug: pattern.replace(_WRITTEN_HOLES[0], slug)


def within(asked: EventFilter) -> Callable[[str, str], str]:
    """For two EDTF dates the view of that range, with what is opened still open."""
    pattern = asked.changed(start=_HOLES[0], end=_HOLES[1], event=asked.event).address()
    return lambda start, end: pattern.replace(_WRITTEN_HOLES[0], quote_plus(start)).replace(
        _WRITTEN_HOLES[1], quote_plus(end)
    )


def focusing(asked: EventFilter) -> Callable[[str], str]:
    """For a country's code what a click on its flag asks for."""
    return lru_cache(maxsize=None)(lambda code: asked.focused_on(code).address())


def toggling(asked: EventFilter, name: str, values: Collection[str]) -> dict[str, str]:
    """For each value of a multiple field ("countries" ...) the view with it added, or dropped where it is chosen."""
    chosen = set(getattr(asked, name))
    found = {value: asked.toggled(name, value).address() for value in chosen.intersection(values)}
    others = [value for value in values if value not in chosen]
    if not others:
        return found
    # Whatever is added, the rest of the query is the same: a third country means no more than a second one.
    parameter = _PARAMETERS[name]
    pairs = asked.toggled(name, others[0]).pairs()
    at = next(place for place, (key, _value) in enumerate(pairs) if key == parameter)
    before = [urlencode([pair]) for pair in pairs[:at]]
    after = [urlencode([pair]) for pair in pairs[at:] if pair[0] != parameter]
    path = reverse("browse")
    for value in others:
        middle = [f"{parameter}={quote_plus(each)}" for each in sorted({*chosen, value})]
        found[value] = f"{path}?{'&'.join([*before, *middle, *after])}"
    return found
