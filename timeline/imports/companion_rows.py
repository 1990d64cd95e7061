"""Datasets, people, stories and coverage of a report become rows, with their history; and back, when it is undone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date
from simple_history.utils import bulk_create_with_history

from timeline.models import Actor, CompanionVersion, Country, Coverage, Dataset, Story, StoryEvent

from .draft import Change, Decision, Draft
from .file_versions import part_name, plain, plain_rows
from .resolving import resolved
from .stored import Stored, stored_companions

BATCH = 500
KINDS: dict[str, type[models.Model]] = {part_name(model): model for model in (Dataset, Actor, Story, Coverage)}


class CompanionWriter:
    """Writes them kind by kind: what events name before the events, what names events after them."""

    def __init__(self, reason: str, decide: Callable[[Draft], Decision]) -> None:
        self.reason, self.decide = reason, decide
        self.changed: list[dict[str, Any]] = []
        """What was stored before and is now, of each that was changed."""
        self.versions: list[int] = []
        """Numbers of what was kept of what the file said."""

    def write(self, drafts: Iterable[Draft], events: Mapping[str, int] | None = None) -> None:
        """Write what is decided; `events` are those of stories, by their identifiers."""
        chosen = [resolved(draft, self.decide) for draft in drafts]
        new = [draft for draft in chosen if draft.change is Change.NEW]
        people = [Actor(slug=draft.id, **draft.values) for draft in new if draft.model is Actor]
        if people:
            bulk_create_with_history(people, Actor, batch_size=BATCH, default_change_reason=self.reason)
        for draft in chosen:
            if draft.change is Change.NEW and draft.model is not Actor:
                self._save(draft.model, draft.id, draft.values, draft.parts, events or {})
            elif draft.differs:
                self._change(draft, events or {})
        said = [draft for draft in chosen if draft.said]
        kept = CompanionVersion.objects.bulk_create(
            CompanionVersion(kind=part_name(draft.model), slug=draft.id, said=draft.said) for draft in said
        )
        self.versions += [version.pk for version in kept]

    def _change(self, draft: Draft, events: Mapping[str, int]) -> None:
        before = stored_companions(draft.model, [draft.id]).get(draft.id) or Stored(0, {}, {Coverage: []})
        told = (
            StoryEvent.objects.filter(story__slug=draft.id) if "events" in draft.before else StoryEvent.objects.none()
        )
        numbers = list(told.order_by("position", "pk").values_list("event_id", flat=True))
        values = {name: draft.values[name] for name in draft.before}
        parts = {model: draft.parts[model] for model in (*draft.changed_parts, *draft.merged)}
        self._save(draft.model, draft.id, values, parts, events)
        self.changed.append(
            {
                "kind": part_name(draft.model),
                "slug": draft.id,
                "told": numbers,
                "before": {name: plain(value) for name, value in draft.before.items()}
                | {part_name(model): plain_rows(before.parts[model]) for model in parts},
                "after": {name: plain(value) for name, value in values.items()}
                | {part_name(model): plain_rows(sorted(rows)) for model, rows in parts.items()},
            }
        )

    def _save(
        self,
        model: type[models.Model],
        slug: str,
        values: Mapping[str, Any],
        parts: Mapping[Any, Iterable[tuple[Any, ...]]],
        events: Mapping[str, int],
    ) -> None:
        if model is Coverage:
            self._coverage(slug, parts[Coverage])
            return
        row: Any = model._default_manager.filter(slug=slug).first() or model(slug=slug)
        columns = {name: value for name, value in values.items() if name != "events"}
        if columns:
            for name, value in columns.items():
                setattr(row, name, value)
            row._change_reason = self.reason
            row.save()
        if "events" in values:
            self._told(row, [events[name] for name in values["events"] if name in events])

    def _told(self, story: Story, events: list[int]) -> None:
        """Let the story tell these events in this order, each once."""
        story.story_events.all().delete()
        rows = [
            StoryEvent(story=story, event_id=event, position=place)
            for place, event in enumerate(dict.fromkeys(events), 1)
        ]
        if rows:
            bulk_create_with_history(rows, StoryEvent, batch_size=BATCH, default_change_reason=self.reason)

    def _coverage(self, dataset: str, rows: Iterable[tuple[Any, ...]]) -> None:
        owner = Dataset.objects.get(slug=dataset)
        Coverage.objects.filter(dataset=owner).delete()
        for first, last, codes, note in rows:
            covered: Any = Coverage(dataset=owner, first_text=first, last_text=last, note=note)
            covered._change_reason = self.reason
            covered.save()
            covered.countries.set(Country.objects.filter(pk__in=codes.split()))

    def take_back(self, changed: Mapping[str, Any]) -> None:
        """Give what an import changed the values that it had before; one of the entries of `changed`."""
        model, slug, before = KINDS[changed["kind"]], changed["slug"], changed["before"]
        if model is Coverage:
            self._coverage(slug, before[changed["kind"]])
            return
        values = {name: _stored(model, name, value) for name, value in before.items() if name != "events"}
        self._save(model, slug, values, {}, {})
        if "events" in before:
            self._told(Story.objects.get(slug=slug), changed["told"])


def is_as_written(changed: Mapping[str, Any]) -> bool:
    """Whether what an import changed still is as it left it; one of the entries of `changed`."""
    kind, after = changed["kind"], changed["after"]
    stored = stored_companions(KINDS[kind], [changed["slug"]]).get(changed["slug"])
    if KINDS[kind] is Coverage:
        return after == {kind: plain_rows(stored.parts[Coverage]) if stored else []}
    return stored is not None and after == {name: plain(stored.values[name]) for name in after}


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    """The value as the model's field holds it, from what JSON holds."""
    field: Any = model._meta.get_field(name)
    if isinstance(field, models.DateField):
        found: datetime.date | None = parse_date(value) if value else None
        return found
    if value is None:
        return None if field.null else field.get_default()
    return value
