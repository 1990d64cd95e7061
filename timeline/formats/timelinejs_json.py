"""TimelineJS: the JSON that its first argument may point at. https://timeline.knightlab.com/docs/json-format.html

A slide holds one text, one link and plain dates. What it cannot hold stands beside it under "annals", which TimelineJS
passes over: the annals/1 object of the event, so that our own slides come back whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from timeline.records import ActorRecord, DatasetRecord, EventRecord, Record

from .annals_json import as_object
from .slides import slide


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The file, piece by piece. Datasets and actors go with it; stories and coverage have no place in it."""
    about: dict[str, list[Any]] = {"datasets": [], "actors": []}
    first = True
    yield b'{"events": ['
    for record in records:
        if isinstance(record, DatasetRecord):
            about["datasets"].append(as_object(record))
        elif isinstance(record, ActorRecord):
            about["actors"].append(as_object(record))
        elif isinstance(record, EventRecord):
            yield (b"\n" if first else b",\n") + _dumped(slide(record, as_object(record)))
            first = False
    yield b'\n],\n"annals": ' + _dumped(about) + b"}\n"


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
