"""One event record to what the database would hold, every value checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from timeline import dates
from timeline.models import (
    ActorParticipation,
    Event,
    EventName,
    Participation,
    Relation,
    Role,
    Source,
)
from timeline.records import EventRecord, Problem, RelationRecord

from . import values
from .countries import CountryResolver, UnknownCountry
from .draft import Key
from .stored import PART_FIELDS
from .unidentified import Unidentified

Cleaner = Callable[[Any], Any]


def _cleaners(model: type[models.Model], *names: str) -> list[tuple[str, Cleaner, bool]]:
    """What cleans each field, and whether it may be empty."""
    fields: Any = map(model._meta.get_field, names)
    return [(field.name, values.cleaner(model, field.name), field.blank) for field in fields]


EVENT_CLEANERS = _cleaners(Event, "title", "summary", "body", "date_note", "place")
SOURCE_DATES: dict[str, tuple[Cleaner, bool]] = {
    "published": (values.date_text, True),
    "accessed": (values.iso_day, False),
    "gives_date": (values.date_text, True),
}
SOURCE_CLEANERS = [
    (name, *SOURCE_DATES.get(name, (cleaned, may_be_empty)))
    for name, cleaned, may_be_empty in _cleaners(Source, *PART_FIELDS[Source])
]
POINT = frozenset(("latitude", "longitude"))
NOWHERE: dict[str, Any] = dict.fromkeys(("latitude", "longitude"))
ROLES = frozenset(Role.values)
# What a record calls them.
FIELD_OF: dict[Any, str] = {
    "category_id": "category",
    Participation: "countries",
    ActorParticipation: "actors",
    EventName: "names",
    Source: "sources",
    Relation: "relations",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What an event may refer to."""

    countries: CountryResolver
    categories: Collection[str]
    actors: Container[str]
    addresses: Mapping[str, Unidentified]
    """The events without identifier that the file may mean, by what it calls them."""
    dataset: str
    """That of events which name none and are not among these."""


