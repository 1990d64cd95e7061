"""Out, in, and out again: what we write is complete, and an empty site that reads it holds the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import empty_site, make_places
from tests.replaying import replayed
from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import Reading, timelinejs_csv, workbook
from timeline.formats.annals_rows import COLUMNS
from timeline.formats.registry import FORMATS, WRITABLE, recognise
from timeline.imports import Change, apply, check
from timeline.imports.values import _is_harmless
from timeline.models import Actor, Dataset, Event, Source, Vocabulary
from timeline.models.text import validate_plain_text, validate_web_address
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    Record,
    RelationRecord,
    SourceRecord,
)

pytestmark = pytest.mark.django_db

WHOLE = ["json", "csv", "tsv", "xlsx", "timelinejs"]
RECORDS: list[Record] = [
    DatasetRecord("test", "A dataset", "A publisher", "CC BY 4.0", "A publisher: A dataset.", "https://example.org/"),
    DatasetRecord("other", "Another", "A publisher", "CC0", "A publisher: Another."),
    ActorRecord("an-actor", "An actor", "person", "RUS", "Somebody."),
    ActorRecord("a-body", "A body", "organisation"),
    EventRecord(
        id="first",
        dataset="test",
        slug="first",
        title="=1+1 is a title, and “so is” 'this'",
        date="1950-07/..",
        date_note="Sources differ.",
        category="conflict",
        summary="One line\nand another; with | signs, \\, <d3> and <3.",
        body="A paragraph.\r\n\r\nAnother one.\n\n- a list\n- of two",
        place="+Panmunjom",
        latitude="-37.95",
        longitude="126.67123",
        importance=5,
        status="published",
        countries=(ParticipationRecord("PRK", "host"), ParticipationRecord("RUS", "visitor")),
        actors=(ActorParticipationRecord("an-actor", "visitor"), ActorParticipationRecord("a-body", "host")),
        names=(NameRecord("전승절", "PRK", "ko", "“Victory Day”"), NameRecord("@name", "", "en")),
        sources=(
            SourceRecord(
                kind="research",
                publisher="A publisher",
                title="A book = a | book",
                url="https://example.org/?a=1|2&b=%20",
                published="1953",
                accessed="2024-01-02",
                archived_url="https://example.org/archived",
                quote="-quoted\nover lines",
                stance="disputes",
                gives_date="1950-08",
            ),
            SourceRecord("newspaper", "The Gazette", "Another"),
        ),
        relations=(RelationRecord("led_to", "second", "a note"),),
    ),
    EventRecord("second", "Second", "1953-07-27", "peace", "test", "second", importance=1, status="published"),
    EventRecord("about", "Some day about then", "1953-07-27~", "peace", "other", "about", status="published"),
    EventRecord("part", "Some day of a time", "[1951-01..1951-03]", "peace", "other", "part", status="published"),
]


@pytest.fixture
@replayed
def _events() -> None:
    make_places()
    report = check(RECORDS)
    assert report.problems == []
    apply(report)


def written(format: str) -> bytes:
    write = FORMATS[format].write
    assert write is not None
    return b"".join(write(exports.records_of(index.answer(EventFilter(Vocabulary.current())))))


def documents() -> list[object]:
    return [exports.event_record(event) for event in Event.objects.for_page().order_by("slug")]


@pytest.mark.parametrize("format", WHOLE)
@pytest.mark.usefixtures("_events")
def test_an_empty_site_that_reads_what_we_write_holds_the_same(format: str) -> None:
    raw, before = written(format), documents()
    empty_site()
    stream = io.BytesIO(raw)
    found = recognise(stream)
    assert found is not None
    # The sign between cells is found by itself, so that one reader does for both.
    assert found.slug == {"tsv": "csv"}.get(format, format)
    report = check(found.read(stream, Reading()))
    assert report.problems == []
    apply(report)
    assert documents() == before
    assert Dataset.objects.get(slug="test").citation == "A publisher: A dataset."
    assert Actor.objects.get(slug="an-actor").description == "Somebody."
    if format != "xlsx":
        assert written(format) == raw


@pytest.mark.parametrize("format", WHOLE)
@pytest.mark.usefixtures("_events")
def test_what_we_write_changes_nothing_where_it_came_from(format: str) -> None:
    report = check(FORMATS[format].read(io.BytesIO(written(format)), Reading()))
    assert report.problems == []
    assert {draft.change for draft in report.drafts.values()} == {Change.UNCHANGED}
    assert report.companions == []


@pytest.mark.usefixtures("_events")
def test_the_template_of_timelinejs_holds_as_much_after_a_second_round() -> None:
    raw = written("timelinejs-csv")
    read = [record for record in timelinejs_csv.read(io.BytesIO(raw), Reading()) if isinstance(record, EventRecord)]
    assert len(read) == 4
    assert b"".join(timelinejs_csv.write(read)) == raw


@pytest.mark.usefixtures("_events")
def test_a_slide_that_was_edited_elsewhere_brings_its_edit() -> None:
    raw = written("timelinejs").replace(b'"headline": "Second"', b'"headline": "Second &amp; last"')
    raw = raw.replace(
        b'"month": 7, "day": 27}, "text": {"headline": "Second', b'"month": 8}, "text": {"headline": "Second'
    )
    report = check(FORMATS["timelinejs"].read(io.BytesIO(raw), Reading()))
    (draft,) = [draft for draft in report.drafts.values() if draft.change is Change.CHANGED]
    assert draft.before == {"title": "Second", "date": "1953-07-27"}
    assert (draft.values["title"], draft.values["date"]) == ("Second & last", "1953-08")


@pytest.mark.usefixtures("_events")
def test_what_an_excel_cell_cannot_hold_is_cut_visibly_and_never_comes_in_again() -> None:
    Event.objects.filter(slug="second").update(body="x" * 20_000 + "😀" * 10_000)
    raw = written("xlsx")
    header, *rows = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(values_only=True)
    body = next(str(row[header.index("body")]) for row in rows if row[0] == "second")
    assert len(body.encode("utf-16-le")) // 2 <= 32_767
    assert body.startswith("x" * 20_000 + "😀" * 6_000)
    assert body.endswith("CSV and JSON have the whole]")
    with pytest.raises(ValueError, match=r"Cell [A-Z]+\d was cut where Annals wrote this workbook"):
        check(FORMATS["xlsx"].read(io.BytesIO(raw), Reading()))


@pytest.mark.usefixtures("_events")
def test_what_a_sheet_cannot_hold_goes_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    sheets = openpyxl.load_workbook(io.BytesIO(written("xlsx"))).worksheets
    assert [sheet.title for sheet in sheets] == ["events", "events 2"]
    assert [[cell.value for cell in sheet[1]] for sheet in sheets] == [[*COLUMNS], [*COLUMNS]]
    assert [[cell.value for cell in sheet["A"][1:]] for sheet in sheets] == [["first", "part"], ["second", "about"]]


@pytest.mark.usefixtures("_events")
def test_a_workbook_is_sent_while_it_is_written() -> None:
    asked: list[EventRecord] = []

    def records() -> Iterator[Record]:
        for record in exports.records_of(index.answer(EventFilter(Vocabulary.current()))):
            if isinstance(record, EventRecord):
                asked.append(record)
            yield record

    pieces = workbook.write(records())
    assert next(pieces).startswith(b"PK\x03\x04")
    assert len(asked) == 1
    assert b"".join(pieces)
    assert len(asked) == 4


@pytest.mark.parametrize("format", WHOLE)
@pytest.mark.usefixtures("_events")
def test_the_commands_write_and_read_every_format(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"events.{FORMATS[format].suffix}"
    call_command("export_events", "category=peace", format=format, output=path, stderr=io.StringIO())
    out = io.StringIO()
    call_command("import_events", path, dry_run=True, stdout=out)
    assert out.getvalue().startswith("0 new, 0 changed, 3 unchanged, 0 in conflict, 0 duplicates, 0 wrong.")


@pytest.mark.usefixtures("_events")
def test_a_query_that_is_not_understood_exports_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^from=soon: “soon” is not understood as a date\."):
        call_command("export_events", "from=soon", output=tmp_path / "events.json")
    assert not (tmp_path / "events.json").exists()


@pytest.mark.parametrize("before", ["", "?", "/?", "/events.csv?", "https://annals.example/?"])
@pytest.mark.usefixtures("_events")
def test_an_export_is_asked_for_by_an_address_or_its_query(before: str, tmp_path: Path) -> None:
    errors = io.StringIO()
    call_command("export_events", f"{before}category=peace&q=", output=tmp_path / "events.json", stderr=errors)
    assert errors.getvalue() == "3 events.\n"


def test_every_format_that_is_written_is_tested() -> None:
    assert {*WRITABLE} == {*WHOLE, "timelinejs-csv"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.from_regex(r"https?://[ -~]{1,30}", fullmatch=True))
def test_what_is_right_at_a_glance_is_right(text: str) -> None:
    if text and _is_harmless(Event, "title")(text):
        validate_plain_text(text)
    if text and _is_harmless(Source, "url")(text):
        validate_web_address(text)
