"""What files said of events, kept so that the next file's corrections can be told from what editors changed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import models
from pydantic_core import from_json, to_json

from timeline.models import CompanionVersion, FileVersion
from timeline.models.event_queries import among
from timeline.models.many_rows import pieces

from .draft import NewEvent
from .stored import EVENT_FIELDS, PART_FIELDS

AT_ONCE = 500
"""A statement of SQLite may be limited to 999 parameters."""
Said = dict[str, Any]
"""Columns of an event by their names, and rows by the name of their model, as JSON holds them."""
Rows = Sequence[tuple[Any, ...]]


@cache
def part_name(model: type[models.Model]) -> str:
    """What the rows of a model are called among the fields of an event."""
    return str(model._meta.model_name)


PART_NAMES = [part_name(model) for model in PART_FIELDS]


def plain(value: Any) -> Any:
    """The cell as JSON holds it; None for every kind of nothing."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value or None


def plain_rows(rows: Rows) -> list[list[Any]]:
    """The rows as JSON holds them."""
    return [[cell.isoformat() if isinstance(cell, datetime.date) else cell for cell in row] for row in rows]


def said_of(values: Mapping[str, Any], parts: Mapping[type[models.Model], Rows]) -> Said:
    """What a file says of an event, without what is empty."""
    found = {name: kept for name, value in values.items() if (kept := plain(value)) is not None}
    found |= {part_name(model): plain_rows(rows) for model, rows in parts.items() if rows}
    return found


def packed(said: Mapping[str, Any]) -> str:
    """The text that is stored; numbers and days become texts, as `plain` makes them."""
    return to_json(said).decode()


def packed_event(event: NewEvent) -> str:
    """`packed` of what `said_of` would give, with less work: it is done for each new event."""
    columns = zip(EVENT_FIELDS, event.values, strict=True)
    said = {name: value for name, value in columns if value is not None and value != ""}
    said |= {name: rows for name, rows in zip(PART_NAMES, event.parts, strict=True) if rows}
    return packed(said)


def unpacked(text: str) -> Said:
    """What `packed` was given."""
    said: Said = from_json(text)
    return said


def last_said(ids: Collection[int]) -> dict[int, Said]:
    """What a file said last of each of these events; an event of which none said anything is missing."""
    if not ids:
        return {}
    rows = FileVersion.objects.filter(among("event_id", sorted(ids))).order_by().values_list("pk", "event_id", "said")
    # The later of two takes the place of the earlier.
    newest = {event_id: said for _pk, event_id, said in sorted(rows, key=itemgetter(0))}
    return {event_id: unpacked(said) for event_id, said in newest.items()}


def last_said_of_companions(model: type[models.Model], slugs: Collection[str]) -> dict[str, Said]:
    """The same of what comes with events, by its slug."""
    found: dict[str, str] = {}
    for some in pieces(sorted(slugs), AT_ONCE):
        rows = CompanionVersion.objects.filter(kind=part_name(model), slug__in=some)
        found |= dict(rows.order_by("pk").values_list("slug", "said"))
    return {slug: unpacked(said) for slug, said in found.items()}
