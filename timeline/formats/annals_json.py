"""annals/1: everything we know about events, as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    CoverageRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    Problem,
    Record,
    RelationRecord,
    SourceRecord,
    StoryRecord,
    besides,
)

from . import documents
from .problems import FileProblem, printable
from .reading import Reading

FORMAT = "annals/1"

# In this order, so that whatever a record refers to has been seen before it.
SECTIONS: dict[str, type[Any]] = {
    "datasets": DatasetRecord,
    "actors": ActorRecord,
    "events": EventRecord,
    "stories": StoryRecord,
    "coverage": CoverageRecord,
}
PARTS: dict[str, type[Any]] = {
    "countries": ParticipationRecord,
    "actors": ActorParticipationRecord,
    "names": NameRecord,
    "sources": SourceRecord,
    "relations": RelationRecord,
}
# "from" is a word of Python, so the record calls it otherwise.
KEYS = {"first": "from", "last": "to"}
REQUIRED = {
    DatasetRecord: ("slug", "name"),
    ActorRecord: ("slug", "name"),
    EventRecord: ("id", "title", "date", "category"),
    StoryRecord: ("slug", "title"),
    CoverageRecord: ("dataset", "from", "to"),
    ParticipationRecord: ("country",),
    ActorParticipationRecord: ("actor",),
    NameRecord: ("name",),
    RelationRecord: ("kind", "event"),
    SourceRecord: ("publisher",),
}
INNER = {"row", "columns", "fingerprint", "column", "optional", "only_if_missing", "unsaid"}
# What each kind of record says, and what that is called in JSON.
NAMES = {
    made: [(each.name, KEYS.get(each.name, each.name)) for each in fields(made) if each.name not in INNER]
    for made in (*SECTIONS.values(), *PARTS.values())
}
# Those that stand for themselves and not within an event.
OWN = frozenset(SECTIONS.values())
NUMBERED = {made for made in OWN if "row" in {each.name for each in fields(made)}}
COORDINATES = {"latitude", "longitude"}
LISTS_OF_TEXT = {(StoryRecord, "takeaways"), (StoryRecord, "events"), (CoverageRecord, "countries")}


class _Wrong(Exception):
    """A value that has no place in the record: its key, itself, and why."""

    def __init__(self, key: str, value: Any, message: str) -> None:
        super().__init__(message)
        self.key, self.value, self.message = key, value, message


def read(stream: BinaryIO, reading: Reading | None = None) -> Iterator[Record | Problem]:
    """Records of an annals/1 document, and a Problem for each entry that is none. Raises FileProblem."""
    yield from records_of(_document(stream))


def event_of(entry: Any, number: int) -> EventRecord:
    """The event of one annals/1 object. Raises ValueError that names the key."""
    try:
        found: EventRecord = _record(EventRecord, entry, number, "")
    except _Wrong as wrong:
        raise ValueError(f"annals.{wrong.key}: {wrong.message}") from wrong
    return found


def records_of(document: Mapping[str, Any]) -> Iterator[Record | Problem]:
    """Records of a document that was read already, or of which is known where its lists stand."""
    if unknown := document.keys() - SECTIONS.keys() - {"format"}:
        raise FileProblem(
            _("The document has “%(key)s”, which annals/1 does not know. Known are: format, %(allowed)s.")
            % {"key": _shown(min(unknown)), "allowed": ", ".join(SECTIONS)}
        )
    for section, made in SECTIONS.items():
        entries = document.get(section, [])
        if not isinstance(entries, list | documents.Entries):
            raise FileProblem(_("“%(key)s” must be a list.") % {"key": section})
        for number, entry in enumerate(entries, 1):
            try:
                yield _record(made, entry, number, "")
            except _Wrong as wrong:
                column = f"{section}.{wrong.key}" if wrong.key else section
                yield Problem(number, column, _shown(wrong.value), wrong.message)


def as_document(records: Iterable[Record]) -> dict[str, Any]:
    """The annals/1 document that holds the records: what `read` turns into them again."""
    document: dict[str, Any] = {"format": FORMAT} | {section: [] for section in SECTIONS}
    section_of = {made: section for section, made in SECTIONS.items()}
    for record in records:
        document[section_of[type(record)]].append(as_object(record, whole=True))
    return document


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The document, piece by piece: events as they come, and what they refer to after them."""
    others: dict[str, list[Any]] = {section: [] for section in SECTIONS if section != "events"}
    section_of = {made: section for section, made in SECTIONS.items()}
    first = True
    yield f'{{"format": "{FORMAT}",\n"events": ['.encode()
    for record in records:
        if isinstance(record, EventRecord):
            yield (b"\n" if first else b",\n") + json.dumps(as_object(record, whole=True), ensure_ascii=False).encode()
            first = False
        else:
            others[section_of[type(record)]].append(as_object(record, whole=True))
    yield b"\n]"
    for section, entries in others.items():
        yield f',\n"{section}": {json.dumps(entries, ensure_ascii=False)}'.encode()
    yield b"}\n"


