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

from . import cells, delimited, loose
from .mapping import Condition, CountryRule, EventRule, TableMapping
from .markup import visible
from .problems import CellProblem, FileProblem, printable
from .templates import shortened

_NUMBERS = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
PRECISIONS = {"year": 4, "month": 7, "day": 10}


def read(stream: BinaryIO, mapping: TableMapping, day_order: str = "") -> Iterator[Record | Problem]:
    """Records of the table, and a Problem for each row that makes none. Rows are counted as in a spreadsheet.

    Whether days or months come first in dates in numbers is what the mapping says, else `day_order`, else what the
    dates of the table prove.

    Raises FileProblem where the file cannot be read at all, or no further.
    """
    sign = delimited.sign_of(stream)
    day_order = day_order or cells.order_of(_dates(stream, mapping, sign))
    stream.seek(0)
    rows = delimited.rows(stream, sign)
    header = next(rows, (1, []))[1]
    _check_header(header, mapping)
    yield mapping.dataset
    actors: set[str] = set()
    count = 0
    for number, found in rows:
        count += 1
        if len(found) != len(header):
            yield delimited.ragged(number, len(found), len(header))
            continue
        if mapping.removes_unseen:
            found = [cell if cell.isprintable() else visible(cell) for cell in found]
        row = dict(zip(header, (cell.strip() for cell in found), strict=True))
        if any(_holds(condition, row) for condition in mapping.skip_when):
            continue
        same = tuple(row[name] for name in mapping.same or header)
        try:
            _add_values(row, mapping)
            rule = _rule(row, mapping)
            new_actors, event = _event(row, rule, mapping, (number, same, day_order))
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
    row: Mapping[str, str], rule: EventRule, mapping: TableMapping, about: tuple[int, tuple[str, ...], str]
) -> tuple[list[ActorRecord], EventRecord]:
    number, same, day_order = about
    texts: dict[str, Any] = {
        key: template.fill(row) for key, template in rule.texts.items() if not key.startswith("date")
    }
    if len(rule.texts["id"].names) > 1:
        texts["id"] = loose.fitting_id(texts["id"])
    for key, limit in rule.limits.items():
        if key in texts:
            texts[key] = shortened(texts[key], limit)
    found = [{key: one.fill(row) for key, one in part.texts.items()} for part in rule.actors if _holds(part.when, row)]
    told: list[dict[str, Any]] = [{key: one[key] for key in one if key != "role"} for one in found]
    actors = [
        ActorRecord(slug=slugify(texts_of["name"])[:100], only_if_missing=True, **texts_of)
        for texts_of in told
        if texts_of.get("name")
    ]
    roles = [texts_of.get("role") or "participant" for texts_of in found if texts_of.get("name")]
    note = rule.texts.get("date_note")
    event = EventRecord(
        **texts,
        date=_date(row, rule, day_order),
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


def _dates(stream: BinaryIO, mapping: TableMapping, sign: str) -> Iterator[str]:
    """The cells from which dates are made, where the mapping does not say how they are written."""
    names = {
        name
        for rule in mapping.rules
        if rule.date_format == "edtf"
        for key in ("date", "date_end")
        if key in rule.texts
        for name in rule.texts[key].names
    }
    try:
        rows = delimited.rows(stream, sign)
        header = [name.strip() for name in next(rows, (1, []))[1]]
        places = [place for place, name in enumerate(header) if name in names]
        yield from (found[place] for _number, found in rows if places for place in places if place < len(found))
    except FileProblem:
        # Reading itself will come to that row, and tell of those before it.
        return


def _date(row: Mapping[str, str], rule: EventRule, day_order: str) -> str:
    """The date as EDTF: cut to its precision, and an interval where the end is another day."""
    start, end, precision = (
        rule.texts[key].fill(row) if key in rule.texts else "" for key in ("date", "date_end", "date_precision")
    )
    try:
        start, end = (_readable(text, rule.date_format, day_order) for text in (start, end))
    except ValueError as problem:
        raise CellProblem(rule.columns.get("date", "date"), start, str(problem)) from problem
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


def _readable(text: str, date_format: str, day_order: str) -> str:
    """The date as ISO writes it, where it is in numbers. Raises ValueError for numbers with two readings."""
    if date_format == "edtf":
        return cells.date(text, day_order) if text else ""
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return text
    first, second, year = match.groups()
    month, day = (first, second) if date_format.startswith("month") else (second, first)
    return f"{year}-{int(month):02d}-{int(day):02d}"
