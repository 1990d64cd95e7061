"""Keeping the index true: it is read once from the database, and what changed is folded in when the revision moves.

A request brings the revision that it read at its start. Where that is the kept one, nothing is asked; where it is
newer, the events that changed since are read and stand in the recent segment, and their old forms are dead in the base.
A recent segment that has grown is merged: the base is then read anew.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from django.db import transaction
from pyroaring import BitMap

from timeline.filters import EventFilter
from timeline.models import Change, Revision

from .answer import Answer
from .reading import columns
from .segment import Segment
from .snapshot import Snapshot

logger = logging.getLogger(__name__)

# From here on reading everything anew is cheaper than carrying it: the recent segment is made again at each change.
MOST_RECENT = 4_000

_lock = threading.Lock()


@dataclass(frozen=True)
class _Kept:
    """The base, what has changed since it was read, and the snapshot of both."""

    base: Segment
    changed: frozenset[int]
    snapshot: Snapshot


_kept: _Kept | None = None


def answer(asked: EventFilter) -> Answer:
    """Everything that can be counted for a filter, as of the filter's revision or a newer one."""
    return Answer(asked, current(asked.vocabulary.revision))


def current(revision: int | None = None) -> Snapshot:
    """The index of at least this revision, by default of the newest. Readers go on with the old one meanwhile."""
    global _kept
    wanted = Revision.objects.number() if revision is None else revision
    kept = _kept
    if kept is None or kept.snapshot.revision < wanted:
        with _lock:
            kept = _kept
            if kept is None or kept.snapshot.revision < wanted:
                kept = _kept = _newest(kept)
    return kept.snapshot


def _newest(kept: _Kept | None) -> _Kept:
    # One transaction: revision, changes and events are of one moment on SQLite; on PostgreSQL events may be newer than
    # the revision, which the next fold reads again and so cannot lose.
    with transaction.atomic():
        revision = Revision.objects.number()
        if kept is None:
            return _whole(revision)
        changed = Change.objects.between(kept.snapshot.revision, revision)
        if changed is None or len(kept.changed | changed) > MOST_RECENT:
            return _whole(revision)
        return _folded(kept, kept.changed | changed, revision)


def _whole(revision: int) -> _Kept:
    base = Segment.of(columns())
    return _Kept(base, frozenset(), Snapshot.of(revision, base))


def _folded(kept: _Kept, changed: frozenset[int], revision: int) -> _Kept:
    recent = Segment.of(columns(sorted(changed)))
    dead: BitMap = kept.base.with_ids(changed)
    return _Kept(kept.base, changed, Snapshot.of(revision, kept.base, recent, dead))
