"""Files as they come: what is wrong with one is said in words that an editor understands, and nothing is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

import openpyxl
import pytest

from tests.cast import make_places
from tests.replaying import replayed
from timeline.formats import FileProblem, Reading, markup
from timeline.formats.parts import unpacked_countries
from timeline.formats.registry import FORMATS, recognise
from timeline.imports import apply, check
from timeline.models import Country, Dataset, Event
from timeline.records import DatasetRecord, EventRecord, ParticipationRecord

pytestmark = pytest.mark.django_db

HEADER = "id,title,date,category,countries,importance,latitude,longitude,sources"
ROW = "a,A title,1953-07-27,peace,PRK: host,3,37.95,126.67,"


@replayed
def make_places_and_a_dataset() -> None:
    make_places()
    Country.objects.create(code="COG", name="Republic of the Congo", aliases=["Congo"])
    Country.objects.create(code="COD", name="Democratic Republic of the Congo", aliases=["Congo"])
    Dataset.objects.create(slug="test", name="Test", publisher="A publisher", licence="CC0", citation="Test.")


@pytest.fixture(autouse=True)
def _places() -> Iterator[None]:
    make_places_and_a_dataset()
    yield
    assert not Event.objects.exists()


def told(raw: bytes | str, format: str = "") -> list[str]:
    """Everything that an editor would be told of the file."""
    stream = io.BytesIO(raw.encode() if isinstance(raw, str) else raw)
    try:
        found = FORMATS[format] if format else recognise(stream, "file.csv")
        if found is None:
            return ["not recognised"]
        report = check(found.read(stream, Reading()), dataset="test")
    except FileProblem as problem:
        return [str(problem)]
    notes = [f"row {row} repeats row {first}" for row, first in report.duplicates]
    shown = [*report.problems, *report.warnings]
    return notes + [f"row {one.row}, {one.column}, “{one.value}”: {one.message}" for one in shown]


def table(row: str = ROW, header: str = HEADER, **changes: str) -> str:
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | changes
    if changes:
        row = ",".join(f'"{cell}"' for cell in cells.values())
    return f"{header}\n{row}\n"


def workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bomb() -> bytes:
    """A workbook of a few megabytes that says that it unpacks to more than 500 MB, and does."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _piece in range(520):
                part.write(b" " * 1024 * 1024)
    return file.getvalue()


