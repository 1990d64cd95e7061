"""The question itself: a value, parsed once, that writes itself back as the canonical query."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from timeline import dates, words
from timeline.models import Importance, Vocabulary
from timeline.models.countries import with_predecessors

from .reading import Cursor, Problem, Reader, lanes_of


@dataclass(frozen=True)
class EventFilter:
    """A question to the timeline. Values are canonical: codes exist, dates are EDTF, words are single-spaced."""

    vocabulary: Vocabulary = field(repr=False, compare=False)
    countries: tuple[str, ...] = ()
    match: Literal["any", "all"] = "any"
    predecessors: bool = False
    categories: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    importance: int = 1
    start: str = ""
    end: str = ""
    q: str = ""
    datasets: tuple[str, ...] = ()
    lanes: Literal["none", "country", "category"] = "none"
    lane_order: tuple[str, ...] = ()
    order: Literal["oldest", "newest"] = "oldest"
    after: Cursor | None = None
    event: str = ""
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        """Drop what says nothing here and so is not in the query: equal queries must be equal questions."""
        if len(self.countries) < 2:
            object.__setattr__(self, "match", "any")
        if not self.countries:
            object.__setattr__(self, "predecessors", False)
        if self.lane_order:
            lanes = lanes_of(self.vocabulary, self.lanes)
            object.__setattr__(self, "lane_order", tuple(value for value in self.lane_order if value in lanes))

    @classmethod
    def parse(cls, query: QueryDict, vocabulary: Vocabulary | None = None) -> Self:
        """Read a query string. Never raises: what is not understood is in `problems`, and the rest stands."""
        return Reader(query, vocabulary or Vocabulary.current()).read(cls)

    # What it means ---------------------------------------------------------------------------------------------------

    @property
    def first(self) -> datetime.date | None:
        """First day of the range, None where it is open."""
        return dates.parse_edtf(self.start).earliest if self.start else None

    @property
    def last(self) -> datetime.date | None:
        """Last day of the range, None where it is open."""
        return dates.parse_edtf(self.end).latest if self.end else None

    @property
    def has_range(self) -> bool:
        return bool(self.start or self.end)

    @property
    def range(self) -> tuple[datetime.date, datetime.date]:
        """The range with its open ends as far as the calendar goes."""
        return self.first or datetime.date.min, self.last or datetime.date.max

    @property
    def sought(self) -> words.Query:
        return words.parse(self.q)

    def country_groups(self) -> list[set[str]]:
        """For each chosen country the codes that stand for it: itself, and its predecessors if they are included."""
        before = self.vocabulary.predecessors if self.predecessors else {}
        return [with_predecessors([code], before) for code in self.countries]

    # Its address -----------------------------------------------------------------------------------------------------

    def pairs(self) -> list[tuple[str, str]]:
        """The canonical query: parameters in order, defaults dropped."""
        single = {
            "match": self.match if self.match != "any" else "",
            "predecessors": "yes" if self.predecessors else "",
            "importance": str(self.importance) if self.importance > 1 else "",
            "from": self.start,
            "to": self.end,
            "q": self.q,
            "lanes": self.lanes if self.lanes != "none" else "",
            "order": self.order if self.order != "oldest" else "",
            "after": str(self.after) if self.after else "",
            "event": self.event,
        }
        multiple = {
            "country": self.countries,
            "category": self.categories,
            "actor": self.actors,
            "dataset": self.datasets,
            "lane": self.lane_order,
        }
        found = [(name, value) for name, values in multiple.items() for value in values]
        return found + [(name, value) for name, value in single.items() if value]

    @property
    def query(self) -> str:
        """The canonical query string without a question mark; empty for the whole timeline."""
        return written(self.pairs())

    def address(self, view: str = "browse") -> str:
        """The address of this filter on a view; at the start of its list unless it has a cursor."""
        query = self.query
        return f"{path_of(view)}?{query}" if query else path_of(view)

    def hidden_pairs(self) -> list[tuple[str, str]]:
        """What the form carries along besides its own visible fields."""
        return [(name, value) for name, value in self.changed().pairs() if name not in ("q", "from", "to")]

    @property
    def typed(self) -> dict[str, str]:
        """The texts of the form's fields: dates in words, and what was not understood just as it was typed."""
        texts = {"q": self.q, "from": dates.display(self.start) if self.start else ""}
        texts |= {"to": dates.display(self.end) if self.end else ""}
        return texts | {problem.parameter: problem.value for problem in self.problems if problem.parameter in texts}

    # Its neighbours --------------------------------------------------------------------------------------------------

    def changed(self, **values: Any) -> Self:
        """The same question with other values, at the start of its list and with no event opened."""
        return replace(self, **{"after": None, "event": "", "problems": (), **values})

    def opened(self, slug: str) -> Self:
        """The same view with an event opened in it; closed again with an empty slug."""
        return replace(self, event=slug, problems=())

    def toggled(self, name: str, value: str) -> Self:
        """With a value of a multiple field added, or removed where it is chosen. `name` is the field: "countries"."""
        chosen: tuple[str, ...] = getattr(self, name)
        kept = tuple(v for v in chosen if v != value) if value in chosen else tuple(sorted({*chosen, value}))
        return self.changed(**{name: kept})

    def focused_on(self, code: str) -> Self:
        """What a click on a flag asks for: this country; where all must take part, this one beside the others."""
        return self.changed(countries=tuple(sorted({*(self.countries if self.match == "all" else ()), code})))

    def cleared(self) -> Self:
        """The whole timeline, drawn and ordered as before."""
        return type(self)(vocabulary=self.vocabulary, lanes=self.lanes, lane_order=self.lane_order, order=self.order)

    @property
    def is_active(self) -> bool:
        """True if anything narrows the events."""
        return bool(self.changed(lanes="none", order="oldest").query)

    # In words --------------------------------------------------------------------------------------------------------

    @property
    def range_in_words(self) -> str:
        """“July 1953”, “1950 to 1953”, “since 1950”, “until 1953”; empty without a range."""
        start, end = (dates.display(text) if text else "" for text in (self.start, self.end))
        if start and end:
            return start if self.start == self.end else _("%(start)s to %(end)s") % {"start": start, "end": end}
        if start:
            return _("from %(start)s on") % {"start": start}
        return _("until %(end)s") % {"end": end} if end else ""

    @property
    def countries_in_words(self) -> str:
        """“North Korea and Russia (with the Soviet Union)”; empty without countries."""
        names = []
        for code in self.countries:
            country = self.vocabulary.countries[code]
            before = self.vocabulary.before(code) if self.predecessors else []
            names.append(
                _("%(country)s (with %(before)s)")
                % {"country": country.local_name, "before": get_text_list([c.local_name for c in before], _("and"))}
                if before
                else country.local_name
            )
        return get_text_list(names, _("and") if self.match == "all" else _("or"))

    @property
    def sentence(self) -> str:
        """What is shown, for the title, the live region and a screen reader."""
        vocabulary = self.vocabulary
        parts = [
            self.countries_in_words,
            get_text_list([str(vocabulary.categories[slug]) for slug in self.categories], _("or")),
            get_text_list([str(vocabulary.actors[slug]) for slug in self.actors], _("or")),
            self.range_in_words,
            _("“%(words)s”") % {"words": self.q} if self.q else "",
            importance_in_words(self.importance) if self.importance > 1 else "",
            get_text_list([str(vocabulary.datasets[slug]) for slug in self.datasets], _("or")),
        ]
        return ", ".join(part for part in parts if part) or _("The whole timeline")


def written(pairs: Iterable[tuple[str, str]]) -> str:
    """A query string. A page has fifty addresses that share most of their pairs, so each pair is written once."""
    return "&".join(_pair(name, value) for name, value in pairs)


@lru_cache(maxsize=5_000)
def _pair(name: str, value: str) -> str:
    return urlencode([(name, value)])


def path_of(view: str) -> str:
    """The path of a view that takes no argument."""
    return _path_of(view, get_script_prefix())


@lru_cache(maxsize=200)
def _path_of(view: str, _prefix: str) -> str:
    return reverse(view)


def importance_in_words(importance: int) -> str:
    label = str(Importance(importance).label)
    return label if importance == 5 else _("%(label)s or more") % {"label": label}
