"""Which rows of a file say what an earlier one said, and which have its identifier and say something else."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b

from timeline.records import EventRecord

from .draft import Key
from .drafts import Drafts
from .scratch import Scratch


class Repeats:
    """Knows the earlier rows as far as those of the chunk that is checked may repeat them."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._scratch = Scratch("CREATE TABLE fingerprint (digest BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self._first: dict[Key, tuple[int, int]] = {}
        self._same: dict[bytes, int] = {}
        self._new: dict[bytes, int] = {}

    def look_up(self, keyed: Collection[tuple[Key, EventRecord]]) -> None:
        """Begin a chunk."""
        self._scratch.write("INSERT INTO fingerprint VALUES (?, ?)", sorted(self._new.items()))
        self._first, self._new = self._drafts.first_rows(key for key, _record in keyed), {}
        digests = [_digest(key, record) for key, record in keyed if record.fingerprint]
        self._same = dict(self._scratch.rows_among("SELECT digest, row FROM fingerprint WHERE digest IN", digests))

    def take(self, key: Key, record: EventRecord, says: int) -> tuple[int | None, int | None]:
        """The row that says the same, and the one that has the key and says something else; None for no such row."""
        first, said = self._first.get(key, (None, None))
        if record.fingerprint:
            digest = _digest(key, record)
            if digest in self._same:
                return self._same[digest], None
            self._same[digest] = self._new[digest] = record.row
        elif said == says:
            return first, None
        self._first.setdefault(key, (record.row, says))
        return None, first


def _digest(key: Key, record: EventRecord) -> bytes:
    return blake2b(repr((key[0], record.fingerprint)).encode(), digest_size=16).digest()
