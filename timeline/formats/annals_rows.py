"""Our own table: the columns, and one row for an event with all that belongs to it. CSV, TSV and XLSX share it.

Stories and coverage have no place in a table of events; JSON has them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    Problem,
    Record,
    RelationRecord,
    SourceRecord,
    besides,
)

from . import cells
from .annals_json import says_none
from .delimited import Rows, checked_header, ragged
from .formulas import neutral, original
from .parts import packed, packed_countries, unpacked, unpacked_countries
from .problems import FileProblem
from .reading import Reading

DATASET_KEYS = ("name", "publisher", "licence", "citation", "url")
DATASET_COLUMNS = ("dataset", *(f"dataset_{key}" for key in DATASET_KEYS))
TEXTS = ("title", "date", "date_note", "place", "latitude", "longitude", "category", "importance", "status")
LONG_TEXTS = ("summary", "body")
ACTOR_KEYS = ("actor", "role", "name", "kind", "country", "description")
PARTS: dict[str, type[Any]] = {"names": NameRecord, "sources": SourceRecord, "relations": RelationRecord}
PART_KEYS = {column: tuple(each.name for each in fields(made)) for column, made in PARTS.items()}
COLUMNS = (
    *("id", *TEXTS, "countries", "actors", "names", *LONG_TEXTS, "sources", "relations", "slug", "dataset"),
    *DATASET_COLUMNS[1:],
)
REQUIRED = ("id", "title", "date", "category")
NEEDED = {NameRecord: ("name",), SourceRecord: ("publisher",), RelationRecord: ("kind", "event")}
EMPTY = dict.fromkeys(COLUMNS, "")
DATASET_CELLS = itemgetter(*DATASET_COLUMNS)
EVENT_TEXTS = ("id", *TEXTS, *LONG_TEXTS, "slug", "dataset")
KNOWN = {made: tuple(each.name for each in fields(made)) for made in PARTS.values()}
COLUMN_OF = {name: name for name in COLUMNS}


def rows(records: Iterable[Record]) -> Iterator[list[str]]:
    """The header, and a row for each event. Datasets and actors must come before the events that name them."""
    yield list(COLUMNS)
    datasets: dict[str, DatasetRecord] = {}
    actors: dict[str, ActorRecord] = {}
    for record in records:
        if isinstance(record, DatasetRecord):
            datasets[record.slug] = record
        elif isinstance(record, ActorRecord):
            actors[record.slug] = record
        elif isinstance(record, EventRecord):
            row = _row(record, datasets.get(record.dataset), actors)
            yield [neutral(row[name]) for name in COLUMNS]


def read_rows(table: Rows, reading: Reading, dates: Callable[[], Iterable[str]] = list) -> Iterator[Record | Problem]:
    """Records of a table whose first row is our header; `dates` decide whether days or months come first.

    They are asked for at the first date that is in numbers, since most tables have none.
    """
    header = checked_header(next(table, (1, []))[1], COLUMNS, REQUIRED)
    order: str | None = reading.day_order or None
    lacking = frozenset(COLUMNS).difference(header)
    seen: set[Record] = set()
    number = 0
    for number, row in table:
        if len(row) != len(header):
            yield ragged(number, len(row), len(header))
            continue
        found = dict(zip(header, row, strict=True))
        try:
            if order is None and not found["date"][:4].isdigit():
                order = cells.order_of(dates())
            found["date"] = cells.date(found["date"], order or "")
        except ValueError as problem:
            yield Problem(number, "date", found["date"], str(problem))
            continue
        yield from read_row(found, number, seen, lacking)
    if not number:
        raise FileProblem(_("The file has a header and no rows."))


def read_row(
    given: dict[str, str], number: int, seen: set[Record], lacking: frozenset[str] = frozenset()
) -> Iterator[Record | Problem]:
    """The event of a row, its dataset and its actors before it, each of them once: `seen` remembers them.

    `lacking` are the columns that the table does not have.
    """
    row: dict[str, Any] = EMPTY | given
    # To look at each cell of each row takes longer than to look whether there is anything to look for.
    if "'" in "".join(row.values()):
        row = {name: original(cell) for name, cell in row.items()}
    problems: list[Problem] = []
    dataset = _dataset(*DATASET_CELLS(row), lacking=lacking)
    actors = _parts(row, "actors", ACTOR_KEYS, ("actor",), number, problems) if row["actors"] else []
    parts: dict[str, Any] = {column: _records(row, column, number, problems) if row[column] else () for column in PARTS}
    for name in ("latitude", "longitude"):
        if row[name]:
            try:
                row[name] = cells.number(row[name])
            except ValueError as problem:
                problems.append(Problem(number, name, row[name], str(problem)))
    problems += [Problem(number, name, "", _("This must not be empty.")) for name in REQUIRED if not row[name].strip()]
    if problems:
        yield from problems
        return
    known: list[Record] = [dataset] if dataset.slug and dataset.name else []
    known += [_actor(part) for part in actors if part.get("name")]
    for record in known:
        if record not in seen:
            seen.add(record)
            yield record
    row["importance"] = row["importance"].strip() or 3
    yield EventRecord(
        **{name: row[name] for name in EVENT_TEXTS} | parts,
        countries=unpacked_countries(row["countries"], "countries"),
        actors=tuple([ActorParticipationRecord(part["actor"], part.get("role", "participant")) for part in actors]),
        row=number,
        columns=COLUMN_OF,
        unsaid=lacking,
    )


def _records(row: Mapping[str, str], column: str, number: int, problems: list[Problem]) -> tuple[Any, ...]:
    made = PARTS[column]
    return tuple([made(**part) for part in _parts(row, column, KNOWN[made], NEEDED[made], number, problems)])


# Mostly the same one in each row.
@lru_cache(100)
def _dataset(slug: str, *about: str, lacking: frozenset[str]) -> DatasetRecord:
    told: dict[str, Any] = dict(zip(DATASET_KEYS, about, strict=True))
    return DatasetRecord(slug, **told, unsaid=frozenset(key for key in told if f"dataset_{key}" in lacking))


def _row(event: EventRecord, dataset: DatasetRecord | None, actors: Mapping[str, ActorRecord]) -> dict[str, str]:
    found = {name: str(getattr(event, name)) for name in ("id", "dataset", "slug", *TEXTS, *LONG_TEXTS)}
    for key in DATASET_KEYS:
        found[f"dataset_{key}"] = getattr(dataset, key) if dataset else ""
    found["countries"] = packed_countries(event.countries)
    found["actors"] = packed(_actor_keys(part, actors.get(part.actor)) for part in event.actors)
    for column, keys in PART_KEYS.items():
        found[column] = packed(_keys(part, keys) for part in getattr(event, column))
    return found


def _keys(part: Any, keys: Iterable[str]) -> dict[str, str]:
    found = {key: getattr(part, key) for key in keys}
    return {key: value for key, value in found.items() if value or (value == "" and says_none(part, key))}


def _actor_keys(part: ActorParticipationRecord, actor: ActorRecord | None) -> dict[str, str]:
    found = {"actor": part.actor, "role": part.role}
    if actor:
        found |= {key: getattr(actor, key) for key in ACTOR_KEYS if key not in found}
    return found


def _actor(part: Mapping[str, str]) -> ActorRecord:
    texts: dict[str, Any] = {key: part[key] for key in ACTOR_KEYS if key in part and key not in ("actor", "role")}
    return ActorRecord(part["actor"], **texts, unsaid=besides(ActorRecord, ("slug", *texts)))


def _parts(
    row: Mapping[str, str],
    column: str,
    known: Collection[str],
    needed: Collection[str],
    number: int,
    problems: list[Problem],
) -> list[dict[str, str]]:
    try:
        found = unpacked(row[column], known)
    except ValueError as problem:
        problems.append(Problem(number, column, row[column], str(problem)))
        return []
    for part in found:
        for key in needed:
            if not part.get(key):
                message = _("Each line must give “%(key)s”.") % {"key": key}
                problems.append(Problem(number, column, row[column], message))
                return []
    return found
