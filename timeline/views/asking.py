"""What the forms of a view other than its page are asked: the filter of the page, and a few parameters of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import search
from timeline.filters import EventFilter, Problem
from timeline.responses import refusal


@dataclass(frozen=True, slots=True)
class Whole:
    """A parameter that takes whole numbers of a range."""

    default: int
    allowed: range


Choices = Sequence[str] | Whole
FilterView = Callable[..., HttpResponseBase]


def filtered(*refusing: str, **own: Choices) -> Callable[[FilterView], Callable[..., HttpResponseBase]]:
    """Let a view take the filter, and each parameter of its own as a text, by default the first of its choices.

    Whatever is not understood is refused by name, in the format of the address; a page by the template named first,
    and the part of it that is swapped by the second.
    """

    def decorate(view: FilterView) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def handle(request: HttpRequest, **path: Any) -> HttpResponseBase:
            asked, values = _read(request, own)
            if not asked.problems:
                try:
                    return view(request, asked, **path, **values)
                except search.TooBroad as problem:
                    asked = replace(asked, problems=(Problem("q", asked.q, str(problem)),))
            return refusal(request, asked.problems, *refusing, **values)

        return handle

    return decorate


def file_name(asked: EventFilter, ending: str) -> str:
    """What the file of a view is saved as: “annals-north-korea-or-russia.csv”."""
    stem = slugify(asked.sentence)[:80].strip("-") if asked.is_active else ""
    return f"annals-{stem}.{ending}" if stem else f"annals.{ending}"


def _read(request: HttpRequest, own: dict[str, Choices]) -> tuple[EventFilter, dict[str, str]]:
    query = request.GET.copy()
    values, problems = {}, []
    for name, choices in own.items():
        given = [value.strip() for value in query.pop(name, []) if value.strip()]
        values[name] = str(choices.default) if isinstance(choices, Whole) else choices[0]
        if not given:
            continue
        if len(set(given)) > 1 or not _is_one_of(given[0], choices):
            problems.append(Problem(name, ", ".join(given)[:80], _allowed(choices)))
        else:
            values[name] = given[0]
    asked = EventFilter.parse(query)
    return replace(asked, problems=(*asked.problems, *problems)), values


def _is_one_of(value: str, choices: Choices) -> bool:
    if isinstance(choices, Whole):
        return value.isascii() and value.isdigit() and len(value) <= 6 and int(value) in choices.allowed
    return value in choices


def _allowed(choices: Choices) -> str:
    if isinstance(choices, Whole):
        limits = {"first": min(choices.allowed), "last": max(choices.allowed)}
        return _("Allowed are whole numbers from %(first)d to %(last)d.") % limits
    return _("Allowed are: %(values)s.") % {"values": ", ".join(choices)}
