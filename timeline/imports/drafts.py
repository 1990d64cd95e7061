"""Drafts by their keys, in a database of their own: an import of any size must not fill the memory."""

from __future__ import annotations

import marshal
import pickle
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from .draft import DELETED, Change, Conflict, Draft, Key, NewEvent
from .scratch import Scratch
from .stored import EVENT_FIELDS, PART_FIELDS

MODELS = tuple(PART_FIELDS)
VALUES, PARTS = itemgetter(*EVENT_FIELDS), itemgetter(*MODELS)
CHANGES = {change.value: change for change in Change}
# No value of a column, and one that both ways of packing give back as the same object.
UNSAID = ...
AT_ONCE = 500
"""Drafts that are read together."""
SCHEMA = (
    """
    CREATE TABLE draft (
        number INTEGER PRIMARY KEY, dataset TEXT, id TEXT, row INTEGER, says INTEGER, change TEXT, is_told INTEGER,
        is_deleted INTEGER, event_id INTEGER, flat BLOB
    )
    """,
    "CREATE UNIQUE INDEX draft_key ON draft (dataset, id)",
    "CREATE TABLE arrow (number INTEGER, dataset TEXT, id TEXT)",
)
# Of a wrong row there is no draft.
IS_DRAFT = "flat IS NOT NULL"
LOST = """
    SELECT source.dataset, source.id, source.row, arrow.dataset, arrow.id
    FROM arrow JOIN draft AS source USING (number)
    WHERE source.flat IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM draft WHERE draft.dataset = arrow.dataset AND draft.id = arrow.id AND draft.flat IS NOT NULL
    )
    ORDER BY arrow.rowid
"""
LED_TO_DELETED = """
    SELECT source.row, arrow.id
    FROM arrow JOIN draft AS source USING (number)
    JOIN draft AS target ON target.dataset = arrow.dataset AND target.id = arrow.id
    WHERE source.flat IS NOT NULL AND target.is_deleted
    ORDER BY arrow.rowid
"""


