"""JSON documents of any format: lists are read entry by entry, so that a document need not fit the memory.

What is no JSON is refused with what is wrong and where. No library does: of those that read by entries, ijson 3.6 tells
neither line nor column, turns a lone surrogate into "?", refuses whole numbers beyond 64 bits, cannot begin within a
file, and so takes nearly three times as long for a document of several lists.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from .problems import FileProblem

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that has to be read as a whole; a calendar takes eighteen times its size in memory."""
CHUNK = 256 * 1024
"""Bytes of a document that are read at once."""
LARGEST_ENTRY = 16 * 1024 * 1024
"""Characters of one entry, which does have to fit the memory."""
LONGEST_WORD = 16
"""So close to the end of what was read, a word, a number or an escape may have been cut off."""
_SPACE = re.compile(r"[ \t\n\r]*")


def _no_number(word: str) -> Any:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_constant=_no_number)


class Entries:
    """A list of a document; whoever asks for its entries reads them anew."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self._stream, self._start = stream, start

    def __iter__(self) -> Iterator[Any]:
        self._stream.seek(self._start)
        with _refusals():
            yield from _Reader(self._stream, self._start).entries()


def outline(stream: BinaryIO, too_deep: str = "") -> Any:
    """A document: its object, or the value that it is, with Entries for it if it is a list, or under the keys.

    Raises FileProblem if anything in it is no JSON, wherever that stands.
    """
    start = len(codecs.BOM_UTF8) if stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8 else 0
    stream.seek(start)
    with _refusals(too_deep):
        return _Reader(stream, start).outline()


def whole(stream: BinaryIO) -> bytes:
    """All that a file holds. Raises FileProblem if that is too much."""
    raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise FileProblem(
            _("The file is larger than %(limit)d MB, which cannot be read at once. Divide it, or take a table.")
            % {"limit": LARGEST // 1024**2}
        )
    return raw


def text(value: Any) -> str:
    """A value of a loose format as text: numbers are written out, and what is no single value is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


@contextmanager
def _refusals(too_deep: str = "") -> Iterator[None]:
    """Turn what the decoder has against a document into FileProblem."""
    try:
        yield
    except FileProblem:
        raise
    except RecursionError as error:
        raise FileProblem(too_deep or _("The JSON is nested too deep.")) from error
    except json.JSONDecodeError as error:
        raise FileProblem(
            _("This is not JSON: %(reason)s in line %(line)d, column %(column)d.")
            % {"reason": error.msg, "line": error.lineno, "column": error.colno}
        ) from error
    except ValueError as error:
        raise FileProblem(_("The JSON holds a number that cannot be read: %(reason)s") % {"reason": error}) from error


class _Reader:
    """Knows the piece of the text that is being read, and where in the file that stands."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder("utf-8")()
        self._text, self._at, self._ended = "", 0, False
        self._offset, self._lines, self._columns = start, 0, 0
        """What stands before the text: bytes, lines, and characters since the last of these."""

    def outline(self) -> Any:
        sign = self._next()
        if not sign:
            raise FileProblem(_("The file is empty."))
        found = dict(self._members()) if sign == "{" else self._value_or_list(sign)
        if self._next():
            raise self._wrong("Extra data")
        return found

    def _members(self) -> Iterator[tuple[str, Any]]:
        self._at += 1
        more = self._next() != "}"
        while more:
            if self._next() != '"':
                raise self._wrong("Expecting property name enclosed in double quotes")
            key = self._value()
            if self._next() != ":":
                raise self._wrong("Expecting ':' delimiter")
            self._at += 1
            yield key, self._value_or_list(self._next())
            more = self._goes_on("}")
        self._at += 1

    def _value_or_list(self, sign: str) -> Any:
        if sign != "[":
            return self._value()
        self._at += 1
        start = self._offset + len(self._text[: self._at].encode())
        for _entry in self.entries():
            pass
        return Entries(self._stream, start)

    def entries(self) -> Iterator[Any]:
        """The entries of a list, after its bracket."""
        more = self._next() != "]"
        while more:
            yield self._value()
            more = self._goes_on("]")
        self._at += 1

    def _goes_on(self, end: str) -> bool:
        """Whether a comma follows, which is passed over, and not the end."""
        sign = self._next()
        if sign == ",":
            self._at += 1
        elif sign != end:
            raise self._wrong("Expecting ',' delimiter")
        return sign == ","

    def _value(self) -> Any:
        self._next()
        while True:
            is_whole = self._ended
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if is_whole or not self._may_be_cut(error):
                    raise self._wrong(error.msg, error.pos) from None
            else:
                # "1" may go on as "1e+6".
                if is_whole or end + len("e+") < len(self._text):
                    self._at = end
                    return value
            self._read_on()

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        if error.pos <= len(self._text) - LONGEST_WORD and not error.msg.startswith("Unterminated string"):
            return False
        if len(self._text) - self._at > LARGEST_ENTRY:
            message = _("What begins in line %(line)d is longer than %(limit)d MB. Is a quotation mark missing there?")
            line = self._wrong("", self._at).lineno
            raise FileProblem(message % {"line": line, "limit": LARGEST_ENTRY // 1024**2})
        return True

    def _next(self) -> str:
        """The next sign that is no space, which is not passed over; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._read_on()

    def _read_on(self) -> None:
        """Read as much again as is left, and forget what was passed over."""
        gone, left = self._text[: self._at], self._text[self._at :]
        self._offset += len(gone.encode())
        self._lines += gone.count("\n")
        self._columns = len(gone) - gone.rfind("\n") - 1 if "\n" in gone else self._columns + len(gone)
        raw = self._stream.read(max(CHUNK, len(left)))
        self._ended = not raw
        try:
            self._text, self._at = left + self._decoder.decode(raw, final=self._ended), 0
        except UnicodeDecodeError as error:
            before = self._lines + left.count("\n") + error.object.count(b"\n", 0, error.start)
            message = _("Line %(line)d is not UTF-8. Save the file as UTF-8.")
            raise FileProblem(message % {"line": before + 1}) from error

    def _wrong(self, message: str, place: int | None = None) -> json.JSONDecodeError:
        """What is wrong, with its place in the whole file."""
        error = json.JSONDecodeError(message, self._text, self._at if place is None else place)
        if error.lineno == 1:
            error.colno += self._columns
        error.lineno += self._lines
        return error