GOOD = table()
FILES: dict[str, tuple[bytes | str, str]] = {
    "not UTF-8": (GOOD.replace("A title", "Über").encode("cp1252"), "Line 2 is not UTF-8 (byte 0xDC at position 3)"),
    "UTF-16": (GOOD.encode("utf-16"), "The file is in UTF-16. Save it as “CSV UTF-8”."),
    "header missing": (ROW + "\n", "not recognised"),
    "column missing": (GOOD.replace("category,", "colour,"), "not recognised"),
    "column twice": (GOOD.replace("importance,latitude", "latitude,latitude"), "has the column “latitude” twice"),
    "unknown column": (GOOD.replace("importance", "importence"), "There is no column “importence”"),
    "unknown column, suggested": (GOOD.replace("importance", "importence"), "Is “importance” meant?"),
    "row too short": (table("a,A title,1953"), "row 2, , “”: The row has 3 cells; the header has 9."),
    "row too long": (table(ROW + ",,"), "The row has 11 cells; the header has 9."),
    "unclosed quote": (table('a,"A title,1953'), "Is a quotation mark missing there?"),
    "empty file": (b"", "The file is empty."),
    "only blanks": (b" \r\n\n", "The file is empty."),
    "only a header": (HEADER + "\n", "The file has a header and no rows."),
    "impossible day": (table(date="1953-02-30"), "row 2, date, “1953-02-30”: 30 February 1953 does not exist"),
    "end before start": (table(date="1953/1950"), "The date ends (1950) before it begins (1953)."),
    "column without a name": (
        "id,title,,date,category\na,A title,,1950,peace\n",
        "Column 3 has no name. Name it, or take it out of the table.",
    ),
    "lines of old Macintosh computers": (GOOD.replace("\n", "\r"), "The lines end with CR alone"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "it is no text, or in UTF-16. Save it as “CSV UTF-8”."),
    "two-digit year": (table(date="27/7/53"), "row 2, date, “27/7/53”: "),
    "month of a spreadsheet": (table(date="Jul-53"), "row 2, date, “Jul-53”: "),
    "day number of a spreadsheet": (table(date="45134"), "by which a spreadsheet counts days, perhaps 2023-07-27"),
    "day or month": (table(date="1/2/1950"), "“1/2/1950” may be 1950-02-01 or 1950-01-02, and no other row decides"),
    "year out of range": (table(date="12000"), "row 2, date, “12000”: "),
    "year zero": (table(date="0000"), "row 2, date, “0000”: "),
    "before the common era": (table(date="44 BC"), "row 2, date, “44 BC”: "),
    "date missing": (table(date=""), "row 2, date, “”: This must not be empty."),
    "unknown country": (table(countries="Narnia: host"), "row 2, countries, “Narnia”: There is no country “Narnia”"),
    "misspelt country": (table(countries="North Corea: host"), "Is North Korea (PRK) meant?"),
    "ambiguous country": (
        table(countries="Congo: host"),
        "“Congo” may be any of Democratic Republic",
    ),
    "state before its time": (table(countries="SUN: host", date="1995"), "Soviet Union existed from 1922-12-30 to"),
    "unknown role": (table(countries="PRK: guest"), "“guest” is not one of: initiator"),
    "latitude out of range": (table(latitude="95"), "row 2, latitude, “95”: “95” is no number of degrees"),
    "coordinates swapped": (
        table(latitude="126.67", longitude="37.95"),
        "Are latitude and longitude swapped?",
    ),
    "decimal comma": (table(latitude="37,95"), "“37,95” has a comma where a point belongs: write 37.95."),
    "half a point": (table(latitude=""), "Give both latitude and longitude, or neither."),
    "importance in words": (table(importance="high"), "“high” is no importance: 1 routine"),
    "unknown category": (table(category="war"), "“war” is not one of: "),
    "same identifier, other words": (GOOD + ROW.replace("A title", "Another") + "\n", "Row 2 has the same identifier"),
    "the same row again": (GOOD + ROW + "\n", "row 3 repeats row 2"),
    "title too long": (table(title="x" * 201), "row 2, title, "),
    "title of spaces": (table(title="   "), "row 2, title, “”: This must not be empty."),
    "markup": (table(title="<b>Bold</b>"), "Markup such as “<b” is not allowed"),
    "script": (table(title="<script>alert(1)</script>"), "Markup such as “<script” is not allowed"),
    "null byte": (GOOD.replace("A title", "A\0title"), "Line 2 holds a NUL character"),
    "control character": (table(title="A\x07title"), "The character U+0007 is not allowed"),
    "right-to-left override": (table(title="A\u202etitle"), "The character U+202E is not allowed"),
    "link that is none": (table(sources="publisher=A | title=B | url=javascript:alert(1)"), "is not a web address"),
    "link of another kind": (
        table(sources="publisher=A | url=ftp://example.org/"),
        "must begin with http:// or https://",
    ),
    "link with a user": (table(sources="publisher=A | url=https://me:pw@example.org/"), "row 2, sources[1].url, "),
    "line of 10 MB": (table("a," + "x" * 10_000_000), "Line 2 is longer than 1048576 bytes"),
    "cell of 200 KB": (table(title="x" * 200_000), "Row 2 cannot be read"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Save it as .xlsx or CSV."),
    "damaged workbook": (b"PK\x03\x04[Content_Types].xml" + b"\0" * 600, "This workbook is damaged"),
    "packed file": (b"PK\x03\x04" + b"\1" * 600, "This is a packed file, but no workbook"),
    "compressed file": (b"\x1f\x8b\x08" + b"\1" * 600, "This file is compressed"),
    "page of a browser": (b"<!doctype html><title>Log in</title>", "This is a page of HTML or XML"),
    "PDF": (b"%PDF-1.7\n", "This is a PDF."),
    "calendar with a kind of value twice": (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE,TEXT:20230725\nEND:VEVENT\nEND:VCALENDAR\n",
        "The calendar cannot be read: ",
    ),
    "JSON cut short": (b'{"format": "annals/1", "events": [', "This is not JSON"),
    "JSON of something else": (b'{"format": "other", "events": []}', "“format” must be “annals/1”"),
    "JSON nested deep": (b'{"format": "annals/1", "events": ' + b"[" * 100_000, "nested too deep"),
    "number where a list belongs": (b'{"format": "annals/1", "events": 5}', "“events” must be a list."),
    "text where a number belongs": (
        b'{"format":"annals/1","events":[{"id": "a", "title": "A", "date": "1950", "category":"c","importance": ""}]}',
        "Importance is a whole number from 1 to 5.",
    ),
    "JSON in cp1252": ('{"format": "annals/1", "events": ["Ü"]}'.encode("cp1252"), "Line 1 is not UTF-8"),
}


@pytest.mark.parametrize(("raw", "message"), FILES.values(), ids=FILES.keys())
def test_what_is_wrong_with_a_file_is_said(raw: bytes | str, message: str) -> None:
    found = told(raw)
    assert any(message in one for one in found), found


def test_a_table_that_is_said_to_be_ours_names_the_columns_that_it_lacks() -> None:
    (message,) = told(GOOD.replace("category,", "colour,"), "csv")
    assert message.startswith("The file lacks these columns: category. It has: id, title, date, colour")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    raw = bomb()
    assert len(raw) < 4 * 1024 * 1024
    assert told(raw) == ["This workbook would unpack to 520 MB in 2 parts; 512 MB are allowed."]


def test_a_document_over_the_limit_is_refused() -> None:
    # The library for calendars takes eighteen times their size in memory.
    calendar = b"BEGIN:VCALENDAR" + b"\r\nX-WORD:x" * 1_100_000
    assert told(calendar) == [
        "The file is larger than 10 MB, which cannot be read at once. Divide it, or take a table."
    ]


@pytest.mark.parametrize("text", [" " * 90_000, "<" * 90_000, "<!" * 45_000, "&" * 90_000, "<a href=" * 10_000])
def test_markup_without_an_end_is_read_in_a_moment(text: str) -> None:
    assert len(markup.plain(text + "<p>")) <= 2 * len(text)


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        ("xl/workbook.xml", b"<sheets>", b"<sheets", "This workbook cannot be opened."),
        ("[Content_Types].xml", b"ContentType=", b"Content=", "This workbook cannot be opened."),
        ("xl/worksheets/sheet1.xml", b'r="2"', b'r="two"', "This workbook is damaged after row 1."),
        ("xl/worksheets/sheet1.xml", b"</row></sheetData>", b"</sheetData>", "This workbook is damaged after row 1."),
    ],
)
def test_a_workbook_with_a_damaged_part_is_refused(part: str, old: bytes, new: bytes, message: str) -> None:
    whole = zipfile.ZipFile(io.BytesIO(workbook(HEADER.split(","), ["a", "A title", "1953", "peace"])))
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            assert name != part or old in content
            archive.writestr(name, content.replace(old, new) if name == part else content)
    assert told(damaged.getvalue()) == [f"{message} Save it as .xlsx or CSV again."]


