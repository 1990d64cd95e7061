"""One event as an import would store it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models

from timeline.models import Event


class Change(enum.StrEnum):
    """What an import does with one record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """An editor has changed what the file changes too; it may have other changes beside."""
    DUPLICATE = "duplicate"
    WRONG = "wrong"


DELETED = "deleted"
"""What the conflict is called where the file still has what was deleted here."""
Key = tuple[str, str]
"""An event's dataset and its identifier there."""
Row = tuple[Any, ...]


class Decision(enum.StrEnum):
    """What becomes of the fields that an editor changed and the file too."""

    OPEN = "open"
    """They stay as they are here, and the same file asks again."""
    KEEP = "keep"
    """They stay as they are here, and the file has had its say."""
    TAKE = "take"
    """They become what the file says."""


@dataclass(slots=True)
class Conflict:
    """What the last file said of a field, as JSON holds it, and what this one says."""

    said: Any
    file: Any


@dataclass(slots=True)
class Draft:
    """An event as it would be stored; or what comes with events: a dataset, a person, a story, a dataset's coverage."""

    dataset: str
    id: str
    """What it is called in its dataset; of what is no event, the slug."""
    row: int
    """Where it stands in its file, as a person would count."""
    change: Change
    values: dict[str, Any]
    """Columns of the event by the name of the model's field."""
    parts: dict[type[models.Model], list[tuple[Any, ...]]]
    """Rows that belong to it, each in the order of `stored.PART_FIELDS`."""
    changed_parts: list[type[models.Model]] = field(default_factory=list)
    """Those of which all stored rows are replaced."""
    stored_id: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    """What is stored in those of the columns that would change."""
    merged: dict[type[models.Model], tuple[list[Any], list[Any]]] = field(default_factory=dict)
    """Rows that go and rows that are added beside those of an editor."""
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    """Columns, or names of models, by what is in conflict. `values` and `parts` hold what is stored."""
    said: str = ""
    """What the file says, to be remembered of a stored event; empty where it said so before."""
    said_before_deciding: str = ""
    """The same while nobody has decided the conflicts; empty where there is nothing to remember then."""
    model: type[models.Model] = Event
    said_of: int | None = None
    """Under which number it is kept what files said, where that is not the stored event's: it was merged into that."""

    @property
    def key(self) -> Key:
        return self.dataset, self.id

    @property
    def decided_as(self) -> str:
        """What a decision about its conflicts is called: the number of the event, and of what was merged into it if it
        is about that; or kind and slug.
        """
        if self.model is not Event:
            return f"{self.model._meta.model_name}-{self.id}"
        return f"{self.stored_id}-{self.said_of}" if self.said_of else str(self.stored_id)

    @property
    def differs(self) -> bool:
        """True if something of a stored event would be written."""
        return bool(self.before or self.changed_parts or self.merged)

    def new_rows(self, model: type[models.Model]) -> list[tuple[Any, ...]]:
        """The rows of one kind that are to be added, beside what is stored or in its place."""
        if self.change is Change.NEW or model in self.changed_parts:
            return self.parts[model]
        return self.merged[model][1] if model in self.merged else []


class NewEvent(NamedTuple):
    """As much of a draft as is written of a new event: to make drafts of a hundred thousand takes seconds."""

    dataset: str
    id: str
    values: tuple[Any, ...]
    """In the order of `stored.EVENT_FIELDS`."""
    parts: tuple[list[Row], ...]
    """In the order of `stored.PART_FIELDS`."""
