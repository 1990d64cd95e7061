"""JSON documents are read entry by entry: what they hold, what is wrong with them and where, and in how much memory."""

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.formats import FileProblem, annals_json, documents
from timeline.formats.documents import Entries, outline
from timeline.records import EventRecord

EVENT = {"id": "armistice", "title": "Armistice", "date": "1953-07-27", "category": "peace", "summary": "x" * 500}

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@pytest.fixture
def in_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "CHUNK", 3)


def read(raw: bytes) -> Any:
    found = outline(io.BytesIO(raw))
    if isinstance(found, Entries):
        return list(found)
    if isinstance(found, dict):
        return {key: list(value) if isinstance(value, Entries) else value for key, value in found.items()}
    return found


def told(raw: bytes) -> str:
    """What is wrong with a document; empty for nothing."""
    try:
        read(raw)
    except FileProblem as problem:
        return str(problem)
    return ""


@pytest.mark.usefixtures("in_small_chunks")
@given(values, st.sampled_from([None, 0, 3]), st.booleans())
def test_a_document_is_what_json_says_however_it_is_cut_into_pieces(value: Any, indent: Any, is_ascii: bool) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    try:
        raw.decode()
    except UnicodeDecodeError:
        return
    assert read(raw) == value


@pytest.mark.usefixtures("in_small_chunks")
@given(values, st.sampled_from([None, 1]), st.data())
def test_what_is_no_json_is_named_at_its_place_however_it_is_cut_into_pieces(
    value: Any, indent: Any, data: Any
) -> None:
    text = json.dumps({"events": [value], "x": value}, indent=indent)
    place = data.draw(st.integers(0, len(text)))
    broken = text[:place] + data.draw(st.sampled_from(["", "}", "]", ",", ":", "x", "\n"])) + text[place + 1 :]
    assert told(broken.encode()) == told_by_json(broken)


def told_by_json(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
    return ""


def test_a_list_is_read_as_often_as_it_is_asked_for() -> None:
    events = outline(io.BytesIO(b'{"events": [1, 2]}'))["events"]
    assert (list(events), list(events)) == ([1, 2], [1, 2])


def test_a_document_needs_no_more_memory_than_a_piece_of_it() -> None:
    events = b",\n".join([json.dumps(EVENT).encode()] * 30_000)
    stream = io.BytesIO(b'{"format": "annals/1", "events": [' + events + b"]}")
    tracemalloc.start()
    count = sum(isinstance(record, EventRecord) for record in annals_json.read(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, len(events) > 15_000_000) == (30_000, True)
    assert peak < 3_000_000


def test_a_text_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_ENTRY", 1024**2)
    raw = b'{"format": "annals/1",\n"events": ["' + b"x" * 5_000_000
    stream = io.BytesIO(raw)
    with pytest.raises(
        FileProblem, match=r"What begins in line 2 is longer than 1 MB\. Is a quotation mark missing there\?"
    ):
        outline(stream)
    assert stream.tell() < 3_000_000


def test_a_list_where_the_name_of_the_format_belongs_is_named() -> None:
    with pytest.raises(FileProblem, match="it is “list”"):
        next(annals_json.read(io.BytesIO(b'{"format": ["annals/1"]}')))
