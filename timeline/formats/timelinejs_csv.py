"""TimelineJS: the table that its template for spreadsheets has, as CSV. Columns are known by their names.

It holds less than the JSON: relations, names, countries, and all sources but one have no column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from django.utils.html import escape
from django.utils.translation import gettext as _

from timeline.records import EventRecord, Problem, Record, SourceRecord

from . import delimited, loose, markup
from .formulas import neutral, original
from .problems import FileProblem, problem_of
from .reading import Reading
from .slides import slide_dates, slide_html, slide_media
from .timelinejs_json import date_of

COLUMNS = (
    *("Year", "Month", "Day", "Time", "End Year", "End Month", "End Day", "End Time", "Display Date", "Headline"),
    *("Text", "Media", "Media Credit", "Media Caption", "Media Thumbnail", "Alt Text", "Type", "Group", "Background"),
)
KNOWN = tuple(delimited.normal(name) for name in COLUMNS)
PARTS = ("year", "month", "day")
ALWAYS = ("id", "title", "date", "dataset", "category")
COLUMN_OF = {"summary": "text", "body": "text", "sources": "media"}


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are the template's header."""
    line = head.partition(b"\n")[0].decode("utf-8-sig", errors="replace").strip()
    delimiter = delimited.delimiter_of(line, KNOWN)
    return {"year", "headline", "text", "media"} <= {delimited.normal(c.strip('"')) for c in line.split(delimiter)}


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each row with a date; rows of the type “title” have none. Raises FileProblem."""
    line = stream.readline(delimited.LONGEST_LINE).decode("utf-8", errors="replace").strip()
    stream.seek(0)
    table = delimited.rows(stream, delimited.delimiter_of(line, KNOWN))
    header = [delimited.normal(name) for name in next(table, (1, []))[1]]
    if not {"year", "headline"} <= set(header):
        raise FileProblem(_("The file lacks these columns: %(missing)s.") % {"missing": "Year, Headline"})
    unsaid = delimited.unsaid_by(header, ALWAYS, COLUMN_OF)
    for number, cells in table:
        if len(cells) > len(header):
            yield delimited.ragged(number, len(cells), len(header))
            continue
        row = dict.fromkeys(KNOWN, "") | dict(zip(header, map(original, map(str.strip, cells)), strict=False))
        if row["type"].casefold() == "title" or not any(row.values()):
            continue
        try:
            yield _event(row, number, reading, unsaid)
        except ValueError as problem:
            yield problem_of(number, problem, "Year", row["year"] or row["headline"])


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The file, piece by piece."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        if isinstance(record, EventRecord):
            writer.writerow({name: neutral(cell) for name, cell in _row(record).items()})
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _event(row: Mapping[str, str], number: int, reading: Reading, unsaid: frozenset[str]) -> EventRecord:
    lasts = row["type"].casefold() == "era"
    end = {part: row[f"end_{part}"] for part in PARTS} if row["end_year"] else {}
    title = loose.title_of(markup.plain(row["headline"]))
    summary, body = loose.summary_and_body(markup.plain(row["text"]))
    date = date_of({part: row[part] for part in PARTS}, end, row["display_date"], lasts)
    return EventRecord(
        id=loose.made_id(date, row["headline"], row["text"]),
        title=title or loose.title_of(summary),
        date=date,
        category=loose.category([row["group"]], reading),
        dataset=reading.dataset,
        summary=summary,
        body=body,
        sources=tuple(_sources(row)),
        row=number,
        unsaid=unsaid,
        columns={"title": "Headline", "date": "Year", "summary": "Text", "body": "Text", "category": "Group"},
    )


def _sources(row: Mapping[str, str]) -> Iterator[SourceRecord]:
    addresses = [(row["media"], markup.plain(row["media_caption"])), *markup.links(row["text"])]
    seen = set()
    for address, words in addresses:
        if address.startswith(("http://", "https://")) and address not in seen:
            seen.add(address)
            credit = markup.plain(row["media_credit"]) if address == row["media"] else ""
            yield SourceRecord(publisher=credit or loose.host(address), title=words[:300], url=address)


def _row(record: EventRecord) -> dict[str, str]:
    dates = slide_dates(record.date)
    found = {part.title(): str(number) for part, number in dates["start_date"].items()}
    found |= {f"End {part.title()}": str(number) for part, number in dates.get("end_date", {}).items()}
    media = slide_media(record)
    return found | {
        "Display Date": dates.get("display_date", ""),
        "Headline": escape(record.title),
        "Text": slide_html(record.summary, record.body),
        "Media": media.get("url", ""),
        "Media Credit": media.get("credit", ""),
        "Media Caption": media.get("caption", ""),
        "Group": record.category,
    }
