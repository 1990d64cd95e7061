"""Addresses that events had before; each leads to where its event is now, for good."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .events import SLUG_LENGTH, Event


class SlugRedirectManager(models.Manager["SlugRedirect"]):
    def event_of(self, slug: str) -> Event | None:
        """The event that once had this address."""
        found = self.filter(slug=slug).select_related("event").first()
        return found.event if found else None

    def lead(self, old: str, event: Event) -> None:
        """Let the old address lead to the event from now on."""
        self.update_or_create(slug=old, defaults={"event": event})


class SlugRedirect(models.Model):
    """An old address of an event. No other event may take it."""

    slug = models.SlugField(_("old address"), max_length=SLUG_LENGTH, primary_key=True)
    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="old_slugs")

    objects = SlugRedirectManager()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug
