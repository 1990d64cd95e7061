"""Days and anniversaries: what happened on a day of any year, and what a year has to remember."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import anniversaries, exports, index
from timeline.anniversaries import Anniversary, DayOfYear
from timeline.filters import EventFilter, Problem
from timeline.responses import document, filter_key, page_or_fragment, refused

# Parameters of the timeline that say how it is drawn and where its list begins; a day has neither.
NOT_HERE = ("after", "event", "lane", "lanes")
_YEAR = re.compile(r"[1-9][0-9]{0,3}")


@require_safe
def on_this_day(request: HttpRequest, day: str | None = None) -> HttpResponse:
    """What happened on a day of any year, by default today."""
    chosen = read_day(day)
    asked = read_filter(request)
    page = "timeline/on_this_day.html"
    return page_or_fragment(
        request,
        page,
        page,
        context=lambda: _context_of_day(chosen, asked),
        key=filter_key(asked),
        status=400 if asked.problems else 200,
    )


@require_safe
def on_this_day_json(request: HttpRequest, day: str) -> HttpResponse:
    """The same day as a document."""
    chosen = read_day(day)
    asked = read_filter(request)
    if asked.problems:
        return refused(asked.problems)
    return document(request, lambda: _document_of_day(chosen, asked), key=filter_key(asked))


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    """To the anniversaries of the current year."""
    query = request.GET.urlencode()
    return redirect(reverse("anniversaries_of", args=[timezone.localdate().year]) + (f"?{query}" if query else ""))


@require_safe
def anniversaries_of(request: HttpRequest, year: str) -> HttpResponse:
    """The anniversaries of a year, month by month."""
    chosen = read_year(year)
    asked = read_filter(request)
    page = "timeline/anniversaries.html"
    return page_or_fragment(
        request,
        page,
        page,
        context=lambda: _context_of_year(chosen, asked),
        key=filter_key(asked),
        status=400 if asked.problems else 200,
    )


@require_safe
def anniversaries_json(request: HttpRequest, year: str) -> HttpResponse:
    """The same year as a document."""
    chosen = read_year(year)
    asked = read_filter(request)
    if asked.problems:
        return refused(asked.problems)
    return document(request, lambda: _document_of_year(chosen, asked), key=filter_key(asked))


# What was asked ------------------------------------------------------------------------------------------------------


def read_day(text: str | None) -> DayOfYear:
    """The day of an address, by default today. Raises Http404 for what is no day of any year."""
    if text is None:
        return DayOfYear.of(timezone.localdate())
    found = DayOfYear.parse(text)
    if found is None:
        raise Http404(
            _("“%(text)s” is no day of the year. Days are month and day, from 01-01 to 12-31, such as 07-27.")
            % {"text": text[:40]}
        )
    return found


def read_year(text: str) -> int:
    """The year of an address. Raises Http404 for what is no year."""
    if not _YEAR.fullmatch(text):
        raise Http404(_("“%(text)s” is no year. Years go from 1 to 9999, such as 2028.") % {"text": text[:40]})
    return int(text)


def read_filter(request: HttpRequest) -> EventFilter:
    """The filter of the timeline, less what says nothing about a day."""
    asked = EventFilter.parse(request.GET)
    refusals = [
        Problem(name, request.GET[name][:80], _("This parameter belongs to the timeline; here it has no meaning."))
        for name in NOT_HERE
        if request.GET.get(name, "").strip()
    ]
    if not refusals:
        return asked
    others = [problem for problem in asked.problems if problem.parameter not in NOT_HERE]
    return replace(asked.changed(lanes="none"), problems=(*others, *refusals))


def _context_of_filter(asked: EventFilter, address: str) -> dict[str, Any]:
    """What both pages say of their filter. `address` is the page's own, without a query."""
    query = asked.changed().query
    return {
        "asked": asked,
        "problems": asked.problems,
        "query": f"?{query}" if query else "",
        "canonical": f"{address}?{query}" if query else address,
        "unfiltered": address,
        "today": timezone.localdate(),
    }


# A day ---------------------------------------------------------------------------------------------------------------


def _context_of_day(day: DayOfYear, asked: EventFilter) -> dict[str, Any]:
    context = _context_of_filter(asked, day.address())
    if asked.problems:
        return context
    today = timezone.localdate()
    answer = index.answer(asked)
    counts = answer.days_of_year()
    return context | {
        "day": day,
        "observed": day.observed(today.year),
        "is_today": day == DayOfYear.of(today),
        "found": anniversaries.on_day(answer, day, today.year),
        "previous": day.moved(-1),
        "following": day.moved(1),
        "months": [day.in_month(month) for month in range(1, 13)],
        "days": [(other, counts.get((other.month, other.day), 0)) for other in day.days_of_month()],
        "nearest": _next_with_events(day, counts),
    }


def _next_with_events(day: DayOfYear, counts: dict[tuple[int, int], int]) -> DayOfYear | None:
    """The first day after this one, round the year, that has any event; None where no day has."""
    following = (day.moved(days) for days in range(1, 366))
    return next((other for other in following if counts.get((other.month, other.day))), None)


def _document_of_day(day: DayOfYear, asked: EventFilter) -> dict[str, Any]:
    year = timezone.localdate().year
    found = anniversaries.on_day(index.answer(asked), day, year)
    about = {"day": str(day), "year": year, "query": asked.query}
    return _document(found.shown, found.total, about)


# A year --------------------------------------------------------------------------------------------------------------


def _context_of_year(year: int, asked: EventFilter) -> dict[str, Any]:
    context = _context_of_filter(asked, reverse("anniversaries_of", args=[year]))
    if asked.problems:
        return context
    months = anniversaries.in_year(index.answer(asked), year)
    return context | {
        "year": year,
        "months": months,
        "notable_total": sum(month.notable_total for month in months),
        "total": sum(month.total for month in months),
        "previous": year - 1 if year > datetime.MINYEAR else None,
        "following": year + 1 if year < datetime.MAXYEAR else None,
    }


def _document_of_year(year: int, asked: EventFilter) -> dict[str, Any]:
    months = anniversaries.in_year(index.answer(asked), year)
    found = [one for month in months for one in (*month.notable, *month.others)]
    total = sum(month.total for month in months)
    return _document(
        sorted(found, key=lambda one: (one.date, one.event.pk)), total, {"year": year, "query": asked.query}
    )


def _document(found: list[Anniversary], total: int, about: dict[str, Any]) -> dict[str, Any]:
    """The events as the timeline's own document has them, each with its anniversary."""
    listed = exports.list_document([one.event for one in found], count=total, **about)
    for one, event in zip(found, listed["events"], strict=True):
        event["anniversary"] = {"date": one.date, "number": one.number, "is_notable": one.is_notable}
    return listed
