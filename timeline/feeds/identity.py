"""What an event is called for ever, by whoever keeps a copy of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from timeline.models import Event


def host() -> str:
    """The public name of this installation, whatever name a request came by."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def tag(event: Event) -> str:
    """A tag URI (RFC 4151): it outlives a change of the event's title and address."""
    return f"tag:{host()},{event.created:%Y-%m-%d}:event/{event.pk}"


def uid(event: Event, kind: str = "event") -> str:
    """What a calendar knows the event by (RFC 5545, 3.8.4.7)."""
    return f"{kind}-{event.pk}@{host()}"