def as_object(record: Any, *, whole: bool = False) -> dict[str, Any]:
    """One record as a JSON object, without what is empty, unless it is to be `whole`: who reads a file takes what is
    absent for what is not said.
    """
    found: dict[str, Any] = {}
    for name, key in NAMES[type(record)]:
        value = getattr(record, name)
        if value is None or (value in ("", ()) and not whole and not says_none(record, name)):
            continue
        if name in COORDINATES:
            value = float(value) if value else None
        elif isinstance(value, tuple):
            value = [entry if isinstance(entry, str) else as_object(entry) for entry in value]
        found[key] = value
    return found


def says_none(record: Any, name: str) -> bool:
    """Whether an empty field says more than a missing one: that a relation leads to an event in no dataset."""
    return name == "dataset" and isinstance(record, RelationRecord)


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of an annals/1 document."""
    return FORMAT.encode() in head and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _document(stream: BinaryIO) -> dict[str, Any]:
    document = documents.outline(stream, _("The JSON is nested too deep to be an annals/1 document."))
    if not isinstance(document, dict):
        raise FileProblem(_("An annals/1 document is one JSON object, with “format” and “events”."))
    if document.get("format") != FORMAT:
        raise FileProblem(
            _("“format” must be “%(format)s”; it is “%(value)s”.")
            % {"format": FORMAT, "value": _shown(document.get("format", ""))}
        )
    return document


def _record(made: type[Any], entry: Any, number: int, path: str) -> Any:
    if not isinstance(entry, dict):
        raise _Wrong(path, entry, _("This must be an object."))
    known = {key: name for name, key in NAMES[made]}
    prefix = f"{path}." if path else ""
    for key in entry:
        if key not in known:
            message = _("Unknown key; known are: %(allowed)s.") % {"allowed": ", ".join(known)}
            raise _Wrong(f"{prefix}{_shown(key)}", entry[key], message)
    for key in REQUIRED[made]:
        if entry.get(key) in (None, ""):
            raise _Wrong(f"{prefix}{key}", "", _("This must not be empty."))
    values = {
        known[key]: _value(made, known[key], value, number, f"{prefix}{key}")
        for key, value in entry.items()
        if value is not None
    }
    if made in OWN:
        values["unsaid"] = _unsaid(made, frozenset(entry))  # type: ignore[arg-type]  # classes are hashable
    if made in NUMBERED:
        values["row"] = number
    return made(**values)


# The same keys come again and again.
@lru_cache(256)
def _unsaid(made: Any, keys: frozenset[str]) -> frozenset[str]:
    return besides(made, [name for name, key in NAMES[made] if key in keys])


def _value(made: type[Any], name: str, value: Any, number: int, path: str) -> Any:
    if made is EventRecord and name in PARTS:
        return tuple(
            _record(PARTS[name], entry, number, f"{path}[{place}]") for place, entry in enumerate(_list(value, path), 1)
        )
    if (made, name) in LISTS_OF_TEXT:
        return tuple(_text(entry, f"{path}[{place}]") for place, entry in enumerate(_list(value, path), 1))
    if name == "importance":
        if isinstance(value, bool) or not isinstance(value, int):
            raise _Wrong(path, value, _("Importance is a whole number from 1 to 5."))
        return value
    if name in COORDINATES:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Wrong(path, value, _("This must be a number of degrees."))
        return repr(value)
    return _text(value, path)


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong(path, value, _("This must be a list."))
    return value


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _Wrong(path, value, _("This must be a text in quotation marks."))
    return value


def _shown(value: Any) -> str:
    """A value as it may stand in a message: short, on one line, printable."""
    if not isinstance(value, str):
        # Of a long list only the beginning is of use, and writing it out could cost as much as the file.
        is_long = isinstance(value, dict | list)
        value = "list" if isinstance(value, documents.Entries) else type(value).__name__ if is_long else repr(value)
    return printable(value)
