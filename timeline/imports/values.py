"""One value after another, as the models want them. Each function raises ValueError with a translated message."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from timeline import dates
from timeline.formats.problems import printable
from timeline.models.text import validate_plain_text, validate_web_address

PLACES = 5


# Letters, digits and what stands between them in most texts, which no validator of a plain text has anything against.
_HARMLESS = r"[\w \n.,;:!?'’“”„«»()/&%+*=–—-]"


_ORDINARY_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]{0,200}(?:/[A-Za-z0-9/._~%=&?+-]{0,1000})?")


@cache
def cleaner(model: type[models.Model], name: str) -> Callable[[Any], Any]:
    """What gives a value as the model's field holds it, its length, choices and validators checked."""
    is_harmless, field = _is_harmless(model, name), _field(model, name)

    def cleaned(value: Any) -> Any:
        # Most of an import's time would go into texts with which nothing is wrong.
        if type(value) is str and is_harmless(value):
            return value
        if field.choices and value not in (allowed := [choice for choice, _label in field.flatchoices]):
            raise ValueError(one_of(str(value), map(str, allowed)))
        try:
            return field.clean(value, None)
        except ValidationError as problem:
            raise ValueError(" ".join(problem.messages)) from problem

    return cleaned


def clean(model: type[models.Model], name: str, value: Any) -> Any:
    """One value through the field's cleaner."""
    return cleaner(model, name)(value)


def one_of(value: str, allowed: Iterable[str]) -> str:
    """The message for a value that is none of the allowed ones; it suggests the one that is most like it."""
    allowed = list(allowed)
    message = _("“%(value)s” is not one of: %(allowed)s.") % {"value": printable(value), "allowed": ", ".join(allowed)}
    if close := difflib.get_close_matches(value[:60].casefold(), allowed, n=1):
        message += " " + _("Is “%(close)s” meant?") % {"close": close[0]}
    return message


# Read once when it is checked and once when it is written: as many as a large file has different ones.
@lru_cache(50_000)
def when(text: str) -> dates.EventDate:
    """The date, from EDTF or from what people write. DateProblem is a ValueError with a translated message."""
    try:
        return dates.parse_edtf(text)
    except dates.DateProblem:
        return dates.parse_human(text)


def date_text(text: str) -> str:
    """The EDTF of a date that may be missing."""
    return when(text).edtf if text else ""


def iso_day(text: str) -> datetime.date | None:
    """A day that may be missing."""
    if not text:
        return None
    found = when(text)
    if not found.is_day:
        raise ValueError(_("“%(value)s” is not one day, such as 2023-07-27.") % {"value": printable(text)})
    return found.day


def importance(value: int | str) -> int:
    """A number from 1 to 5."""
    if type(value) is int and 1 <= value <= 5:
        return value
    text = str(value).strip()
    if text not in ("1", "2", "3", "4", "5"):
        raise ValueError(
            _("“%(value)s” is no importance: 1 routine, 2 minor, 3 notable, 4 major, 5 turning point.")
            % {"value": printable(text)}
        )
    return int(text)


def degrees(text: str, limit: int) -> Decimal | None:
    """Decimal degrees from -limit to limit to five places, about a metre; None for an empty text."""
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    # abs() would overflow for 1e9999999, where a comparison does not.
    if not number.is_finite() or not -limit <= number <= limit:
        raise ValueError(
            _("“%(value)s” is no number of degrees from -%(limit)d to %(limit)d.")
            % {"value": printable(text), "limit": limit}
        )
    return round(number, PLACES)


@cache
def _is_harmless(model: type[models.Model], name: str) -> Callable[[str], Any]:
    """Whether a text can be told to be right at a glance."""
    field = _field(model, name)
    if field.choices:
        return frozenset(choice for choice, _label in field.flatchoices).__contains__
    if validate_plain_text in field.validators and isinstance(field, models.CharField | models.TextField):
        return re.compile(f"{_HARMLESS}{{{0 if field.blank else 1},{field.max_length}}}").fullmatch
    if validate_web_address in field.validators and field.blank:
        return lambda value: value == "" or _ORDINARY_ADDRESS.fullmatch(value)
    return (lambda value: value == "") if field.blank else (lambda value: False)


@cache
def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)
