"""What was asked: the one filter behind the page, its data, its feeds and its pictures.

An EventFilter is a value. It is parsed once, knows what it did not understand, and writes itself back as the
canonical query (sorted, defaults dropped) that is the address of the view and the key of its caches.
"""

from .question import EventFilter, importance_in_words, path_of, written
from .reading import (
    CHOICES,
    PARAMETERS,
    SEARCH_WORD_LENGTH,
    SEARCH_WORDS,
    VALUES_OF_ONE_PARAMETER,
    Cursor,
    Problem,
)

__all__ = [
    "CHOICES",
    "PARAMETERS",
    "SEARCH_WORDS",
    "SEARCH_WORD_LENGTH",
    "VALUES_OF_ONE_PARAMETER",
    "Cursor",
    "EventFilter",
    "Problem",
    "importance_in_words",
    "path_of",
    "written",
]