class Drafts(Mapping[Key, Draft]):
    """A mapping in order of arrival. What it gives out are copies."""

    def __init__(self) -> None:
        self._scratch = Scratch(*SCHEMA)
        self._waiting: list[tuple[Any, ...]] = []
        self._number = 0
        self._changes: Counter[Change] = Counter()
        self.told_count = 0
        """How many drafts of stored events say what no file has said before."""
        self.has_arrows = False

    def add(self, draft: Draft, says: int, leads_to: Collection[Key] = ()) -> None:
        """Keep a draft whose key is new. `says` tells another row that says the same, `leads_to` are its relations."""
        is_told, is_deleted = bool(draft.said), DELETED in draft.conflicts
        self._add(draft.key, draft.row, says, draft.change.value, is_told, is_deleted, draft.stored_id, _packed(draft))
        self._changes[draft.change] += 1
        self.told_count += is_told
        if leads_to:
            self.has_arrows = True
            self._scratch.write("INSERT INTO arrow VALUES (?, ?, ?)", [(self._number, *key) for key in leads_to])

    def add_wrong(self, key: Key, row: int, says: int) -> None:
        """Remember the first row with a key though it makes no draft."""
        self._add(key, row, says, Change.WRONG.value, False, False, None, None)

    def _add(self, key: Key, *cells: Any) -> None:
        self._number += 1
        self._waiting.append((self._number, *key, *cells))
        if len(self._waiting) >= AT_ONCE:
            self._write()

    def _write(self) -> None:
        if self._waiting:
            self._scratch.write("INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._waiting)
            self._waiting = []

    def replace(self, draft: Draft) -> None:
        """Keep this draft in the place of the one with its key."""
        old, is_told = self[draft.key], bool(draft.said)
        self._changes[old.change] -= 1
        self._changes[draft.change] += 1
        self.told_count += is_told - bool(old.said)
        self._scratch.write(
            "UPDATE draft SET change = ?, is_told = ?, flat = ? WHERE dataset = ? AND id = ?",
            [(draft.change.value, is_told, _packed(draft), *draft.key)],
        )

    def drop(self, keys: Collection[Key]) -> None:
        """These rows make no drafts after all."""
        for draft in [self[key] for key in keys]:
            self._changes[draft.change] -= 1
            self.told_count -= bool(draft.said)
        gone = [(Change.WRONG.value, *key) for key in keys]
        self._scratch.write(
            "UPDATE draft SET change = ?, is_told = 0, is_deleted = 0, flat = NULL WHERE dataset = ? AND id = ?", gone
        )

    def first_rows(self, keys: Iterable[Key]) -> dict[Key, tuple[int, int]]:
        """The row that had each of these keys first, and what it said; keys that none had are missing."""
        return {key: (row, says) for key, row, says in self._by_key("row, says", "1", keys)}

    def event_ids(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The events of drafts with these keys, where they have one; new ones have it from `give_ids` on."""
        return dict(self._by_key("event_id", f"{IS_DRAFT} AND event_id IS NOT NULL", keys))

    def _by_key(self, columns: str, condition: str, keys: Iterable[Key]) -> Iterator[tuple[Any, ...]]:
        self._write()
        ids: defaultdict[str, list[str]] = defaultdict(list)
        for dataset, id in keys:
            ids[dataset].append(id)
        for dataset, some in ids.items():
            sql = f"SELECT id, {columns} FROM draft WHERE {condition} AND dataset = ? AND id IN"  # noqa: S608 -- ours
            for id, *cells in self._scratch.rows_among(sql, some, dataset):
                yield ((dataset, id), *cells)

    def give_ids(self, ids: Iterable[int]) -> None:
        """Say which ids the new events get, in their order."""
        sql = "SELECT number FROM draft WHERE number > ? AND change = ? ORDER BY number LIMIT ?"
        last, left = 0, iter(ids)
        while numbers := [number for (number,) in self._rows(sql, last, Change.NEW.value, AT_ONCE)]:
            pairs = [(next(left), number) for number in numbers]
            self._scratch.write("UPDATE draft SET event_id = ? WHERE number = ?", pairs)
            last = numbers[-1]

    def lost_arrows(self) -> Iterator[tuple[Key, int, Key]]:
        """Key and row of each draft that leads to what is no draft, and the key that it leads to."""
        return (((source, id), row, (dataset, target)) for source, id, row, dataset, target in self._rows(LOST))

    def led_to_deleted(self) -> Iterator[tuple[int, str]]:
        """Row of each draft that leads to an event that was deleted here, and what that is called in the file."""
        return ((row, id) for row, id in self._rows(LED_TO_DELETED))

    def _rows(self, sql: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        self._write()
        return self._scratch.rows(sql, *parameters)

    def __getitem__(self, key: Key) -> Draft:
        for (flat,) in self._rows(f"SELECT flat FROM draft WHERE dataset = ? AND id = ? AND {IS_DRAFT}", *key):  # noqa: S608
            return _unpacked(flat)
        raise KeyError(key)

    def __iter__(self) -> Iterator[Key]:
        sql = f"SELECT dataset, id FROM draft WHERE {IS_DRAFT} ORDER BY number"  # noqa: S608
        return ((dataset, id) for dataset, id in self._rows(sql))

    def __len__(self) -> int:
        return self._changes.total()

    @property
    def changes(self) -> Counter[Change]:
        """How many drafts do what."""
        return Counter(self._changes)

    @property
    def datasets(self) -> list[str]:
        """Those that the drafts belong to, in the order in which they came."""
        sql = f"SELECT dataset FROM draft WHERE {IS_DRAFT} GROUP BY dataset ORDER BY min(number)"  # noqa: S608
        return [dataset for (dataset,) in self._rows(sql)]

    def of(self, *changes: Change) -> Iterator[Draft]:
        """The drafts that do one of these, in order."""
        wanted = [change.value for change in changes if self._changes[change]]
        return self._read(f"change IN ({', '.join('?' * len(wanted))})", *wanted) if wanted else iter(())

    def new(self) -> Iterator[NewEvent]:
        """What `of(Change.NEW)` gives, without making drafts of it."""
        sql = "SELECT flat FROM draft WHERE change = ? ORDER BY number"
        for (flat,) in self._rows(sql, Change.NEW.value):
            dataset, id, _row, _change, values, parts = _loaded(flat)
            yield NewEvent(dataset, id, values, parts)

    def told(self) -> Iterator[Draft]:
        """The drafts that `told_count` counts, in order."""
        return self._read("is_told") if self.told_count else iter(())

    def deleted(self) -> Iterator[Draft]:
        """The drafts of events that were deleted here, in order."""
        return self._read("is_deleted") if self._changes[Change.CONFLICT] else iter(())

    def _read(self, condition: str, *parameters: Any) -> Iterator[Draft]:
        sql = f"SELECT flat FROM draft WHERE {condition} AND {IS_DRAFT} ORDER BY number"  # noqa: S608
        return (_unpacked(flat) for (flat,) in self._rows(sql, *parameters))


def new_event(draft: Draft) -> NewEvent:
    """As much of the draft as is written where it is a new event."""
    return NewEvent(draft.dataset, draft.id, VALUES(draft.values), PARTS(draft.parts))


def _packed(draft: Draft) -> bytes:
    # Their names with each of the values would make a third of what is written. A new event has all of them.
    is_new = draft.change is Change.NEW
    values = VALUES(draft.values) if is_new else tuple(draft.values.get(name, UNSAID) for name in EVENT_FIELDS)
    # Plain tuples: pickling our classes would cost several times as much.
    flat: tuple[Any, ...] = (draft.dataset, draft.id, draft.row, draft.change.value, values, PARTS(draft.parts))
    if not is_new:
        flat += (
            [MODELS.index(model) for model in draft.changed_parts],
            draft.stored_id,
            draft.before,
            [(MODELS.index(model), *rows) for model, rows in draft.merged.items()],
            [(name, conflict.said, conflict.file) for name, conflict in draft.conflicts.items()],
            draft.said,
            draft.said_before_deciding,
            draft.said_of,
        )
    try:
        return marshal.dumps(flat)
    except ValueError:
        # It knows no days and no decimal numbers, which few events have, and takes a third of the time.
        return pickle.dumps(flat, pickle.HIGHEST_PROTOCOL)


def _unpacked(data: bytes) -> Draft:
    dataset, id, row, change, values, parts, *rest = _loaded(data)
    columns = {name: value for name, value in zip(EVENT_FIELDS, values, strict=True) if value is not UNSAID}
    draft = Draft(dataset, id, row, CHANGES[change], columns, dict(zip(MODELS, parts, strict=True)))
    if rest:
        changed, draft.stored_id, draft.before, merged, conflicts, *said = rest
        draft.said, draft.said_before_deciding, draft.said_of = said
        draft.changed_parts = [MODELS[number] for number in changed]
        draft.merged = {MODELS[number]: (removed, added) for number, removed, added in merged}
        draft.conflicts = {name: Conflict(last, file) for name, last, file in conflicts}
    return draft


def _loaded(data: bytes) -> tuple[Any, ...]:
    load = pickle.loads if data.startswith(pickle.PROTO) else marshal.loads
    found: tuple[Any, ...] = load(data)  # we wrote it ourselves
    return found
