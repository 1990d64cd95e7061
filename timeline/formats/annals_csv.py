"""Our own table as comma-separated values (RFC 4180), in UTF-8 with a mark at its start for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from timeline.records import Problem, Record

from . import delimited
from .annals_rows import COLUMNS, REQUIRED, read_rows, rows
from .problems import FileProblem
from .reading import Reading

CHUNK = 64 * 1024


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The file, piece by piece."""
    return written(records, ",")


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are our header."""
    line = head.partition(b"\n")[0].decode("utf-8-sig", errors="replace").strip()
    delimiter = delimited.delimiter_of(line, COLUMNS)
    return {*REQUIRED} <= {delimited.normal(cell.strip('"')) for cell in line.split(delimiter)}


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """Records of the table, whatever sign is between its cells. Raises FileProblem."""
    line = stream.readline(delimited.LONGEST_LINE).decode("utf-8", errors="replace").strip()
    delimiter = delimited.delimiter_of(line, COLUMNS)
    stream.seek(0)
    yield from read_rows(delimited.rows(stream, delimiter), reading, partial(_dates, stream, delimiter))


def _dates(stream: BinaryIO, delimiter: str) -> list[str]:
    """The dates in numbers, which together may tell whether days or months come first. The stream stays where it is."""
    here = stream.tell()
    stream.seek(0)
    try:
        return _dates_in_numbers(stream, delimiter)
    finally:
        stream.seek(here)


def _dates_in_numbers(stream: BinaryIO, delimiter: str) -> list[str]:
    rows = delimited.rows(stream, delimiter)
    header = [delimited.normal(name) for name in next(rows, (1, []))[1]]
    if "date" not in header:
        return []
    place = header.index("date")
    try:
        return [cells[place] for _number, cells in rows if len(cells) > place and "/" in cells[place][2:6]]
    except FileProblem:
        # Reading itself will come to that row, and tell of those before it.
        return []


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
