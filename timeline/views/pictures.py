"""The drawing as a picture that stands alone, and the cards that shared links show elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from timeline import canvas, dates, index, raster
from timeline.canvas import card as cards
from timeline.canvas import still as stills
from timeline.canvas.card import Card
from timeline.filters import EventFilter, Problem
from timeline.formats.xml_text import xml_text
from timeline.models import Country, Event, EventStatus, Story, Vocabulary
from timeline.responses import file, filter_key, refusal
from timeline.sharing import site_of
from timeline.views import errors
from timeline.views.asking import Whole, file_name, filtered

COLOURS = {name: getattr(stills, name) for name in ("PAPER", "INK", "SOFT", "LINE", "STRONG", "ACCENT", "DENSITY")}
PNG = "image/png"
WIDTHS = Whole(stills.WIDTH, stills.WIDTHS)


@filtered(width=WIDTHS)
def events_svg(request: HttpRequest, asked: EventFilter, width: str) -> HttpResponseBase:
    """The drawing with its legend and credit line, in one file that loads nothing else."""
    key = (*filter_key(asked), width)
    return file(
        request,
        lambda: _drawing(request, asked, int(width))[0].encode(),
        key,
        "image/svg+xml; charset=utf-8",
        file_name(asked, "svg"),
    )


@filtered(width=WIDTHS, scale=("1", "2"))
def events_png(request: HttpRequest, asked: EventFilter, width: str, scale: str) -> HttpResponseBase:
    """The same drawing in pixels."""

    def content() -> bytes:
        svg, still = _drawing(request, asked, int(width))
        return raster.png(svg, still.width, still.height, int(scale))

    try:
        return file(request, content, (*filter_key(asked), width, scale), PNG, file_name(asked, "png"))
    except raster.TooLarge as problem:
        message = _("The picture would be too large: %(size)s.") % {"size": problem}
        return refusal(request, [Problem("width", width, message)])


@filtered()
def view_card(request: HttpRequest, asked: EventFilter) -> HttpResponseBase:
    """The card of a view: its sentence, its number of events, and when they were."""

    def content() -> bytes:
        answer = index.answer(asked.changed())
        with answer.reading_rows():
            picture = canvas.picture(answer, timezone.localdate())
        countries = [asked.vocabulary.countries[code] for code in asked.countries]
        return _pixels(
            Card(
                kicker=_("Timeline"),
                title=asked.sentence,
                line=_number_and_years(answer),
                flags=_flags(countries),
                bars=picture.overview.bars,
            )
        )

    return file(request, content, filter_key(asked), PNG, file_name(asked, "png"))


@require_safe
def event_card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The card of an event: category, title, date, flags."""
    revision = Vocabulary.current().revision
    if Event.objects.public_status(slug) == EventStatus.WITHDRAWN:
        return errors.withdrawn(request, Event.objects.withdrawal_reason(slug))
    event = Event.objects.published().filter(slug=slug).for_list().first()
    if event is None:
        raise errors.no_such_event(slug)
    return file(request, lambda: _pixels(_card_of_event(event)), (revision, slug), PNG, f"{slug}.png")


@require_safe
def story_card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The card of a story: its title and its day."""
    revision = Vocabulary.current().revision
    story = Story.objects.filter(slug=slug).first()
    if story is None:
        raise errors.no_such_story(slug)
    line = dates.display(story.published.isoformat()) if story.published else ""
    shown = Card(kicker=_("Story"), title=story.title, line=line)
    return file(request, lambda: _pixels(shown), (revision, slug), PNG, f"{slug}.png")


def _drawing(request: HttpRequest, asked: EventFilter, width: int) -> tuple[str, stills.Still]:
    view = asked.opened(asked.event)
    answer = index.answer(view)
    with answer.reading_rows():
        opened = Event.objects.for_page().get(slug=view.event) if view.event else None
        picture = canvas.picture(answer, timezone.localdate(), opened)
    credit = stills.credit_line(answer, request.get_host())
    still = stills.still(picture, answer, width, credit)
    site = site_of(request)
    context = {"still": still, "sentence": view.sentence, "colours": COLOURS, "site": site}
    return xml_text(render_to_string("timeline/still.svg", context)), still


def _number_and_years(answer: index.Answer) -> str:
    number = ngettext("%(count)s event", "%(count)s events", answer.total) % {"count": f"{answer.total:,}"}
    extent = answer.extent()
    if extent is None:
        return number
    first, last = extent
    return f"{number} · {first.year}" + (f"–{last.year}" if first.year != last.year else "")


def _card_of_event(event: Event) -> Card:
    countries = list({part.country_id: part.country for part in event.participations.all()}.values())
    return Card(
        kicker=str(event.category),
        title=event.title,
        line=event.date_in_words + (f" · {event.place}" if event.place else ""),
        icon=event.category.icon or "circle",
        position=event.category.position,
        flags=_flags(countries),
        names=get_text_list([country.local_name for country in countries], _("and")),
    )


def _pixels(card: Card) -> bytes:
    svg = xml_text(render_to_string("timeline/card.svg", {"card": card, "colours": COLOURS}))
    return raster.png(svg, cards.WIDTH, cards.HEIGHT)


def _flags(countries: Iterable[Country]) -> list[str]:
    found: Iterable[str] = (_flag(country.flag) for country in countries if country.flag)
    return [flag for flag in found if flag]


@lru_cache(maxsize=400)
def _flag(path: str) -> str:
    """A flag's picture as a data address: a card loads nothing."""
    place = finders.find(path)
    if not isinstance(place, str):
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(Path(place).read_bytes()).decode()}"
