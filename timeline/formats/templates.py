"""Texts with columns in them: "Test of {missile}[ from {facility}]".

{column} stands for the column's value and {column:.80} for at most its first 80 characters. What stands in [brackets]
vanishes when a column in it is empty. To write a brace or a bracket itself, double it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{([^{}\[\]:]+)(?::\.([0-9]{1,4}))?\}|[{}\[\]]|[^{}\[\]]+")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)”\"’']{3})[.!?][”\"’)]?(?= )")


@dataclass(frozen=True, slots=True)
class Column:
    """A place for a column's value."""

    name: str
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A text of literals, columns and optional groups of both."""

    parts: tuple[str | Column | tuple[str | Column, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Raises ValueError, with a translated message, for braces and brackets that do not pair."""
        parts: list[str | Column | tuple[str | Column, ...]] = []
        group: list[str | Column] | None = None
        for match in _TOKEN.finditer(text):
            sign = match.group()
            if sign == "[" and group is None:
                group = []
            elif sign == "]" and group is not None:
                parts.append(tuple(group))
                group = None
            elif sign in ("{", "}", "[", "]"):
                raise ValueError(
                    _("“%(text)s” has a “%(sign)s” without its partner; write it twice if it is meant as a sign.")
                    % {"text": text, "sign": sign}
                )
            else:
                (parts if group is None else group).append(_part(match))
        if group is not None:
            raise ValueError(_("“%(text)s” has a “[” without “]”.") % {"text": text})
        return cls(tuple(parts))

    @property
    def names(self) -> list[str]:
        """The columns in it, each once."""
        flat = [inner for part in self.parts for inner in (part if isinstance(part, tuple) else (part,))]
        return list(dict.fromkeys(part.name for part in flat if isinstance(part, Column)))

    def fill(self, row: Mapping[str, str]) -> str:
        """The text with the row's values."""
        found: list[str] = []
        for part in self.parts:
            if not isinstance(part, tuple):
                found.append(_filled(part, row))
            elif all(row[inner.name] for inner in part if isinstance(inner, Column)):
                found.extend(_filled(inner, row) for inner in part)
        return "".join(found).strip()


def shortened(text: str, limit: int) -> str:
    """The text if it is no longer than the limit, else its first whole sentences, or words and “…”."""
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: limit + 1]) if match.end() <= limit]
    if ends and ends[-1] > limit // 3:
        return text[: ends[-1]]
    words = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    return words.rstrip(" ,;:–-") + "…"


def _part(match: re.Match[str]) -> str | Column:
    sign, name, limit = match.group(), match.group(1), match.group(2)
    if name is not None:
        return Column(name.strip(), int(limit) if limit else None)
    return sign[0] if sign in ("{{", "}}", "[[", "]]") else sign


def _filled(part: str | Column, row: Mapping[str, str]) -> str:
    return part if isinstance(part, str) else row[part.name][: part.limit]
