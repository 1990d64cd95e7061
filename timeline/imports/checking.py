"""Records to a report: what would be new, changed or unchanged, and everything that is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from timeline.models import Category, Event, EventStatus, Relation, Revision
from timeline.records import (
    EventRecord,
    Problem,
    Record,
)

from .companions import Companions
from .countries import CountryResolver
from .draft import Change, Draft, Key
from .events import EventReader, Known
from .file_versions import Said, last_said
from .report import Report
from .slugs import Slugs
from .stored import Stored, former_ids, stored_events, stored_ids
from .three_way import arrows_of, compare_arrows_again, compared, compared_where_merged, deleted, is_decided

CHUNK = 500
"""Events looked up together; a statement of SQLite may be limited to 999 parameters."""


NAMED = 20
"""Events that a file lacks and that are named; all are counted."""


def check(records: Iterable[Record | Problem], *, dataset: str = "", status: str = EventStatus.DRAFT) -> Report:
    """What importing the records would do. Raises formats.FileProblem if they come out of an unreadable file.

    `dataset` is that of events that name none. `status` is given to new events whose record has none; a stored event
    keeps its own, so that importing a table again does not take back what editors published.
    """
    checker = _Checker(dataset, status)
    checker.read(records)
    checker.check_arrows_to_the_file()
    checker.check_merged()
    checker.check_relations()
    checker.look_for_missing()
    checker.companions.compare(lambda event: checker.key_of(event) is not None)
    return checker.report


class _Checker:
    def __init__(self, dataset: str, status: str) -> None:
        self.dataset, self.status = dataset, status
        self.report = Report(revision=Revision.objects.number())
        self.countries = CountryResolver.of_database()
        self.categories = list(Category.objects.values_list("slug", flat=True))
        self.slugs = Slugs()
        self.companions = Companions(self.report, self.countries)
        self.datasets, self.actors = self.companions.datasets, self.companions.actors
        self.stored: dict[Key, int] = {}
        self.former: dict[Key, tuple[int, int | None]] = {}
        """Identifiers that stored events had before: their numbers then, and where they are found now."""
        self.merged: dict[Key, int] = {}
        """The events of the file that were merged here, and into which."""
        self.read_datasets: set[str] = set()
        self.first_rows: dict[Key, tuple[int, int]] = {}
        """The first row with a key, and the hash of what it says."""
        self.fingerprints: dict[bytes, int] = {}
        self.arrows: dict[Key, tuple[int, list[Key]]] = {}
        """The row of each event that leads to others, and those."""
        self.part_arrows: dict[Key, tuple[list[tuple[Any, ...]], list[Key]]] = {}
        """The arrows that the file gives an event which has more of them here, and where those lead."""

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
        elif not isinstance(record, EventRecord):
            self.companions.take(record)

    def check_events(self, chunk: list[EventRecord]) -> None:
        if not self.dataset and len(self.datasets.wanted) == 1:
            self.dataset = next(iter(self.datasets.wanted))
        datasets = {record.dataset or self.dataset for record in chunk} - self.read_datasets
        self.read_datasets |= datasets
        self.stored |= stored_ids(datasets & self.datasets.stored) if datasets else {}
        self.former |= former_ids(datasets & self.datasets.stored) if datasets else {}
        known = Known(self.countries, self.categories, self.actors)
        keys = [(record.dataset or self.dataset, record.id) for record in chunk]
        here = [self.stored[key] for key in keys if key in self.stored]
        before = [self.former[key] for key in keys if key in self.former] if self.former else []
        stored = stored_events([*here, *(now for _number, now in before if now)])
        said = last_said([*here, *(number for number, _now in before)])
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
        stored: Mapping[int, Stored],
        said: Mapping[int, Said],
        first: tuple[int, int] | None,
    ) -> None:
        record = reader.record
        stored_id = self.stored.get(key)
        values_of, parts = reader.values(), reader.parts()
        if stored_id is None and key in self.former:
            draft = self._former(key, reader, (values_of, parts), stored, said)
        elif stored_id is None:
            draft = self._new(key, reader, values_of, parts)
        else:
            stated = reader.said(values_of, parts)
            self._complete_arrows(key, stored[stored_id], said.get(stored_id), stated[1])
            draft = compared(key, record.row, stored[stored_id], said.get(stored_id), *stated)
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

    def _former(
        self,
        key: Key,
        reader: EventReader,
        file: tuple[dict[str, Any], dict[Any, Any]],
        stored: Mapping[int, Stored],
        said: Mapping[int, Said],
    ) -> Draft:
        """What becomes of an event that is called otherwise here, was merged into another, or deleted."""
        number, now = self.former[key]
        last, row = said.get(number), reader.record.row
        stated = reader.said(*file)
        if now is None:
            if is_decided(last, *stated):
                return Draft(*key, row, Change.UNCHANGED, *file)
            return deleted(self._new(key, reader, *file), number, last, *stated)
        if now == number:
            return compared(key, row, stored[now], last, *stated)
        self.merged[key] = now
        return compared_where_merged(key, row, stored[now], number, last, *stated)

    def _complete_arrows(self, key: Key, stored: Stored, said: Said | None, parts: dict[Any, Any]) -> None:
        """Add the arrows that the file may not be able to hold; which ones, its end will tell."""
        rows = parts.get(Relation)
        if rows is None or rows == stored.parts[Relation] or self.first_rows.get(key):
            return
        parts[Relation] = arrows_of(stored, said, rows, lambda target: False)
        if lacking := [(row[1], row[2]) for row in parts[Relation] if row not in rows]:
            self.part_arrows[key] = rows, lacking

    def check_arrows_to_the_file(self) -> None:
        """Take away the arrows that the file lacks although it has the event to which they lead."""
        keys = [
            key
            for key, (_rows, lacking) in self.part_arrows.items()
            if key in self.report.drafts and any(target in self.first_rows for target in lacking)
        ]
        for start in range(0, len(keys), CHUNK):
            chosen = {self.stored[key]: key for key in keys[start : start + CHUNK]}
            stored, said = stored_events(chosen), last_said(chosen)
            for pk, key in chosen.items():
                draft = self.report.drafts[key]
                rows = arrows_of(stored[pk], said.get(pk), self.part_arrows[key][0], self.first_rows.__contains__)
                compare_arrows_again(draft, stored[pk], said.get(pk), rows)
                self.report.drafts[key] = draft

    def check_merged(self) -> None:
        """One event must not be changed by two rows of one file."""
        if not self.merged:
            return
        taken = {self.stored[key]: key for key in self.stored if key in self.report.drafts}
        changing = {*self.report.drafts.keys_of(Change.CHANGED, Change.CONFLICT)}
        for key, now in self.merged.items():
            if key not in changing:
                continue
            other = taken.setdefault(now, key)
            if other != key and other in changing:
                message = _(
                    "Here this is one event with row %(row)d, and both are corrected. Import one of them alone."
                )
                message %= {"row": self.report.drafts[other].row}
                self._problem("events", self.report.drafts.pop(key).row, "id", key[1], message)

    def look_for_missing(self) -> None:
        """Name what the datasets of the file's events hold beside them."""
        self.report.former = {key: now for key, (_number, now) in self.former.items()}
        found = {now for key, now in self.report.former.items() if key in self.first_rows}
        missing = sorted(pk for key, pk in self.stored.items() if key not in self.first_rows and pk not in found)
        self.report.missing_count = len(missing)
        named = Event.objects.filter(pk__in=missing[:NAMED]).order_by("pk") if missing else ()
        self.report.missing = [(event.pk, event.title) for event in named]
        self.report.datasets = [*self._datasets_here()]

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
        deleted = {*self.report.drafts.deleted}
        for row, targets in arrows.values() if deleted else ():
            for target in deleted.intersection(targets):
                message = _("The event with this identifier was deleted here. The arrow comes only if that comes back.")
                self.report.add_warning(Problem(row, "relations", target[1], message))

    def _exists(self, key: Key) -> bool:
        return key in self.report.drafts or key in self.stored or bool(self.former.get(key, (0, None))[1])

    def key_of(self, event: str) -> Key | None:
        return next((key for dataset in self._datasets_here() if self._exists(key := (dataset, event))), None)

    def _datasets_here(self) -> Iterator[str]:
        return iter(dict.fromkeys(chain([self.dataset], (key[0] for key in self.report.drafts))))

    def _problem(self, kind: str, row: int, column: str, value: str, message: str) -> None:
        name = column if kind == "events" else f"{kind}.{column}" if column else kind
        self.report.add_problem(Problem(row, name, value, message), kind)
