"""What templates need beyond plain values: pictures of flags and kinds, and sentences about an event in a filter."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from timeline.canvas.drawing import Bin
from timeline.canvas.picture import shortest_text
from timeline.dates import Overlap, display
from timeline.filters import EventFilter
from timeline.models import Category, Country, Event

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=2_000)
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
    return _shape(category.position, category.icon or "circle")


@lru_cache(maxsize=200)
def _shape(hue: int, icon: str) -> SafeString:
    return format_html(
        '<svg class="shape hue-{}" width="12" height="12" viewBox="-8 -8 16 16" aria-hidden="true">'
        '<use href="#shape-{}"/></svg>',
        hue,
        icon,
    )


def country_url(code: str) -> str:
    """The timeline of a country."""
    return f"{reverse('browse')}?country={code}"


@register.simple_tag
def flag_url(asked: EventFilter | str, country: Country) -> str:
    """Where a click on a flag leads: the same view of this country, or the timeline of it from another page."""
    if isinstance(asked, EventFilter):
        return asked.focused_on(country.code).address()
    return country_url(country.code)


@register.simple_tag
def is_only_possible(asked: EventFilter, event: Event) -> bool:
    """True if the event may lie outside the filter's range."""
    return asked.has_range and event.overlap(*asked.range) is Overlap.POSSIBLE


@register.filter
def in_words(text: str) -> str:
    """An EDTF date as people write it."""
    return display(text) if text else ""


def bin_words(bin: Bin, language: str) -> str:
    """“July 1950: 12 more”, and the titles of the most important among them. `language` is the active one."""
    words = _counted(bin.count, language).replace("\0", _days_in_words(bin.first, bin.last, language))
    return "\n".join((words, *(f"· {title}" for title in bin.titles))) if bin.titles else words


@lru_cache(maxsize=20_000)
def _counted(count: int, language: str) -> str:
    """The words of a count, with NUL where the days go."""
    words = ngettext("%(when)s: %(count)d more event", "%(when)s: %(count)d more events", count)
    return words % {"when": "\0", "count": count}


@lru_cache(maxsize=20_000)
def _days_in_words(first: int, last: int, language: str) -> str:
    start, end = shortest_text(first, last)
    if start == end:
        return display(start, language)
    return f"{display(start, language)} – {display(end, language)}"


@register.filter(needs_autoescape=True)
def paragraphs(text: str, autoescape: bool = True) -> Any:
    """Plain text with blank lines as paragraphs, escaped."""
    return linebreaks_filter(text, autoescape)
