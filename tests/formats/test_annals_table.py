"""Our own table: what goes out comes in again, cell by cell, and no cell of it is a formula."""

import csv
import io
from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.formats import annals_csv, annals_tsv
from timeline.formats.annals_rows import COLUMNS, read_row
from timeline.formats.formulas import neutral, original
from timeline.formats.parts import packed, unpacked
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    Problem,
    Record,
    RelationRecord,
    SourceRecord,
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.", "https://example.org/")
ACTOR = ActorRecord("an-actor", "An | actor", "person", "RUS", "Says “a = b”\nand \\n")
EVENT = EventRecord(
    id="first",
    dataset="test",
    slug="first-of-all",
    title="=HYPERLINK(0)",
    date="1953-07/..",
    category="peace",
    summary="One, two; “three”",
    body="A paragraph.\r\n\r\nAnother: 'quoted'.\n",
    place="Panmunjom",
    latitude="-37.95",
    longitude="126.67",
    importance=5,
    status="published",
    countries=(ParticipationRecord("PRK", "host"), ParticipationRecord("RUS", "visitor")),
    actors=(ActorParticipationRecord("an-actor", "visitor"),),
    names=(NameRecord("전승절", "PRK", "ko", "a | b\\"), NameRecord(" in spaces ", "", "en")),
    sources=(SourceRecord("research", "A publisher", "A = b | c", "https://example.org/?a=b|c", "1953"),),
    relations=(RelationRecord("led_to", "second"),),
)


def read(raw: bytes, delimiter: str = ",") -> list[Record | Problem]:
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    assert header == list(COLUMNS)
    seen: set[Record] = set()
    return [
        record
        for number, row in enumerate(rows, 2)
        for record in read_row(dict(zip(header, row, strict=True)), number, seen)
    ]


@pytest.mark.parametrize(("module", "delimiter"), [(annals_csv, ","), (annals_tsv, "\t")])
def test_what_goes_out_comes_in_again(module: ModuleType, delimiter: str) -> None:
    records = [DATASET, ACTOR, EVENT, replace(EVENT, id="second", importance=1)]
    found = read(b"".join(module.write(records)), delimiter)
    assert [replace(one, importance=int(one.importance)) if isinstance(one, EventRecord) else one for one in found] == (
        records
    )


def test_a_table_without_events_has_its_header() -> None:
    assert read(b"".join(annals_csv.write([DATASET]))) == []


@given(TEXT)
def test_every_cell_is_read_back_unchanged(text: str) -> None:
    assert original(neutral(text)) == text


@given(st.sampled_from(["", " ", "'", "  "]), st.sampled_from("=+-@\t\r＝＋－＠"), TEXT)
def test_no_cell_begins_as_a_formula_does(before: str, sign: str, text: str) -> None:
    assert neutral(before + sign + text).startswith("'") or float(before + sign + text) < 0


@given(st.lists(st.fixed_dictionaries({"a": TEXT.filter(bool), "b": TEXT.filter(bool)}), max_size=3))
def test_every_part_is_read_back_unchanged(parts: list[dict[str, str]]) -> None:
    assert unpacked(packed(parts), ("a", "b")) == parts


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("https://example.org/", "Write for example “kind=… | publisher=…”"),
        ("colour=red", "known are: kind, publisher, title"),
        ("kind=research | kind=dataset", "“kind” is there twice"),
        ("kind=research", "must give “publisher”"),
    ],
)
def test_a_part_that_is_not_read_is_named(cell: str, message: str) -> None:
    row = {"id": "a", "title": "A", "date": "1950", "category": "peace", "sources": cell}
    (problem,) = read_row(row, 7, set())
    assert isinstance(problem, Problem)
    assert (problem.row, problem.column, problem.value) == (7, "sources", cell)
    assert message in problem.message
