"""One event as an import would store it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from django.db import models


class Change(enum.StrEnum):
    """What an import does with one record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    WRONG = "wrong"


Key = tuple[str, str]
"""An event's dataset and its identifier there."""


@dataclass(slots=True)
class Draft:
    """An event as it would be stored."""

    dataset: str
    id: str
    row: int
    """Where it stands in its file, as a person would count."""
    change: Change
    values: dict[str, Any]
    """Columns of the event by the name of the model's field."""
    parts: dict[type[models.Model], list[tuple[Any, ...]]]
    """Rows that belong to it, each in the order of `stored.PART_FIELDS`."""
    changed_parts: list[type[models.Model]] = field(default_factory=list)
    stored_id: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    """What is stored in those of the columns that would change."""

    @property
    def key(self) -> Key:
        return self.dataset, self.id
