"""Our own table as a workbook of Excel (OOXML): the first sheet, as texts, so that nothing is taken for a number."""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from timeline.records import Problem, Record

from .annals_rows import read_rows
from .delimited import LONGEST_CELL, Rows
from .problems import FileProblem
from .reading import Reading
from .workbook import CUT, write

__all__ = ["read", "recognises", "write"]

LARGEST = 512 * 1024 * 1024
"""Bytes that the parts of a workbook may unpack to, together, as it declares them."""
MOST_PARTS = 2000
# What the library raises for a damaged file depends on where the damage is.
_DAMAGE = (
    *(AttributeError, EOFError, InvalidFileException, LookupError, OSError, OverflowError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, zipfile.BadZipFile, zlib.error),
)
_WORD = re.compile(r"_x([0-9A-Fa-f]{4})_")


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of a packed workbook."""
    return head.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in head or b"xl/" in head)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """Records of the first sheet. Raises FileProblem, before unpacking, for a workbook that is too large."""
    _check_sizes(stream)
    stream.seek(0)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
    except _DAMAGE as error:
        raise FileProblem(_("This workbook cannot be opened. Save it as .xlsx or CSV again.")) from error
    try:
        if not book.worksheets:
            raise FileProblem(_("The workbook has no sheet with a table."))
        yield from read_rows(_rows(book.worksheets[0]), reading)
    finally:
        book.close()


def _check_sizes(stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except _DAMAGE as error:
        raise FileProblem(_("This workbook is damaged: it cannot be unpacked.")) from error
    size = sum(part.file_size for part in parts)
    if size > LARGEST or len(parts) > MOST_PARTS:
        raise FileProblem(
            _("This workbook would unpack to %(size)d MB in %(parts)d parts; %(limit)d MB are allowed.")
            % {"size": size // 1024**2, "parts": len(parts), "limit": LARGEST // 1024**2}
        )


def _rows(sheet: Any) -> Rows:
    width = 0
    for number, cells in enumerate(_undamaged(sheet), 1):
        texts = [_text(cell, number) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            width = width or len(texts)
            yield number, texts + [""] * (width - len(texts))


def _undamaged(sheet: Any) -> Iterator[Any]:
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):  # noqa: B007 -- the message needs it
            yield cells
    except _DAMAGE as error:
        message = _("This workbook is damaged after row %(row)d. Save it as .xlsx or CSV again.")
        raise FileProblem(message % {"row": number}) from error


def _text(cell: Any, number: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise FileProblem(
            _("Cell %(cell)s holds a formula (%(formula)s). Copy the sheet, and paste it as values.")
            % {"cell": f"{cell.column_letter}{number}", "formula": str(value)[:60]}
        )
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if str(value).endswith(CUT):
        raise FileProblem(
            _("Cell %(cell)s was cut where Annals wrote this workbook: Excel holds no more. Take CSV or JSON.")
            % {"cell": f"{cell.column_letter}{number}"}
        )
    text = _WORD.sub(lambda match: chr(int(match.group(1), 16)), str(value))
    if len(text) > LONGEST_CELL:
        raise FileProblem(_("Row %(row)d has a cell of %(length)d characters.") % {"row": number, "length": len(text)})
    return text
