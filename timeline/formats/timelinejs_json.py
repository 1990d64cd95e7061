"""TimelineJS: the JSON that its first argument may point at. https://timeline.knightlab.com/docs/json-format.html

A slide holds one text, one link and plain dates. What it cannot hold stands beside it under "annals", which TimelineJS
passes over: the annals/1 object of the event, so that our own slides come back whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from timeline import dates
from timeline.records import ActorRecord, DatasetRecord, EventRecord, Problem, Record, SourceRecord, besides

from . import annals_json, cells, documents, loose, markup
from .annals_json import as_object
from .documents import Entries
from .problems import FileProblem, problem_of
from .reading import Reading
from .slides import slide, slide_dates, slide_html

# A slide without a text or media says that there are none; of all else it can say nothing.
UNSAID = besides(EventRecord, ("id", "title", "date", "category", "dataset", "summary", "body", "sources"))


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The file, piece by piece. Datasets and actors go with it; stories and coverage have no place in it."""
    about: dict[str, list[Any]] = {"datasets": [], "actors": []}
    first = True
    yield b'{"events": ['
    for record in records:
        if isinstance(record, DatasetRecord):
            about["datasets"].append(as_object(record, whole=True))
        elif isinstance(record, ActorRecord):
            about["actors"].append(as_object(record, whole=True))
        elif isinstance(record, EventRecord):
            yield (b"\n" if first else b",\n") + _dumped(slide(record, as_object(record)))
            first = False
    yield b'\n],\n"annals": ' + _dumped(about) + b"}\n"


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of slides."""
    return b"{" in head[:64] and b'"events"' in head and b'"start_date"' in head


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each slide with a date, and one for each era, which lasts. The title slide has no date."""
    document = documents.outline(stream)
    if not isinstance(document, dict) or not isinstance(document.get("events"), Entries):
        raise FileProblem(_("“events” must be a list of slides."))
    about = document.get("annals")
    if isinstance(about, dict) and not reading.dataset:
        kept = {"format": annals_json.FORMAT, **{key: about.get(key, []) for key in ("datasets", "actors")}}
        yield from annals_json.records_of(kept)
    sections = [(name, entries) for name in ("events", "eras") if isinstance(entries := document.get(name), Entries)]
    slides = ((name, entry) for name, entries in sections for entry in entries)
    for number, (section, entry) in enumerate(slides, 1):
        try:
            if not isinstance(entry, dict):
                raise ValueError(_("This must be an object."))
            yield _event(entry, section, number, reading)
        except ValueError as problem:
            yield problem_of(number, problem, section, _headline(entry))


def date_of(start: Mapping[str, Any], end: Mapping[str, Any], display: str, lasts: bool = False) -> str:
    """EDTF of a slide's dates. What is displayed wins where it is a date that agrees with the numbers.

    Raises ValueError, by name for years before the common era.
    """
    first, last = _numbers(start), _numbers(end) if end else ""
    found = cells.interval(first, last)
    if display and not lasts:
        try:
            shown = dates.parse_human(display)
            if slide_dates(shown.edtf) | {"display_date": ""} == slide_dates_of(start, end):
                return shown.edtf
        except dates.DateProblem:
            pass
    return found


def slide_dates_of(start: Mapping[str, Any], end: Mapping[str, Any]) -> dict[str, Any]:
    """The dates of a slide as `slide_dates` writes them, without what is displayed."""
    found: dict[str, Any] = {"start_date": _ints(start)}
    if end:
        found["end_date"] = _ints(end)
    return found | {"display_date": ""}


def _event(entry: Mapping[str, Any], section: str, number: int, reading: Reading) -> EventRecord:
    text = _object(entry, "text")
    start, end = _object(entry, "start_date"), _object(entry, "end_date")
    if not start:
        raise ValueError(_("The slide has no start_date."))
    own = entry.get("annals")
    if isinstance(own, dict):
        return _own(entry, own, number, reading)
    html = documents.text(text.get("text"))
    title = loose.title_of(markup.plain(documents.text(text.get("headline"))))
    summary, body = loose.summary_and_body(markup.plain(html))
    display = documents.text(entry.get("display_date")) or documents.text(start.get("display_date"))
    date = date_of(start, end, display, section == "eras")
    return EventRecord(
        id=documents.text(entry.get("unique_id")) or loose.made_id(section, date, title, html),
        title=title or loose.title_of(summary),
        date=date,
        category=loose.category([documents.text(entry.get("group"))], reading),
        dataset=reading.dataset,
        summary=summary,
        body=body,
        sources=tuple(_sources(_object(entry, "media"), html)),
        row=number,
        unsaid=UNSAID,
    )


def _own(entry: Mapping[str, Any], own: Mapping[str, Any], number: int, reading: Reading) -> EventRecord:
    """A slide that we wrote: as it was, but for what somebody has changed on the slide since."""
    record = annals_json.event_of(own, number)
    written = slide(record, {})
    text = _object(entry, "text")
    changes: dict[str, Any] = {"dataset": reading.dataset or record.dataset, "row": number}
    # We write all that there is, without what is empty.
    changes["unsaid"] = frozenset()
    if text.get("headline") != written["text"]["headline"]:
        changes["title"] = loose.title_of(markup.plain(documents.text(text.get("headline"))))
    if text.get("text") != slide_html(record.summary, record.body):
        changes["summary"], changes["body"] = loose.summary_and_body(markup.plain(documents.text(text.get("text"))))
    if any(entry.get(key) != written.get(key) for key in ("start_date", "end_date")):
        changes["date"] = date_of(_object(entry, "start_date"), _object(entry, "end_date"), "")
    if entry.get("group") != written["group"]:
        changes["category"] = loose.category([documents.text(entry.get("group"))], reading)
    return replace(record, **changes)


def _sources(media: Mapping[str, Any], html: str) -> Iterator[SourceRecord]:
    addresses: dict[str, tuple[str, str]] = {}
    for key in ("url", "link"):
        address = documents.text(media.get(key))
        if address.startswith(("http://", "https://")):
            caption = documents.text(media.get("caption")) or documents.text(media.get("alt"))
            credit = markup.plain(documents.text(media.get("credit")))
            addresses.setdefault(address, (credit, markup.plain(caption)))
    for address, words in markup.links(html):
        addresses.setdefault(address, ("", words))
    for address, (publisher, title) in addresses.items():
        yield SourceRecord(publisher=publisher or loose.host(address), title=title[:300], url=address)


def _numbers(part: Mapping[str, Any]) -> str:
    year = documents.text(part.get("year"))
    if year.startswith("-"):
        raise ValueError(
            _("The year %(year)s lies before the common era, which Annals does not keep: years run from 0001 to 9999.")
            % {"year": year}
        )
    return cells.from_parts(year, documents.text(part.get("month")), documents.text(part.get("day")))


def _ints(part: Mapping[str, Any]) -> dict[str, int]:
    texts = {name: documents.text(part.get(name)) for name in ("year", "month", "day")}
    return {name: int(text) for name, text in texts.items() if text.isdecimal() and int(text)}


def _object(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = entry.get(key) or {}
    if not isinstance(found, dict):
        raise ValueError(_("“%(key)s” must be an object.") % {"key": key})
    return found


def _headline(entry: Any) -> str:
    text = entry.get("text") if isinstance(entry, dict) else None
    return documents.text(text.get("headline")) if isinstance(text, dict) else ""


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
