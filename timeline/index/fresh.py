"""Keeping the index true: it is read once from the database, and what changed is folded in when the revision moves.

A request brings the revision that it read at its start. Where that is the kept one, nothing is asked; where it is
newer, the events that changed since are read and stand in the recent segment, and their old forms are dead in the base.
A recent segment that has grown is merged into a new base.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from timeline import limits
from timeline.filters import EventFilter
from timeline.models import Change, Revision

from . import keeping
from .answer import Answer
from .merging import merged
from .reading import columns
from .segment import Segment
from .snapshot import Snapshot

# The recent segment is made again at each change; past this size that costs more than a merge now and then.
MOST_RECENT = 2_000
# Past so many changes since the last look, reading everything in one sweep is quicker than reading them by id.
MOST_READ_AGAIN = 20_000
# A smaller base is read from the database sooner than from disk.
WORTH_KEEPING = 20_000

_lock = threading.Lock()


@dataclass(frozen=True)
class _Layers:
    """The base, what has changed since it was read, and the snapshot of both."""

    base: Segment
    changed: frozenset[int]
    snapshot: Snapshot


_layers: _Layers | None = None


def answer(asked: EventFilter) -> Answer:
    """Everything that can be counted for a filter, as of the filter's revision or a newer one."""
    return Answer(asked, current(asked.vocabulary.revision))


def current(revision: int | None = None) -> Snapshot:
    """The index of at least this revision, by default of the newest. Readers go on with the old one meanwhile."""
    global _layers
    wanted = Revision.objects.number() if revision is None else revision
    layers = _layers
    if layers is None or layers.snapshot.revision < wanted:
        with _lock:
            layers = _layers
            if layers is None or layers.snapshot.revision < wanted:
                # The one who comes first reads for all who follow, and is not stopped half-way.
                with limits.at_most(None):
                    layers = _layers = _newest(layers)
    return layers.snapshot


def of_every_status() -> Snapshot:
    """The newest index as editors need it, with drafts and what was withdrawn."""
    return current().of_every_status()


def _newest(layers: _Layers | None) -> _Layers:
    # One transaction: revision, changes and events are of one moment on SQLite; on PostgreSQL events may be newer than
    # the revision, which the next fold reads again and so cannot lose.
    with _one_moment():
        revision = Revision.objects.number()
        if layers is None:
            layers = _from_disk(revision)
        changed = Change.objects.between(layers.snapshot.revision, revision) if layers else None
        if layers is None or changed is None or len(changed) > MOST_READ_AGAIN:
            return _based_on(Segment.of(columns()), revision)
        folded = _folded(layers, changed, revision)
        if len(folded.changed) > MOST_RECENT:
            return _based_on(merged(folded.snapshot), revision)
        return folded


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that only reads. Ours begin by taking SQLite's write lock, which nobody may hold for so long."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    connection.ensure_connection()
    sqlite: Any = connection
    usual, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            sqlite.transaction_mode = usual
            yield
    finally:
        sqlite.transaction_mode = usual


def _from_disk(revision: int) -> _Layers | None:
    if found := keeping.read(revision):
        base, then = found
        return _Layers(base, frozenset(), Snapshot.of(then, base))
    return None


def _based_on(base: Segment, revision: int) -> _Layers:
    """A new base, kept on disk for the next start while this request goes on."""
    if len(base) >= WORTH_KEEPING and (token := Change.objects.token(revision)) is not None:
        threading.Thread(target=keeping.keep, args=(base, revision, token)).start()
    return _Layers(base, frozenset(), Snapshot.of(revision, base))


def _folded(layers: _Layers, changed: frozenset[int], revision: int) -> _Layers:
    everything = layers.changed | changed
    if not everything:
        return _Layers(layers.base, everything, Snapshot.of(revision, layers.base))
    recent = Segment.of(columns(sorted(everything)))
    return _Layers(
        layers.base, everything, Snapshot.of(revision, layers.base, recent, layers.base.with_ids(everything))
    )
