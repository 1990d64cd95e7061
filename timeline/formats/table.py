"""Tables as comma-separated values in UTF-8, read row by row through a mapping."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.text import slugify
from django.utils.translation import gettext as _

from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    EventRecord,
    ParticipationRecord,
    Problem,
    Record,
    SourceRecord,
)

from . import delimited
from .mapping import Condition, CountryRule, EventRule, TableMapping
from .markup import visible
from .problems import CellProblem, FileProblem, printable
from .templates import shortened

PRECISIONS = {"year": 4, "month": 7, "day": 10}
_NUMBERS = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def read(stream: BinaryIO, mapping: TableMapping) -> Iterator[Record | Problem]:
    """Records of the table, and a Problem for each row that makes none. Rows are counted as in a spreadsheet.

    Raises FileProblem where the file cannot be read at all, or no further.
    """
    rows = delimited.rows(stream)
    header = next(rows, (1, []))[1]
    _check_header(header, mapping)
    yield mapping.dataset
    actors: set[str] = set()
    count = 0
    for number, cells in rows:
        count += 1
        if len(cells) != len(header):
            yield delimited.ragged(number, len(cells), len(header))
            continue
        if mapping.removes_unseen:
            cells = [cell if cell.isprintable() else visible(cell) for cell in cells]
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        if any(_holds(condition, row) for condition in mapping.skip_when):
            continue
        same = tuple(row[name] for name in mapping.same or header)
        try:
            _add_values(row, mapping)
            rule = _rule(row, mapping)
            new_actors, event = _event(row, rule, mapping, number, same)
        except CellProblem as problem:
            yield Problem(number, problem.column, problem.value, problem.message)
            continue
        for actor in new_actors:
            if actor.slug not in actors:
                actors.add(actor.slug)
                yield actor
        yield event
    if not count:
        raise FileProblem(_("The file has a header and no rows."))


def _check_header(header: list[str], mapping: TableMapping) -> None:
    header[:] = [name.strip() for name in header]
    if not any(header):
        raise FileProblem(_("The file is empty."))
    if twice := next((name for name in header if name and header.count(name) > 1), None):
        raise FileProblem(_("The header has the column “%(name)s” twice.") % {"name": printable(twice)})
    if len(header) == 1 and (sign := next((sign for sign in ";\t|" if sign in header[0]), None)):
        raise FileProblem(_("The columns are separated by “%(sign)s”, not by commas.") % {"sign": printable(sign)})
    missing = sorted(mapping.needed - set(header))
    if missing:
        message = _("The file lacks the columns that the mapping needs: %(missing)s. It has: %(found)s.") % {
            "missing": ", ".join(missing),
            "found": ", ".join(printable(name, 40) for name in header[:60]),
        }
        if close := difflib.get_close_matches(missing[0], [name[:60] for name in header[:60]], n=1):
            message += " " + _("Is “%(close)s” meant?") % {"close": close[0]}
        raise FileProblem(message)


def _add_values(row: dict[str, str], mapping: TableMapping) -> None:
    for name, table in mapping.values.items():
        value = row[table.column].strip(table.strip + " ")
        if value in table.table:
            row[name] = table.table[value]
        elif table.otherwise is not None:
            row[name] = table.otherwise.fill(row | {table.column: value})
        else:
            allowed = ", ".join(table.table)
            raise CellProblem(table.column, value, _("The mapping knows only: %(allowed)s.") % {"allowed": allowed})


def _holds(condition: Condition, row: Mapping[str, str]) -> bool:
    return all(row[column] in allowed for column, allowed in condition.items())


def _rule(row: Mapping[str, str], mapping: TableMapping) -> EventRule:
    for rule in mapping.rules:
        if _holds(rule.when, row):
            return rule
    column = next(iter(mapping.rules[0].when))
    raise CellProblem(column, row[column], _("No variant of the mapping fits this row."))


def _event(
    row: Mapping[str, str], rule: EventRule, mapping: TableMapping, number: int, same: tuple[str, ...]
) -> tuple[list[ActorRecord], EventRecord]:
    texts: dict[str, Any] = {
        key: template.fill(row) for key, template in rule.texts.items() if not key.startswith("date")
    }
    for key, limit in rule.limits.items():
        if key in texts:
            texts[key] = shortened(texts[key], limit)
    found = [{key: one.fill(row) for key, one in part.texts.items()} for part in rule.actors if _holds(part.when, row)]
    about: list[dict[str, Any]] = [{key: one[key] for key in one if key != "role"} for one in found]
    actors = [
        ActorRecord(slug=slugify(texts_of["name"])[:100], only_if_missing=True, **texts_of)
        for texts_of in about
        if texts_of.get("name")
    ]
    roles = [texts_of.get("role") or "participant" for texts_of in found if texts_of.get("name")]
    note = rule.texts.get("date_note")
    event = EventRecord(
        **texts,
        date=_date(row, rule),
        date_note=note.fill(row) if note else "",
        dataset=mapping.dataset.slug,
        countries=tuple(part for country in rule.countries for part in _countries(row, country, rule)),
        actors=tuple(ActorParticipationRecord(actor.slug, role) for actor, role in zip(actors, roles, strict=True)),
        sources=tuple(
            SourceRecord(**{key: template.fill(row) for key, template in part.texts.items()})
            for part in rule.sources
            if _holds(part.when, row)
        ),
        row=number,
        columns=rule.columns,
        fingerprint=same,
        unsaid=rule.unsaid,
    )
    return actors, event


def _countries(row: Mapping[str, str], rule: CountryRule, event: EventRule) -> Iterator[ParticipationRecord]:
    if not _holds(rule.when, row):
        return
    text = row[rule.column] if rule.column else rule.value
    for part in text.split(rule.split) if rule.split else [text]:
        if part.strip():
            yield ParticipationRecord(
                part.strip(), rule.role, column=event.columns.get(rule.column, ""), optional=rule.optional
            )


def _date(row: Mapping[str, str], rule: EventRule) -> str:
    """The date as EDTF: cut to its precision, and an interval where the end is another day."""
    start, end, precision = (
        rule.texts[key].fill(row) if key in rule.texts else "" for key in ("date", "date_end", "date_precision")
    )
    start, end = (_reordered(text, rule.date_format) for text in (start, end))
    if precision:
        column = ", ".join(rule.texts["date_precision"].names)
        if precision not in PRECISIONS:
            message = _("A precision is one of: %(allowed)s.") % {"allowed": ", ".join(PRECISIONS)}
            raise CellProblem(column, precision, message)
        start, end = (text[: PRECISIONS[precision]] for text in (start, end))
        if len(start) < PRECISIONS[precision]:
            message = _("The date is “%(date)s”, which is less precise.") % {"date": printable(start)}
            raise CellProblem(column, precision, message)
    return f"{start}/{end}" if start and end and start != end else start


def _reordered(text: str, date_format: str) -> str:
    match = _NUMBERS.fullmatch(text)
    if match is None or date_format == "edtf":
        return text
    first, second, year = match.groups()
    month, day = (first, second) if date_format.startswith("month") else (second, first)
    return f"{year}-{int(month):02d}-{int(day):02d}"
