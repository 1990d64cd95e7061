"""How a query string is read: parameter by parameter, each bounded, what was not understood named and collected."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline import dates, words
from timeline.models import Event, Vocabulary
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

    def __str__(self) -> str:
        return f"{self.parameter}={self.value}: {self.message}"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The event after which a page of the list begins: the day it is filed under, and its id."""

    day: datetime.date
    id: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.id}"


def lanes_of(vocabulary: Vocabulary, lanes: str) -> Mapping[str, Any]:
    """What can be a lane of the drawing when it is divided so."""
    known: dict[str, Mapping[str, Any]] = {"country": vocabulary.countries, "category": vocabulary.categories}
    return known.get(lanes, {})


class Reader:
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
        self.problem("after", text, _("A place in the list looks like 1953-07-27.42; follow the page’s own links."))
        return None
