"""The same events to subscribe to: a feed of what changed, and calendars."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import anniversaries, feeds, index
from timeline.filters import EventFilter
from timeline.models import Event, EventStatus, Vocabulary
from timeline.responses import file, filter_key, refusal
from timeline.views import days, errors
from timeline.views.asking import file_name, filtered

ATOM = "application/atom+xml; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
Write = Callable[[Sequence[Event], str, str, Callable[[str], str]], bytes]


@filtered()
def events_atom(request: HttpRequest, asked: EventFilter) -> HttpResponseBase:
    """The hundred matching events that changed last, newest first."""

    def content() -> bytes:
        view = asked.changed()
        page, feed = (request.build_absolute_uri(view.address(name)) for name in ("browse", "events_atom"))
        answer = index.answer(view)
        with answer.reading_rows():
            found = feeds.newest_changed(answer)
            return feeds.write_atom(found, f"{view.sentence} · Annals", page, feed, request.build_absolute_uri)

    return file(request, content, filter_key(asked), ATOM, file_name(asked, "atom"))


@filtered(anniversaries=("no", "yes"))
def events_ics(request: HttpRequest, asked: EventFilter, anniversaries: str) -> HttpResponseBase:
    """The matching events as a calendar, or on their days of every year since; of too many the most important."""
    write: Write = feeds.yearly_calendar if anniversaries == "yes" else feeds.events_calendar

    def content() -> bytes:
        view = asked.changed()
        answer = index.answer(view)
        ids = answer.ids(answer.with_ids(answer.most_important(feeds.CALENDAR_LENGTH)))
        title = _("Annals: %(sentence)s") % {"sentence": view.sentence}
        with answer.reading_rows():
            return write(Event.objects.in_order(ids), title, _address(request, view), request.build_absolute_uri)

    return file(request, content, (*filter_key(asked), anniversaries), CALENDAR, file_name(asked, "ics"))


@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event as a calendar."""
    revision = Vocabulary.current().revision
    if Event.objects.public_status(slug) == EventStatus.WITHDRAWN:
        return errors.withdrawn(request, Event.objects.withdrawal_reason(slug))
    found = list(Event.objects.published().filter(slug=slug).for_list())
    if not found:
        raise errors.no_such_event(slug)

    def content() -> bytes:
        address = request.build_absolute_uri(found[0].get_absolute_url())
        return feeds.events_calendar(found, found[0].title, address, request.build_absolute_uri)

    return file(request, content, (revision, slug), CALENDAR, f"{slug}.ics")


@require_safe
def on_this_day_ics(request: HttpRequest, day: str) -> HttpResponseBase:
    """What happened on a day of any year, on that day of every year since."""
    chosen = days.read_day(day)
    asked = days.read_filter(request)
    if asked.problems:
        return refusal(request, asked.problems)

    def content() -> bytes:
        found = anniversaries.on_day(index.answer(asked), chosen, timezone.localdate().year)
        title = _("Annals: on this day, %(day)s") % {"day": chosen.words}
        address = request.build_absolute_uri(chosen.address(asked.query))
        events = [one.event for one in found.shown if not one.is_moved]
        return feeds.yearly_calendar(events, title, address, request.build_absolute_uri)

    return file(request, content, filter_key(asked), CALENDAR, f"annals-{chosen}.ics")


@require_safe
def anniversaries_ics(request: HttpRequest, year: str) -> HttpResponse | HttpResponseBase:
    """The anniversaries of a year, each with its number: those that the page shows."""
    chosen = days.read_year(year)
    asked = days.read_filter(request)
    if asked.problems:
        return refusal(request, asked.problems)

    def content() -> bytes:
        months = anniversaries.in_year(index.answer(asked), chosen)
        found = [one for month in months for one in (*month.notable, *month.others)]
        title = _("Annals: anniversaries of %(year)d") % {"year": chosen}
        address = request.build_absolute_uri(request.path.removesuffix(".ics") + "/")
        return feeds.anniversaries_calendar(found, title, address, request.build_absolute_uri)

    return file(request, content, filter_key(asked), CALENDAR, f"annals-anniversaries-{chosen}.ics")


def _address(request: HttpRequest, asked: EventFilter) -> str:
    return request.build_absolute_uri(asked.address())
