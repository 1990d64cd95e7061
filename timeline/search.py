"""From words to events."""

from __future__ import annotations

from collections.abc import Sequence

from timeline.models import Event


def matching_ids(words: Sequence[str]) -> list[int]:
    """Ids of the published events whose title or summary holds every word, whatever its case."""
    return list(Event.objects.published().containing(words).order_by().values_list("pk", flat=True))
