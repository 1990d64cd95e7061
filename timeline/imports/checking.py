"""Records to a report: what would be new, changed or unchanged, and everything that is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from hashlib import blake2b
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
from .draft import Change, Draft, Key
from .events import EventReader, Known
from .file_versions import Said, last_said
from .report import Report
from .slugs import Slugs
from .stored import StoredEvent, stored_events, stored_ids
from .three_way import compared

CHUNK = 500
"""Events looked up together; a statement of SQLite may be limited to 999 parameters."""

DATASET_FIELDS = ("slug", "name", "publisher", "licence", "citation", "url")
ACTOR_FIELDS = ("slug", "name", "kind", "country", "description")
STORY_TEXTS = ("slug", "title", "text", "source_publisher", "source_title", "source_url")


def check(records: Iterable[Record | Problem], *, dataset: str = "", status: str = EventStatus.DRAFT) -> Report:
    """What importing the records would do. Raises formats.FileProblem if they come out of an unreadable file.

    `dataset` is that of events that name none. `status` is given to new events whose record has none; a stored event
    keeps its own, so that importing a table again does not take back what editors published.
    """
    checker = _Checker(dataset, status)
    checker.read(records)
    checker.check_relations()
    checker.check_stories()
    checker.check_coverage()
    return checker.report


@dataclass(slots=True)
class _Mentioned:
    """Datasets, or actors: those that are stored, and those of the file so far."""

    stored: dict[str, dict[str, Any]]
    wanted: dict[str, Any] = field(default_factory=dict)
    rows: int = 0

    def next_row(self) -> int:
        self.rows += 1
        return self.rows

    def __contains__(self, slug: object) -> bool:
        return slug in self.stored or slug in self.wanted


class _Checker:
    def __init__(self, dataset: str, status: str) -> None:
        self.dataset, self.status = dataset, status
        self.report = Report(revision=Revision.objects.number())
        self.countries = CountryResolver.of_database()
        self.categories = list(Category.objects.values_list("slug", flat=True))
        self.slugs = Slugs()
        self.datasets = _Mentioned({row["slug"]: row for row in Dataset.objects.values(*DATASET_FIELDS)})
        self.actors = _Mentioned({row["slug"]: row for row in Actor.objects.values(*ACTOR_FIELDS)})
        self.stories: list[StoryRecord] = []
        self.coverage: list[CoverageRecord] = []
        self.stored: dict[Key, int] = {}
        self.read_datasets: set[str] = set()
        self.first_rows: dict[Key, tuple[int, int]] = {}
        """The first row with a key, and the hash of what it says."""
        self.fingerprints: dict[bytes, int] = {}
        self.arrows: dict[Key, tuple[int, list[Key]]] = {}
        """The row of each event that leads to others, and those."""

    def read(self, records: Iterable[Record | Problem]) -> None:
        """Check events in chunks as they come; whatever they name must have come before them."""
        chunk: list[EventRecord] = []
        for record in records:
            if isinstance(record, EventRecord):
                chunk.append(record)
                if len(chunk) == CHUNK:
                    self.check_events(chunk)
                    chunk = []
            else:
                self.take(record)
        self.check_events(chunk)

    def take(self, record: Record | Problem) -> None:
        if isinstance(record, Problem):
            self.report.add_problem(record, record.column.partition(".")[0])
        elif isinstance(record, DatasetRecord):
            self.check_dataset(record)
        elif isinstance(record, ActorRecord):
            self.check_actor(record)
        elif isinstance(record, StoryRecord):
            self.stories.append(record)
        elif isinstance(record, CoverageRecord):
            self.coverage.append(record)

    def check_dataset(self, record: DatasetRecord) -> None:
        row = self.datasets.next_row()
        if self._clean("datasets", row, Dataset, record, DATASET_FIELDS):
            self.datasets.wanted[record.slug] = record
            if self.datasets.stored.get(record.slug) != {name: getattr(record, name) for name in DATASET_FIELDS}:
                self.report.datasets.append(record)

    def check_actor(self, record: ActorRecord) -> None:
        row, stored, wanted = self.actors.next_row(), self.actors.stored, self.actors.wanted
        if record.only_if_missing and (record.slug in stored or record.slug in wanted):
            return
        if not self._clean("actors", row, Actor, record, tuple(n for n in ACTOR_FIELDS if n != "country")):
            return
        try:
            code = self.countries.code(record.country) if record.country else ""
        except UnknownCountry as problem:
            self._problem("actors", row, "country", record.country, str(problem))
            return
        found = replace(record, country=code)
        if record.slug in wanted:
            if wanted[record.slug] != found:
                self._problem("actors", row, "slug", record.slug, _("Another actor of this file has this slug."))
            return
        wanted[record.slug] = found
        values_of = {name: getattr(found, name) for name in ACTOR_FIELDS} | {"country": code or None}
        if stored.get(record.slug) != values_of:
            self.report.actors.append(found)

    def check_events(self, chunk: list[EventRecord]) -> None:
        if not self.dataset and len(self.datasets.wanted) == 1:
            self.dataset = next(iter(self.datasets.wanted))
        datasets = {record.dataset or self.dataset for record in chunk} - self.read_datasets
        self.read_datasets |= datasets
        self.stored |= stored_ids(datasets & self.datasets.stored.keys()) if datasets else {}
        known = Known(self.countries, self.categories, self.actors)
        keys = [(record.dataset or self.dataset, record.id) for record in chunk]
        here = [self.stored[key] for key in keys if key in self.stored]
        stored, said = stored_events(here), last_said(here)
        for key, record in zip(keys, chunk, strict=True):
            if (again := self._repeated(key, record)) is not None:
                self.report.duplicates.append((record.row, again))
                continue
            first = self.first_rows.get(key)
            self._check_event(key, EventReader(record, known, key[0]), stored, said, first)
            if not first:
                self.first_rows[key] = record.row, hash(record)

    def _repeated(self, key: Key, record: EventRecord) -> int | None:
        """The row that says the same; None if this is the first. Digests, for the texts would fill the memory."""
        if record.fingerprint:
            digest = blake2b(repr((key[0], record.fingerprint)).encode(), digest_size=16).digest()
            if digest not in self.fingerprints:
                self.fingerprints[digest] = record.row
                return None
            return self.fingerprints[digest]
        first = self.first_rows.get(key)
        return first[0] if first and first[1] == hash(record) else None

    def _check_event(
        self,
        key: Key,
        reader: EventReader,
        stored: Mapping[int, StoredEvent],
        said: Mapping[int, Said],
        first: tuple[int, int] | None,
    ) -> None:
        record = reader.record
        stored_id = self.stored.get(key)
        values_of, parts = reader.values(), reader.parts()
        if stored_id is None:
            draft = self._new(key, reader, values_of, parts)
        else:
            draft = compared(key, record.row, stored[stored_id], said.get(stored_id), values_of, parts)
            if "slug" in draft.before or "slug" in draft.conflicts:
                self._take_slug(reader, values_of["slug"], stored_id)
        if key[0] not in self.datasets:
            message = _("This dataset is neither in the file nor here.") if key[0] else _("Name a dataset.")
            self._problem("events", record.row, "dataset", key[0], message)
        elif first:
            message = _("Row %(row)d has the same identifier and says something else.") % {"row": first[0]}
            self._problem("events", record.row, record.columns.get("id", "id"), record.id, message)
        elif not reader.problems:
            self.report.drafts[key] = draft
            if parts[Relation]:
                self.arrows[key] = record.row, [(row[1], row[2]) for row in parts[Relation]]
        for problem in reader.problems:
            self.report.add_problem(problem)
        for warning in reader.warnings:
            self.report.add_warning(warning)

    def _new(self, key: Key, reader: EventReader, values_of: dict[str, Any], parts: dict[Any, Any]) -> Draft:
        values_of.setdefault("status", self.status)
        if values_of.get("slug"):
            self._take_slug(reader, values_of["slug"], None)
        elif "slug" not in values_of and reader.when and not reader.problems:
            values_of["slug"] = self.slugs.new(reader.record.title, reader.when.day)
        return Draft(*key, reader.record.row, Change.NEW, values_of, parts)

    def _take_slug(self, reader: EventReader, slug: str, owner: int | None) -> None:
        if self.slugs.is_free(slug, owner):
            self.slugs.take(slug, owner)
        else:
            record, message = reader.record, _("Another event already has this slug.")
            reader.problems.append(Problem(record.row, record.columns.get("slug", "slug"), slug, message))

    def check_relations(self) -> None:
        """Leave out events whose relations lead nowhere, and then those that led to them, until all hold."""
        arrows = self.arrows
        waiting = True
        while waiting:
            lost = [
                (key, row, target)
                for key, (row, targets) in arrows.items()
                for target in targets
                if not self._exists(target)
            ]
            for key, row, target in lost:
                message = _("There is no event with this identifier in the file or here.")
                self._problem("events", row, "relations", target[1], message)
                self.report.drafts.pop(key, None)
                arrows.pop(key, None)
            waiting = bool(lost)

    def _exists(self, key: Key) -> bool:
        return key in self.report.drafts or key in self.stored

    def check_stories(self) -> None:
        stored = _stored_stories()
        for record in self.stories:
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
        return iter(dict.fromkeys(chain([self.dataset], (key[0] for key in self.report.drafts))))

    def check_coverage(self) -> None:
        wanted: dict[str, list[CoverageRecord]] = {}
        for record in self.coverage:
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
