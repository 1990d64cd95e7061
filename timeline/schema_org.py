"""An event as search engines read it: schema.org's Event in JSON-LD, beside the page that is about it.

The page has the citations, as schema.org gives `citation` to creative works alone. https://schema.org/Event
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from timeline import dates
from timeline.models import Event, Source
from timeline.models.participations import Role
from timeline.models.relations import RelationKind
from timeline.models.text import validate_web_address

ADDRESS = Callable[[str], str]
LEADING = (Role.HOST, Role.INITIATOR)
TAKING_PART = (Role.PARTICIPANT, Role.VISITOR, Role.MEDIATOR)

_ISO_DATE = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?)[?~%]?", re.ASCII)
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def script_text(event: Event, absolute: ADDRESS) -> SafeString:
    """The JSON-LD of an event as it may stand inside a script element: nothing in it can end that element."""
    text = json.dumps(event_graph(event, absolute), ensure_ascii=False, indent=1)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 -- what could be markup has just been escaped


def event_graph(event: Event, absolute: ADDRESS) -> dict[str, Any]:
    """The page and the event. Take the event from `Event.objects.for_page()`."""
    address = absolute(event.get_absolute_url())
    page = {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": event.title,
        "inLanguage": get_language(),
        "dateModified": event.modified.isoformat(),
        "license": event.dataset.licence if event.dataset else "",
        "citation": [_citation(source) for source in event.sources.all()],
        "mainEntity": {"@id": f"{address}#event"},
    }
    return {"@context": "https://schema.org", "@graph": [_given(page), _given(_event(event, address, absolute))]}


def iso_dates(when: dates.EventDate) -> tuple[str, str]:
    """The first and last date in ISO 8601, each as exact as it is known; "" where that is not even to the year."""
    if not when.is_interval:
        return _iso(when.edtf) or _common(when.earliest.isoformat(), when.latest.isoformat()), ""
    first, _slash, last = when.edtf.partition("/")
    return _iso(first), _iso(last)


def _event(event: Event, address: str, absolute: ADDRESS) -> dict[str, Any]:
    start, end = iso_dates(event.when)
    countries = [(_country(part.country), part.role) for part in event.participations.all()]
    actors = [(_actor(part.actor), part.role) for part in event.actor_participations.all()]
    relations = [row for row in event.relations.all() if row.target.is_published]
    inverse = [row for row in event.inverse_relations.all() if row.event.is_published]
    return {
        "@type": "Event",
        "@id": f"{address}#event",
        "name": event.title,
        "alternateName": [name.name for name in event.names.all()],
        "description": event.summary,
        "startDate": start,
        "endDate": end,
        "location": _place(event),
        "organizer": _once(who for who, role in (*actors, *countries) if role in LEADING),
        "performer": _once(who for who, role in actors if role in TAKING_PART),
        "about": _once(who for who, _role in (*countries, *actors)),
        "image": absolute(f"{event.get_absolute_url().removesuffix('/')}.png"),
        "url": address,
        "superEvent": [_other(row.target, absolute) for row in relations if row.kind == RelationKind.PART_OF],
        "subEvent": [_other(row.event, absolute) for row in inverse if row.kind == RelationKind.PART_OF],
    }


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in values.items() if value not in ("", [], None)}


def _once(values: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({value["name"]: value for value in values}.values())


def _country(country: Any) -> dict[str, Any]:
    return {"@type": "Country", "name": country.local_name, "identifier": country.code}


def _actor(actor: Any) -> dict[str, Any]:
    return {"@type": "Person" if actor.kind == "person" else "Organization", "name": actor.name}


def _place(event: Event) -> dict[str, Any] | None:
    if not event.place and event.latitude is None:
        return None
    point = None
    if event.latitude is not None and event.longitude is not None:
        point = {"@type": "GeoCoordinates", "latitude": float(event.latitude), "longitude": float(event.longitude)}
    return _given({"@type": "Place", "name": event.place, "address": event.place, "geo": point})


def _citation(source: Source) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return _given(
        {
            "@type": "CreativeWork",
            "name": source.title or source.publisher,
            "publisher": publisher,
            "url": _web_address(source.url),
            "datePublished": _iso(source.published),
        }
    )


def _web_address(value: str) -> str:
    """The address if it is http or https, else nothing: what came past the checks must not become a link."""
    try:
        validate_web_address(value)
    except ValidationError:
        return ""
    return value


def _other(event: Event, absolute: ADDRESS) -> dict[str, Any]:
    address = absolute(event.get_absolute_url())
    return _given(
        {
            "@type": "Event",
            "@id": f"{address}#event",
            "name": event.title,
            "startDate": iso_dates(event.when)[0],
            "url": address,
        }
    )


def _iso(edtf: str) -> str:
    """The date of ISO 8601 in an EDTF text, without what EDTF says about it; "" where there is none."""
    found = _ISO_DATE.fullmatch(edtf)
    return found[1] if found else ""


def _common(first: str, last: str) -> str:
    """The day, month or year that both lie in; "" where that is none."""
    return next((first[:length] for length in (10, 7, 4) if first[:length] == last[:length]), "")
