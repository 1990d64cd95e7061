"""Columns chosen on screen become a mapping, with a guess already made from what the columns are called."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

from timeline.formats import delimited
from timeline.formats.cells import DAY_FIRST, MONTH_FIRST
from timeline.formats.problems import FileProblem
from timeline.formats.registry import recognise
from timeline.models import ColumnMapping
from timeline.records import DatasetRecord

# Our fields, and what other tables call them. The order is that of the form.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "event", "event_name", "name", "label", "what"),
    "date": ("date", "start_date", "event_date", "date_start", "day", "start", "begin", "when", "year"),
    "date_end": ("end_date", "date_end", "end", "until"),
    "summary": ("summary", "description", "notes", "text", "details", "abstract", "comment"),
    "countries": ("countries", "country", "states", "state", "nation", "parties"),
    "place": ("place", "location", "city", "where", "site", "town"),
    "latitude": ("latitude", "lat", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "x"),
    "category": ("category", "kind"),
    "importance": ("importance",),
    "id": ("id", "event_id", "identifier", "code", "number", "no"),
    "source_publisher": ("source", "publisher", "outlet", "newspaper"),
    "source_title": ("source_title", "reference", "article"),
    "source_url": ("url", "link", "source_url", "web", "address"),
}
DATE_FORMATS = {DAY_FIRST: "day/month/year", MONTH_FIRST: "month/day/year"}
SHOWN = 3
"""Rows that are shown beside the choice."""
MOST = 200
"""Columns that are offered; wider tables are seldom tables of events."""


def beginning_of(stream: BinaryIO) -> list[list[str]]:
    """The header of a table and its first rows; none where the file is no text table. The stream stands at its
    beginning then.
    """
    found: list[list[str]] = []
    with suppress(FileProblem, csv.Error):
        format = recognise(stream)
        # JSON on one line has commas as well.
        if format is None or format.is_text_table:
            for _number, cells in islice(delimited.rows(stream, delimited.sign_of(stream)), 1 + SHOWN):
                found.append([cell.strip() for cell in cells])
    stream.seek(0)
    return found


def columns_of(table: Sequence[Sequence[str]]) -> list[str]:
    """The names of the columns of a table that can be chosen; none where there is no table."""
    # Texts with columns in them cannot name these (see timeline.formats.templates).
    header = table[0] if table else ()
    return [name for name in header if name and len(name) <= 80 and not set(name) & set("{}[]:")][:MOST]


def guess(columns: Sequence[str]) -> tuple[dict[str, str], str]:
    """Which column is which of our fields, and the name of the kept mapping from which we know it."""
    for kept in ColumnMapping.objects.all()[:50]:
        chosen = [kept.columns.get(key) for key in NAMES if kept.columns.get(key)]
        if chosen and set(chosen) <= set(columns):
            return {key: str(value) for key, value in kept.columns.items()}, kept.name
    normal = {delimited.normal(name): name for name in reversed(columns)}
    found = {key: next((normal[name] for name in names if name in normal), "") for key, names in NAMES.items()}
    # One column called “event” or “source” is enough for one field.
    return {key: value for key, value in found.items() if value}, ""


def as_toml(chosen: Mapping[str, str], dataset: DatasetRecord) -> str:
    """The choices as a mapping: `one_category` of all events, `day_order` and `split` are among them."""

    def column(key: str) -> str:
        return "{" + chosen[key] + "}" if chosen.get(key) else ""

    title = column("title")
    event: dict[str, Any] = {
        "id": column("id") or f"{column('date')} {title}",
        "category": column("category") or chosen.get("one_category", ""),
        "date_format": DATE_FORMATS.get(chosen.get("day_order", ""), "edtf"),
    }
    plain = ("title", "date", "date_end", "summary", "place", "latitude", "longitude", "importance")
    event |= {key: column(key) for key in plain if column(key)}
    lines = ["[dataset]"]
    for key in ("slug", "name", "publisher", "licence", "citation"):
        lines.append(_line(key, getattr(dataset, key) or "–"))
    lines += ["", "[event]", *(_line(key, value) for key, value in event.items())]
    if chosen.get("countries"):
        lines += ["", "[[event.countries]]", _line("column", chosen["countries"])]
        lines.append(_line("split", chosen.get("split", "")))
    if any(chosen.get(f"source_{key}") for key in ("publisher", "title", "url")):
        lines += ["", "[[event.sources]]"]
        lines.append(_line("publisher", column("source_publisher") or _literal(dataset.publisher)))
        lines.append(_line("title", column("source_title") or title))
        if chosen.get("source_url"):
            lines.append(_line("url", column("source_url")))
    return "\n".join(lines) + "\n"


def _line(key: str, value: str) -> str:
    # A string of JSON is a string of TOML too.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _literal(text: str) -> str:
    """The text so that nothing in it is taken for a column."""
    for sign in "{}[]":
        text = text.replace(sign, sign * 2)
    return text
