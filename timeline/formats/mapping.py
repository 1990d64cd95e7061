"""A mapping: which columns of a table make an event, written in TOML beside the table.

    [dataset]   slug, name, publisher, licence, citation, url
    [table]     same (columns in which two rows agree that are one row twice; all, if it is not given), skip_when,
                unseen = "remove" (characters that cannot be seen, which are problems else)
    [values.x]  a new column "x" from another one: column, table, otherwise, strip
    [event]     id, title, summary, body, date, date_end, date_format, date_precision, date_note, place, latitude,
                longitude, category, importance, status, slug, limits, and the lists countries, actors, sources
    [[variant]] when, and any of the keys of [event], which it replaces in the rows that `when` describes

Texts of [event] are templates (see `templates`). A condition is a table of columns with the value, or the list of
values, that each must have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from timeline.records import DatasetRecord, EventRecord, besides

from .problems import FileProblem
from .templates import Template

DATE_FORMATS = ("edtf", "month/day/year", "day/month/year")
EVENT_TEXTS = (
    *("id", "title", "summary", "body", "date", "date_end", "date_precision", "date_note", "place", "latitude"),
    *("longitude", "category", "importance", "status", "slug"),
)
SOURCE_TEXTS = (
    *("kind", "publisher", "title", "url", "published", "accessed", "archived_url", "quote", "stance", "gives_date"),
)
ACTOR_TEXTS = ("name", "kind", "country", "role", "description")
COUNTRY_KEYS = ("column", "value", "role", "split", "optional", "when")
REQUIRED = ("id", "title", "date", "category")
LISTS = ("countries", "actors", "sources")

Condition = Mapping[str, tuple[str, ...]]
"""Columns and the values that are allowed in them."""


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A column made from another one by looking its values up."""

    column: str
    table: Mapping[str, str]
    otherwise: Template | None
    """For values that the table does not have; None: they are problems."""
    strip: str
    """Signs that are taken off both ends before looking up."""


@dataclass(frozen=True, slots=True)
class CountryRule:
    """A country that takes part: named by a column, or always the same."""

    column: str
    value: str
    role: str
    split: str
    optional: bool
    when: Condition


@dataclass(frozen=True, slots=True)
class PartRule:
    """A source or an actor: its texts as templates."""

    texts: Mapping[str, Template]
    when: Condition


