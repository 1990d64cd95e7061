"""Watches what a page asks of the database: how many statements, and which of them read the whole of a large table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

# What people make by hand, one row at a time. Every other table may have millions of rows.
SMALL = {
    "actor",
    "apitoken",
    "bulkchange",
    "category",
    "correction",
    "country",
    "country_successors",
    "coverage",
    "coverage_countries",
    "dataset",
    "deletedevent",
    "distinctpair",
    "importmapping",
    "importrun",
    "pendingrevision",
    "revision",
    "story",
}
ALIAS = re.compile(r'"(timeline_\w+)" (?:AS )?"?([UTV]\d+)"?')


@dataclass
class Asked:
    """The statements of a page, with their parameters."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        """How many there are; a test's own transaction makes savepoints of what else are transactions."""
        return sum("SAVEPOINT" not in sql for sql, _parameters in self.statements)

    def scans(self) -> list[str]:
        """The large tables that SQLite reads as a whole, each with its statement."""
        return [
            f"{table}: {sql}"
            for sql, parameters in self.statements
            if sql.startswith(("SELECT", "WITH"))
            for table in _scanned(sql, parameters)
        ]


@contextmanager
def watched() -> Iterator[Asked]:
    """Note what is asked inside."""
    asked = Asked()

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        asked.statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield asked


def _scanned(sql: str, parameters: Any) -> Iterator[str]:
    names = {alias: table for table, alias in ALIAS.findall(sql)}
    for name in _names(sql, parameters):
        table = names.get(name, name)
        if table.startswith("timeline_") and table.removeprefix("timeline_") not in SMALL:
            yield table


def _names(sql: str, parameters: Any) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        lines = [row[3] for row in cursor.fetchall() if "VIRTUAL TABLE" not in row[3]]
        yield from (found[1] for line in lines if (found := re.match(r"SCAN (\w+)", line)))
