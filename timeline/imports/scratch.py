"""What must be remembered of each row of a file that comes in: on the disk, since a file has any number of rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from timeline.models.many_rows import pieces

CACHE_KB = 8_000
AT_ONCE = 900
"""Parameters of one statement; builds of SQLite may be limited to 999."""


class Scratch:
    """A database that nobody else sees. Its file has no name, so it is gone with the process, however that ends."""

    def __init__(self, *tables: str) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        for statement in (f"PRAGMA cache_size = -{CACHE_KB}", "PRAGMA journal_mode = OFF", *tables, "BEGIN"):
            self._connection.execute(statement)

    def rows(self, sql: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters)

    def rows_among(self, sql: str, values: Iterable[Any], *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """The rows of a query that ends with IN, where these values follow."""
        for some in pieces(values, AT_ONCE):
            yield from self.rows(f"{sql} ({', '.join('?' * len(some))})", *parameters, *some)

    def write(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._connection.executemany(sql, rows)
