"""The export of the Armed Conflict Location & Event Data project (ACLED), as CSV.

Its terms restrict redistribution: Annals reads one's own download and comes with none. Codes after the project's
codebook: `time_precision` 1 is a day, 2 a week, 3 a month; `geo_precision` 3 is a province.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.utils.translation import gettext as _

from timeline import dates
from timeline.records import DatasetRecord, EventRecord, ParticipationRecord, Problem, Record, SourceRecord

from . import cells, delimited, loose, markup
from .problems import CellProblem, problem_of
from .reading import Reading
from .templates import shortened

DATASET = DatasetRecord(
    "acled",
    "Armed Conflict Location & Event Data",
    "ACLED",
    "ACLED terms of use",
    "Armed Conflict Location & Event Data Project (ACLED); acleddata.com.",
    "https://acleddata.com/",
)
NEEDED = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "country", "location")
OTHERS = (
    "time_precision",
    "geo_precision",
    "notes",
    "fatalities",
    "source",
    "latitude",
    "longitude",
    "actor1",
    "actor2",
)
ALWAYS = ("id", "title", "date", "category", "dataset", "place", "countries")
COLUMN_OF = {
    "summary": "notes",
    "body": "notes",
    "latitude": "latitude",
    "longitude": "longitude",
    "importance": "fatalities",
    "sources": "source",
}
PROTESTS = frozenset(("protests", "riots"))
AGREEMENT = "agreement"
WEIGHTS = ((1000, 4), (100, 3), (10, 2))


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are the export's header."""
    line = head.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    return "event_id_cnty" in line and "sub_event_type" in line


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each row. Raises FileProblem."""
    line = stream.readline(delimited.LONGEST_LINE).decode("utf-8", errors="replace").strip()
    stream.seek(0)
    table = delimited.rows(stream, delimited.delimiter_of(line, NEEDED))
    header = [delimited.normal(name) for name in next(table, (1, []))[1]]
    delimited.check_columns(header, NEEDED)
    unsaid = delimited.unsaid_by(header, ALWAYS, COLUMN_OF)
    if not reading.dataset:
        yield DATASET
    for number, row in table:
        if len(row) != len(header):
            yield delimited.ragged(number, len(row), len(header))
            continue
        values = dict.fromkeys(OTHERS, "") | dict(zip(header, map(str.strip, row), strict=True))
        try:
            yield _event(values, number, reading, unsaid)
        except ValueError as problem:
            yield problem_of(number, problem, "event_date", values["event_date"])


def date_of(text: str, precision: str, order: str = "") -> str:
    """EDTF of what is known: the day, some day of its week, or its month. Raises ValueError."""
    day = dates.parse_human(cells.date(text, order)).day
    if precision == "2":
        monday = day - datetime.timedelta(day.weekday())
        return cells.some_day(monday.isoformat(), (monday + datetime.timedelta(6)).isoformat())
    if precision == "3":
        return day.isoformat()[:7]
    if precision in ("1", ""):
        return day.isoformat()
    raise CellProblem(
        "time_precision", precision, _("time_precision is 1, 2 or 3, not “%(value)s”.") % {"value": precision}
    )


def _event(row: Mapping[str, str], number: int, reading: Reading, unsaid: frozenset[str]) -> EventRecord:
    notes = markup.plain(row["notes"])
    precise = row["geo_precision"] != "3"
    what = row["sub_event_type"] or row["event_type"]
    deaths = int(row["fatalities"]) if row["fatalities"].isdecimal() else 0
    summary, body = loose.summary_and_body(notes)
    return EventRecord(
        id=row["event_id_cnty"],
        title=shortened(_("%(what)s, %(place)s") % {"what": what, "place": row["location"] or row["country"]}, 200),
        date=date_of(row["event_date"], row["time_precision"], reading.day_order),
        category=_category(row),
        dataset=reading.dataset,
        summary=summary or shortened(notes, loose.LONGEST_SUMMARY),
        body=body,
        place=shortened(row["location"], 150),
        latitude=cells.number(row["latitude"]) if precise else "",
        longitude=cells.number(row["longitude"]) if precise else "",
        importance=next((weight for limit, weight in WEIGHTS if deaths >= limit), 1),
        countries=(ParticipationRecord(row["country"], "location", column="country"),),
        sources=tuple(_sources(row)),
        row=number,
        unsaid=unsaid,
        columns={"date": "event_date", "id": "event_id_cnty", "summary": "notes", "place": "location"},
    )


def _category(row: Mapping[str, str]) -> str:
    if row["event_type"].casefold() in PROTESTS:
        return "protest"
    return "peace" if row["sub_event_type"].casefold() == AGREEMENT else "conflict"


def _sources(row: Mapping[str, str]) -> Iterator[SourceRecord]:
    title = _("ACLED, event %(id)s") % {"id": row["event_id_cnty"]}
    for publisher in row["source"].split(";"):
        if publisher.strip():
            yield SourceRecord("newspaper", shortened(publisher.strip(), 200), title)
    yield SourceRecord("dataset", DATASET.publisher, title)
