"""Drafts by their keys, in a temporary file: an import of any size must not fill the memory."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator, MutableMapping
from typing import Any

from .draft import DELETED, Change, Conflict, Draft, Key
from .stored import PART_FIELDS

MODELS = tuple(PART_FIELDS)
SPOOLED = 8 * 1024 * 1024
"""Bytes that stay in memory before the file begins."""


class Drafts(MutableMapping[Key, Draft]):
    """A mapping in order of arrival. What it gives out are copies: set an item again to change it."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(SPOOLED)  # noqa: SIM115 -- lives as long as the mapping
        self._end = 0
        self._places: dict[Key, tuple[int, Change]] = {}
        self._changes: Counter[Change] = Counter()
        self._told: set[Key] = set()
        self._deleted: set[Key] = set()

    def __setitem__(self, key: Key, draft: Draft) -> None:
        self._forget(key)
        self._file.seek(self._end)
        pickle.dump(_flat(draft), self._file, pickle.HIGHEST_PROTOCOL)
        self._places[key] = self._end, draft.change
        self._end = self._file.tell()
        self._changes[draft.change] += 1
        if draft.said:
            self._told.add(key)
        if DELETED in draft.conflicts:
            self._deleted.add(key)

    def __getitem__(self, key: Key) -> Draft:
        self._file.seek(self._places[key][0])
        return _draft(pickle.load(self._file))  # noqa: S301 -- we wrote it ourselves

    def __delitem__(self, key: Key) -> None:
        self._changes[self._places.pop(key)[1]] -= 1
        self._told.discard(key)
        self._deleted.discard(key)

    def _forget(self, key: Key) -> None:
        if key in self._places:
            del self[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    @property
    def changes(self) -> Counter[Change]:
        """How many drafts do what."""
        return Counter(self._changes)

    def keys_of(self, *changes: Change) -> list[Key]:
        """The keys of the drafts that do one of these."""
        return [key for key, (_start, change) in self._places.items() if change in changes]

    @property
    def told(self) -> list[Key]:
        """The keys of stored events of which the file says what no file has said before."""
        return [key for key in self._places if key in self._told] if self._told else []

    @property
    def deleted(self) -> list[Key]:
        """The keys of events that were deleted here and are still in the file."""
        return sorted(self._deleted)


def _flat(draft: Draft) -> tuple[Any, ...]:
    # Plain tuples: pickling our classes would cost several times as much.
    return (
        *(draft.dataset, draft.id, draft.row, draft.change.value),
        tuple(draft.values.items()),
        tuple(draft.parts[model] for model in MODELS),
        tuple(MODELS.index(model) for model in draft.changed_parts),
        draft.stored_id,
        draft.before,
        [(MODELS.index(model), *rows) for model, rows in draft.merged.items()],
        [(name, conflict.said, conflict.file) for name, conflict in draft.conflicts.items()],
        draft.said,
        draft.said_before_deciding,
        draft.said_of,
    )


def _draft(flat: tuple[Any, ...]) -> Draft:
    dataset, id, row, change, values, parts, changed, stored_id, before, merged, conflicts, *rest = flat
    said, said_before_deciding, said_of = rest
    return Draft(
        dataset,
        id,
        row,
        Change(change),
        dict(values),
        dict(zip(MODELS, parts, strict=True)),
        [MODELS[number] for number in changed],
        stored_id,
        before,
        {MODELS[number]: (removed, added) for number, removed, added in merged},
        {name: Conflict(last, file) for name, last, file in conflicts},
        said,
        said_before_deciding,
        said_of=said_of,
    )