@dataclass(frozen=True, slots=True)
class EventRule:
    """How a row becomes an event."""

    when: Condition
    texts: Mapping[str, Template]
    date_format: str
    limits: Mapping[str, int]
    countries: tuple[CountryRule, ...]
    actors: tuple[PartRule, ...]
    sources: tuple[PartRule, ...]
    columns: Mapping[str, str]
    """Our fields and the columns that they come from."""
    unsaid: frozenset[str]
    """The fields of an event that it does not make."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """All that is needed to read one table."""

    dataset: DatasetRecord
    values: Mapping[str, ValueTable]
    rules: tuple[EventRule, ...]
    """The first whose condition holds makes the event; a row that fits none is a problem."""
    same: tuple[str, ...]
    skip_when: tuple[Condition, ...]
    removes_unseen: bool = False
    """Whether characters that cannot be seen are taken out of the cells."""
    needed: frozenset[str] = field(default_factory=frozenset)
    """The columns that the file must have."""


def read_mapping(stream: BinaryIO) -> TableMapping:
    """Read a mapping. Raises FileProblem that names what is unknown, missing or wrong, and what is allowed."""
    try:
        document = tomllib.loads(stream.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileProblem(_("The mapping is not UTF-8.")) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileProblem(_("The mapping is not TOML: %(reason)s") % {"reason": error}) from error
    _keys(document, "", ("dataset", "table", "values", "event", "variant"))
    table = _keys(document.get("table", {}), "table", ("same", "skip_when", "unseen"))
    if table.get("unseen", "remove") != "remove":
        raise FileProblem(_("%(path)s can only be “remove”.") % {"path": "table.unseen"})
    values = {name: _value_table(name, entry) for name, entry in _table(document, "values").items()}
    event = _table(document, "event")
    variants = _entries(document, "variant")
    # A problem must name the column of the file, not the one that we made of it.
    origin = {name: made.column for name, made in values.items()}
    rules = [_rule(f"variant[{number}]", event | entry, origin) for number, entry in enumerate(variants, 1)]
    if not variants or all(key in event for key in REQUIRED):
        rules.append(_rule("event", event, origin))
    skip_when = tuple(_condition("table.skip_when", entry) for entry in table.get("skip_when", []))
    same = tuple(table.get("same", ()))
    needed = _needed(values, rules, same, skip_when)
    return TableMapping(_dataset(document), values, tuple(rules), same, skip_when, "unseen" in table, needed)


def _dataset(document: Mapping[str, Any]) -> DatasetRecord:
    known = [each.name for each in fields(DatasetRecord) if each.compare]
    entry = _keys(_table(document, "dataset"), "dataset", known)
    for key in ("slug", "name", "publisher", "licence", "citation"):
        if not entry.get(key):
            raise FileProblem(_("The mapping’s [dataset] must give %(key)s.") % {"key": key})
    texts: dict[str, Any] = {key: _text(value, f"dataset.{key}") for key, value in entry.items()}
    return DatasetRecord(**texts, unsaid=besides(DatasetRecord, texts))


def _value_table(name: str, entry: Any) -> ValueTable:
    path = f"values.{name}"
    _keys(entry, path, ("column", "table", "otherwise", "strip"))
    if "column" not in entry:
        raise FileProblem(_("%(path)s must give column.") % {"path": path})
    otherwise = entry.get("otherwise")
    return ValueTable(
        column=_text(entry["column"], f"{path}.column"),
        table={key: _text(value, f"{path}.table.{key}") for key, value in _table(entry, "table").items()},
        otherwise=None if otherwise is None else _template(otherwise, f"{path}.otherwise"),
        strip=_text(entry.get("strip", ""), f"{path}.strip"),
    )


def _rule(path: str, entry: Mapping[str, Any], origin: Mapping[str, str]) -> EventRule:
    _keys(entry, path, (*EVENT_TEXTS, "date_format", "limits", "when", *LISTS))
    for key in REQUIRED:
        if key not in entry:
            raise FileProblem(_("%(path)s must give %(key)s.") % {"path": path, "key": key})
    date_format = entry.get("date_format", "edtf")
    if date_format not in DATE_FORMATS:
        raise FileProblem(
            _("%(path)s.date_format is one of: %(allowed)s.") % {"path": path, "allowed": ", ".join(DATE_FORMATS)}
        )
    texts = {key: _template(entry[key], f"{path}.{key}") for key in EVENT_TEXTS if key in entry}
    limits = _keys(entry.get("limits", {}), f"{path}.limits", EVENT_TEXTS)
    for key, limit in limits.items():
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise FileProblem(_("%(path)s.limits.%(key)s must be a number of characters.") % {"path": path, "key": key})
    sources = tuple(_part(f"{path}.sources[{n}]", e, SOURCE_TEXTS) for n, e in enumerate(_entries(entry, "sources"), 1))
    countries = tuple(_country(f"{path}.countries[{n}]", e) for n, e in enumerate(_entries(entry, "countries"), 1))
    return EventRule(
        when=_condition(f"{path}.when", entry.get("when", {})),
        texts=texts,
        date_format=date_format,
        limits=limits,
        countries=countries,
        actors=tuple(_part(f"{path}.actors[{n}]", e, ACTOR_TEXTS) for n, e in enumerate(_entries(entry, "actors"), 1)),
        sources=sources,
        columns=_columns(texts, sources, countries, origin),
        unsaid=besides(EventRecord, ("dataset", *entry)),
    )


def _country(path: str, entry: Any) -> CountryRule:
    _keys(entry, path, COUNTRY_KEYS)
    if ("column" in entry) == ("value" in entry):
        raise FileProblem(_("%(path)s must give column or value, and not both.") % {"path": path})
    if not isinstance(entry.get("optional", False), bool):
        raise FileProblem(_("%(path)s.optional is true or false.") % {"path": path})
    texts = {key: _text(entry.get(key, ""), f"{path}.{key}") for key in ("column", "value", "role", "split")}
    return CountryRule(
        **{**texts, "role": texts["role"] or "participant"},
        optional=entry.get("optional", False),
        when=_condition(f"{path}.when", entry.get("when", {})),
    )


def _part(path: str, entry: Any, known: tuple[str, ...]) -> PartRule:
    _keys(entry, path, (*known, "when"))
    return PartRule(
        texts={key: _template(entry[key], f"{path}.{key}") for key in known if key in entry},
        when=_condition(f"{path}.when", entry.get("when", {})),
    )


def _condition(path: str, entry: Any) -> Condition:
    if not isinstance(entry, dict):
        raise FileProblem(_("%(path)s must be a table of columns and values.") % {"path": path})
    return {
        column: tuple(_text(one, path) for one in (allowed if isinstance(allowed, list) else [allowed]))
        for column, allowed in entry.items()
    }


def _columns(
    texts: Mapping[str, Template],
    sources: Iterable[PartRule],
    countries: Iterable[CountryRule],
    origin: Mapping[str, str],
) -> dict[str, str]:
    paths = {key: template.names for key, template in texts.items()}
    for number, source in enumerate(sources, 1):
        paths |= {f"sources[{number}].{key}": template.names for key, template in source.texts.items()}
    paths["date"] = [name for key in ("date", "date_end", "date_precision") for name in paths.get(key, [])]
    paths |= {country.column: [country.column] for country in countries if country.column}
    return {
        path: ", ".join(dict.fromkeys(origin.get(name, name) for name in names))
        for path, names in paths.items()
        if names
    }


def _needed(
    values: Mapping[str, ValueTable], rules: Iterable[EventRule], same: Iterable[str], skip_when: Iterable[Condition]
) -> frozenset[str]:
    names: set[str] = {*same, *(column for condition in skip_when for column in condition)}
    for table in values.values():
        names |= {table.column, *(table.otherwise.names if table.otherwise else ())}
    for rule in rules:
        names |= set(rule.when)
        parts = [rule.texts, *(part.texts for part in (*rule.actors, *rule.sources))]
        names |= {name for texts in parts for template in texts.values() for name in template.names}
        conditions = [country.when for country in rule.countries] + [part.when for part in rule.actors + rule.sources]
        names |= {name for condition in conditions for name in condition}
        names |= {country.column for country in rule.countries if country.column}
    return frozenset(names - set(values))


def _keys(entry: Any, path: str, known: Iterable[str]) -> dict[str, Any]:
    """The entry, which must be a table with none but the known keys."""
    if not isinstance(entry, dict):
        raise FileProblem(_("%(path)s must be a table.") % {"path": path or "mapping"})
    known = list(known)
    for key in entry:
        if key not in known:
            raise FileProblem(
                _("The mapping has “%(key)s”, which is unknown. Known here are: %(allowed)s.")
                % {"key": f"{path}.{key}" if path else key, "allowed": ", ".join(known)}
            )
    return entry


def _table(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = entry.get(key, {})
    if not isinstance(found, dict):
        raise FileProblem(_("%(path)s must be a table.") % {"path": key})
    return found


def _entries(entry: Mapping[str, Any], key: str) -> list[Any]:
    found = entry.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise FileProblem(_("%(path)s must be a list of tables.") % {"path": key})
    return found


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise FileProblem(_("%(path)s must be a text in quotation marks.") % {"path": path})
    return value


def _template(value: Any, path: str) -> Template:
    try:
        return Template.parse(_text(value, path))
    except ValueError as error:
        if isinstance(error, FileProblem):
            raise
        raise FileProblem(f"{path}: {error}") from error
