"""Events in their plain form by the hundred, read as rows: a model object for each row takes most of a file's time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from operator import itemgetter
from typing import Any

from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    RelationRecord,
    SourceRecord,
)

from .datasets import Dataset
from .event_queries import EventStatus
from .events import Event
from .names import EventName
from .participations import ActorParticipation, Participation
from .people import Actor
from .relations import Relation
from .sources import Source

EVENT = (
    *("pk", "dataset_id", "external_id", "slug", "title", "date", "category_id", "summary", "body", "date_note"),
    *("place", "latitude", "longitude", "importance", "status"),
)
SOURCE = ("kind", "publisher", "title", "url", "published", "accessed", "archived_url", "quote", "stance", "gives_date")
DATASET = ("slug", "name", "publisher", "licence", "citation", "url")
RELATION = (*("kind", "target__external_id", "target__slug", "note", "target__dataset_id", "target__dataset__slug"),)
ACTOR = ("slug", "name", "kind", "country_id", "description")

Row = tuple[Any, ...]


class RecordReader:
    """Reads the records of events, piece by piece, and each dataset and actor before the first that names it.

    `among` is given ids of events and returns those to which a relation may lead. Events in other than these statuses
    are left out; by default in any but the published one.
    """

    def __init__(
        self,
        among: Callable[[set[int]], Collection[int]],
        statuses: Collection[str] = frozenset({EventStatus.PUBLISHED}),
    ) -> None:
        self._among, self._statuses = among, statuses
        self.datasets: dict[int, DatasetRecord] = {}
        self._actors: dict[int, ActorRecord] = {}

    def read(self, ids: Sequence[int]) -> Iterator[DatasetRecord | ActorRecord | EventRecord]:
        """The records of these ids, in their order, in a fixed number of queries.

        What is deleted between two of them is left out.
        """
        # Asked for those that are published, SQLite walks an index of all of them instead of looking up the ids.
        stored = Event.objects.filter(pk__in=ids).order_by().values_list(*EVENT)
        rows = {row[0]: row for row in stored if row[-1] in self._statuses}
        yield from self._new_datasets({row[1] for row in rows.values() if row[1]})
        actors = _parts(ActorParticipation, ids, "actor_id", "role")
        yield from self._new_actors({actor for parts in actors.values() for actor, _role in parts})
        countries = _parts(Participation, ids, "country_id", "role")
        names = _parts(EventName, ids, "name", "country_id", "language", "note")
        sources = _parts(Source, ids, *SOURCE)
        relations = _parts(Relation, ids, "target_id", *RELATION)
        among = self._among({row[0] for parts in relations.values() for row in parts})
        for id in ids:
            if id in rows:
                yield EventRecord(
                    **self._plain(rows[id]),
                    countries=tuple(ParticipationRecord(*part) for part in countries[id]),
                    actors=tuple(
                        ActorParticipationRecord(self._actors[key].slug, role)
                        for key, role in actors[id]
                        if key in self._actors
                    ),
                    names=tuple(NameRecord(name, code or "", *rest) for name, code, *rest in names[id]),
                    sources=tuple(_source(part) for part in sources[id]),
                    relations=tuple(
                        RelationRecord(
                            *(kind, external_id or slug, note),
                            None if dataset == rows[id][1] else name or "",
                        )
                        for target, kind, external_id, slug, note, dataset, name in relations[id]
                        if target in among
                    ),
                )

    def _plain(self, row: Row) -> dict[str, Any]:
        """What an event's own row says."""
        _pk, dataset, external_id, slug, title, date, category, summary, body, date_note, place, *rest = row
        latitude, longitude, importance, status = rest
        return {
            "id": external_id or slug,
            "title": title,
            "date": date,
            "category": category,
            "dataset": self.datasets[dataset].slug if dataset in self.datasets else "",
            "slug": slug,
            "summary": summary,
            "body": body,
            "date_note": date_note,
            "place": place,
            "latitude": "" if latitude is None else str(latitude),
            "longitude": "" if longitude is None else str(longitude),
            "importance": importance,
            "status": status,
        }

    def _new_datasets(self, ids: set[int]) -> Iterator[DatasetRecord]:
        if missing := ids - self.datasets.keys():
            for pk, *values in Dataset.objects.filter(pk__in=missing).order_by("slug").values_list("pk", *DATASET):
                self.datasets[pk] = DatasetRecord(*values)
                yield self.datasets[pk]

    def _new_actors(self, ids: set[int]) -> Iterator[ActorRecord]:
        if missing := ids - self._actors.keys():
            for row in Actor.objects.filter(pk__in=missing).order_by("slug").values_list("pk", *ACTOR):
                pk, slug, name, kind, country, description = row
                self._actors[pk] = ActorRecord(slug, name, kind, country or "", description)
                yield self._actors[pk]


def _parts(model: Any, ids: Sequence[int], *columns: str) -> defaultdict[int, list[Row]]:
    """The rows of a table by the event that they belong to, in the order in which they were entered.

    They are put in that order here: asked for it, SQLite reads a table of millions from its beginning.
    """
    rows = model.objects.filter(event_id__in=ids).order_by().values_list("pk", "event_id", *columns)
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for _pk, event, *row in sorted(rows, key=itemgetter(0)):
        found[event].append(tuple(row))
    return found


def _source(row: Row) -> SourceRecord:
    kind, publisher, title, url, published, accessed, *rest = row
    return SourceRecord(kind, publisher, title, url, published, accessed.isoformat() if accessed else "", *rest)