class EventReader:
    """Reads one record; `problems` and `warnings` hold all that is wrong with it, not only the first thing."""

    __slots__ = ("key", "known", "parts", "problems", "record", "values", "warnings", "when")

    def __init__(self, record: EventRecord, known: Known, key: Key) -> None:
        self.record = record
        self.key = key
        self.known = known
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.when: dates.EventDate | None = None
        self.values = self._values()
        self.parts = self._parts()

    def _values(self) -> dict[str, Any]:
        """The event's own columns; a status or a slug that the record does not give is left out."""
        record = self.record
        self.when = self._read("date", record.date, values.when)
        found = self._texts(record, EVENT_CLEANERS)
        self._read("id", record.id, values.cleaner(Event, "external_id"))
        found["date"] = self.when.edtf if self.when else ""
        found |= self._point() if record.latitude or record.longitude else NOWHERE
        found["category_id"] = self._read("category", record.category, self._category)
        found["importance"] = self._read("importance", record.importance, values.importance)
        if record.status:
            found["status"] = self._read("status", record.status, values.cleaner(Event, "status"))
        if record.slug:
            found["slug"] = self._read("slug", record.slug, values.cleaner(Event, "slug"))
        return found

    def _point(self) -> dict[str, Any]:
        record = self.record
        latitude = self._read("latitude", record.latitude, self._latitude)
        longitude = self._read("longitude", record.longitude, partial(values.degrees, limit=180))
        if bool(record.latitude.strip()) != bool(record.longitude.strip()):
            self._problem("latitude", record.latitude, _("Give both latitude and longitude, or neither."))
        return {"latitude": latitude, "longitude": longitude}

    def said(self) -> tuple[dict[str, Any], dict[type[models.Model], list[tuple[Any, ...]]]]:
        """Those of the values and parts of which the file says anything. A point is said as a whole."""
        unsaid = self.record.unsaid
        if not unsaid:
            return self.values, self.parts
        if "latitude" not in unsaid or "longitude" not in unsaid:
            unsaid -= POINT
        return (
            {name: value for name, value in self.values.items() if FIELD_OF.get(name, name) not in unsaid},
            {model: rows for model, rows in self.parts.items() if FIELD_OF[model] not in unsaid},
        )

    def _parts(self) -> dict[type[models.Model], list[tuple[Any, ...]]]:
        """What belongs to the event, in the order of `stored.PART_FIELDS`."""
        record = self.record
        return {
            Participation: self._countries(),
            ActorParticipation: self._actors() if record.actors else [],
            EventName: self._names() if record.names else [],
            Source: [self._source(number) for number in range(1, len(record.sources) + 1)],
            Relation: self._relations() if record.relations else [],
        }

    def _read(self, name: str, value: Any, convert: Cleaner) -> Any:
        try:
            return convert(value)
        except ValueError as problem:
            self._problem(name, value, str(problem))
            return None

    def _texts(self, row: Any, cleaners: Iterable[tuple[str, Cleaner, bool]], path: str = "") -> dict[str, Any]:
        """The same as `_read` for many texts, most of which nothing is wrong with."""
        found: dict[str, Any] = {}
        for name, cleaned, may_be_empty in cleaners:
            value = getattr(row, name)
            try:
                found[name] = "" if value == "" and may_be_empty else cleaned(value)
            except ValueError as problem:
                found[name] = None
                self._problem(f"{path}{name}", value, str(problem))
        return found

    def _problem(self, name: str, value: Any, message: str, column: str = "") -> None:
        column = column or self.record.columns.get(name, name)
        self.problems.append(Problem(self.record.row, column, str(value), message))

    def _latitude(self, text: str) -> Any:
        try:
            return values.degrees(text, 90)
        except ValueError as problem:
            if _fits(text, 180) and _fits(self.record.longitude, 90):
                raise ValueError(f"{problem} " + _("Are latitude and longitude swapped?")) from problem
            raise

    def _category(self, slug: str) -> str:
        if slug not in self.known.categories:
            raise ValueError(values.one_of(slug, self.known.categories))
        return slug

    def _country(self, text: str) -> str:
        return self.known.countries.code(text, self.when.day if self.when else None)

    def _countries(self) -> list[tuple[Any, ...]]:
        found: dict[tuple[Any, ...], None] = {}
        day = self.when.day if self.when else None
        for number, part in enumerate(self.record.countries, 1):
            role, text = part.role, part.country
            if role not in ROLES:
                role = self._read(f"countries[{number}].role", role, values.cleaner(Participation, "role"))
            try:
                code = self.known.countries.code(text, day)
            except UnknownCountry as problem:
                if not part.optional:
                    self._problem(f"countries[{number}].country", text, str(problem), part.column)
                continue
            self._check_life(code, text, part.column or f"countries[{number}].country")
            found[code, role] = None
        return list(found)

    def _check_life(self, code: str, text: str, column: str) -> None:
        country = self.known.countries.countries[code]
        if self.when and not country.existed_during(self.when.earliest, self.when.latest):
            message = _("%(country)s existed from %(first)s to %(last)s, not on %(date)s.") % {
                "country": country.name,
                "first": country.first_day or "…",
                "last": country.last_day or "…",
                "date": self.when.edtf,
            }
            self.warnings.append(Problem(self.record.row, column, text, message))

    def _actors(self) -> list[tuple[Any, ...]]:
        found: dict[tuple[Any, ...], None] = {}
        for number, part in enumerate(self.record.actors, 1):
            path = f"actors[{number}]"
            role = self._read(f"{path}.role", part.role, values.cleaner(ActorParticipation, "role"))
            if part.actor not in self.known.actors:
                self._problem(f"{path}.actor", part.actor, _("There is no actor with this slug in the file or here."))
            found[part.actor, role] = None
        return list(found)

    def _names(self) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for number, part in enumerate(self.record.names, 1):
            path = f"names[{number}]"
            name, language, note = (
                self._read(f"{path}.{key}", getattr(part, key), values.cleaner(EventName, key))
                for key in ("name", "language", "note")
            )
            code = self._read(f"{path}.country", part.country, self._country) if part.country else None
            if not part.country and not part.language:
                self._problem(path, part.name, _("Say who uses the name: a country, a language, or both."))
            found.append((name, code, language, note))
        return found

    def _source(self, number: int) -> tuple[Any, ...]:
        part, path = self.record.sources[number - 1], f"sources[{number}]."
        cells = self._texts(part, SOURCE_CLEANERS, path)
        if not part.title and not part.url:
            self._problem(f"{path}title", "", _("Give a title or an address, so that a reader can find it."))
        return tuple(cells.values())

    def _relations(self) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for number, part in enumerate(self.record.relations, 1):
            path = f"relations[{number}]"
            kind = self._read(f"{path}.kind", part.kind, values.cleaner(Relation, "kind"))
            note = self._read(f"{path}.note", part.note, values.cleaner(Relation, "note"))
            target = self._target(part)
            if target == self.key:
                self._problem(f"{path}.event", part.event, _("An event cannot be related to itself."))
            if any((kind, *target) == other[:3] for other in found):
                self._problem(f"{path}.event", part.event, _("This relation is already there."))
            found.append((kind, *target, note))
        return found

    def _target(self, part: RelationRecord) -> Key:
        """The dataset and the name of the event to which a relation leads."""
        if part.dataset:
            return part.dataset, part.event
        if part.dataset is None and not self.record.is_in_no_dataset:
            return self.key[0], part.event
        there = self.known.addresses.get(part.event)
        return there.key if there and not there.dataset else (self.known.dataset, part.event)


def _fits(text: str, limit: int) -> bool:
    try:
        return values.degrees(text, limit) is not None
    except ValueError:
        return False
