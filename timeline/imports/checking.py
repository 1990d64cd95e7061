"""Records to a report: what would be new, changed or unchanged, and everything that is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from pyroaring import BitMap64

from timeline.models import Category, Event, EventStatus, Relation, Revision
from timeline.models.many_rows import pieces
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
from .garbage import seldom_collected
from .repeats import Repeats
from .report import Report
from .slugs import Slugs
from .stored import Stored, all_ids, former_ids, stored_events, stored_ids
from .three_way import arrows_of, compare_arrows_again, compared, compared_where_merged, deleted, is_decided
from .unidentified import Unidentified, at_addresses, named_ids, recognised

CHUNK = 500
"""Events looked up together; a statement of SQLite may be limited to 999 parameters."""


NAMED = 20
"""Events that a file lacks and that are named; all are counted."""


@seldom_collected()
def check(records: Iterable[Record | Problem], *, dataset: str = "", status: str = EventStatus.DRAFT) -> Report:
    """What importing the records would do. Raises formats.FileProblem if they come out of an unreadable file.

    `dataset` is that of events that name none. `status` is given to new events whose record has none; a stored event
    keeps its own, so that importing a table again does not take back what editors published.
    """
    checker = _Checker(dataset, status)
    checker.read(records)
    checker.check_arrows_to_the_file()
    checker.check_relations()
    checker.look_for_missing()
    checker.companions.compare(lambda event: checker.key_of(event) is not None)
    checker.report.order()
    return checker.report


@dataclass(slots=True)
class _Row:
    """A row that repeats no other."""

    reader: EventReader
    says: int
    """A hash of the record."""
    first: int | None
    """An earlier row with the same key."""
    stored_id: int | None


class _Checker:
    def __init__(self, dataset: str, status: str) -> None:
        # A plain text: drafts are packed four times as quickly without our own classes.
        self.dataset, self.status = dataset, str(status)
        self.report = Report(revision=Revision.objects.number())
        self.countries = CountryResolver.of_database()
        self.categories = list(Category.objects.values_list("slug", flat=True))
        self.slugs = Slugs()
        self.companions = Companions(self.report, self.countries)
        self.datasets, self.actors = self.companions.datasets, self.companions.actors
        self.seen = BitMap64()
        """The stored events that the file has, under whatever name."""
        self.former: dict[Key, tuple[int, int | None]] = {}
        """Identifiers that stored events had before: their numbers then, and where they are found now."""
        self.read_datasets: set[str] = set()
        self.repeats = Repeats(self.report.drafts)
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
        self.former |= former_ids(datasets & self.datasets.stored) if datasets else {}
        keyed = [((record.dataset or self.dataset, record.id), record) for record in chunk]
        # Of a dataset that is new there is nothing here.
        ids = stored_ids(key for key, _record in keyed if key[0] in self.datasets.stored)
        addresses = at_addresses(_addresses(keyed, ids))
        if addresses:
            keyed = self._recognise(keyed, ids, addresses)
        known = Known(self.countries, self.categories, self.actors, addresses, self.dataset)
        self.repeats.look_up(keyed)
        before = [self.former[key] for key, _record in keyed if key in self.former] if self.former else []
        here = {*ids.values(), *(now for _number, now in before if now)}
        self.seen.update(here)
        stored = stored_events(here)
        said = last_said({*ids.values(), *(number for number, _now in before)})
        rows = []
        for key, record in keyed:
            says = hash(record)
            again, first = self.repeats.take(key, record, says)
            if again is None:
                rows.append(_Row(EventReader(record, known, key), says, first, ids.get(key)))
            else:
                self.report.add_duplicate(record.row, again)
        self._look_up_slugs(rows)
        for row in rows:
            self._check_event(row, stored, said)

    def _recognise(
        self, keyed: list[tuple[Key, EventRecord]], ids: dict[Key, int], addresses: Mapping[str, Unidentified]
    ) -> list[tuple[Key, EventRecord]]:
        """The same, with the events that are found by their address as what they are here; their numbers join `ids`."""
        found = recognised([(key, record) for key, record in keyed if key not in ids], addresses)
        called = [(key if key in ids or record.id not in found else found[record.id].key) for key, record in keyed]
        ids |= {event.key: event.pk for event in found.values()}
        return [(key, record) for key, (_key, record) in zip(called, keyed, strict=True)]

    def _look_up_slugs(self, rows: list[_Row]) -> None:
        readers = [row.reader for row in rows if row.stored_id is None and not row.reader.problems]
        titled = [(each.record.title, each.when.day) for each in readers if each.when and "slug" not in each.values]
        self.slugs.look_up(filter(None, (row.reader.record.slug for row in rows)), titled)

    def _check_event(self, row: _Row, stored: Mapping[int, Stored], said: Mapping[int, Said]) -> None:
        reader, drafts = row.reader, self.report.drafts
        key, record = reader.key, reader.record
        draft = self._draft(row, stored, said)
        is_right = False
        if key[0] not in self.datasets and (key[0] or row.stored_id is None):
            message = _("This dataset is neither in the file nor here.") if key[0] else _("Name a dataset.")
            self._problem("events", record.row, "dataset", key[0], message)
        elif row.first is not None:
            message = _("Row %(row)d has the same identifier and says something else.") % {"row": row.first}
            self._problem("events", record.row, record.columns.get("id", "id"), record.id, message)
        else:
            is_right = not reader.problems
        if is_right:
            drafts.add(draft, row.says, [(relation[1], relation[2]) for relation in reader.parts[Relation]])
        elif row.first is None:
            drafts.add_wrong(key, record.row, row.says)
        for problem in reader.problems:
            self.report.add_problem(problem)
        for warning in reader.warnings:
            self.report.add_warning(warning)

    def _draft(self, row: _Row, stored: Mapping[int, Stored], said: Mapping[int, Said]) -> Draft:
        reader, stored_id = row.reader, row.stored_id
        key = reader.key
        if stored_id is None:
            return self._former(reader, stored, said) if key in self.former else self._new(reader)
        here, last, stated = stored[stored_id], said.get(stored_id), reader.said()
        if not here.is_identified:
            # It may be an earlier address, which still leads there.
            stated[0].pop("slug", None)
        if row.first is None:
            self._complete_arrows(key, here, last, stated[1])
        draft = compared(key, reader.record.row, here, last, *stated)
        if "slug" in draft.before or "slug" in draft.conflicts:
            self._take_slug(reader, reader.values["slug"], stored_id)
        return draft

    def _new(self, reader: EventReader) -> Draft:
        values_of = reader.values
        values_of.setdefault("status", self.status)
        if values_of.get("slug"):
            self._take_slug(reader, values_of["slug"], None)
        elif "slug" not in values_of and reader.when and not reader.problems:
            values_of["slug"] = self.slugs.new(reader.record.title, reader.when.day)
        return Draft(*reader.key, reader.record.row, Change.NEW, values_of, reader.parts)

    def _former(self, reader: EventReader, stored: Mapping[int, Stored], said: Mapping[int, Said]) -> Draft:
        """What becomes of an event that is called otherwise here, was merged into another, or deleted."""
        key, row = reader.key, reader.record.row
        number, now = self.former[key]
        last, stated = said.get(number), reader.said()
        if now is None:
            if is_decided(last, *stated):
                return Draft(*key, row, Change.UNCHANGED, reader.values, reader.parts)
            return deleted(self._new(reader), number, last, *stated)
        if now == number:
            return compared(key, row, stored[now], last, *stated)
        return compared_where_merged(key, row, stored[now], number, last, *stated)

    def _complete_arrows(self, key: Key, stored: Stored, said: Said | None, parts: dict[Any, Any]) -> None:
        """Add the arrows that the file may not be able to hold; which ones, its end will tell."""
        rows = parts.get(Relation)
        if rows is None or rows == stored.parts[Relation]:
            return
        parts[Relation] = arrows_of(stored, said, rows, lambda target: False)
        if lacking := [(row[1], row[2]) for row in parts[Relation] if row not in rows]:
            self.part_arrows[key] = rows, lacking

    def check_arrows_to_the_file(self) -> None:
        """Take away the arrows that the file lacks although it has the event to which they lead."""
        drafts = self.report.drafts
        for some in pieces(self.part_arrows.items(), CHUNK):
            in_file = drafts.first_rows({target for _key, (_rows, lacking) in some for target in lacking})
            given = {key: rows for key, (rows, lacking) in some if not in_file.keys().isdisjoint(lacking)}
            ids = drafts.event_ids(given)
            stored, said = stored_events(ids.values()), last_said(ids.values())
            for key, pk in ids.items():
                draft = drafts[key]
                rows = arrows_of(stored[pk], said.get(pk), given[key], in_file.__contains__)
                compare_arrows_again(draft, stored[pk], said.get(pk), rows)
                drafts.replace(draft)

    def look_for_missing(self) -> None:
        """Name what the datasets of the file's events hold beside them."""
        self.report.former = {key: now for key, (_number, now) in self.former.items()}
        missing = all_ids(self.read_datasets) - self.seen
        self.report.missing_count = len(missing)
        named = Event.objects.filter(pk__in=list(islice(missing, NAMED))).order_by("pk") if missing else ()
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
        while lost := list(self._lost()):
            for _key, row, target in lost:
                message = _("There is no event with this identifier in the file or here.")
                self._problem("events", row, "relations", target[1], message)
            self.report.drafts.drop({key for key, _row, _target in lost})
        for row, name in self.report.drafts.led_to_deleted():
            message = _("The event with this identifier was deleted here. The arrow comes only if that comes back.")
            self.report.add_warning(Problem(row, "relations", name, message))

    def _lost(self) -> Iterator[tuple[Key, int, Key]]:
        for arrows in pieces(self.report.drafts.lost_arrows(), CHUNK):
            here = named_ids(target for _key, _row, target in arrows)
            yield from (arrow for arrow in arrows if arrow[2] not in here and not self._former_place(arrow[2]))

    def _former_place(self, key: Key) -> int | None:
        return self.former.get(key, (0, None))[1]

    def _exists(self, key: Key) -> bool:
        return key in self.report.drafts or bool(self._former_place(key)) or key in named_ids([key])

    def key_of(self, event: str) -> Key | None:
        return next((key for dataset in self._datasets_here() if self._exists(key := (dataset, event))), None)

    def _datasets_here(self) -> Iterator[str]:
        return iter(dict.fromkeys((self.dataset, *self.report.drafts.datasets)))

    def _problem(self, kind: str, row: int, column: str, value: str, message: str) -> None:
        name = column if kind == "events" else f"{kind}.{column}" if column else kind
        self.report.add_problem(Problem(row, name, value, message), kind)


def _addresses(keyed: Iterable[tuple[Key, EventRecord]], ids: Mapping[Key, int]) -> Iterator[str]:
    """By which addresses the file may mean events that have no identifier."""
    for key, record in keyed:
        if record.id == record.slug and key not in ids:
            yield record.slug
        for part in record.relations:
            if part.dataset == "" or (part.dataset is None and record.is_in_no_dataset):
                yield part.event
