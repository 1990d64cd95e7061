"""annals/1: what is written is read again, and what is wrong is named."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.formats import FileProblem, annals_json
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    CoverageRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    Problem,
    RelationRecord,
    SourceRecord,
    StoryRecord,
)

EVENT = {"id": "armistice", "title": "Armistice", "date": "1953-07-27", "category": "peace"}

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
maybe = st.just("") | words
degrees = st.just("") | st.floats(-90, 90).map(repr)


def many(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=2).map(tuple)


events = st.builds(
    EventRecord,
    *[words] * 4,
    *[maybe] * 6,
    latitude=degrees,
    longitude=degrees,
    importance=st.integers(1, 5),
    status=maybe,
    countries=many(st.builds(ParticipationRecord, words, words)),
    actors=many(st.builds(ActorParticipationRecord, words, words)),
    names=many(st.builds(NameRecord, words, maybe, maybe, maybe)),
    sources=many(st.builds(SourceRecord, words, words, *[maybe] * 6, stance=words, gives_date=maybe)),
    relations=many(st.builds(RelationRecord, words, words, maybe)),
)
records = st.one_of(
    st.builds(DatasetRecord, words, words, *[maybe] * 4),
    st.builds(ActorRecord, words, words, words, *[maybe] * 2),
    events,
    st.builds(StoryRecord, words, words, many(words), *[maybe] * 5, events=many(words)),
    st.builds(CoverageRecord, words, many(words), words, words, maybe),
)


def read(document: Any) -> list[Any]:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(annals_json.read(io.BytesIO(raw)))


def with_event(**changes: Any) -> dict[str, Any]:
    return {"format": "annals/1", "events": [EVENT | changes]}


@given(st.lists(records, max_size=4))
def test_what_is_written_is_read_again(given_records: list[Any]) -> None:
    order = list(annals_json.SECTIONS.values())
    assert read(annals_json_text(given_records)) == sorted(given_records, key=lambda record: order.index(type(record)))


def annals_json_text(of: list[Any]) -> bytes:
    return json.dumps(annals_json.as_document(of), ensure_ascii=False).encode()


def test_a_whole_event_comes_back_as_it_was() -> None:
    event = EventRecord(
        id="armistice",
        title="Armistice",
        date="1953-07-27",
        category="peace",
        latitude="37.956",
        longitude="126.677",
        importance=5,
        countries=(ParticipationRecord("PRK", "host"),),
        actors=(ActorParticipationRecord("kim-il-sung", "initiator"),),
        names=(NameRecord("전승절", "PRK", "ko", "Victory Day"),),
        sources=(SourceRecord("research", "A publisher", "A book", stance="disputes", gives_date="1953-07-26"),),
        relations=(RelationRecord("part_of", "war", "its end"),),
    )
    assert read(annals_json_text([event])) == [event]


def test_a_byte_order_mark_is_accepted() -> None:
    [event] = read(b"\xef\xbb\xbf" + json.dumps(with_event()).encode())
    assert event.title == "Armistice"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The file is empty."),
        (b"  \n", "The file is empty."),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b"{", "This is not JSON: Expecting property name enclosed in double quotes in line 1, column 2."),
        (b"[]", "one JSON object"),
        (b"null", "one JSON object"),
        (b'"annals/1"', "one JSON object"),
        (b"{}", "“format” must be “annals/1”; it is “”."),
        (b'{"format": "annals/2"}', "“format” must be “annals/1”; it is “annals/2”."),
        (b'{"format": "annals/1", "event": []}', "“event”, which annals/1 does not know. Known are: format, datasets"),
        (b'{"format": "annals/1", "events": {}}', "“events” must be a list."),
        (b'{"format": "annals/1",\n "x": "\xe9"}', "Line 2 is not UTF-8."),
        (b'{"format": NaN}', "a number that cannot be read"),
        (b'{"format": ' + b"9" * 5000 + b"}", "a number that cannot be read"),
    ],
)
def test_a_file_that_is_no_document_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(FileProblem) as problem:
        read(raw)
    assert message in str(problem.value)


@pytest.mark.parametrize(
    ("changes", "column", "message"),
    [
        ({"title": 5}, "events.title", "This must be a text in quotation marks."),
        ({"title": ""}, "events.title", "This must not be empty."),
        ({"date": None}, "events.date", "This must not be empty."),
        ({"importance": "high"}, "events.importance", "Importance is a whole number from 1 to 5."),
        ({"importance": True}, "events.importance", "Importance is a whole number from 1 to 5."),
        ({"latitude": "north"}, "events.latitude", "This must be a number of degrees."),
        ({"countries": "PRK"}, "events.countries", "This must be a list."),
        ({"countries": ["PRK"]}, "events.countries[1]", "This must be an object."),
        ({"countries": [{"role": "host"}]}, "events.countries[1].country", "This must not be empty."),
        ({"sources": [{"publisher": ["a"]}]}, "events.sources[1].publisher", "This must be a text in quotation marks."),
        ({"color": "red"}, "events.color", "Unknown key; known are: id, title, date, category, dataset"),
        ({"row": 3}, "events.row", "Unknown key"),
    ],
)
def test_an_entry_of_the_wrong_type_is_named(changes: dict[str, Any], column: str, message: str) -> None:
    [problem] = read(with_event(**changes))
    assert isinstance(problem, Problem)
    assert (problem.row, problem.column) == (1, column)
    assert message in problem.message


def test_one_wrong_entry_does_not_hide_the_others() -> None:
    found = read({"format": "annals/1", "events": [EVENT, 7, EVENT | {"id": "other"}]})
    assert [type(entry) for entry in found] == [EventRecord, Problem, EventRecord]
    assert [entry.row for entry in found] == [1, 2, 3]
