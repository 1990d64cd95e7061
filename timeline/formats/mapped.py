"""Any other table, whose columns a mapping explains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from timeline.records import Problem, Record

from . import table
from .problems import FileProblem
from .reading import Reading


def recognises(head: bytes, name: str) -> bool:
    """Never: a mapping is chosen."""
    return False


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """Records of the table. Raises FileProblem, also where there is no mapping."""
    if reading.mapping is None:
        raise FileProblem(_("A table needs --mapping, a TOML file that says which columns make an event."))
    return table.read(stream, reading.mapping, reading.day_order)
