"""What changed in the rows of an event: countries, actors, names, sources and relations come and go on their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from timeline.models import ActorParticipation, EventName, Participation, Relation, Source

LIMIT = 200

# For each model: what its historical rows point at (fetched with them), and one of them in words.
ROWS: list[tuple[Any, list[str], Callable[[Any], str]]] = [
    (Participation, ["country"], lambda row: f"{row.country} ({row.get_role_display()})"),
    (ActorParticipation, ["actor"], lambda row: f"{row.actor} ({row.get_role_display()})"),
    (EventName, [], lambda row: row.name),
    (Source, [], Source.__str__),
    (Relation, ["target"], lambda row: f"{row.get_kind_display()} {row.target}"),
]


@dataclass(frozen=True)
class RowChange:
    """One row that was added, changed or removed."""

    record: Any
    kind: str
    words: str


def changes_of_rows(event_id: int) -> list[RowChange]:
    """The newest changes of an event's rows, newest first, in one query a kind of row."""
    found = [
        RowChange(record, str(model._meta.verbose_name), in_words(record))
        for model, related, in_words in ROWS
        for record in model.history.filter(event_id=event_id)
        .select_related("history_user", *related)
        .order_by("-history_date", "-history_id")[:LIMIT]
    ]
    return sorted(found, key=lambda change: change.record.history_date, reverse=True)[:LIMIT]
