"""What was asked: the one filter behind the page, its data, its feeds and its pictures.

An EventFilter is a value. It is parsed once, knows what it did not understand, and writes itself back as the
canonical query (sorted, defaults dropped) that is the address of the view and the key of its caches.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from timeline import dates, words
from timeline.models import Event, Importance, Vocabulary
from timeline.models.countries import with_predecessors
from timeline.models.events import SLUG_LENGTH

# Bounds on what one request may ask for, each refused by name when passed.
VALUES_OF_ONE_PARAMETER = 30
SEARCH_WORDS = 8
SEARCH_WORD_LENGTH = 100

MULTIPLE = ("country", "category", "actor", "dataset", "lane")
CHOICES = {
    "match": ("any", "all"),
    "predecessors": ("no", "yes"),
    "importance": ("1", "2", "3", "4", "5"),
    "lanes": ("none", "country", "category"),
    "order": ("oldest", "newest"),
}
SINGLE = ("match", "predecessors", "importance", "from", "to", "q", "lanes", "order", "after", "event")
PARAMETERS = (*MULTIPLE, *SINGLE)

_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)
_SLUG = re.compile(rf"[-\w]{{1,{SLUG_LENGTH}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a query that was not understood: the parameter, its value, and what would be."""

    parameter: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """The event after which a page of the list begins: the day it is filed under, and its id."""

    day: datetime.date
    id: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.id}"


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
        lanes = lanes_of(self.vocabulary, self.lanes)
        for name, value in (
            ("match", self.match if len(self.countries) > 1 else "any"),
            ("predecessors", self.predecessors and bool(self.countries)),
            ("lane_order", tuple(value for value in self.lane_order if value in lanes)),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def parse(cls, query: QueryDict, vocabulary: Vocabulary | None = None) -> Self:
        """Read a query string. Never raises: what is not understood is in `problems`, and the rest stands."""
        return _Parser(query, vocabulary or Vocabulary.current()).read(cls)

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
        return urlencode(self.pairs())

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


def path_of(view: str) -> str:
    """The path of a view that takes no argument."""
    return _path_of(view, get_script_prefix())


@lru_cache(maxsize=200)
def _path_of(view: str, _prefix: str) -> str:
    return reverse(view)


def lanes_of(vocabulary: Vocabulary, lanes: str) -> Mapping[str, Any]:
    """What can be a lane of the drawing when it is divided so."""
    known: dict[str, Mapping[str, Any]] = {"country": vocabulary.countries, "category": vocabulary.categories}
    return known.get(lanes, {})


def importance_in_words(importance: int) -> str:
    label = str(Importance(importance).label)
    return label if importance == 5 else _("%(label)s or more") % {"label": label}


class _Parser:
    """Reads one query; collects problems by parameter."""

    def __init__(self, query: QueryDict, vocabulary: Vocabulary) -> None:
        self.query = query
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []

    def read(self, kind: Callable[..., Any]) -> Any:
        for name in self.query:
            if name not in PARAMETERS:
                message = _("This parameter is not known. Known are: %(names)s.") % {"names": ", ".join(PARAMETERS)}
                self.problem(name[:60], "", message)
        start, end = self.date("from"), self.date("to")
        self.check_order(start, end)
        return kind(
            vocabulary=self.vocabulary,
            countries=self.codes("country", self.vocabulary.countries, str.upper),
            match=self.choice("match"),
            predecessors=self.choice("predecessors") == "yes",
            categories=self.codes("category", self.vocabulary.categories),
            actors=self.codes("actor", self.vocabulary.actors),
            importance=int(self.choice("importance")),
            start=start,
            end=end,
            q=self.search(),
            datasets=self.codes("dataset", self.vocabulary.datasets),
            lanes=self.choice("lanes"),
            lane_order=self.lanes(),
            order=self.choice("order"),
            after=self.cursor(),
            event=self.event(),
            problems=tuple(self.problems),
        )

    def problem(self, parameter: str, value: str, message: str) -> None:
        shown = value if len(value) <= 80 else f"{value[:80]}…"
        # Halves of surrogate pairs cannot be written into an answer.
        name, shown = (text.encode("utf-8", "replace").decode() for text in (parameter, shown))
        self.problems.append(Problem(name, shown, message))

    def one(self, name: str) -> str:
        values = [value for value in self.query.getlist(name) if value.strip()]
        if len(set(values)) > 1:
            self.problem(name, ", ".join(values[:4]), _("This parameter can have only one value."))
            return ""
        return values[0].strip() if values else ""

    def choice(self, name: str) -> str:
        allowed = CHOICES[name]
        value = self.one(name) or allowed[0]
        if value not in allowed:
            self.problem(name, value, _("Allowed are: %(values)s.") % {"values": ", ".join(allowed)})
            return allowed[0]
        return value

    def codes(self, name: str, known: dict[str, Any], fold: Callable[[str], str] = str.strip) -> tuple[str, ...]:
        values = sorted({fold(value.strip()) for value in self.query.getlist(name) if value.strip()})
        if len(values) > VALUES_OF_ONE_PARAMETER:
            message = _("At most %(limit)d values can be chosen at once.") % {"limit": VALUES_OF_ONE_PARAMETER}
            self.problem(name, str(len(values)), message)
            return ()
        for value in values:
            if value not in known:
                self.problem(name, value, self.unknown(name, known))
        return tuple(value for value in values if value in known)

    def unknown(self, name: str, known: dict[str, Any]) -> str:
        if name == "country":
            return _("No country has this code. Codes are those of ISO 3166, such as PRK, RUS or SUN; see /countries/.")
        if not known:
            return _("There is nothing to choose yet.")
        some = ", ".join(list(known)[:15])
        return _("This is not known. Known are: %(values)s.") % {"values": some + (" …" if len(known) > 15 else "")}

    def date(self, name: str) -> str:
        text = self.one(name)
        if not text:
            return ""
        try:
            when = dates.parse_human(text)
        except dates.DateProblem as problem:
            self.problem(name, text, str(problem))
            return ""
        if when.is_interval:
            self.problem(name, text, _("A single date is needed here, such as 1950, July 1953 or 1950-06-25."))
            return ""
        return when.edtf

    def check_order(self, start: str, end: str) -> None:
        if start and end and dates.parse_edtf(start).earliest > dates.parse_edtf(end).latest:
            self.problem("to", end, _("The range ends before it begins: from %(start)s.") % {"start": start})

    def search(self) -> str:
        text = " ".join(self.one("q").split())
        terms = words.parse(text).terms
        if any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in text):
            self.problem("q", text, _("It holds characters that cannot be searched for."))
            return ""
        if len(terms) > SEARCH_WORDS or any(len(term.typed) > SEARCH_WORD_LENGTH for term in terms):
            message = _("At most %(words)d words of %(length)d characters can be searched for.")
            self.problem("q", text, message % {"words": SEARCH_WORDS, "length": SEARCH_WORD_LENGTH})
            return ""
        return text if terms else ""

    def lanes(self) -> tuple[str, ...]:
        """The order of lanes, which unlike other values means something as it stands."""
        known = lanes_of(self.vocabulary, (self.query.get("lanes") or "").strip())
        values = list(dict.fromkeys(value.strip() for value in self.query.getlist("lane") if value.strip()))
        if len(values) > VALUES_OF_ONE_PARAMETER:
            message = _("At most %(limit)d values can be chosen at once.") % {"limit": VALUES_OF_ONE_PARAMETER}
            self.problem("lane", str(len(values)), message)
            return ()
        for value in values:
            if value not in known:
                message = _("This is no lane of the drawing: lanes=country takes codes, lanes=category categories.")
                self.problem("lane", value, message)
        return tuple(value for value in values if value in known)

    def event(self) -> str:
        slug = self.one("event")
        # What cannot be a slug is not asked for: PostgreSQL takes no NUL.
        if slug and not (_SLUG.fullmatch(slug) and Event.objects.published().filter(slug=slug).exists()):
            self.problem("event", slug, _("No published event has this address."))
            return ""
        return slug

    def cursor(self) -> Cursor | None:
        text = self.one("after")
        if not text:
            return None
        if found := _CURSOR.fullmatch(text):
            try:
                return Cursor(datetime.date.fromisoformat(found[1]), int(found[2]))
            except ValueError:
                pass
        self.problem("after", text, _("A place in the list looks like 1953-07-27.42; follow the page's own links."))
        return None
