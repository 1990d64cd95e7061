"""Countries and categories from our own fixtures: written only where something differs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date

from timeline.models import Category, Country

COUNTRY_TEXTS = (
    "alpha2",
    "numeric",
    "standard",
    "name",
    "official_name",
    "name_ko",
    "name_ru",
    "name_zh",
    "demonym",
    "flag",
    "note",
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a file held, and how many of them were new or differed."""

    rows: int
    new: int
    changed: int


def load_countries(path: Path) -> Loaded:
    """Make the stored countries agree with the file. Raises ValidationError, and then nothing is written."""
    entries = json.loads(path.read_text(encoding="utf-8"))["countries"]
    with transaction.atomic():
        stored = Country.objects.in_bulk()
        done = {
            entry["code"]: _write(stored.get(entry["code"]) or Country(code=entry["code"]), _country(entry))
            for entry in entries
        }
        for country in _link_successors(entries):
            if done[country.code] == "unchanged":
                # Links have no revision of their own; the country's is what tells readers to look again.
                country.save()
                done[country.code] = "changed"
    results = list(done.values())
    return Loaded(len(entries), results.count("new"), results.count("changed"))


def load_categories(path: Path) -> Loaded:
    """Make the stored categories agree with the file. Raises ValidationError, and then nothing is written."""
    entries = json.loads(path.read_text(encoding="utf-8"))["categories"]
    with transaction.atomic():
        stored = Category.objects.in_bulk()
        done = [_write(stored.get(entry["slug"]) or Category(slug=entry["slug"]), entry) for entry in entries]
    return Loaded(len(entries), done.count("new"), done.count("changed"))


def _country(entry: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: entry.get(name) or "" for name in COUNTRY_TEXTS}
    values["aliases"] = entry.get("aliases") or []
    for name in ("first_day", "last_day"):
        values[name] = parse_date(entry[name]) if entry.get(name) else None
    for name in ("latitude", "longitude"):
        value = entry.get(name)
        values[name] = None if value is None else round(Decimal(repr(value)), 5)
    return values


def _write(row: Any, values: dict[str, Any]) -> str:
    adding = row._state.adding
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    if not adding and not differs:
        return "unchanged"
    for name in differs:
        setattr(row, name, values[name])
    # Uniqueness is the database's to check: asking before each of 300 writes would only cost time.
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save()
    return "new" if adding else "changed"


def _link_successors(entries: list[dict[str, Any]]) -> list[Country]:
    """Set each former state's successors; the states whose successors were not the same."""
    links: dict[str, set[str]] = {}
    for before, after in Country.successors.through.objects.values_list("from_country_id", "to_country_id"):
        links.setdefault(before, set()).add(after)
    changed = []
    for entry in entries:
        wanted = set(entry.get("successors") or [])
        if links.get(entry["code"], set()) != wanted:
            country = Country.objects.get(pk=entry["code"])
            country.successors.set(wanted)
            changed.append(country)
    return changed
