"""JSON documents of any format: read whole, or refused with what is wrong and where."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from .problems import FileProblem

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that has to be read as a whole, unlike a table."""


def load(stream: BinaryIO, too_deep: str = "") -> Any:
    """The document. Raises FileProblem; `too_deep` is what it says of a document that is nested too deep."""
    raw = whole(stream)
    if not raw.strip():
        raise FileProblem(_("The file is empty."))
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileProblem(_("Line %(line)d is not UTF-8. Save the file as UTF-8.") % {"line": line}) from error
    except RecursionError as error:
        raise FileProblem(too_deep or _("The JSON is nested too deep.")) from error
    except json.JSONDecodeError as error:
        raise FileProblem(
            _("This is not JSON: %(reason)s in line %(line)d, column %(column)d.")
            % {"reason": error.msg, "line": error.lineno, "column": error.colno}
        ) from error
    except ValueError as error:
        raise FileProblem(_("The JSON holds a number that cannot be read: %(reason)s") % {"reason": error}) from error


def whole(stream: BinaryIO, limit: int = LARGEST) -> bytes:
    """All that a file holds. Raises FileProblem if that is more than the limit, in bytes."""
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise FileProblem(
            _("The file is larger than %(limit)d MB, which cannot be read at once. Divide it, or take a table.")
            % {"limit": limit // 1024**2}
        )
    return raw


def text(value: Any) -> str:
    """A value of a loose format as text: numbers are written out, and what is no single value is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _no_number(word: str) -> Any:
    raise ValueError(word)
