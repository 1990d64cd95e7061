"""The rows of an event as they are sent: made into model instances, checked by the models, and put in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from timeline.imports import CountryResolver, UnknownCountry
from timeline.models import (
    Actor,
    ActorParticipation,
    Event,
    EventName,
    Participation,
    Relation,
    Source,
    Vocabulary,
)
from timeline.problem_documents import Fault

SOURCE_FIELDS = (
    *("kind", "publisher", "title", "url", "published", "accessed"),
    *("archived_url", "quote", "stance", "gives_date"),
)
# For each list of an event: the model of its rows, where it keeps them, and what makes two rows the same.
LISTS: dict[str, tuple[type[models.Model], str, tuple[str, ...]]] = {
    "countries": (Participation, "participations", ("country_id", "role")),
    "actors": (ActorParticipation, "actor_participations", ("actor_id", "role")),
    "names": (EventName, "names", ("name", "country_id", "language", "note")),
    "sources": (Source, "sources", SOURCE_FIELDS),
    "relations": (Relation, "relations", ("kind", "target_id", "note")),
}
# What must not be there twice, where it is less than the whole row.
ONCE: dict[type[models.Model], tuple[str, ...]] = {
    Participation: ("country_id", "role"),
    ActorParticipation: ("actor_id", "role"),
    Relation: ("kind", "target_id"),
}
KEYS = {"target": "event", "external_id": "id"}


@dataclass
class RowReader:
    """Reads the lists of one event; `faults` collects all that is wrong with them."""

    event: Event
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.vocabulary = Vocabulary.current()
        self.countries = CountryResolver(self.vocabulary.countries.values())

    def rows(self, name: str, sent: list[Mapping[str, Any]]) -> list[Any]:
        """The rows of one list, unsaved; those with faults are left out."""
        model = LISTS[name][0]
        made: dict[tuple[Any, ...], Any] = {}
        for number, entry in enumerate(sent):
            pointer = f"/{name}/{number}"
            row = self._row(model, entry, pointer)
            if row is None:
                continue
            same = tuple(getattr(row, each) for each in ONCE.get(model, ())) or (number,)
            if same in made:
                self.faults.append(Fault(_twice(model), pointer=pointer))
            made[same] = row
        return list(made.values())

    def _row(self, model: type[models.Model], entry: Mapping[str, Any], pointer: str) -> Any:
        known = len(self.faults)
        values = self._values(model, entry, pointer)
        row = model(event=self.event, **values)
        # Uniqueness within the event is ours to see; the event itself may not be stored yet.
        exclude = {"event"} | {fault.pointer.rpartition("/")[2] for fault in self.faults[known:] if fault.pointer}
        exclude |= {"target"} if "event" in exclude and model is Relation and len(self.faults) > known else set()
        try:
            row.full_clean(exclude=exclude, validate_unique=False)
        except ValidationError as problem:
            self.faults += faults_of(problem, pointer)
        return row if len(self.faults) == known else None

    def _values(self, model: type[models.Model], entry: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        values = dict(entry)
        if model in (Participation, EventName):
            text = values.pop("country", "")
            needed = model is Participation
            values["country_id"] = self._found(self._country, text, f"{pointer}/country") if text or needed else None
        if model is ActorParticipation:
            values["actor_id"] = self._found(self._actor, values.pop("actor"), f"{pointer}/actor")
        if model is Relation:
            values["target_id"] = self._found(self._event, values.pop("event"), f"{pointer}/event")
        if model is Source:
            values["accessed"] = values.get("accessed") or None
        return values

    def _found(self, find: Callable[[str], Any], text: str, pointer: str) -> Any:
        try:
            return find(text)
        except ValueError as problem:
            self.faults.append(Fault(str(problem), pointer=pointer, value=text[:80]))
            return None

    def _country(self, text: str) -> str:
        return self.countries.code(text)

    def _actor(self, slug: str) -> int:
        found: Actor | None = self.vocabulary.actors.get(slug)
        if found is None:
            raise ValueError(_("Nobody here has this slug."))
        return int(found.pk)

    def _event(self, slug: str) -> int:
        found = Event.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            raise ValueError(_("There is no event with this slug."))
        return int(found)


assert UnknownCountry.__mro__[1] is ValueError  # what _found catches


def differ(event: Event, name: str, wanted: list[Any]) -> bool:
    """Whether a list of a stored event says anything else than these rows."""
    _model, related, names = LISTS[name]
    return _said(getattr(event, related).all(), names) != _said(wanted, names)


def put(event: Event, name: str, wanted: list[Any], reason: str) -> None:
    """Make a list of a stored event these rows. The rows with which both begin stay, and so does their history."""
    _model, related, names = LISTS[name]
    stored = list(getattr(event, related).all())
    old, new = _said(stored, names), _said(wanted, names)
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), len(old))
    same = min(same, len(new))
    for row in stored[same:]:
        row._change_reason = reason
        row.delete()
    for row in wanted[same:]:
        row.event = event
        row._change_reason = reason
        row.save()


def faults_of(problem: ValidationError, pointer: str = "") -> list[Fault]:
    """What a model's full_clean says, each sentence at its member of the body."""
    found = []
    for name, messages in problem.message_dict.items():
        place = pointer if name == NON_FIELD_ERRORS else f"{pointer}/{KEYS.get(name, name)}"
        found += [Fault(message, pointer=place) for message in messages]
    return found


def _said(rows: Any, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in names) for row in rows]


def _twice(model: type[models.Model]) -> str:
    unique = next(rule for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint))
    return str(unique.get_violation_error_message())
