"""Cells that a spreadsheet would run as a formula: made harmless on the way out, and read back unchanged."""

from __future__ import annotations

import re

# Full-width signs count, for some spreadsheets read them as their narrow form. Quotation marks before them count, so
# that taking one off gives back what was there.
_FORMULA = re.compile(r"'*[ ]*[=+\-@\t\r＝＋－＠]")
_QUOTED = re.compile(r"'+[ ]*[=+\-@\t\r＝＋－＠]")
# Signs that one of those begins with: nearly every cell begins with another, and an export has millions.
_FIRST = frozenset("' =+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def neutral(cell: str) -> str:
    """The cell as it may stand in a spreadsheet: with a quotation mark before it where it could be a formula."""
    if cell[:1] not in _FIRST:
        return cell
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def original(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if _QUOTED.match(cell) else cell