def test_a_workbook_whose_packing_is_damaged_is_refused() -> None:
    raw = workbook(HEADER.split(","), *[[f"a{number}", "A title", "1953", "peace"] for number in range(2000)])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        middle = archive.getinfo("xl/worksheets/sheet1.xml")
    place = middle.header_offset + middle.compress_size // 2
    (message,) = told(raw[:place] + b"\xff" * 200 + raw[place + 200 :])
    assert "Save it as .xlsx or CSV again." in message


def test_a_workbook_with_a_formula_names_its_cell() -> None:
    header = HEADER.split(",")
    raw = workbook(header, ["a", "=A1&B1", "1953", "peace", "", "3", "", "", ""])
    assert told(raw) == ["Cell B2 holds a formula (=A1&B1). Copy the sheet, and paste it as values."]


def test_a_workbook_of_pictures_has_no_table() -> None:
    assert told(workbook()) == ["The file is empty."]


# What looks wrong and is right


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("id,title", " ID , Title "),
        table(title="'=1+1"),
        table(title="One,\ntwo"),
        table(date="27.7.1953"),
        GOOD + table(id="b", date="13/7/1953").split("\n")[1] + "\n" + table(id="c", date="1/2/1953").split("\n")[1],
        workbook(HEADER.split(","), ["a", "A title", "1953-07-27", "peace", "PRK: host", 3, 37.95, 126.67, None]),
    ],
    ids=["mark", "CRLF", "semicolons", "tabs", "capitals", "formula", "line break", "dots", "order of days", "numbers"],
)
def test_what_only_looks_wrong_is_read(raw: bytes | str) -> None:
    assert told(raw) == []


def test_an_identifier_of_another_dataset_is_another_event() -> None:
    other = DatasetRecord("other", "Other", "A publisher", "CC0", "Other.")
    apply(check([other, EventRecord("a", "A", "1950", "peace")]))
    stream = io.BytesIO(GOOD.encode())
    report = check(FORMATS["csv"].read(stream, Reading()), dataset="test")
    assert [draft.change for draft in report.drafts.values()] == ["new"]
    Event.objects.all().delete()


def test_a_table_may_have_countries_of_another_system_with_and_without_a_role() -> None:
    given = "cow:365; gw:732: host; fips:KN: visitor;cameo:CHN"
    assert [(part.country, part.role) for part in unpacked_countries(given, "countries")] == [
        ("cow:365", "participant"),
        ("gw:732", "host"),
        ("fips:KN", "visitor"),
        ("cameo:CHN", "participant"),
    ]
    assert told(table(countries=given, date="2000")) == []
    assert [part.country for part in unpacked_countries("GW: host; PRK:host", "countries")] == ["GW", "PRK"]


def test_a_country_of_another_system_is_that_of_the_day() -> None:
    def code(text: str, year: str) -> object:
        record = EventRecord("a", "A", year, "peace", countries=(ParticipationRecord(text),))
        report = check([record], dataset="test")
        if report.problems:
            return report.problems[0].message
        (draft,) = report.drafts.values()
        return next(iter(draft.parts.values()))[0][0]

    assert code("cow:365", "1950") == "SUN"
    assert code("gw:365", "2000") == "RUS"
    assert code("fips:KN", "2000") == "PRK"
    assert code("cameo:CHN", "2000") == "CHN"
    assert code("cow:9999", "2000") == "“9999” is no code of Correlates of War that we know."
