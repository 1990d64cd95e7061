"""Rows that many tests begin with: written by the models the first time, from then on put back as they were stored.

The models write hundreds of statements for them (history, revisions, search texts), which took longer than the tests.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Kept:
    """What a function wrote into empty tables, table by table, and what it returned."""

    rows: dict[type[Model], list[tuple[Any, ...]]]
    returned: bytes

    def finds_room(self) -> bool:
        """Whether all the tables are empty: one question, where the managers would ask one for each."""
        full = " OR ".join(f"EXISTS (SELECT 1 FROM {model._meta.db_table})" for model in self.rows)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {full}")
            return not cursor.fetchone()[0]

    def put_back(self) -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(self.script)
            else:
                for statement, rows in self.statements():
                    cursor.executemany(statement, rows)
        return pickle.loads(self.returned)

    def statements(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        for model, rows in self.rows.items():
            columns = ", ".join(str(field.column) for field in model._meta.concrete_fields)
            places = ", ".join(["%s"] * len(model._meta.concrete_fields))
            yield f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})", rows

    @cached_property
    def script(self) -> str:
        """All statements with their values, which PostgreSQL takes at once instead of answering each row.

        It counts on from what is there: a test may have set the count back, which no rollback undoes.
        """
        with connection.cursor() as cursor:
            written = [cursor.mogrify(statement, row) for statement, rows in self.statements() for row in rows]
        counted = connection.ops.sequence_reset_sql(no_style(), list(self.rows))
        return "; ".join([*written, *(statement.rstrip("; ") for statement in counted)])


def replayed(make: Callable[[], Made]) -> Callable[[], Made]:
    """Let a function that only adds rows to empty tables do so through our models once in a process.

    Where a table that it writes to is not empty, it runs as it stands.
    """
    kept: list[_Kept] = []

    @wraps(make)
    def made() -> Made:
        if kept:
            found: Made = kept[0].put_back() if kept[0].finds_room() else make()
            return found
        before = _all_stored()
        returned = make()
        after = _all_stored()
        # What was there and has stayed as it was, such as a token, concerns nobody.
        if all(after.get(model) == rows for model, rows in before.items()):
            written = {model: rows for model, rows in after.items() if model not in before}
            kept.append(_Kept(written, pickle.dumps(returned)))
        return returned

    return made


def _models() -> Iterator[type[Model]]:
    return apps.get_app_config("timeline").get_models(include_auto_created=True)


def _all_stored() -> dict[type[Model], list[tuple[Any, ...]]]:
    """The rows of all tables that are not empty."""
    return {model: _stored(model) for model in _models() if model._base_manager.exists()}


def _stored(model: type[Model]) -> list[tuple[Any, ...]]:
    """The rows of a table, as they are given to the database."""
    fields = model._meta.concrete_fields
    rows = model._base_manager.values_list(*(field.attname for field in fields))
    return [
        tuple(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True))
        for row in rows
    ]
