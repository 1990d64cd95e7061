"""Many rows by few statements. Who calls this writes past the models, and answers for what they would have done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connections
from django.db.transaction import TransactionManagementError

Row = Sequence[Any]
T = TypeVar("T")

PARAMETERS = 999
"""In one statement: as many as every build of SQLite takes. More make it no quicker."""
CACHE_KB = 32_000
"""Pages of SQLite that stay in memory while much is written. With its usual 2 MB, pages of indexes that are met at
random go to the disk and come back again and again."""


def insert_rows(using: str, table: str, columns: Sequence[str], rows: Iterable[Row], conflict: str = "") -> None:
    """Insert what the database takes as it is; `conflict` is the end of the statement, for rows that are there.

    Raises TransactionManagementError outside of a transaction: where one row is refused, those before it may have been
    written.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise TransactionManagementError("Many rows are written in a transaction.")
    quote = connection.ops.quote_name
    # Many rows to a statement of SQLite: each makes FTS5 write out what its triggers have gathered, and looks up the
    # last number that was given. If it had to take back its own rows when one fails, it would first copy every page
    # that it changes; our transaction takes them back.
    insert, size = ("INSERT OR FAIL", PARAMETERS // len(columns)) if connection.vendor == "sqlite" else ("INSERT", 1)
    head = f"{insert} INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES "
    one = f"({', '.join(['%s'] * len(columns))})"
    given = list(rows)
    whole = len(given) - len(given) % size
    with connection.cursor() as cursor:
        for some in (given[:whole], given[whole:]):
            # Not a statement at a time: Django would look for the placeholders in each, which takes as long as writing.
            parameters = [[*chain.from_iterable(each)] for each in pieces(some, size)]
            if some:
                cursor.executemany(f"{head}{', '.join([one] * min(size, len(some)))} {conflict}", parameters)


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
