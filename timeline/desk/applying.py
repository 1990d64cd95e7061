"""A version comes into force: checked by the models' own rules, as forms are, and written in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Country,
    Dataset,
    Event,
    EventName,
    EventStatus,
    Participation,
    Relation,
    SearchText,
    SlugRedirect,
    Source,
)
from timeline.records import EventRecord, Problem

PLAIN = ("title", "slug", "summary", "body", "date", "date_note", "place", "importance")
SOURCE = (
    "kind",
    "publisher",
    "title",
    "url",
    "published",
    "accessed",
    "archived_url",
    "quote",
    "stance",
    "gives_date",
)
# What makes two rows of a kind the same row.
COLUMNS: dict[Any, tuple[str, ...]] = {
    Participation: ("country_id", "role"),
    ActorParticipation: ("actor_id", "role"),
    EventName: ("name", "country_id", "language", "note"),
    Source: SOURCE,
    Relation: ("kind", "target_id", "note"),
}


class Refused(Exception):
    """The version cannot come into force; `problems` say what is wrong with it. Nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{problem.column}: {problem}" for problem in problems))
        self.problems = problems


def put(
    event: Event, version: EventRecord, *, reason: str = "", status: EventStatus | None = None, **others: Any
) -> None:
    """Make the event, stored or new, say what the version says; `others` are columns that versions do not hold.

    Raises Refused.
    """
    with SearchText.objects.postponed():
        reader = _Reader(version)
        for name, value in {**reader.columns(), **others}.items():
            setattr(event, name, value)
        if status is not None:
            event.status = status
        reader.clean(event, "")
        rows = {model: list(made) for model, made in reader.rows()}
        if reader.problems:
            raise Refused(reader.problems)
        event._change_reason = reason or None  # type: ignore[attr-defined]  # simple-history's
        event.save()
        for model, wanted in rows.items():
            _put_rows(model, event, wanted, reason[:100])


class _Reader:
    """Makes rows of a version's texts, and collects all that is wrong with them."""

    def __init__(self, version: EventRecord) -> None:
        self.version = version
        self.problems: list[Problem] = []

    def columns(self) -> dict[str, Any]:
        """The event's own columns."""
        version = self.version
        dataset = Dataset.objects.filter(slug=version.dataset).first() if version.dataset else None
        if version.dataset and dataset is None:
            self._problem("dataset", version.dataset, _("There is no dataset with this slug."))
        if not Category.objects.filter(pk=version.category).exists():
            self._problem("category", version.category, _("There is no such category."))
        return {name: getattr(version, name) for name in PLAIN} | {
            "category_id": version.category,
            "latitude": self._degrees("latitude", version.latitude),
            "longitude": self._degrees("longitude", version.longitude),
            "dataset": dataset,
            "external_id": version.id,
        }

    def rows(self) -> Iterator[tuple[Any, Iterable[models.Model]]]:
        """Unsaved rows by model, each checked."""
        version = self.version
        actors = dict(Actor.objects.filter(slug__in=[row.actor for row in version.actors]).values_list("slug", "pk"))
        targets = targets_of([row.event for row in version.relations])
        countries = {row.country for row in version.countries} | {row.country for row in version.names if row.country}
        known = set(Country.objects.filter(pk__in=countries).values_list("pk", flat=True))
        for code in sorted(countries - known):
            self._problem("countries", code, _("There is no country with the code “%(code)s”.") % {"code": code[:20]})
        for part in version.actors:
            if part.actor not in actors:
                self._problem("actors", part.actor, _("There is no such person or organisation any more."))
        for relation in version.relations:
            if relation.event not in targets:
                self._problem("relations", relation.event, _("The event that it points at is gone."))
        yield (
            Participation,
            self._made(
                "countries", (Participation(country_id=row.country, role=row.role) for row in version.countries)
            ),
        )
        yield (
            ActorParticipation,
            self._made(
                "actors",
                (ActorParticipation(actor_id=actors.get(row.actor, 0), role=row.role) for row in version.actors),
            ),
        )
        yield (
            EventName,
            self._made(
                "names",
                (
                    EventName(name=row.name, country_id=row.country or None, language=row.language, note=row.note)
                    for row in version.names
                ),
            ),
        )
        yield (
            Source,
            self._made(
                "sources",
                (
                    Source(**{name: getattr(row, name) for name in SOURCE} | {"accessed": row.accessed or None})
                    for row in version.sources
                ),
            ),
        )
        yield (
            Relation,
            self._made(
                "relations",
                (
                    Relation(kind=row.kind, target_id=targets.get(row.event, 0), note=row.note)
                    for row in version.relations
                ),
            ),
        )

    def _made(self, name: str, rows: Iterable[Any]) -> list[Any]:
        found: list[Any] = []
        for number, row in enumerate(rows, start=1):
            self.clean(row, f"{name} {number}")
            key = tuple(getattr(row, column) for column in COLUMNS[type(row)])
            if key in {tuple(getattr(other, column) for column in COLUMNS[type(row)]) for other in found}:
                self._problem(f"{name} {number}", "", _("This repeats a row above."))
            found.append(row)
        return found

    def clean(self, row: Any, place: str) -> None:
        """Check a row by its model's rules."""
        # Foreign keys have been looked up already, all at once.
        keys = [field.name for field in row._meta.concrete_fields if field.is_relation]
        try:
            row.full_clean(exclude=keys)
        except ValidationError as problem:
            for field, messages in problem.message_dict.items():
                named = " ".join(part for part in (place, "" if field == "__all__" else field) if part)
                for message in messages:
                    self._problem(named, "", message)

    def _degrees(self, name: str, text: str) -> Decimal | None:
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            self._problem(name, text, _("This is no number of degrees."))
            return None

    def _problem(self, column: str, value: str, message: str) -> None:
        self.problems.append(Problem(0, column, value, message))


def targets_of(slugs: list[str]) -> dict[str, int]:
    """Events by address, also by those that they had before."""
    found = dict(SlugRedirect.objects.filter(slug__in=slugs).values_list("slug", "event_id"))
    return found | dict(Event.objects.filter(slug__in=slugs).values_list("slug", "pk"))


def _put_rows(model: Any, event: Event, wanted: list[Any], reason: str) -> None:
    """Leave the rows that stay, and let others go and come, so that history shows what really changed."""
    names = COLUMNS[model]
    keys = [tuple(getattr(row, name) for name in names) for row in wanted]
    rows = list(model._default_manager.filter(event=event).order_by("pk"))
    waiting = Counter(keys)
    staying = []
    for row in rows:
        key = tuple(getattr(row, name) for name in names)
        if waiting[key] > 0:
            waiting[key] -= 1
            staying.append((row.pk, key))
    # New rows come last; where the wanted order is another, all are written anew.
    in_order = [key for _pk, key in staying] == keys[: len(staying)]
    kept = {pk for pk, _key in staying} if in_order else set()
    for row in rows:
        if row.pk not in kept:
            row._change_reason = reason
            row.delete()
    for row in wanted[len(kept) :]:
        row.event = event
        row._change_reason = reason
        row.save()
