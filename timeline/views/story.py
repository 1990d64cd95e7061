"""Stories: the list, one story with its events in its own order, and the same as data."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from timeline import exports
from timeline.filters import EventFilter
from timeline.models import Event, Story, Vocabulary
from timeline.responses import document, page_or_fragment
from timeline.views import errors


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """All stories, the newest first."""
    revision = Vocabulary.current().revision
    page = "timeline/stories.html"
    return page_or_fragment(request, page, page, lambda: {"stories": Story.objects.for_reading()}, (revision,))


@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story."""
    vocabulary = Vocabulary.current()
    found = _story(slug)
    page = "timeline/story.html"
    return page_or_fragment(request, page, page, lambda: _context(found, vocabulary), (vocabulary.revision, slug))


@require_safe
def story_json(request: HttpRequest, slug: str) -> HttpResponse:
    """One story as a document."""
    revision = Vocabulary.current().revision
    found = _story(slug)
    return document(request, lambda: exports.story_document(found), (revision, slug))


def _story(slug: str) -> Story:
    found: Story | None = Story.objects.filter(slug=slug).first()
    if found is None:
        raise errors.no_such_story(slug)
    return found


def _context(story: Story, vocabulary: Vocabulary) -> dict[str, Any]:
    told = Story.objects.with_published_events(story)
    return {"story": story, "events": told, "range": _range(told, vocabulary)}


def _range(events: list[Event], vocabulary: Vocabulary) -> EventFilter | None:
    """The timeline from the first to the last of the events; None without events."""
    if not events:
        return None
    first = min(event.day for event in events)
    ends = [event.latest for event in events if event.latest < datetime.date.max]
    last = max([*ends, *(event.day for event in events)])
    return EventFilter(vocabulary, start=first.isoformat(), end=last.isoformat())
