r"""Parts of an event in one cell of a table: a line for each part, "kind=newspaper | publisher=The Gazette".

Countries are shorter: "PRK: host; cow:365: visitor". A backslash stands before a sign that is meant as such: `\|` and
`\\`; `\n` is a new line and `\s` a space at an end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from timeline.records import ParticipationRecord

from .problems import printable

_TOKEN = re.compile(r"(?:[^|\\]|\\.)+")
_ESCAPE = re.compile(r"\\(.)")
# Codes of other systems have a colon of their own; GW alone is Guinea-Bissau.
_CODE = re.compile(r"\s*((?:cow|gw):[0-9]+|(?:fips|cameo):\w+)\s*(?::(.*))?", re.DOTALL)
_WRITTEN = str.maketrans({"\\": "\\\\", "|": "\\|", "\n": "\\n", "\r": "\\r"})
_READ = {"n": "\n", "r": "\r", "s": " "}


def packed(values: Iterable[Mapping[str, str]]) -> str:
    """One line for each part."""
    return "\n".join(" | ".join(f"{name}={_escaped(value)}" for name, value in part.items()) for part in values)


def unpacked(cell: str, known: Collection[str]) -> list[dict[str, str]]:
    """The parts of a cell. Raises ValueError, with a translated message, for what is no part."""
    if not cell:
        return []
    return [_part(line, known) for line in cell.replace("\r\n", "\n").split("\n") if line.strip()]


def packed_countries(countries: Iterable[ParticipationRecord]) -> str:
    return "; ".join(f"{part.country}: {part.role}" for part in countries)


# The same few meet again and again.
@lru_cache(20_000)
def unpacked_countries(cell: str, column: str) -> tuple[ParticipationRecord, ...]:
    """Countries with their roles; one without a role takes part."""
    found = []
    for entry in re.split(r"[;\n]", cell):
        code = _CODE.fullmatch(entry)
        country, role = (code[1], code[2] or "") if code else entry.partition(":")[::2]
        if country.strip():
            found.append(ParticipationRecord(country.strip(), role.strip() or "participant", column=column))
    return tuple(found)


def _part(line: str, known: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    escaped = "\\" in line
    for token in _TOKEN.findall(line) if escaped else line.split("|"):
        if not token:
            continue
        name, sign, value = token.partition("=")
        name = name.strip()
        if not sign or name not in known:
            first, second, *_others = known
            raise ValueError(
                _("“%(text)s” is not read. Write for example “%(first)s=… | %(second)s=…”; known are: %(allowed)s.")
                % {
                    "text": printable(token.strip(), 60),
                    "first": first,
                    "second": second,
                    "allowed": ", ".join(known),
                }
            )
        if name in found:
            raise ValueError(_("“%(name)s” is there twice in one line.") % {"name": name})
        value = value.strip(" ")
        found[name] = _ESCAPE.sub(_meant, value) if escaped else value
    return found


def _meant(match: re.Match[str]) -> Any:
    return _READ.get(match.group(1), match.group(1))


def _escaped(value: str) -> str:
    text = value.translate(_WRITTEN)
    if text.startswith(" "):
        text = "\\s" + text[1:]
    return text[:-1] + "\\s" if text.endswith(" ") else text
