"""In which forms something can be taken along: each with its name, what it is, and its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.filters import EventFilter, path_of
from timeline.models import Event, Story

SHOWING_AN_EVENT = ("browse", "events_svg", "events_png")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a view. `is_copied` where the address is pasted elsewhere rather than opened."""

    name: str
    words: str
    address: str
    is_copied: bool = False
    is_saved: bool = False


def site_of(request: HttpRequest) -> str:
    """Where this site is, as the reader came to it: scheme and host."""
    return request.build_absolute_uri("/").removesuffix("/")


def address_of(asked: EventFilter, form: str) -> str:
    """The address of a view in another form: the same events, and the same event opened in it."""
    return _addresses(asked)(form)


def _addresses(asked: EventFilter) -> Callable[..., str]:
    """For a form, and what it takes besides, the address of a view in it. What they share is written once."""
    events, opened = (asked.changed(event=slug).query for slug in ("", asked.event))

    def address(form: str, **own: str) -> str:
        query = "&".join(filter(None, (opened if form in SHOWING_AN_EVENT else events, urlencode(own))))
        return f"{path_of(form)}?{query}" if query else path_of(form)

    return address


def forms_of_view(asked: EventFilter) -> list[Form]:
    """What the timeline offers of a view: always all of its events, whatever page of the list is shown."""
    to = _addresses(asked)
    return [
        Form(_("This view"), _("The address of what you see."), to("browse"), is_copied=True),
        Form(_("Embed"), _("The code to show it on another site."), to("embed_code")),
        Form("CSV", _("A table for spreadsheets, with sources."), to("events_csv"), is_saved=True),
        Form("Excel", _("The same table as a workbook."), to("events_xlsx"), is_saved=True),
        Form("TimelineJS", _("JSON for Knight Lab’s TimelineJS."), to("events_timelinejs"), is_saved=True),
        Form("JSON", _("For programs, page by page."), to("events_json")),
        Form("Annals", _("All that is known, for another Annals."), to("events_annals"), is_saved=True),
        Form("SVG", _("The drawing, to print or to edit."), to("events_svg")),
        Form("PNG", _("The drawing as a picture."), to("events_png")),
        Form(_("PNG, large"), _("The same with twice the pixels."), to("events_png", scale="2")),
        Form(_("Feed"), _("What changes, for a feed reader."), to("events_atom"), is_copied=True),
        Form(_("Calendar"), _("The events on their days."), to("events_ics"), is_copied=True),
        Form(
            _("Anniversaries"),
            _("A calendar in which they come back every year."),
            to("events_ics", anniversaries="yes"),
            is_copied=True,
        ),
    ]


def forms_of_event(event: Event) -> list[Form]:
    """What the page of an event offers."""
    return [
        Form(_("This event"), _("The address of this page."), event.get_absolute_url(), is_copied=True),
        Form(_("Embed"), _("The code to show it on another site."), reverse("embed_event_code", args=[event.slug])),
        Form(_("Calendar"), _("The event for a calendar."), reverse("event_ics", args=[event.slug]), is_saved=True),
        Form("JSON", _("All that is known of it, for programs."), reverse("event_json", args=[event.slug])),
        Form(_("Picture"), _("Title, date and flags as a card."), reverse("event_card", args=[event.slug])),
    ]


def forms_of_story(story: Story) -> list[Form]:
    """What the page of a story offers."""
    return [
        Form(_("This story"), _("The address of this page."), story.get_absolute_url(), is_copied=True),
        Form(_("Embed"), _("The code to show it on another site."), reverse("embed_story_code", args=[story.slug])),
        Form("JSON", _("The story with its events, for programs."), reverse("story_json", args=[story.slug])),
        Form(_("Picture"), _("The title as a card."), reverse("story_card", args=[story.slug])),
    ]
