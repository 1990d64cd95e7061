"""Our own table as a workbook of Excel (OOXML), sent while it is written: a packed file with a sheet of plain texts.

The libraries for it hold a workbook back until its last row is there, which for a million events takes minutes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from timeline.records import Record

from .annals_rows import COLUMNS, rows

CHUNK = 64 * 1024
MOST_ROWS = 1_048_576
"""Rows of a sheet, after Excel's specification; what is beyond them goes on on another sheet."""
MOST_BYTES = 1_900_000_000
"""Bytes of a sheet: a packed file says the size of a part after it, and above two gigabytes in a way of its own."""
LONGEST_TEXT = 32_767
"""Characters of a cell, after Excel's specification, which counts those beyond the first plane twice."""
CUT = "… [cut here: a cell of Excel holds no more; CSV and JSON have the whole]"

# Excel writes characters that XML does not keep as _x000D_, and an underscore that begins such a word as _x005F_.
_UNKEPT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LETTERS = [get_column_letter(number) for number in range(1, len(COLUMNS) + 1)]

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f'xmlns="{_FORMATS}/spreadsheetml/2006/main"'
_RELATED = f"{_FORMATS}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Every part is a sheet but the two that are named: how many sheets there will be is not known yet.
_TYPES = (
    f'{_HEAD}<Types xmlns="{_FORMATS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>'
)


class _Sent:
    """A file that only goes forward: what was written waits here until it is taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        found = b"".join(self._waiting)
        self._waiting, self.size = [], 0
        return found


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The file, piece by piece."""
    sent = _Sent()
    table = rows(records)
    header = next(table)
    following: list[str] | None = next(table, None)
    names: list[str] = []
    # The quickest: better packing halves the speed and saves a tenth.
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relations(["xl/workbook.xml"], "officeDocument"))
        while following is not None or not names:
            names.append(f"events {len(names) + 1}" if names else "events")
            with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as part:
                part.write(f"{_HEAD}<worksheet {_MAIN}><sheetData>".encode())
                size, number = _write_row(part, header, 1), 1
                yield sent.taken()
                for row in chain([] if following is None else [following], table):
                    following = None
                    number += 1
                    if number > MOST_ROWS or size > MOST_BYTES:
                        following = row
                        break
                    size += _write_row(part, row, number)
                    if sent.size >= CHUNK:
                        yield sent.taken()
                part.write(b"</sheetData></worksheet>")
        archive.writestr("xl/workbook.xml", _workbook(names))
        sheets = [f"worksheets/sheet{number}.xml" for number in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(sheets, "worksheet"))
    yield sent.taken()


def _write_row(part: IO[bytes], row: list[str], number: int) -> int:
    """Write a row; returns how many bytes it takes."""
    written = "".join(
        f'<c r="{letters}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(_kept(cell))}</t></is></c>'
        for letters, cell in zip(_LETTERS, row, strict=True)
        if cell
    )
    return part.write(f'<row r="{number}">{written}</row>'.encode())


def _workbook(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    return f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELATED}"><sheets>{sheets}</sheets></workbook>'


def _relations(targets: list[str], kind: str) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, target in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_FORMATS}/package/2006/relationships">{found}</Relationships>'


def _kept(text: str) -> str:
    """The text as Excel keeps it; one that is too long ends with words that say so, which reading refuses."""
    found = _UNKEPT.sub(lambda match: f"_x{ord(match.group()):04X}_", text)
    if len(found) > LONGEST_TEXT // 2 and len(found.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        start = found.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(CUT))]
        return start.decode("utf-16-le", errors="ignore") + CUT
    return found
