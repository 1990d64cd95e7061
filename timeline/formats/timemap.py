"""TimeMap of Forensic Architecture: `events`, `sources` and `associations`; and the flat list of Bellingcat's instance.

All values are texts. Days and months stand in the order that the instance was configured with, which the file does not
tell: it is decided by what the dates themselves allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from timeline.records import EventRecord, Problem, Record, SourceRecord, besides

from . import cells, documents, loose, markup
from .problems import FileProblem, problem_of
from .reading import Reading
from .templates import shortened

UNSAID = besides(
    EventRecord,
    ("id", "title", "date", "category", "dataset", "summary", "body", "place", "latitude", "longitude", "sources"),
)


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of such events."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    has_point = b'"latitude"' in head and b'"description"' in head and b'"date"' in head
    return start in (b"[", b"{") and has_point and b'"annals/1"' not in head


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each of the list. Raises FileProblem."""
    document = documents.outline(stream)
    events = document.get("events") if isinstance(document, dict) else document
    if not isinstance(events, documents.Entries):
        raise FileProblem(_("“events” must be a list."))
    about = document if isinstance(document, dict) else {}
    sources, associations = _by_id(about.get("sources")), _by_id(about.get("associations"))
    order = reading.day_order or cells.order_of(
        documents.text(entry.get("date")) for entry in events if isinstance(entry, dict)
    )
    for number, entry in enumerate(events, 1):
        try:
            if not isinstance(entry, dict):
                raise ValueError(_("This must be an object."))
            yield _event(entry, number, order, sources, associations, reading)
        except ValueError as problem:
            date = documents.text(entry.get("date")) if isinstance(entry, dict) else ""
            yield problem_of(number, problem, "date", date)


def _event(
    entry: Mapping[str, Any],
    number: int,
    order: str,
    sources: Mapping[str, Mapping[str, Any]],
    associations: Mapping[str, Mapping[str, Any]],
    reading: Reading,
) -> EventRecord:
    texts = {key: documents.text(entry.get(key)) for key in ("date", "location", "latitude", "longitude", "category")}
    if not texts["date"]:
        raise ValueError(_("The event has no date, and Annals files events by their dates."))
    description = markup.plain(documents.text(entry.get("description")))
    title = markup.plain(documents.text(entry.get("title"))) or description.split("\n")[0]
    filters = _filters(entry, associations)
    summary, body = loose.summary_and_body(description) if len(description) > loose.LONGEST_TITLE else ("", "")
    words = "\n\n".join(
        part for part in (body, _("Filters: %(list)s") % {"list": "; ".join(filters)} if filters else "") if part
    )
    date = cells.date(texts["date"], order)
    return EventRecord(
        id=next((text for key in ("id", "civId") if (text := documents.text(entry.get(key)))), "")
        or loose.made_id(date, description),
        title=loose.title_of(title),
        date=date,
        category=loose.category([texts["category"], *filters], reading),
        dataset=reading.dataset,
        summary=summary,
        body=words,
        place=shortened(markup.plain(texts["location"]), 150),
        latitude=cells.number(texts["latitude"]),
        longitude=cells.number(texts["longitude"]),
        sources=tuple(_sources(entry.get("sources"), sources)),
        row=number,
        unsaid=UNSAID,
        columns={"title": "description", "summary": "description", "place": "location"},
    )


def _by_id(entries: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(entries, dict):
        return {str(key): {"id": key, **entry} for key, entry in entries.items() if isinstance(entry, dict)}
    if isinstance(entries, documents.Entries):
        return {documents.text(entry.get("id")): entry for entry in entries if isinstance(entry, dict)}
    return {}


def _filters(entry: Mapping[str, Any], associations: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = []
    for key in ("associations", "filters"):
        listed = entry.get(key) or []
        for one in listed.split(",") if isinstance(listed, str) else listed if isinstance(listed, list) else []:
            if isinstance(one, dict):
                found.append("=".join(documents.text(one.get(part)) for part in ("key", "value")))
            else:
                name = documents.text(one)
                found.append(documents.text(associations.get(name, {}).get("title")) or name)
    return [markup.plain(text) for text in dict.fromkeys(found) if text]


def _sources(listed: Any, known: Mapping[str, Mapping[str, Any]]) -> Iterator[SourceRecord]:
    seen = set()
    for one in listed.split(",") if isinstance(listed, str) else listed if isinstance(listed, list) else []:
        about = one if isinstance(one, dict) else known.get(documents.text(one), {"path": one})
        paths = about.get("paths")
        addresses = [about.get("url"), about.get("path"), *(paths if isinstance(paths, list) else [])]
        address = next(
            (text for each in addresses if (text := documents.text(each)).startswith(("http://", "https://"))), ""
        )
        title = markup.plain(documents.text(about.get("title")) or documents.text(about.get("description")))
        title = title or ("" if address else documents.text(about.get("id")) or documents.text(about.get("path")))
        publisher = markup.plain(documents.text(about.get("author"))) or loose.host(address)
        if (address, title) not in seen and (address or title):
            seen.add((address, title))
            yield SourceRecord("research", publisher[:200] or _("not named"), title[:300], address)
