"""Many new rows at once, with their history: one statement for thousands, and the history copied by the database.

The manager's `bulk_create` makes an object for each row, and another for its history, which takes ten times as long.
Whoever writes here must hold the revision, and take the next one for what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any

from django.db import connection, models
from django.utils import timezone

from timeline.models.many_rows import Row, insert_rows


def reserve_ids(model: type[models.Model], count: int) -> range:
    """Ids that no other row has or will get. On PostgreSQL others may reserve as well, so they need not be dense."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, "id"])
            [sequence] = cursor.fetchone()
            # One step of the sequence over all of them; others who take numbers wait for the lock of the table.
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SELECT nextval(%s)", [sequence])
            [first] = cursor.fetchone()
            cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
        else:
            cursor.execute(
                f"SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0),"  # noqa: S608
                f" coalesce((SELECT max(id) FROM {connection.ops.quote_name(table)}), 0))",
                [table],
            )
            [last] = cursor.fetchone()
            first = last + 1
    return range(first, first + count)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows of these columns, by the names of their attributes; the other columns get the model's defaults.

    They are held in memory together.
    """
    columns: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    now = timezone.now()
    others = {
        name: _default(field, now) for name, field in columns.items() if name not in names and not field.primary_key
    }
    fields = [columns[name] for name in (*names, *others)]
    adapters = _adapters()
    given = [_adapted(cells, field, adapters) for field, cells in zip(fields, zip(*rows, strict=True), strict=False)]
    written = zip(*given, *map(repeat, others.values()), strict=False)
    _execute(model._meta.db_table, [field.column for field in fields], written)


def copy_to_history(model: Any, first: int, last: int, about: Mapping[str, Any]) -> None:
    """Write the history of the new rows with these ids; `about` has the reason and the user."""
    history = _history(model)
    own = {field.column for field in model._meta.concrete_fields}
    columns = [field.column for field in history._meta.concrete_fields if field.column in own]
    extra = {"history_date": timezone.now(), "history_type": "+", **about}
    fields = [history._meta.get_field(name) for name in extra]
    prepared = [field.get_db_prep_save(value, connection) for field, value in zip(fields, extra.values(), strict=True)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in (*columns, *(field.column for field in fields)))
    values = ", ".join((*map(quote, columns), *("%s" for _field in fields)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} ({names})"  # noqa: S608 -- names of our own tables
            f" SELECT {values} FROM {quote(model._meta.db_table)} WHERE id BETWEEN %s AND %s ORDER BY id",
            [*prepared, first, last],
        )


def _default(field: Any, now: Any) -> Any:
    value = now if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) else field.get_default()
    return field.get_db_prep_save(value, connection)


def _adapters() -> dict[type[models.Field[Any, Any]], Callable[[Any], Any]]:
    """What gives a value, or None, as the database wants it; of other fields it takes the values as they are."""
    operations = connection.ops
    return {
        models.DateTimeField: operations.adapt_datetimefield_value,
        # Most events lie on one day, which is five times in their row.
        models.DateField: cache(operations.adapt_datefield_value),
        models.DecimalField: operations.adapt_decimalfield_value,
    }


def _adapted(
    cells: tuple[Any, ...], field: Any, adapters: Mapping[type[models.Field[Any, Any]], Callable[[Any], Any]]
) -> Iterable[Any]:
    """The cells of one column."""
    kind = next((kind for kind in adapters if isinstance(field, kind)), None)
    return map(adapters[kind], cells) if kind and any(cells) else cells


@cache
def _history(model: Any) -> Any:
    """The model of its history, of which simple-history makes a manager each time that it is asked."""
    return model.history.model


def _execute(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    if connection.vendor != "postgresql":
        insert_rows(connection.alias, table, columns, rows)
        return
    quote = connection.ops.quote_name
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
