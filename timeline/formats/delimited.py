"""Rows of a text table, in UTF-8, with any sign between its cells. Knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO

from django.utils.translation import gettext as _

from timeline.records import EventRecord, Problem, besides

from .problems import FileProblem, printable

LONGEST_LINE = 1024 * 1024
"""Bytes. Our longest texts together are shorter, and a line must not fill the memory."""
LONGEST_CELL = 100_000
DELIMITERS = ",;\t|"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
Rows = Iterator[tuple[int, list[str]]]


def rows(stream: BinaryIO, delimiter: str = ",", *, quoted: bool = True) -> Rows:
    """Rows that are not blank, with their numbers as a spreadsheet shows them. Raises FileProblem."""
    number = 0
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(
        _lines(stream), delimiter=delimiter, strict=True, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    )
    try:
        for number, cells in enumerate(reader, 1):
            if cells:
                yield number, cells
    except csv.Error as error:
        raise FileProblem(
            _("Row %(row)d cannot be read: %(reason)s. Is a quotation mark missing there?")
            % {"row": number + 1, "reason": error}
        ) from error


def delimiter_of(line: str, known: Collection[str]) -> str:
    """The sign that splits the header into most of the known columns; a comma if none does."""

    def found(sign: str) -> int:
        return sum(normal(cell.strip('"')) in known for cell in line.split(sign))

    return max(DELIMITERS, key=found)


def sign_of(stream: BinaryIO) -> str:
    """The sign that is most often in the header of a table whose columns nobody knows; a comma if none is."""
    line = stream.readline(LONGEST_LINE).decode("utf-8", errors="replace")
    stream.seek(0)
    return max(DELIMITERS, key=line.count)


def normal(name: str) -> str:
    """The name of a column without differences of capitals, spaces and a mark at the file's beginning."""
    return "_".join(name.lstrip("\ufeff").casefold().split())


def checked_header(header: list[str], known: Collection[str], required: Collection[str]) -> list[str]:
    """The header in our spelling. Raises FileProblem for a column that is missing, unknown or there twice."""
    found = [normal(name) for name in header]
    if not any(found):
        raise FileProblem(_("The file is empty."))
    if "" in found:
        raise FileProblem(
            _("Column %(number)d has no name. Name it, or take it out of the table.") % {"number": found.index("") + 1}
        )
    for name in found:
        if found.count(name) > 1:
            raise FileProblem(_("The header has the column “%(name)s” twice.") % {"name": printable(name)})
    missing = [name for name in required if name not in found]
    if missing:
        raise FileProblem(
            _("The file lacks these columns: %(missing)s. It has: %(found)s.")
            % {"missing": ", ".join(missing), "found": ", ".join(printable(name, 40) for name in header[:60])}
        )
    for name in found:
        if name not in known:
            raise FileProblem(unknown_column(name, known))
    return found


def unknown_column(name: str, known: Collection[str]) -> str:
    message = _("There is no column “%(name)s”; known are: %(allowed)s.") % {
        "name": printable(name, 40),
        "allowed": ", ".join(known),
    }
    if close := difflib.get_close_matches(name[:60], known, n=1):
        message += " " + _("Is “%(close)s” meant?") % {"close": close[0]}
    return message


def ragged(number: int, found: int, wanted: int) -> Problem:
    message = _("The row has %(found)d cells; the header has %(wanted)d.") % {"found": found, "wanted": wanted}
    return Problem(number, "", "", message)


def unsaid_by(header: Collection[str], always: Collection[str], columns: Mapping[str, str]) -> frozenset[str]:
    """The fields of an event of which a table says nothing: all but some, and those whose column it has."""
    return besides(EventRecord, [*always, *(name for name, column in columns.items() if column in header)])


def _lines(stream: BinaryIO) -> Iterator[str]:
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise FileProblem(
                _("Line %(line)d is longer than %(limit)d bytes. Is this a table?")
                % {"line": number, "limit": LONGEST_LINE}
            )
        if number == 1 and raw.startswith(_UTF_16):
            raise FileProblem(_("The file is in UTF-16. Save it as “CSV UTF-8”."))
        if number == 1 and b"\r" in raw.rstrip(b"\r\n"):
            raise FileProblem(_("The lines end with CR alone, as on old Macintosh computers. Save it as “CSV UTF-8”."))
        if b"\0" in raw:
            raise FileProblem(_("Line %(line)d holds a NUL character: this is no text file.") % {"line": number})
        yield _decoded(raw, number)


def _decoded(raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        message = _("Line %(line)d is not UTF-8 (byte %(byte)s at position %(position)d). Save it as “CSV UTF-8”.")
        byte = f"0x{raw[error.start]:02X}"
        raise FileProblem(message % {"line": number, "byte": byte, "position": error.start + 1}) from error


def check_columns(header: Collection[str], needed: Collection[str]) -> None:
    """Raises FileProblem if a column of another program's table is not there."""
    if missing := [name for name in needed if name not in header]:
        raise FileProblem(
            _("The file lacks these columns: %(missing)s. It has: %(found)s.")
            % {"missing": ", ".join(missing), "found": ", ".join(printable(name, 40) for name in list(header)[:60])}
        )
