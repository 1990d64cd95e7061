"""Formats of others: invented samples after their public descriptions, odd rows included."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from timeline.formats import FileProblem, Reading, acled, gdelt, ics, timelinejs_csv, ucdp
from timeline.formats.mapping import read_mapping
from timeline.formats.registry import FORMATS, recognise
from timeline.records import DatasetRecord, EventRecord, ParticipationRecord, Problem

SAMPLES = Path(__file__).parent.parent / "samples"
GDELT = {
    "GLOBALEVENTID": "410000001",
    "SQLDATE": "20230726",
    "Actor1Name": "RUSSIAN FEDERATION",
    "Actor1CountryCode": "RUS",
    "Actor2Name": "NORTH KOREA",
    "Actor2CountryCode": "PRK",
    "EventCode": "042",
    "EventRootCode": "04",
    "NumArticles": "12",
    "NumSources": "3",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Pyongyang, P'yongyang-si, North Korea",
    "ActionGeo_CountryCode": "KN",
    "ActionGeo_Lat": "39.0194",
    "ActionGeo_Long": "125.755",
    "SOURCEURL": "https://www.example.org/visit",
}
UCDP = {
    "id": "1001",
    "year": "1951",
    "type_of_violence": "1",
    "side_a": "Government of One",
    "side_b": "Rebels",
    "where_prec": "1",
    "where_coordinates": "A town",
    "adm_1": "A province",
    "latitude": "37.5",
    "longitude": "127.0",
    "geom_wkt": "POINT (127 37.5)",
    "country": "South Korea",
    "country_id": "732",
    "date_prec": "1",
    "date_start": "1951-03-02 00:00:00.000",
    "date_end": "1951-03-02 00:00:00.000",
    "best": "120",
    "low": "100",
    "high": "150",
    "gwnoa": "732",
    "source_office": "An agency",
    "source_date": "1951-03-04",
    "source_headline": "Fighting goes on",
}


def read(name: str, category: str = "") -> list[Any]:
    path = SAMPLES / name
    with path.open("rb") as stream:
        found = recognise(stream, path.name)
        assert found is not None
        return list(found.read(stream, Reading(category=category)))


def events(records: list[Any]) -> list[EventRecord]:
    return [record for record in records if isinstance(record, EventRecord)]


def problems(records: list[Any]) -> list[tuple[int, str, str]]:
    return [(record.row, record.column, record.message) for record in records if isinstance(record, Problem)]


def gdelt_file(columns: int = 61, **changes: str) -> bytes:
    row = GDELT | changes
    return ("\t".join(row.get(name, "") for name in gdelt.COLUMNS[columns]) + "\n").encode()


def ucdp_file(header: bool = True, **changes: str) -> bytes:
    lines = [",".join(ucdp.COLUMNS)] if header else []
    row = UCDP | changes
    return "\n".join([*lines, ",".join(row.get(name, "") for name in ucdp.COLUMNS)]).encode() + b"\n"


def test_every_sample_is_recognised_by_what_it_holds() -> None:
    found = {}
    for path in sorted(SAMPLES.iterdir()):
        with path.open("rb") as stream:
            format = recognise(stream, "a-file")
        found[path.name] = format.slug if format else None
    assert found == {
        "acled.csv": "acled",
        "calendar.ics": "icalendar",
        "timelinejs.csv": "timelinejs-csv",
        "timelinejs.json": "timelinejs",
        "timemap-flat.json": "timemap",
        "timemap.json": "timemap",
    }


# TimelineJS


def test_slides_become_events_and_eras_durations() -> None:
    found = events(read("timelinejs.json"))
    assert [(event.title, event.date) for event in found] == [
        ("An armistice is signed", "1953-07-27"),
        ("Advance", "1950-06/1950-09"),
        ("Javascript media", "1951"),
        ("The war", "1950/1953"),
    ]
    assert (found[0].id, found[0].category, found[0].summary) == ("armistice", "peace", "Commanders sign.")


def test_media_and_links_are_kept_as_sources_and_nothing_that_could_run() -> None:
    first, _advance, script, _war = events(read("timelinejs.json"))
    assert [(source.publisher, source.title, source.url) for source in first.sources] == [
        ("An agency", "The hall", "https://example.org/photo"),
        ("example.org", "the report", "https://example.org/report"),
    ]
    assert (first.body, script.sources) == ("More at the report.", ())


def test_years_before_the_common_era_are_refused_by_name() -> None:
    found = problems(read("timelinejs.json"))
    assert [(row, column) for row, column, _message in found] == [(3, "events"), (5, "events"), (6, "events")]
    assert "before the common era" in found[0][2]
    ((row, column, message),) = problems(read("timelinejs.csv"))
    assert (row, column, "before the common era" in message) == (5, "Year", True)


def test_rows_of_the_template_become_events() -> None:
    armistice, war = events(read("timelinejs.csv"))
    assert (armistice.title, armistice.date, armistice.summary) == ("Armistice", "1953-07-27", "Signed & sealed")
    assert (war.title, war.date, war.category) == ("The war", "1950/1953", "conflict")
    assert armistice.id == events(read("timelinejs.csv"))[0].id


def test_a_group_that_is_no_category_is_asked_about() -> None:
    table = b"Year,Headline,Text,Media,Group\n1953,A thing,,,Our friends\n"
    ((row, column, message),) = problems(list(timelinejs_csv.read(io.BytesIO(table), Reading())))
    assert (row, column, "Say which one" in message) == (2, "category", True)
    (event,) = timelinejs_csv.read(io.BytesIO(table), Reading(category="diplomacy"))
    assert isinstance(event, EventRecord)
    assert event.category == "diplomacy"


# TimeMap


def test_days_and_months_are_told_apart_by_the_whole_file() -> None:
    first, second = events(read("timemap.json"))
    assert (first.date, second.date) == ("2022-03-25", "2022-04-02")
    assert (first.body, first.sources[0].url) == ("Filters: School", "https://example.org/v1")
    assert (second.sources[0].title, second.sources[0].url) == ("A post", "https://example.org/post")
    assert problems(read("timemap.json"))[0][:2] == (3, "date")


def test_the_flat_list_of_an_instance_is_read() -> None:
    (event,) = events(read("timemap-flat.json", "conflict"))
    assert (event.id, event.date, event.place) == ("CIV0001", "2022-02-26", "Kyiv")
    assert event.body == "Filters: Type of area affected=Residential"
    assert event.sources[0].url == "https://example.org/x"


# GDELT


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_an_event_of_gdelt_says_who_did_what_to_whom(columns: int) -> None:
    stream = io.BytesIO(gdelt_file(columns))
    assert recognise(stream) is FORMATS["gdelt"]
    dataset, event = gdelt.read(stream, Reading())
    assert isinstance(dataset, DatasetRecord)
    assert isinstance(event, EventRecord)
    assert (event.title, event.date) == ("Russian Federation visits North Korea", "2023-07-26")
    assert (event.category, event.importance, event.latitude) == ("diplomacy", 1, "39.0194")
    assert event.countries == (
        ParticipationRecord("cameo:RUS", "visitor"),
        ParticipationRecord("cameo:PRK", "host"),
        ParticipationRecord("fips:KN", "location", optional=True),
    )
    assert event.sources[0].url == ("" if columns == 57 else "https://www.example.org/visit")


@pytest.mark.parametrize(
    ("code", "category"), [("0841", "diplomacy"), ("163", "sanctions"), ("190", "conflict"), ("57", "treaty")]
)
def test_codes_become_categories_even_without_their_zero(code: str, category: str) -> None:
    _dataset, event = gdelt.read(io.BytesIO(gdelt_file(EventCode=code, EventRootCode="")), Reading())
    assert isinstance(event, EventRecord)
    assert event.category == category


def test_a_region_is_no_country_and_a_place_of_type_0_is_none() -> None:
    raw = gdelt_file(Actor1CountryCode="EUR", Actor2CountryCode="", Actor2Name="", ActionGeo_Type="0")
    _dataset, event = gdelt.read(io.BytesIO(raw), Reading())
    assert isinstance(event, EventRecord)
    assert [part.country for part in event.countries] == ["fips:KN"]
    assert (event.place, event.latitude) == ("", "")
    assert event.title == "Russian Federation visits an unnamed actor"


def test_rows_of_gdelt_that_are_wrong_are_named() -> None:
    raw = gdelt_file() + b"1\t2\n" + gdelt_file(EventCode="XX", EventRootCode="")
    found = problems(list(gdelt.read(io.BytesIO(raw), Reading())))
    assert [row for row, _column, _message in found] == [2, 3]
    with pytest.raises(FileProblem, match="57, 58, 61"):
        list(gdelt.read(io.BytesIO(b"1\t2\n"), Reading()))


# ACLED


def test_acled_is_as_exact_as_its_precisions() -> None:
    day, week, month = events(read("acled.csv"))
    assert [event.date for event in (day, week, month)] == ["2023-07-27", "[2023-07-24..2023-07-30]", "2023-07"]
    assert [event.category for event in (day, week, month)] == ["protest", "conflict", "peace"]
    assert (week.latitude, day.latitude, week.importance) == ("", "37.56", 2)
    assert [source.publisher for source in day.sources] == ["An agency", "A newspaper", "ACLED"]
    assert problems(read("acled.csv")) == [(5, "time_precision", "time_precision is 1, 2 or 3, not “9”.")]


def test_a_missing_column_of_acled_is_named() -> None:
    with pytest.raises(FileProblem, match="event_date"):
        list(acled.read(io.BytesIO(b"event_id_cnty,sub_event_type\n1,x\n"), Reading()))


# UCDP


@pytest.mark.parametrize(
    ("precision", "start", "end", "date"),
    [
        ("1", "1951-03-02", "1951-03-02", "1951-03-02"),
        ("1", "1951-03-02", "1951-03-05", "1951-03-02/1951-03-05"),
        ("2", "1951-03-02", "1951-03-05", "[1951-03-02..1951-03-05]"),
        ("3", "1951-03-05", "1951-03-11", "[1951-03-05..1951-03-11]"),
        ("4", "1951-03-01", "1951-03-31", "1951-03"),
        ("4", "1951-03-15", "1951-04-15", "[1951-03-15..1951-04-15]"),
        ("5", "1951-01-01", "1951-12-31", "1951"),
        ("5", "1951-02-01", "1951-09-30", "[1951-02-01..1951-09-30]"),
    ],
)
def test_ucdp_dates_are_as_exact_as_date_prec(precision: str, start: str, end: str, date: str) -> None:
    raw = ucdp_file(date_prec=precision, date_start=start, date_end=end)
    _dataset, event = ucdp.read(io.BytesIO(raw), Reading())
    assert isinstance(event, EventRecord)
    assert event.date == date


@pytest.mark.parametrize(
    ("precision", "place", "latitude"),
    [("1", "A town", "37.5"), ("3", "A town", "37.5"), ("4", "A province", ""), ("6", "", "")],
)
def test_ucdp_places_are_as_exact_as_where_prec(precision: str, place: str, latitude: str) -> None:
    _dataset, event = ucdp.read(io.BytesIO(ucdp_file(where_prec=precision)), Reading())
    assert isinstance(event, EventRecord)
    assert (event.place, event.latitude) == (place, latitude)


def test_ucdp_is_read_with_its_header_and_without() -> None:
    for header in (True, False):
        stream = io.BytesIO(ucdp_file(header))
        assert recognise(stream) is FORMATS["ucdp"]
        _dataset, event = ucdp.read(stream, Reading())
        assert isinstance(event, EventRecord)
        assert event.title == "Fighting between Government of One and Rebels, A town"
        assert [(part.country, part.role) for part in event.countries] == [
            ("gw:732", "initiator"),
            ("gw:732", "location"),
        ]
        assert event.importance == 3


def test_a_precision_that_ucdp_does_not_have_is_named() -> None:
    _dataset, problem = ucdp.read(io.BytesIO(ucdp_file(date_prec="7")), Reading())
    assert isinstance(problem, Problem)
    assert (problem.column, problem.value) == ("date_prec", "7")


# Calendars


def test_entries_of_a_calendar_last_as_long_as_they_say() -> None:
    visit, meeting, *_others = events(read("calendar.ics"))
    assert (visit.date, visit.title) == ("2023-07-25/2023-07-27", "A delegation visits, and leaves")
    assert (visit.summary, visit.body) == ("Three days.", "More.")
    assert (visit.latitude, visit.longitude, visit.place) == ("39.02", "125.75", "Pyongyang")
    assert (visit.sources[0].url, visit.category) == ("https://example.org/visit", "diplomacy")
    assert meeting.date == "2023-07-26"


def test_a_recurring_entry_is_an_event_each_time_but_for_what_was_moved_or_left_out() -> None:
    found = [event for event in events(read("calendar.ics")) if event.id.startswith("yearly")]
    assert [(event.id, event.date) for event in found] == [
        ("yearly@example.org 2020-07-27", "2020-07-27"),
        ("yearly@example.org 2023-07-27", "2023-07-27"),
        ("yearly@example.org 2021-07-27", "2021-07-28"),
    ]


def test_an_entry_without_an_end_to_its_rule_and_a_cancelled_one_are_named() -> None:
    found = problems(read("calendar.ics"))
    assert [row for row, _column, _message in found] == [5, 6]
    assert "UNTIL or COUNT" in found[0][2]
    assert "cancelled" in found[1][2]


@pytest.mark.parametrize(
    ("line", "column", "value", "message"),
    [
        ("DTEND;VALUE=DATE:20230230", "DTEND", "20230230", "This cannot be read as DTEND."),
        ("RECURRENCE-ID:later", "RECURRENCE-ID", "later", "This cannot be read as RECURRENCE-ID."),
        ("GEO:north", "GEO", "north", "This cannot be read as GEO."),
        ("RRULE:often", "RRULE", "", "This cannot be read as RRULE."),
        ("RRULE:FREQ=DAILY;COUNT=x", "RRULE", "FREQ=DAILY;COUNT=x", "This cannot be read as RRULE."),
        ("DTSTART;VALUE=DATE:20230726", "DTSTART", "", "An entry has only one DTSTART."),
        ("DTEND:20230726T100000Z", "VEVENT", "Visit", "DTSTART and DTEND must both be days, or both be times."),
        ("DURATION:P9000000D", "VEVENT", "Visit", "The days and times of this entry do not fit together."),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_and_those_beside_it_are_read(
    line: str, column: str, value: str, message: str
) -> None:
    entry = "BEGIN:VEVENT\nUID:{}\nSUMMARY:Visit\nDTSTART;VALUE=DATE:20230725\n{}END:VEVENT\n"
    raw = f"BEGIN:VCALENDAR\n{entry.format(1, line + chr(10))}{entry.format(2, '')}END:VCALENDAR\n"
    wrong, right = ics.read(io.BytesIO(raw.encode()), Reading(category="peace"))
    assert wrong == Problem(1, column, value, message)
    assert isinstance(right, EventRecord)
    assert (right.id, right.date) == ("2", "2023-07-25")


@pytest.mark.parametrize("raw", [b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"x"])
def test_what_is_no_calendar_is_refused(raw: bytes) -> None:
    with pytest.raises(FileProblem):
        list(ics.read(io.BytesIO(raw), Reading()))


# A mapping that comes with Annals


def test_roll_calls_of_the_general_assembly_are_read_through_their_mapping() -> None:
    with (settings.BASE_DIR / "fixtures" / "mappings" / "unga_votes.toml").open("rb") as stream:
        mapping = read_mapping(stream)
    header = b"id,date,date_precision,title,vote,country,iso3,iso3_for_point,lat,lon,resolution,session,issues\n"
    rows = b"v-1,1990-05,month,A question,abstain,Namibia,NAM,NAM,-22.0,17.0,R/1/1,45,\n"
    dataset, event = FORMATS["mapping"].read(io.BytesIO(header + rows), Reading(mapping=mapping))
    assert isinstance(dataset, DatasetRecord)
    assert isinstance(event, EventRecord)
    assert (event.title, event.date, event.latitude) == ("Namibia abstains: A question", "1990-05", "")
    assert [part.country for part in event.countries] == ["NAM"]
    assert event.sources[0].title == "Roll call on R/1/1, session 45"
