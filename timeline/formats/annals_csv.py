"""Our own table as comma-separated values (RFC 4180), in UTF-8 with a mark at its start for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from timeline.records import Record

from .annals_rows import rows

CHUNK = 64 * 1024


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The file, piece by piece."""
    return written(records, ",")


def written(records: Iterable[Record], delimiter: str) -> Iterator[bytes]:
    """The table with this sign between its cells."""
    buffer = io.StringIO("\ufeff", newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for row in rows(records):
        writer.writerow(row)
        if buffer.tell() >= CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
