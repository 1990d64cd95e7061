"""What a reader may have to be told, because a file does not say it."""

from __future__ import annotations

from dataclasses import dataclass

from .mapping import TableMapping


@dataclass(frozen=True, slots=True)
class Reading:
    """All of it may be left out; a reader that then cannot go on says what it needs."""

    dataset: str = ""
    """Slug of the dataset that the events shall belong to; then the format's own dataset is not made."""
    category: str = ""
    """Slug of the category of events for which the format has none."""
    day_order: str = ""
    """“day/month” or “month/day”, for dates in numbers."""
    mapping: TableMapping | None = None
    """Which columns of a table make an event."""
