"""The way out: what is stored, as the documents of pages and of the API, and as the records of files."""

from .documents import country_document, event_document, list_document, story_document
from .records import SOURCE_TEXTS, event_record, records_of, records_of_selection

__all__ = [
    "SOURCE_TEXTS",
    "country_document",
    "event_document",
    "event_record",
    "list_document",
    "records_of",
    "records_of_selection",
    "story_document",
]
