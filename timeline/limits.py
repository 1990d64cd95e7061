"""How long the database may work on one statement, so that nobody's question holds up everybody else's.

SQLite is asked to stop by a handler that it calls as it goes, which counts the processor's time and not the clock's: a
busy machine refuses nobody. PostgreSQL has a setting for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, OperationalError, connections

# SQLite asks whether to go on after this many steps of its virtual machine.
STEPS_BETWEEN_QUESTIONS = 2000
CANCELLED = "57014"
UNKNOWN = -1
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")

_limit: ContextVar[int | None] = ContextVar("limit", default=None)
_is_watched: ContextVar[bool] = ContextVar("is_watched", default=False)
# What each connection to PostgreSQL was last told.
_told: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


@contextmanager
def at_most(milliseconds: int | None) -> Iterator[None]:
    """Let no statement inside take longer; with None as long as it needs, whatever the limit outside."""
    token = _limit.set(milliseconds)
    try:
        if milliseconds is None or _is_watched.get():
            yield
        else:
            with _watched():
                yield
    finally:
        _limit.reset(token)


def was_stopped(error: BaseException) -> bool:
    """True of the error of a statement that took too long."""
    if not isinstance(error, OperationalError):
        return False
    return str(error) == "interrupted" or getattr(error.__cause__, "sqlstate", "") == CANCELLED


@contextmanager
def _watched() -> Iterator[None]:
    token = _is_watched.set(True)
    used: set[Any] = set()

    def watch(execute: Any, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        used.add(context["connection"])
        # On the way out of a failed transaction PostgreSQL takes nothing else.
        if not sql.startswith(SAVEPOINTS):
            _tell(context["connection"], _limit.get())
        try:
            return execute(sql, parameters, many, context)
        except DatabaseError:
            # Its transaction will be rolled back, and what was told inside with it.
            if context["connection"].vendor == "postgresql":
                _told[context["connection"].connection] = UNKNOWN
            raise

    try:
        with ExitStack() as wrapped:
            for connection in connections.all():
                wrapped.enter_context(connection.execute_wrapper(watch))
            yield
    finally:
        _is_watched.reset(token)
        for connection in used:
            if connection.connection is not None and not connection.needs_rollback:
                _tell(connection, None)


class _Watch:
    """Whether a statement has had so many seconds of the processor.

    To read the processor's clock is a call into the kernel, where a busy machine may let others go first. To read the
    time is not, and while less of it has passed there is nothing to ask. The first question comes soon after the start.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.started: float | None = None
        self.end_at_best = 0.0

    def is_over(self) -> bool:
        if self.started is None:
            self.started, self.end_at_best = time.thread_time(), time.monotonic() + self.seconds
        return time.monotonic() > self.end_at_best and time.thread_time() > self.started + self.seconds


def _tell(connection: Any, milliseconds: int | None) -> None:
    """Set the limit of what the connection does next."""
    raw = connection.connection
    if connection.vendor == "sqlite":
        raw.set_progress_handler(
            None if milliseconds is None else _Watch(milliseconds / 1000).is_over, STEPS_BETWEEN_QUESTIONS
        )
    elif _told.get(raw, 0) != (milliseconds or 0):
        with raw.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {milliseconds or 0:d}")
        _told[raw] = milliseconds or 0
