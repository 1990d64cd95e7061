"""What a date of an event is: its text, its bounds, and how it lies in a range of days."""

import datetime
import enum
from typing import NamedTuple

MAX_LENGTH = 64
"""Longest text read as a date, in characters. Longer input can only cost time."""


class DateProblem(ValueError):
    """A text that is no date we can keep.

    The message is translated and written for the person who typed the text. `code` names the kind of problem for
    programs: empty, long, character, format, year, month, day, weekday, order, time, ambiguous, two_digit_year, open.
    `parameter` is "from" or "to" when the problem came out of a range of two texts.
    """

    def __init__(self, message: str, code: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.parameter = parameter


class Precision(enum.StrEnum):
    """How exactly a date is known; INTERVAL is every date that is neither a calendar unit nor a named part of one."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"


class EventDate(NamedTuple):
    """When an event was: the EDTF text and everything that is compared, drawn or counted.

    An event either lasts (`is_interval`) or happened on one day, perhaps an unknown day of a longer time. The event
    began on some day in `earliest`..`start_latest` and ended on some day in `end_earliest`..`latest`.
    `date.min` and `date.max` stand for bounds that are open or not known.
    """

    edtf: str
    """Canonical text; parsing it gives this same value."""
    precision: Precision
    day: datetime.date
    """First day of the date as written, without the margin of `?`, `~` and `%`: the day to sort and file under.
    Where the beginning is open or unknown, the first day of the finite end."""
    earliest: datetime.date
    latest: datetime.date
    start_latest: datetime.date
    end_earliest: datetime.date
    uncertain: bool = False
    approximate: bool = False
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False
    is_interval: bool = False

    @property
    def is_day(self) -> bool:
        """Exactly one day, and certain: the only dates that have anniversaries."""
        return self.precision is Precision.DAY and self.earliest == self.latest

    @property
    def ongoing(self) -> bool:
        """Goes on without an end (`1991-12-26/..`); an unknown end is not meant."""
        return self.open_end


class Overlap(enum.StrEnum):
    """Whether an event lies in a range of days under every reading of its date, under some, or under none."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NONE = "none"


def overlap(date: EventDate, first: datetime.date, last: datetime.date) -> Overlap:
    """How the event lies in the days `first`..`last`, both included.

    Present in the range means: began on or before `last` and ended on or after `first`. That holds for every possible
    beginning and end exactly when it holds for the latest beginning and the earliest end.
    """
    if date.earliest > last or date.latest < first:
        return Overlap.NONE
    if date.start_latest <= last and date.end_earliest >= first:
        return Overlap.CERTAIN
    return Overlap.POSSIBLE
