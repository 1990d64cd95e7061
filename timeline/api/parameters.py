"""Query parameters of the API: how each is described, and how a query is read with the page's own grammar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from timeline.filters import CHOICES, PARAMETERS, VALUES_OF_ONE_PARAMETER, EventFilter, Problem

from .problems import bad_parameters

PAGE_LENGTH = 50
LONGEST_PAGE = 200
UNITS = ("century", "decade", "year", "month", "day")
LONGEST_REASON = 60

Description = dict[str, Any]

CODE = {"type": "string", "pattern": "^[A-Za-z]{3}$"}
SLUG = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 120}
SLUG_OR_NONE = SLUG | {"pattern": "^[-a-zA-Z0-9_]*$"}
DATE = {"type": "string", "maxLength": 64}


def _one(name: str, schema: Description, description: str, example: Any) -> Description:
    return {"name": name, "in": "query", "schema": schema, "description": description, "example": example}


def _several(name: str, items: Description, description: str, example: list[str]) -> Description:
    schema = {"type": "array", "items": items, "maxItems": VALUES_OF_ONE_PARAMETER}
    described = _one(name, schema, f"{description} May be repeated.", example)
    return described | {"style": "form", "explode": True}


def _choice(name: str, description: str, example: str) -> Description:
    return _one(name, {"type": "string", "enum": list(CHOICES[name])}, description, example)


KNOWN: dict[str, Description] = {
    "country": _several("country", CODE, "Countries that take part, by their alpha-3 codes.", ["PRK", "RUS"]),
    "match": _choice("match", "Whether any or all of the countries must take part.", "all"),
    "predecessors": _choice("predecessors", "Whether a country includes the states before it.", "yes"),
    "category": _several("category", SLUG, "Categories, by their slugs.", ["diplomacy"]),
    "actor": _several("actor", SLUG, "People and organisations, by their slugs.", ["kim-jong-un"]),
    "dataset": _several("dataset", SLUG, "Datasets, by their slugs.", ["korea"]),
    "importance": _choice("importance", "At least this importance: 1 routine to 5 turning point.", "3"),
    "from": _one("from", DATE, "First day, month or year, in EDTF or as people write it.", "1950"),
    "to": _one("to", DATE, "Last day, month or year, inclusive.", "1953-07"),
    "q": _one("q", {"type": "string", "maxLength": 200}, "Words that an event must hold.", "armistice"),
    "order": _choice("order", "Which events come first.", "newest"),
    "after": _one(
        "after",
        {"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]{1,18})?$"},
        "Where the page begins. Follow the Link header with rel=next instead of making one.",
        "1953-07-27.42",
    ),
    "limit": _one(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE_LENGTH},
        "How many to a page.",
        20,
    ),
    "lanes": _choice("lanes", "How the page draws; changes nothing here.", "country"),
    "lane": _several("lane", {"type": "string"}, "The order of the page's lanes; changes nothing here.", []),
    "event": _one("event", SLUG_OR_NONE, "The event that the page opens; changes nothing here.", "armistice"),
    "unit": _one("unit", {"type": "string", "enum": list(UNITS), "default": "year"}, "How long each bin is.", "year"),
    "start_after": _one(
        "start_after", SLUG_OR_NONE, "The slug after which the page begins; follow the Link header.", "a"
    ),
    "reason": _one(
        "reason", {"type": "string", "maxLength": LONGEST_REASON}, "Why, for the history.", "Entered twice."
    ),
}

NARROWING = ("country", "match", "predecessors", "category", "actor", "dataset", "importance", "from", "to", "q")
LISTING = (*NARROWING, "order", "after", "limit")
ON_DAYS = (*NARROWING, "order")
# How a page draws. The list takes these too, so that the query of any page can be used as it stands.
DRAWING = ("lanes", "lane", "event")


def described(*names: str) -> Description:
    """What the OpenAPI description says of an operation's query."""
    return {"parameters": [dict(KNOWN[name]) for name in names]}


def check_names(query: QueryDict, allowed: Sequence[str]) -> None:
    """Refuse a parameter that the operation does not have. Raises Refused: 400."""
    known = ", ".join(allowed) or _("none")
    message = _("This parameter is not known here. Known are: %(names)s.") % {"names": known}
    problems = [Problem(printable(name[:60]), "", message) for name in query if name not in allowed]
    if problems:
        raise bad_parameters(problems)


def asked_by(request: HttpRequest, allowed: Sequence[str]) -> EventFilter:
    """The page's filter, of these parameters alone. Raises Refused: 400."""
    check_names(request.GET, allowed)
    query = request.GET.copy()
    for name in set(query) - set(PARAMETERS):
        del query[name]
    asked = EventFilter.parse(query)
    if asked.problems:
        raise bad_parameters(asked.problems)
    return asked


def one(request: HttpRequest, name: str, default: str = "") -> str:
    """The single value of a parameter. Raises Refused: 400 where there are several."""
    values = request.GET.getlist(name)
    if len(set(values)) > 1:
        message = _("This parameter can have only one value.")
        raise bad_parameters([Problem(name, printable(", ".join(values[:4])[:80]), message)])
    return values[0].strip() if values and values[0].strip() else default


def limit_of(request: HttpRequest) -> int:
    """The length of the page that is asked for. Raises Refused: 400."""
    text = one(request, "limit", str(PAGE_LENGTH))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= LONGEST_PAGE):
        message = _("Give a whole number from 1 to %(most)d.") % {"most": LONGEST_PAGE}
        raise bad_parameters([Problem("limit", printable(text[:80]), message)])
    return int(text)


def printable(text: str) -> str:
    """The text without halves of surrogate pairs, which cannot be written into an answer."""
    return text.encode("utf-8", "replace").decode()
