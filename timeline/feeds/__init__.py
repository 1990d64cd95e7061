"""What others subscribe to: the events that changed last, and calendars."""

from .atom import FEED_LENGTH, newest_changed, write_atom
from .calendars import CALENDAR_LENGTH, anniversaries_calendar, events_calendar, yearly_calendar

__all__ = [
    "CALENDAR_LENGTH",
    "FEED_LENGTH",
    "anniversaries_calendar",
    "events_calendar",
    "newest_changed",
    "write_atom",
    "yearly_calendar",
]
