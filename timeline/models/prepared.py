"""Queries that every page asks, written once: Django takes longer to come to the SQL than the database to the rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections, router
from django.db.models import Manager, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

# The ids travel as one value, so that the statement is the same however many there are.
IDS = {
    "sqlite": RawSQL("SELECT value FROM json_each(%s)", [None]),
    "postgresql": RawSQL("SELECT unnest(%s::bigint[])", [None]),
}


class Statement(NamedTuple):
    """The SQL of one database, and how Django turns its columns into values."""

    sql: str
    compiler: SQLCompiler
    converters: dict[int, Any]


class Prepared:
    """A query for the rows of some ids.

    `query` makes the queryset, a values_list, from the model's manager and the set of the ids; it is called once for
    each database.
    """

    def __init__(self, model: str, query: Callable[[Manager[Any], RawSQL], QuerySet[Any, Any]]) -> None:
        self.model = model
        self.query = query
        self.statements: dict[str, Statement] = {}

    def rows(self, ids: Iterable[int]) -> Iterator[Any]:
        """The rows for these ids, from the database that the router reads this model from."""
        model = apps.get_model("timeline", self.model)
        alias = router.db_for_read(model)
        connection = connections[alias]
        sql, compiler, converters = self.statements.get(alias) or self._written(alias)
        wanted = [int(id) for id in ids]
        with connection.cursor() as cursor:
            cursor.execute(sql, [json.dumps(wanted) if connection.vendor == "sqlite" else wanted])
            found = cursor.fetchall()
        return compiler.apply_converters(found, converters) if converters else iter(found)

    def _written(self, alias: str) -> Statement:
        manager = apps.get_model("timeline", self.model)._default_manager
        queryset = self.query(manager, IDS[connections[alias].vendor]).using(alias)
        compiler = queryset.query.get_compiler(alias)
        sql, _parameters = compiler.as_sql()
        statement = Statement(sql, compiler, compiler.get_converters([column[0] for column in compiler.select]))
        self.statements[alias] = statement
        return statement
