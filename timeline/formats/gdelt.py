"""Event exports of GDELT, versions 1.0 and 2.0: tabs between the cells, no quotation, no header, named .csv.

Codes of events are those of CAMEO. Machines read the news for it, so every event is of routine importance until an
editor thinks otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.utils.translation import gettext as _

from timeline.records import DatasetRecord, EventRecord, ParticipationRecord, Problem, Record, SourceRecord, besides

from . import cameo, cells, delimited, loose
from .problems import FileProblem, problem_of
from .reading import Reading
from .templates import shortened

UNSAID = besides(
    EventRecord,
    (
        *("id", "title", "date", "category", "dataset", "summary", "place", "latitude", "longitude", "importance"),
        *("countries", "sources"),
    ),
)
DATASET = DatasetRecord(
    "gdelt",
    "GDELT Event Database",
    "The GDELT Project",
    "Unlimited use with citation",
    "The GDELT Project, https://www.gdeltproject.org/",
    "https://www.gdeltproject.org/",
)
_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)
_COUNTS = (
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
)
_PLACES = ("Actor1Geo", "Actor2Geo", "ActionGeo")
_PLACE_1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_PLACE_2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def _columns(place: tuple[str, ...], tail: tuple[str, ...]) -> tuple[str, ...]:
    return (
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{number}{name}" for number in (1, 2) for name in _ACTOR),
        *_COUNTS,
        *(f"{where}_{name}" for where in _PLACES for name in place),
        *tail,
    )


# By their number: files until March 2013, daily files of version 1.0, and version 2.0.
COLUMNS = {
    len(columns): columns
    for columns in (
        _columns(_PLACE_1, ("DATEADDED",)),
        _columns(_PLACE_1, ("DATEADDED", "SOURCEURL")),
        _columns(_PLACE_2, ("DATEADDED", "SOURCEURL")),
    )
}
# Regions that CAMEO treats as if they were countries.
REGIONS = frozenset(
    [
        "AFR",
        "ASA",
        "BLK",
        "CRB",
        "CAU",
        "CFR",
        "CAS",
        "CEU",
        "EIN",
        "EAF",
        "EEU",
        "EUR",
        "LAM",
        "MEA",
        "MDT",
        "NAF",
        "NMR",
        "PGS",
        "SCN",
        "SAM",
        "SAS",
        "SEA",
        "SAF",
        "WAF",
        "WST",
    ]
)


def recognises(head: bytes, name: str) -> bool:
    """Whether the first line of a file is that of an event export."""
    cells_ = head.partition(b"\n")[0].rstrip(b"\r").split(b"\t")
    return len(cells_) in COLUMNS and cells_[0].isdigit() and len(cells_[1]) == 8


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each row. Raises FileProblem."""
    table = delimited.rows(stream, "\t", quoted=False)
    number, first = next(table, (1, []))
    names = COLUMNS.get(len(first))
    if names is None:
        raise FileProblem(
            _("The file has %(found)d columns; exports of GDELT have %(wanted)s.")
            % {"found": len(first), "wanted": ", ".join(map(str, COLUMNS))}
        )
    if not reading.dataset:
        yield DATASET
    row = first
    while True:
        if len(row) == len(names):
            values = dict(zip(names, map(str.strip, row), strict=True))
            try:
                yield _event(values, number, reading)
            except ValueError as problem:
                yield problem_of(number, problem, "SQLDATE", values["SQLDATE"])
        else:
            yield delimited.ragged(number, len(row), len(names))
        number, row = next(table, (0, []))
        if not number:
            return


def _event(row: Mapping[str, str], number: int, reading: Reading) -> EventRecord:
    code = cameo.code_of(row["EventCode"], row["EventRootCode"])
    someone = _("an unnamed actor")
    names = [_name(row[f"Actor{n}Name"]) or someone for n in (1, 2)]
    title = code.sentence(*names)
    known = row["ActionGeo_Type"] not in ("", "0")
    return EventRecord(
        id=row["GLOBALEVENTID"],
        title=shortened(title[:1].upper() + title[1:], loose.LONGEST_TITLE),
        date=cells.from_parts(row["SQLDATE"][:4], row["SQLDATE"][4:6], row["SQLDATE"][6:8]),
        category=code.category,
        dataset=reading.dataset,
        summary=_("CAMEO %(code)s. Read by machine from %(articles)s articles of %(sources)s sources.")
        % {"code": row["EventCode"], "articles": row["NumArticles"] or "?", "sources": row["NumSources"] or "?"},
        place=shortened(row["ActionGeo_FullName"], 150) if known else "",
        latitude=cells.number(row["ActionGeo_Lat"]) if known else "",
        longitude=cells.number(row["ActionGeo_Long"]) if known else "",
        importance=1,
        countries=tuple(_countries(row, code.roles)),
        sources=(_source(row),),
        row=number,
        unsaid=UNSAID,
        columns={"date": "SQLDATE", "id": "GLOBALEVENTID", "latitude": "ActionGeo_Lat", "longitude": "ActionGeo_Long"},
    )


def _countries(row: Mapping[str, str], roles: tuple[str, str]) -> Iterator[ParticipationRecord]:
    for number, role in enumerate(roles, 1):
        column = f"Actor{number}CountryCode"
        if row[column] and row[column] not in REGIONS:
            yield ParticipationRecord(f"cameo:{row[column]}", role, column=column)
    if row["ActionGeo_CountryCode"]:
        # Seas have codes of their own, which are no countries.
        yield ParticipationRecord(
            f"fips:{row['ActionGeo_CountryCode']}", "location", column="ActionGeo_CountryCode", optional=True
        )


def _source(row: Mapping[str, str]) -> SourceRecord:
    address = row.get("SOURCEURL", "")
    if address.startswith(("http://", "https://")):
        return SourceRecord("newspaper", loose.host(address) or DATASET.publisher, "", address)
    title = _("GDELT Event Database, event %(id)s") % {"id": row["GLOBALEVENTID"]}
    return SourceRecord("dataset", DATASET.publisher, title)


def _name(text: str) -> str:
    return " ".join(word.capitalize() for word in text.split())
