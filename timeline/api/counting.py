"""How many and when: histogram, facets, days of the year and anniversaries."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from timeline import anniversaries, exports, facets, index, search
from timeline.anniversaries import Anniversary, DayOfYear
from timeline.filters import Problem
from timeline.index import Answer

from . import schemas
from .answers import answer
from .parameters import NARROWING, ON_DAYS, UNITS, asked_by, described, one, printable
from .problems import bad_parameters, missing
from .reading import too_broad

router = Router()

MOST_BINS = 2000
_YEAR = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_STRIDES = {"century": 100, "decade": 10, "year": 1}


@router.get(
    "histogram",
    response=schemas.Histogram,
    tags=["Counts"],
    summary="Count events over time",
    operation_id="histogram",
    openapi_extra=described(*NARROWING, "unit"),
)
def histogram(request: HttpRequest) -> HttpResponse:
    """How many of the matching events touch each century, decade, year, month or day."""
    found, unit = _found(request, (*NARROWING, "unit")), one(request, "unit", "year")
    if unit not in UNITS:
        message = _("Allowed are: %(values)s.") % {"values": ", ".join(UNITS)}
        raise bad_parameters([Problem("unit", printable(unit[:80]), message)])
    asked = found.asked
    extent = found.extent()
    edges: list[int] = []
    if extent is not None:
        edges = _edges(max(extent[0], asked.first or extent[0]), min(extent[1], asked.last or extent[1]), unit)

    def content() -> dict[str, Any]:
        counts = found.histogram(edges) if edges else []
        bins = [
            {"first": _iso(first), "last": _iso(after - 1), "count": count}
            for first, after, count in zip(edges, edges[1:], counts, strict=False)
        ]
        return {"query": asked.query, "unit": unit, "count": found.total, "bins": bins}

    return answer(request, content, (asked.vocabulary.revision, asked.query))


@router.get(
    "facets",
    response=schemas.Facets,
    tags=["Counts"],
    summary="Count events by what could be chosen next",
    operation_id="facets",
    openapi_extra=described(*NARROWING),
)
def facet_counts(request: HttpRequest) -> HttpResponse:
    """For each facet its values, and how many events choosing each would show. A facet leaves out its own choice."""
    found = _found(request, NARROWING)

    def content() -> dict[str, Any]:
        shown = [
            {
                "name": group.name,
                "label": str(group.label),
                "values": [
                    {"value": row.value, "label": str(row.label), "count": row.count, "is_selected": row.is_selected}
                    for row in group.rows
                ],
            }
            for group in facets.groups(found)
        ]
        return {"query": found.asked.query, "count": found.total, "facets": shown}

    return answer(request, content, (found.asked.vocabulary.revision, found.asked.query))


@router.get(
    "on-this-day/{day}",
    response=schemas.DayList,
    tags=["Days"],
    summary="List what happened on a day of any year",
    operation_id="on_this_day",
    openapi_extra=described(*ON_DAYS),
)
def on_this_day(request: HttpRequest, day: str) -> HttpResponse:
    """The events known to the day that happened on this day, with their anniversaries in the current year."""
    chosen = DayOfYear.parse(day)
    if chosen is None:
        raise missing(
            _("“%(text)s” is no day of the year. Days are month and day, such as 07-27.") % {"text": day[:40]}
        )
    found = _found(request, ON_DAYS)

    def content() -> dict[str, Any]:
        year = timezone.localdate().year
        on = anniversaries.on_day(found, chosen, year)
        return _remembered(on.shown, on.total, {"day": str(chosen), "year": year, "query": found.asked.query})

    return answer(request, content, (found.asked.vocabulary.revision, found.asked.query))


@router.get(
    "anniversaries/{year}",
    response=schemas.YearList,
    tags=["Days"],
    summary="List the anniversaries of a year",
    operation_id="anniversaries",
    openapi_extra=described(*ON_DAYS),
)
def anniversaries_of(request: HttpRequest, year: str) -> HttpResponse:
    """What each month of the year remembers: the notable anniversaries, and others of important events."""
    if not _YEAR.fullmatch(year):
        raise missing(_("“%(text)s” is no year. Years go from 1 to 9999, such as 2028.") % {"text": year[:40]})
    found = _found(request, ON_DAYS)

    def content() -> dict[str, Any]:
        months = anniversaries.in_year(found, int(year))
        shown = [one for month in months for one in (*month.notable, *month.others)]
        shown.sort(key=lambda one: (one.date, one.event.pk))
        total = sum(month.total for month in months)
        return _remembered(shown, total, {"year": int(year), "query": found.asked.query})

    return answer(request, content, (found.asked.vocabulary.revision, found.asked.query))


def _found(request: HttpRequest, allowed: tuple[str, ...]) -> Answer:
    asked = asked_by(request, allowed)
    found = index.answer(asked)
    try:
        # The search happens when the events are first asked for.
        _total = found.total
    except search.TooBroad as problem:
        raise too_broad(asked, problem) from problem
    return found


def _edges(first: datetime.date, last: datetime.date, unit: str) -> list[int]:
    """The first day of each bin, and the day after the last one."""
    edges = []
    for edge in _starts(first, last, unit):
        edges.append(edge)
        if len(edges) > MOST_BINS + 1:
            message = _("That would be more than %(most)d bins: take a longer unit or a shorter range.")
            raise bad_parameters([Problem("unit", unit, message % {"most": MOST_BINS})])
    return edges


def _starts(first: datetime.date, last: datetime.date, unit: str) -> Iterator[int]:
    end = datetime.date.max.toordinal() + 1
    if unit == "day":
        yield from range(first.toordinal(), last.toordinal() + 2)
    elif unit == "month":
        for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month + 1):
            year, at = divmod(month, 12)
            yield datetime.date(year, at + 1, 1).toordinal() if year <= datetime.MAXYEAR else end
    else:
        stride = _STRIDES[unit]
        for year in range(first.year // stride * stride, last.year // stride * stride + stride + 1, stride):
            yield datetime.date(max(year, 1), 1, 1).toordinal() if year <= datetime.MAXYEAR else end


def _iso(ordinal: int) -> str:
    return datetime.date.fromordinal(ordinal).isoformat()


def _remembered(found: list[Anniversary], total: int, about: dict[str, Any]) -> dict[str, Any]:
    """The events as lists have them, each with its anniversary."""
    listed = exports.list_document([one.event for one in found], count=total, **about)
    for one_day, event in zip(found, listed["events"], strict=True):
        event["anniversary"] = {
            "date": one_day.date,
            "number": one_day.number,
            "is_notable": one_day.is_notable,
        }
    return listed
