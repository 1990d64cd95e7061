"""Many rows by few statements. Who calls this writes past the models, and answers for what they would have done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connections

Row = Sequence[Any]
T = TypeVar("T")

PARAMETERS = 4000
"""In one statement; builds of SQLite may take fewer, and more make it no quicker."""
WIDE = 16
"""Columns from which on a statement for each row is quicker than one for many."""
CACHE_KB = 32_000
"""Pages of SQLite that stay in memory while much is written. With its usual 2 MB, pages of indexes that are met at
random go to the disk and come back again and again."""


def insert_rows(using: str, table: str, columns: Sequence[str], rows: Iterable[Row], conflict: str = "") -> None:
    """Insert what the database takes as it is; `conflict` is the end of the statement, for rows that are there."""
    connection = connections[using]
    quote = connection.ops.quote_name
    head = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES "  # noqa: S608 -- our own names
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        if len(columns) >= WIDE or connection.vendor != "sqlite":
            cursor.executemany(f"{head}{one} {conflict}", list(rows))
            return
        limit: int = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        for some in pieces(rows, min(limit, PARAMETERS) // len(columns)):
            # Each statement that fires a trigger makes FTS5 write out what it has gathered: for single rows, ten times.
            cursor.execute(f"{head}{', '.join([one] * len(some))} {conflict}", list(chain.from_iterable(some)))


def pieces(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of so many; the last may be shorter."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


@contextmanager
def much_to_write(using: str = "default") -> Iterator[None]:
    """Let SQLite keep more pages in memory for as long as this lasts. Other databases have settings for that."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(usual)}")
