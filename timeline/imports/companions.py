"""What comes with events: datasets, people, stories, and the coverage of datasets; compared as events are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import dates
from timeline.models import Actor, Coverage, Dataset, Story
from timeline.records import ActorRecord, CoverageRecord, DatasetRecord, Problem, StoryRecord

from . import values
from .countries import CountryResolver, UnknownCountry
from .draft import Change, Draft
from .file_versions import Said, last_said_of_companions, packed, said_of
from .report import Report
from .stored import Stored, stored_companions
from .three_way import compared, deleted, is_decided

Record = DatasetRecord | ActorRecord | StoryRecord
KINDS: dict[type[Any], tuple[str, type[models.Model]]] = {
    DatasetRecord: ("datasets", Dataset),
    ActorRecord: ("actors", Actor),
    StoryRecord: ("stories", Story),
}
TEXTS: dict[type[Any], tuple[str, ...]] = {
    DatasetRecord: ("slug", "name", "publisher", "licence", "citation", "url"),
    ActorRecord: ("slug", "name", "kind", "description"),
    StoryRecord: ("slug", "title", "text", "source_publisher", "source_title", "source_url"),
}
TWICE: dict[type[Any], Any] = {
    DatasetRecord: gettext_lazy("Another dataset of this file has this slug."),
    ActorRecord: gettext_lazy("Another actor of this file has this slug."),
    StoryRecord: gettext_lazy("Another story of this file has this slug."),
}
# Whoever deleted one of these meant it; a dataset can be deleted only after all of its events.
MAY_STAY_DELETED = (Actor, Story)


class Known:
    """What is stored or comes with the file, by its slug: what events may name."""

    def __init__(self, model: type[models.Model]) -> None:
        self.stored = set(model._default_manager.values_list("slug", flat=True))
        self.wanted: dict[str, Any] = {}

    def __contains__(self, slug: object) -> bool:
        return slug in self.stored or slug in self.wanted


class Companions:
    """Takes their records one by one; `compare` adds to the report what they would do."""

    def __init__(self, report: Report, countries: CountryResolver) -> None:
        self.report, self.countries = report, countries
        self.known = {made: Known(model) for made, (_kind, model) in KINDS.items()}
        self.datasets, self.actors = self.known[DatasetRecord], self.known[ActorRecord]
        self.coverage: list[CoverageRecord] = []
        self._rows: Counter[type[Any]] = Counter()

    def take(self, record: Record | CoverageRecord) -> None:
        """Check the record as far as it can be before all of the file is known."""
        if isinstance(record, CoverageRecord):
            self.coverage.append(record)
            return
        made = type(record)
        self._rows[made] += 1
        row = self._rows[made]
        if getattr(record, "only_if_missing", False) and record.slug in self.known[made]:
            return
        if self._is_right(record, row):
            if isinstance(record, ActorRecord):
                try:
                    record = replace(record, country=self.countries.code(record.country) if record.country else "")
                except UnknownCountry as problem:
                    self._problem("actors", row, "country", record.country, str(problem))
                    return
            self._unite(record, row)

    def _is_right(self, record: Record, row: int) -> bool:
        """Whether all that it says can be stored; of what is new, all that is needed must be there."""
        made = type(record)
        kind, model = KINDS[made]
        unsaid = record.unsaid if record.slug in self.known[made].stored else frozenset()
        right = True
        for name in TEXTS[made]:
            if name not in unsaid:
                right &= self._right(kind, row, name, getattr(record, name), partial(values.clean, model, name))
        if isinstance(record, StoryRecord):
            for line in record.takeaways:
                right &= self._right(kind, row, "takeaways", line, partial(values.clean, Story, "text"))
            right &= self._right(kind, row, "published", record.published, values.iso_day)
        return right

    def _unite(self, record: Record, row: int) -> None:
        """Put it beside what the file said of the same before; it may add to that and not say otherwise."""
        made = type(record)
        wanted = self.known[made].wanted
        first = wanted.get(record.slug)
        if first is None or getattr(first, "only_if_missing", False):
            wanted[record.slug] = record
            return
        names = {name for name in _said(record) if name not in first.unsaid}
        if any(getattr(record, name) != getattr(first, name) for name in names):
            self._problem(KINDS[made][0], row, "slug", record.slug, str(TWICE[made]))
            return
        added = {name: getattr(record, name) for name in _said(record) if name in first.unsaid}
        if added:
            wanted[record.slug] = replace(first, **added, unsaid=first.unsaid & record.unsaid)

    def compare(self, has_event: Callable[[str], bool]) -> None:
        """Tell what is new, changed and in conflict, once all events are known: stories name them."""
        stories = self.known[StoryRecord].wanted
        for row, record in enumerate([*stories.values()], 1):
            for event in record.events:
                if not has_event(event):
                    message = _("There is no event with this identifier in the file or here.")
                    self._problem("stories", record.row or row, "events", event, message)
                    stories.pop(record.slug, None)
        for made, (_kind, model) in KINDS.items():
            wanted = {slug: _stated(record) for slug, record in self.known[made].wanted.items()}
            self._compare(model, wanted)
        self._compare(Coverage, dict(self._coverage()))

    def _compare(self, model: type[models.Model], wanted: Mapping[str, Any]) -> None:
        stored = stored_companions(model, wanted) if wanted else {}
        said = last_said_of_companions(model, wanted) if wanted else {}
        for slug, (row, given, rows, unsaid) in wanted.items():
            draft = _draft(model, slug, row, stored.get(slug), said.get(slug), (given, rows, unsaid))
            if draft.change is not Change.UNCHANGED or draft.said:
                self.report.companions.append(draft)

    def _coverage(self) -> Iterator[tuple[str, Any]]:
        """The coverage of each dataset as one whole, as far as nothing is wrong with it."""
        found = [(record.dataset, row) for record in self.coverage if (row := self._coverage_row(record))]
        for dataset, rows in groupby(sorted(found), key=lambda entry: entry[0]):
            yield dataset, (0, {}, {Coverage: list(dict.fromkeys(row for _dataset, row in rows))}, frozenset())

    def _coverage_row(self, record: CoverageRecord) -> tuple[str, ...] | None:
        row = record.row
        right = self._right("coverage", row, "note", record.note, partial(values.clean, Coverage, "note"))
        if record.dataset not in self.datasets:
            message = _("This dataset is neither in the file nor here.")
            self._problem("coverage", row, "dataset", record.dataset, message)
            right = False
        try:
            dates.range_bounds(record.first, record.last)
            codes = sorted(self.countries.code(text) for text in record.countries)
        except ValueError as problem:
            self._problem("coverage", row, "", f"{record.first}–{record.last}", str(problem))
            return None
        return (record.first, record.last, " ".join(codes), record.note) if right else None

    def _right(self, kind: str, row: int, name: str, value: Any, convert: Any) -> bool:
        try:
            convert(value)
        except ValueError as problem:
            self._problem(kind, row, name, value, str(problem))
            return False
        return True

    def _problem(self, kind: str, row: int, column: str, value: str, message: str) -> None:
        self.report.add_problem(Problem(row, f"{kind}.{column}" if column else kind, value, message), kind)


def _said(record: Record) -> Iterable[str]:
    names = {DatasetRecord: (), ActorRecord: ("country",), StoryRecord: ("takeaways", "published", "events")}
    return (name for name in (*TEXTS[type(record)], *names[type(record)]) if name not in record.unsaid)


def _stated(record: Record) -> tuple[int, dict[str, Any], dict[Any, Any], frozenset[str]]:
    """Its row, its columns as the model has them, no rows, and what the file says nothing of."""
    found: dict[str, Any] = {name: getattr(record, name) for name in TEXTS[type(record)] if name != "slug"}
    if isinstance(record, ActorRecord):
        found["country_id"] = record.country or None
    if isinstance(record, StoryRecord):
        found["takeaways"], found["events"] = list(record.takeaways), list(record.events)
        found["published"] = values.iso_day(record.published)
    return getattr(record, "row", 0), found, {}, record.unsaid


def _draft(
    model: type[models.Model],
    slug: str,
    row: int,
    stored: Stored | None,
    said: Said | None,
    file: tuple[dict[str, Any], dict[Any, Any], Container[str]],
) -> Draft:
    given, rows, unsaid = file
    if model is Coverage and said is not None:
        # An editor who took all of it away has changed it.
        stored = stored or Stored(0, {}, {Coverage: []})
    if stored is not None:
        told = {name: value for name, value in given.items() if name.removesuffix("_id") not in unsaid}
        return compared(("", slug), row, stored, said, told, rows, model)
    draft = Draft("", slug, row, Change.NEW, given, rows, said=packed(said_of(given, rows)), model=model)
    if said is None or model not in MAY_STAY_DELETED:
        return draft
    if is_decided(said, given, rows):
        draft.change, draft.said = Change.UNCHANGED, ""
        return draft
    return deleted(draft, None, said, given, rows)
