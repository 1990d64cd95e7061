"""The Georeferenced Event Dataset of the Uppsala Conflict Data Program (UCDP GED), as CSV.

`date_prec` and `where_prec` say how much of a date and of a place is known, and no more than that is taken. Codes after
the codebook of the dataset; actors of states have the numbers of Gleditsch and Ward.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.utils.translation import gettext as _

from timeline.records import DatasetRecord, EventRecord, ParticipationRecord, Problem, Record, SourceRecord

from . import cells, delimited, loose
from .problems import CellProblem, problem_of
from .reading import Reading
from .templates import shortened

DATASET = DatasetRecord(
    "ucdp-ged",
    "UCDP Georeferenced Event Dataset",
    "Uppsala Conflict Data Program",
    "CC BY 4.0",
    "Uppsala Conflict Data Program: UCDP Georeferenced Event Dataset, Uppsala University.",
    "https://ucdp.uu.se/",
)
# Some releases of the candidate dataset have no header: these are the columns in their order.
COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
NEEDED = ("id", "type_of_violence", "side_a", "date_prec", "date_start", "date_end", "where_prec", "country_id")
ALWAYS = ("id", "title", "date", "date_note", "category", "dataset")
COLUMN_OF = {
    "summary": "best",
    "importance": "best",
    "latitude": "latitude",
    "longitude": "longitude",
    "place": "where_coordinates",
    "countries": "gwnoa",
    "sources": "source_office",
}
EXACT, DAYS, WEEK, MONTH, LONGER = "12345"
# From the fourth step on the point is the middle of a province, a country or a sea.
PRECISE_PLACES = frozenset("123")
WEIGHTS = ((1000, 4), (100, 3), (25, 2))


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of the dataset, with its header or without."""
    line = head.partition(b"\n")[0].decode("utf-8-sig", errors="replace").strip()
    names = {delimited.normal(cell.strip('"')) for cell in line.split(",")}
    return {"date_prec", "where_prec", "dyad_name"} <= names or (line.count(",") >= 48 and "POINT" in line)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each row. Raises FileProblem."""
    table = delimited.rows(stream)
    start, first = next(table, (1, []))
    header = [delimited.normal(name) for name in first]
    without = "id" not in header and len(first) == len(COLUMNS)
    if without:
        header = list(COLUMNS)
    delimited.check_columns(header, NEEDED)
    unsaid = delimited.unsaid_by(header, ALWAYS, COLUMN_OF)
    if not reading.dataset:
        yield DATASET
    for number, row in _with(start, first, table) if without else table:
        if len(row) != len(header):
            yield delimited.ragged(number, len(row), len(header))
            continue
        values = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(str.strip, row), strict=True))
        try:
            yield _event(values, number, reading, unsaid)
        except ValueError as problem:
            yield problem_of(number, problem, "date_start", values["date_start"])


def date_of(precision: str, start: str, end: str) -> str:
    """EDTF of what is known: one day, an unknown day of some, a month, or a time in which it happened.

    Raises ValueError for a precision that the codebook does not have.
    """
    first, last = cells.date(start[:10]), cells.date((end or start)[:10])
    if precision == EXACT:
        return cells.interval(first, last)
    if precision == MONTH and first[:7] == last[:7]:
        return first[:7]
    if precision == LONGER and first.endswith("-01-01") and last == f"{first[:4]}-12-31":
        return first[:4]
    if precision in (DAYS, WEEK, MONTH, LONGER):
        return cells.some_day(first, last)
    raise CellProblem(
        "date_prec", precision, _("date_prec is a number from 1 to 5, not “%(value)s”.") % {"value": precision}
    )


def _with(number: int, first: list[str], table: delimited.Rows) -> delimited.Rows:
    yield number, first
    yield from table


def _event(row: Mapping[str, str], number: int, reading: Reading, unsaid: frozenset[str]) -> EventRecord:
    precise = row["where_prec"] in PRECISE_PLACES
    place = row["where_coordinates"] if precise else row["adm_1"] if row["where_prec"] == "4" else ""
    one_sided = row["type_of_violence"] == "3"
    sides = _("Violence of %(one)s against %(other)s") if one_sided else _("Fighting between %(one)s and %(other)s")
    title = sides % {"one": row["side_a"], "other": row["side_b"].lower() if one_sided else row["side_b"]}
    if place or row["country"]:
        title = _("%(what)s, %(place)s") % {"what": title, "place": place or row["country"]}
    best = int(row["best"]) if row["best"].isdecimal() else 0
    return EventRecord(
        id=row["id"],
        title=shortened(title, loose.LONGEST_TITLE),
        date=date_of(row["date_prec"], row["date_start"], row["date_end"]),
        category="conflict",
        dataset=reading.dataset,
        summary=_("Deaths by the best estimate: %(best)s (%(low)s to %(high)s).")
        % {"best": row["best"] or "?", "low": row["low"] or "?", "high": row["high"] or "?"},
        date_note=_("UCDP: date precision %(step)s of 5.") % {"step": row["date_prec"]},
        place=shortened(place, 150),
        latitude=cells.number(row["latitude"]) if precise else "",
        longitude=cells.number(row["longitude"]) if precise else "",
        importance=next((weight for deaths, weight in WEIGHTS if best >= deaths), 1),
        countries=tuple(_countries(row)),
        sources=tuple(_sources(row)),
        row=number,
        unsaid=unsaid,
        columns={"date": "date_start", "latitude": "latitude", "longitude": "longitude", "id": "id"},
    )


def _countries(row: Mapping[str, str]) -> Iterator[ParticipationRecord]:
    for column, role in (("gwnoa", "initiator"), ("gwnob", "target"), ("country_id", "location")):
        for code in row[column].replace(";", ",").split(","):
            if not cells.is_unknown(code):
                yield ParticipationRecord(f"gw:{code.strip().removesuffix('.0')}", role, column=column)


def _sources(row: Mapping[str, str]) -> Iterator[SourceRecord]:
    offices, headlines, days = (row[f"source_{name}"].split(";") for name in ("office", "headline", "date"))
    for place, office in enumerate(offices):
        headline = headlines[place].strip() if place < len(headlines) else ""
        day = days[place].strip()[:10] if place < len(days) else ""
        if office.strip() and headline:
            published = "" if cells.is_unknown(day) else day
            yield SourceRecord("news_agency", shortened(office.strip(), 200), shortened(headline, 300), "", published)
    yield SourceRecord("dataset", DATASET.publisher, _("UCDP GED, event %(id)s") % {"id": row["id"]})
