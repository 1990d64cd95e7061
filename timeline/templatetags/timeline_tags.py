"""What templates need beyond plain values: pictures of flags and kinds, and sentences about an event in a filter."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from timeline.canvas import Picture
from timeline.canvas.drawing import Bin, Mark
from timeline.canvas.picture import shortest_text, words_of
from timeline.dates import Overlap, display
from timeline.filters import EventFilter
from timeline.models import Category, Country, Event

register = template.Library()


@register.simple_tag
def flag(path: str, name: str = "") -> SafeString:
    """The picture of a flag; with a name it speaks, without one it decorates."""
    return format_html(
        '<img class="flag" src="{}" alt="{}" width="21" height="14" loading="lazy" decoding="async">',
        static(path),
        name,
    )


@register.simple_tag
def shape(category: Category) -> SafeString:
    """The mark of a category in its colour, as the drawing shows it."""
    return format_html(
        '<svg class="shape hue-{}" width="12" height="12" viewBox="-8 -8 16 16" aria-hidden="true">'
        '<use href="#shape-{}"/></svg>',
        category.position,
        category.icon or "circle",
    )


@register.simple_tag
def flag_url(asked: EventFilter | str, country: Country) -> str:
    """Where a click on a flag leads: the same view of this country, or the timeline of it from another page."""
    if isinstance(asked, EventFilter):
        return asked.focused_on(country.code).address()
    return f"{reverse('browse')}?country={country.code}"


@register.simple_tag
def is_only_possible(asked: EventFilter, event: Event) -> bool:
    """True if the event may lie outside the filter's range."""
    return asked.has_range and event.overlap(*asked.range) is Overlap.POSSIBLE


@register.simple_tag
def countries_of(event: Event) -> list[Country]:
    """The countries that take part, each once, in the order in which they were entered."""
    return list({part.country_id: part.country for part in event.participations.all()}.values())


@register.filter
def in_words(text: str) -> str:
    """An EDTF date as people write it."""
    return display(text) if text else ""


@register.simple_tag
def event_of(picture: Picture, mark: Mark) -> Event:
    return picture.subjects[mark.id]


@register.simple_tag
def mark_words(picture: Picture, mark: Mark) -> str:
    """What a mark says to a pointer and to a screen reader."""
    return words_of(picture.subjects[mark.id])


@register.simple_tag
def mark_url(picture: Picture, mark: Mark) -> str:
    return picture.mark_url(picture.subjects[mark.id])


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """The value of a key that a variable holds."""
    return mapping.get(key)


@register.simple_tag
def opened_url(asked: EventFilter, slug: str) -> str:
    """The same view with an event opened in it."""
    return asked.opened(slug).address()


@register.simple_tag
def bin_url(picture: Picture, bin: Bin) -> str:
    return picture.bin_url(bin)


@register.simple_tag
def bin_words(bin: Bin) -> str:
    """“July 1950: 12 more”, and the titles of the most important among them."""
    start, end = shortest_text(datetime.date.fromordinal(bin.first), datetime.date.fromordinal(bin.last))
    when = display(start) if start == end else f"{display(start)} – {display(end)}"
    words = ngettext("%(when)s: %(count)d more event", "%(when)s: %(count)d more events", bin.count) % {
        "when": when,
        "count": bin.count,
    }
    return "\n".join((words, *(f"· {title}" for title in bin.titles)))


@register.filter(needs_autoescape=True)
def paragraphs(text: str, autoescape: bool = True) -> Any:
    """Plain text with blank lines as paragraphs, escaped."""
    return linebreaks_filter(text, autoescape)
