"""The same events as files: every one that matches, whatever page of the list is shown, written as they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponseBase

from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import annals_csv, annals_json, annals_xlsx, timelinejs_json
from timeline.records import Record
from timeline.responses import filter_key, streamed
from timeline.views.asking import file_name, filtered

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Write = Callable[[Iterable[Record]], Iterator[bytes]]


@filtered()
def events_csv(request: HttpRequest, asked: EventFilter) -> HttpResponseBase:
    """A table that spreadsheets open, and that Annals imports again."""
    return _file(request, asked, annals_csv.write, "text/csv; charset=utf-8", "csv")


@filtered()
def events_xlsx(request: HttpRequest, asked: EventFilter) -> HttpResponseBase:
    """The same table as a workbook."""
    return _file(request, asked, annals_xlsx.write, WORKBOOK, "xlsx")


@filtered()
def events_annals(request: HttpRequest, asked: EventFilter) -> HttpResponseBase:
    """All that is known of the events, in our own JSON, which another Annals imports whole."""
    return _file(request, asked, annals_json.write, "application/json", "annals.json")


@filtered()
def events_timelinejs(request: HttpRequest, asked: EventFilter) -> HttpResponseBase:
    """What TimelineJS takes for its first argument."""
    return _file(request, asked, timelinejs_json.write, "application/json", "timelinejs.json")


def _file(request: HttpRequest, asked: EventFilter, write: Write, content_type: str, ending: str) -> HttpResponseBase:
    answer = index.answer(asked.changed())
    # Counted before anything is sent: a search that is too broad can still be refused.
    key = (*filter_key(asked.changed()), answer.total)
    return streamed(request, lambda: write(exports.records_of(answer)), key, content_type, file_name(asked, ending))
