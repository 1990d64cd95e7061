"""Records to a report: what would be new, changed or unchanged, and everything that is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from functools import partial
from itertools import chain
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from timeline import dates
from timeline.models import Actor, Category, Coverage, Dataset, EventStatus, Relation, Revision, Story, StoryEvent
from timeline.records import (
    ActorRecord,
    CoverageRecord,
    DatasetRecord,
    EventRecord,
    Problem,
    Record,
    StoryRecord,
)

from . import values
from .countries import CountryResolver, UnknownCountry
from .events import EventReader, Known
from .report import Change, Draft, Key, Report
from .slugs import Slugs
from .stored import PART_FIELDS, StoredEvent, stored_events

DATASET_FIELDS = ("slug", "name", "publisher", "licence", "citation", "url")
ACTOR_FIELDS = ("slug", "name", "kind", "country", "description")
STORY_TEXTS = ("slug", "title", "text", "source_publisher", "source_title", "source_url")


def check(records: Iterable[Record | Problem], *, dataset: str = "", status: str = EventStatus.DRAFT) -> Report:
    """What importing the records would do. Raises formats.FileProblem if they come out of an unreadable file.

    `dataset` is that of events that name none. `status` is given to new events whose record has none; a stored event
    keeps its own, so that importing a table again does not take back what editors published.
    """
    checker = _Checker(dataset, status)
    checker.sort(records)
    checker.check_datasets()
    checker.check_actors()
    checker.check_events()
    checker.check_relations()
    checker.check_stories()
    checker.check_coverage()
    return checker.report


class _Checker:
    def __init__(self, dataset: str, status: str) -> None:
        self.dataset, self.status = dataset, status
        self.report = Report(revision=Revision.objects.number())
        self.countries = CountryResolver.of_database()
        self.records: dict[type[Any], list[Any]] = {
            made: [] for made in (DatasetRecord, ActorRecord, EventRecord, StoryRecord, CoverageRecord)
        }
        self.datasets: set[str] = set()
        self.actors: set[str] = set()
        self.stored: dict[Key, StoredEvent] = {}

    def sort(self, records: Iterable[Record | Problem]) -> None:
        for record in records:
            if isinstance(record, Problem):
                self.report.add_problem(record, record.column.partition(".")[0])
            else:
                self.records[type(record)].append(record)

    def check_datasets(self) -> None:
        stored = {row["slug"]: row for row in Dataset.objects.values(*DATASET_FIELDS)}
        self.datasets = set(stored)
        for row, record in enumerate(self.records[DatasetRecord], 1):
            if self._clean("datasets", row, Dataset, record, DATASET_FIELDS):
                self.datasets.add(record.slug)
                if stored.get(record.slug) != {name: getattr(record, name) for name in DATASET_FIELDS}:
                    self.report.datasets.append(record)
        named = list(dict.fromkeys(record.slug for record in self.records[DatasetRecord]))
        if not self.dataset and len(named) == 1:
            self.dataset = named[0]

    def check_actors(self) -> None:
        stored = {row["slug"]: row for row in Actor.objects.values(*ACTOR_FIELDS)}
        self.actors = set(stored)
        wanted: dict[str, ActorRecord] = {}
        for row, record in enumerate(self.records[ActorRecord], 1):
            if record.only_if_missing and (record.slug in stored or record.slug in wanted):
                continue
            if not self._clean("actors", row, Actor, record, tuple(n for n in ACTOR_FIELDS if n != "country")):
                continue
            try:
                code = self.countries.code(record.country) if record.country else ""
            except UnknownCountry as problem:
                self._problem("actors", row, "country", record.country, str(problem))
                continue
            found = replace(record, country=code)
            if wanted.setdefault(record.slug, found) != found:
                self._problem("actors", row, "slug", record.slug, _("Another actor of this file has this slug."))
            self.actors.add(record.slug)
            values_of = {name: getattr(found, name) for name in ACTOR_FIELDS} | {"country": code or None}
            if stored.get(record.slug) != values_of and found not in self.report.actors[-1:]:
                self.report.actors.append(found)

    def check_events(self) -> None:
        records = [self._with_dataset(record) for record in self.records[EventRecord]]
        self.stored = stored_events({record.dataset for record in records} & self.datasets)
        known = Known(self.countries, list(Category.objects.values_list("slug", flat=True)), self.actors)
        slugs = Slugs()
        seen: dict[Any, int] = {}
        rows: dict[Key, int] = {}
        for record in records:
            same = (record.dataset, record.fingerprint) if record.fingerprint else record
            if same in seen:
                self.report.duplicates.append((record.row, seen[same]))
                continue
            seen[same] = record.row
            reader = EventReader(record, known)
            draft = self._draft(record, reader, slugs)
            if record.dataset not in self.datasets:
                message = _("This dataset is neither in the file nor here.") if record.dataset else _("Name a dataset.")
                self._problem("events", record.row, "dataset", record.dataset, message)
            elif draft.key in rows:
                message = _("Row %(row)d has the same identifier and says something else.") % {"row": rows[draft.key]}
                self._problem("events", record.row, record.columns.get("id", "id"), record.id, message)
            elif not reader.problems:
                self.report.drafts[draft.key] = draft
            rows.setdefault(draft.key, record.row)
            for problem in reader.problems:
                self.report.add_problem(problem)
            for warning in reader.warnings:
                self.report.add_warning(warning)

    def _with_dataset(self, record: EventRecord) -> EventRecord:
        return record if record.dataset else replace(record, dataset=self.dataset)

    def _draft(self, record: EventRecord, reader: EventReader, slugs: Slugs) -> Draft:
        stored = self.stored.get((record.dataset, record.id))
        values_of = reader.values()
        parts = reader.parts()
        owner = stored.pk if stored else None
        if slug := values_of.get("slug"):
            if slugs.is_free(slug, owner):
                slugs.take(slug, owner)
            else:
                message = _("Another event already has this slug.")
                reader.problems.append(Problem(record.row, record.columns.get("slug", "slug"), slug, message))
        if stored:
            values_of = stored.values | values_of
            changed = [model for model in PART_FIELDS if stored.parts[model] != parts[model]]
            change = Change.CHANGED if changed or stored.values != values_of else Change.UNCHANGED
            return Draft(record, change, values_of, parts, changed, stored.pk)
        values_of.setdefault("status", self.status)
        if "slug" not in values_of and reader.when and not reader.problems:
            values_of["slug"] = slugs.new(record.title, reader.when.day)
        return Draft(record, Change.NEW, values_of, parts)

    def check_relations(self) -> None:
        """Leave out events whose relations lead nowhere, and then those that led to them, until all hold."""
        waiting = True
        while waiting:
            lost = [
                (draft, row)
                for draft in self.report.drafts.values()
                for row in draft.parts[Relation]
                if not self._exists((row[1], row[2]))
            ]
            for draft, row in lost:
                message = _("There is no event with this identifier in the file or here.")
                self._problem("events", draft.record.row, "relations", row[2], message)
                self.report.drafts.pop(draft.key, None)
            waiting = bool(lost)

    def _exists(self, key: Key) -> bool:
        return key in self.report.drafts or key in self.stored

    def check_stories(self) -> None:
        stored = _stored_stories()
        for record in self.records[StoryRecord]:
            row = record.row
            right = self._clean("stories", row, Story, record, STORY_TEXTS)
            for line in record.takeaways:
                right &= self._right("stories", row, "takeaways", line, partial(values.clean, Story, "text"))
            right &= self._right("stories", row, "published", record.published, values.iso_day)
            for event in record.events:
                if self._key_of(event) is None:
                    message = _("There is no event with this identifier in the file or here.")
                    self._problem("stories", row, "events", event, message)
                    right = False
            if right and stored.get(record.slug) != replace(record, row=0):
                self.report.stories.append(record)

    def _key_of(self, event: str) -> Key | None:
        return next((key for dataset in self._datasets_here() if self._exists(key := (dataset, event))), None)

    def _datasets_here(self) -> Iterator[str]:
        return iter(
            dict.fromkeys(chain([self.dataset], (draft.record.dataset for draft in self.report.drafts.values())))
        )

    def check_coverage(self) -> None:
        wanted: dict[str, list[CoverageRecord]] = {}
        for record in self.records[CoverageRecord]:
            row = record.row
            right = self._clean("coverage", row, Coverage, record, ("note",))
            if record.dataset not in self.datasets:
                self._problem(
                    "coverage", row, "dataset", record.dataset, _("This dataset is neither in the file nor here.")
                )
                right = False
            try:
                dates.range_bounds(record.first, record.last)
                codes = tuple(sorted(self.countries.code(text) for text in record.countries))
            except ValueError as problem:
                self._problem("coverage", row, "", f"{record.first}–{record.last}", str(problem))
                continue
            if right:
                wanted.setdefault(record.dataset, []).append(replace(record, countries=codes, row=0))
        stored = _stored_coverage(wanted)
        for dataset, records in wanted.items():
            if set(stored.get(dataset, [])) != set(records):
                self.report.coverage.extend(records)

    def _clean(self, kind: str, row: int, model: type[models.Model], record: Any, names: tuple[str, ...]) -> bool:
        right = True
        for name in names:
            right &= self._right(kind, row, name, getattr(record, name), partial(values.clean, model, name))
        return right

    def _right(self, kind: str, row: int, name: str, value: Any, convert: Any) -> bool:
        try:
            convert(value)
        except ValueError as problem:
            self._problem(kind, row, name, value, str(problem))
            return False
        return True

    def _problem(self, kind: str, row: int, column: str, value: str, message: str) -> None:
        name = column if kind == "events" else f"{kind}.{column}" if column else kind
        self.report.add_problem(Problem(row, name, value, message), kind)


def _stored_stories() -> dict[str, StoryRecord]:
    events: dict[str, list[str]] = {}
    for slug, event in StoryEvent.objects.order_by("position", "pk").values_list("story__slug", "event__external_id"):
        events.setdefault(slug, []).append(event)
    names = [each.name for each in fields(StoryRecord) if each.name not in ("events", "row", "published", "takeaways")]
    return {
        story.slug: StoryRecord(
            **{name: getattr(story, name) for name in names},
            takeaways=tuple(story.takeaways),
            published=story.published.isoformat() if story.published else "",
            events=tuple(events.get(story.slug, ())),
        )
        for story in Story.objects.all()
    }


def _stored_coverage(datasets: Iterable[str]) -> dict[str, list[CoverageRecord]]:
    found: dict[str, list[CoverageRecord]] = {}
    rows = (
        Coverage.objects.filter(dataset__slug__in=list(datasets))
        .select_related("dataset")
        .prefetch_related("countries")
    )
    for row in rows:
        codes = tuple(sorted(country.code for country in row.countries.all()))
        assert row.dataset is not None
        record = CoverageRecord(row.dataset.slug, codes, row.first_text, row.last_text, row.note)
        found.setdefault(record.dataset, []).append(record)
    return found
