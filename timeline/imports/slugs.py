"""Addresses for many new events at once, by the same rule as `timeline.models.events.free_slug`, asking once."""

from __future__ import annotations

import datetime

from django.utils.text import slugify

from timeline.models import Event, SlugRedirect
from timeline.models.events import SLUG_LENGTH


class Slugs:
    """The addresses in use, and new ones beside them."""

    def __init__(self) -> None:
        # An address that leads to another event since that has a new one is not free either.
        self._owners: dict[str, int | None] = dict(SlugRedirect.objects.order_by().values_list("slug", "event_id"))
        self._owners |= Event.objects.order_by().values_list("slug", "pk")
        self._numbers: dict[str, int] = {}

    def is_free(self, slug: str, owner: int | None) -> bool:
        """True if nobody has it, or only the event with this id."""
        return slug not in self._owners or (owner is not None and self._owners[slug] == owner)

    def take(self, slug: str, owner: int | None) -> None:
        self._owners[slug] = owner

    def new(self, title: str, day: datetime.date) -> str:
        """A free address made from the title, taken at once."""
        stem = slugify(title)[: SLUG_LENGTH - 20].strip("-") or f"event-{day.isoformat()}"
        if stem not in self._owners:
            self._owners[stem] = None
            return stem
        if not stem.endswith(str(day.year)):
            stem = f"{stem}-{day.year}"
        number = self._numbers.get(stem, 1)
        slug = stem if number == 1 else f"{stem}-{number}"
        while slug in self._owners:
            number += 1
            slug = f"{stem}-{number}"
        self._numbers[stem] = number
        self._owners[slug] = None
        return slug
