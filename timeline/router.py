"""Which database answers a read: the primary, or a replica that has come as far as the page that is being made.

Everything is read from the primary but what is read within `answer.reading_rows()`. So the revision, the index and
whatever an editor sees are never behind; only the rows of public pages come from replicas, and only from one that has
reached the revision of the page. Once a save has answered, no process shows what was before.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

logger = logging.getLogger(__name__)

PREFIX = "replica"
# A replica that did not answer is left alone for so many seconds.
PAUSE = 30.0

_chosen: ContextVar[str | None] = ContextVar("chosen", default=None)
_paused_until: dict[str, float] = {}


class Replicas:
    """Django's side of it: see DATABASE_ROUTERS."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str:
        return _chosen.get() or "default"

    def db_for_write(self, model: type[Any], **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Rows of a replica are rows of the primary."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """A replica gets its tables from the primary."""
        return False if db.startswith(PREFIX) else None


@contextmanager
def reading_at(revision: int) -> Iterator[None]:
    """Read the rows of a page of this revision from a replica that has it; from the primary where none has."""
    token = _chosen.set(_replica(revision))
    try:
        yield
    finally:
        _chosen.reset(token)


def _replica(revision: int) -> str | None:
    aliases = [alias for alias in settings.DATABASES if alias.startswith(PREFIX)]
    # Inside a transaction the primary shows what no replica has.
    if not aliases or connections["default"].in_atomic_block:
        return None
    for alias in random.sample(aliases, len(aliases)):
        if time.monotonic() >= _paused_until.get(alias, 0) and _revision_of(alias) >= revision:
            return alias
    return None


def _revision_of(alias: str) -> int:
    """How far a replica has come; -1 if it does not answer."""
    try:
        return stored_revision(alias)
    except DatabaseError as problem:
        _paused_until[alias] = time.monotonic() + PAUSE
        logger.warning("%s does not answer and is left alone for %d seconds: %s", alias, PAUSE, problem)
        return -1


def stored_revision(alias: str) -> int:
    """The revision of a database, asked in its own words: a queryset takes longer to find them than it to answer."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT number FROM timeline_revision WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
