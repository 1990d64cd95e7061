"""WHEN: text <-> EDTF <-> first and last day and precision; words; overlap with a range; anniversaries.

Knows nobody: no models, no requests. Read a date with `parse_human` (people) or `parse_edtf` (stored text), show it
with `display`, compare it with `overlap`.
"""

from .anniversaries import anniversaries_between, anniversary, is_notable, next_notable, nth
from .calendar_words import ordinal_words
from .edtf_text import parse_edtf
from .human_text import parse_human, range_bounds
from .values import MAX_LENGTH, DateProblem, EventDate, Overlap, Precision, overlap
from .variants import marked, typed, wider
from .words import display, reading

__all__ = [
    "MAX_LENGTH",
    "DateProblem",
    "EventDate",
    "Overlap",
    "Precision",
    "anniversaries_between",
    "anniversary",
    "display",
    "is_notable",
    "marked",
    "next_notable",
    "nth",
    "ordinal_words",
    "overlap",
    "parse_edtf",
    "parse_human",
    "range_bounds",
    "reading",
    "typed",
    "wider",
]
