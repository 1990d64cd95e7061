"""Countries: the list, one country with its life, whom it meets and what happened, and the same as data."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import dates, exports, index
from timeline.filters import EventFilter
from timeline.models import Country, Event, Vocabulary
from timeline.models.countries import CountryStandard
from timeline.responses import document, page_or_fragment
from timeline.views import errors

EVENTS_SHOWN = 10
PARTNERS_SHOWN = 12
LEADING = 8


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """Every country of today, every former state, and how many events each takes part in."""
    vocabulary = Vocabulary.current()
    page = "timeline/countries.html"
    return page_or_fragment(request, page, page, lambda: _list_context(vocabulary), (vocabulary.revision,))


@require_safe
def countries_json(request: HttpRequest) -> HttpResponse:
    """The same list as a document."""
    vocabulary = Vocabulary.current()
    return document(request, lambda: _list_document(vocabulary), (vocabulary.revision,))


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    """One country; a code in small letters leads to it too."""
    vocabulary = Vocabulary.current()
    found = _country(code, vocabulary)
    if found.code != code:
        return redirect("country", code=found.code, permanent=True)
    page = "timeline/country.html"
    return page_or_fragment(request, page, page, lambda: _context(found, vocabulary), (vocabulary.revision, code))


@require_safe
def country_json(request: HttpRequest, code: str) -> HttpResponse:
    """One country as a document, with the number of its events and whom it meets."""
    vocabulary = Vocabulary.current()
    found = _country(code, vocabulary)
    if found.code != code:
        return redirect("country_json", code=found.code, permanent=True)
    return document(request, lambda: _document(found, vocabulary), (vocabulary.revision, code))


def _country(code: str, vocabulary: Vocabulary) -> Country:
    found = vocabulary.countries.get(code.upper())
    if found is None:
        raise errors.no_such_country(code)
    return found


# The list ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """A country, and in how many events it takes part."""

    country: Country
    count: int


def _list_context(vocabulary: Vocabulary) -> dict[str, Any]:
    counts = index.answer(EventFilter(vocabulary)).facet("country")
    rows = [Counted(country, counts.get(country.code, 0)) for country in vocabulary.countries.values()]
    rows.sort(key=lambda row: _filed_under(row.country.local_name))
    today = [row for row in rows if not _is_former(row.country)]
    return {
        "total": len(rows),
        "leading": sorted((row for row in rows if row.count), key=lambda row: -row.count)[:LEADING],
        "letters": [(letter, list(group)) for letter, group in groupby(today, _letter)],
        "former": [row for row in rows if _is_former(row.country)],
    }


def _is_former(country: Country) -> bool:
    return country.is_former or country.standard == CountryStandard.FORMER


def _filed_under(name: str) -> str:
    """The name as an alphabet orders it: Åland under A, Côte d'Ivoire between Costa Rica and Croatia."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()


def _letter(row: Counted) -> str:
    return _filed_under(row.country.local_name)[0]


def _list_document(vocabulary: Vocabulary) -> dict[str, Any]:
    counts = index.answer(EventFilter(vocabulary)).facet("country")
    return {
        "countries": [
            {
                "code": country.code,
                "name": country.name,
                "standard": country.standard,
                "first_day": country.first_day,
                "last_day": country.last_day,
                "events": counts.get(country.code, 0),
                "url": country.get_absolute_url(),
            }
            for country in vocabulary.countries.values()
        ]
    }


# One country ---------------------------------------------------------------------------------------------------------


def _context(country: Country, vocabulary: Vocabulary) -> dict[str, Any]:
    asked = EventFilter(vocabulary, countries=(country.code,))
    answer = index.answer(asked)
    return _chosen_events(answer) | {
        "country": country,
        "names": _names(country),
        "asked": asked,
        "total": answer.total,
        "life": _life(country),
        "with_predecessors": asked.changed(predecessors=True),
        "before": vocabulary.before_directly(country.code),
        "after": vocabulary.after_directly(country.code),
        "partners": _partners(country, vocabulary)[:PARTNERS_SHOWN],
    }


def _chosen_events(answer: index.Answer) -> dict[str, list[Event]]:
    """The most important and the latest events; all of them where the two lists would mostly repeat each other."""
    if answer.total <= 2 * EVENTS_SHOWN:
        ids, _cursor = answer.page(2 * EVENTS_SHOWN)
        return {"all_events": Event.objects.in_order(ids)}
    latest, _cursor = index.answer(answer.asked.changed(order="newest")).page(EVENTS_SHOWN)
    important = answer.most_important(EVENTS_SHOWN)
    events = {event.pk: event for event in Event.objects.in_order([*{*latest, *important}])}
    return {
        "latest": [events[pk] for pk in latest if pk in events],
        "important": sorted((events[pk] for pk in important if pk in events), key=lambda event: (event.day, event.pk)),
    }


def _life(country: Country) -> str:
    """“9 September 1948 to today”; empty where neither day is known."""
    first, last = (dates.display(day.isoformat()) if day else "" for day in (country.first_day, country.last_day))
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if last:
        return _("until %(last)s") % {"last": last}
    return _("since %(first)s") % {"first": first} if first else ""


def _names(country: Country) -> list[tuple[str, str]]:
    """The names in our four languages, each with its language tag."""
    names = (("en", country.name), ("ko", country.name_ko), ("ru", country.name_ru), ("zh-Hans", country.name_zh))
    return [(language, name) for language, name in names if name]


@dataclass(frozen=True, slots=True)
class Partner:
    """A country that takes part in the same events."""

    country: Country
    count: int
    share: int
    """In percent of the most frequent one's count."""
    url: str
    """The timeline of both together."""


def _partners(country: Country, vocabulary: Vocabulary) -> list[Partner]:
    """Who takes part in the same events, the most frequent first."""
    answer = index.answer(EventFilter(vocabulary, countries=(country.code,)))
    together = {code: len(answer.in_lane("country", code)) for code in vocabulary.countries if code != country.code}
    most = max(together.values(), default=0)
    found = [
        Partner(
            vocabulary.countries[code],
            count,
            round(100 * count / most),
            answer.asked.changed(countries=tuple(sorted((country.code, code))), match="all").address(),
        )
        for code, count in together.items()
        if count
    ]
    return sorted(found, key=lambda row: (-row.count, row.country.name))


def _document(country: Country, vocabulary: Vocabulary) -> dict[str, Any]:
    answer = index.answer(EventFilter(vocabulary, countries=(country.code,)))
    partners = [{"country": row.country.code, "events": row.count} for row in _partners(country, vocabulary)]
    return exports.country_document(country, events=answer.total, partners=partners)
