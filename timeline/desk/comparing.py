"""What differs between two versions of an event, field by field, and a version put together from both."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.models import (
    Category,
    Importance,
    Participation,
    Relation,
    Source,
)
from timeline.records import EventRecord

# What is compared, and chosen, as one: a point is no point with one of its coordinates.
GROUPS: dict[str, tuple[tuple[str, ...], str | Promise]] = {
    "title": (("title",), _("title")),
    "summary": (("summary",), _("summary")),
    "category": (("category",), _("category")),
    "importance": (("importance",), _("importance")),
    "date": (("date",), _("date")),
    "date_note": (("date_note",), _("note on the date")),
    "countries": (("countries",), _("countries")),
    "actors": (("actors",), _("people and organisations")),
    "place": (("place",), _("place")),
    "point": (("latitude", "longitude"), _("latitude and longitude")),
    "names": (("names",), _("names")),
    "sources": (("sources",), _("sources")),
    "relations": (("relations",), _("relations")),
    "body": (("body",), _("text")),
    "slug": (("slug",), _("address")),
    "dataset": (("dataset", "id"), _("dataset and identifier in it")),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two versions differ, and the lines of each, with what only that one has."""

    name: str
    label: str | Promise
    left: list[tuple[str, bool]]
    right: list[tuple[str, bool]]
    suggested: str = "right"
    """Which of the two nobody changed in vain: the one that its author altered."""


def differing(left: EventRecord, right: EventRecord) -> list[str]:
    """Names of the groups of fields in which the two differ."""
    return [name for name, (members, _label) in GROUPS.items() if _values(left, members) != _values(right, members)]


def differences(left: EventRecord, right: EventRecord, base: EventRecord | None = None) -> list[Difference]:
    """What differs. With the version from which both began, the side that changed the field is suggested."""
    kept_by_right = set(GROUPS) - set(differing(base, right)) if base else set()
    found = []
    for name in differing(left, right):
        members, label = GROUPS[name]
        lines = _lines(left, members), _lines(right, members)
        found.append(
            Difference(
                name,
                label,
                [(line, line not in lines[1]) for line in lines[0]],
                [(line, line not in lines[0]) for line in lines[1]],
                "left" if name in kept_by_right else "right",
            )
        )
    return found


def combined(left: EventRecord, right: EventRecord, from_right: Collection[str]) -> EventRecord:
    """The left version with these groups of fields taken from the right one."""
    taken = {member: getattr(right, member) for name in from_right for member in GROUPS[name][0]}
    return replace(left, **taken)


def _values(record: EventRecord, members: Iterable[str]) -> list[Any]:
    return [_comparable(getattr(record, name)) for name in members]


def _comparable(value: Any) -> Any:
    # "37.95600" from the database and "37.956" from a form are one place.
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").strip()
        return _number(text)
    return value


def _number(text: str) -> Any:
    if text.lstrip("-").replace(".", "", 1).isdecimal() and text.isascii() and "." in text:
        return Decimal(text).normalize()
    return text


def _lines(record: EventRecord, members: Iterable[str]) -> list[str]:
    values = [getattr(record, name) for name in members]
    if len(values) > 1:
        return [", ".join(str(value) for value in values if value)] if any(values) else []
    return _words(next(iter(members)), values[0])


def _words(name: str, value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [_row(row) for row in value]
    if name == "date":
        return [_date_in_words(value)] if value else []
    if name == "importance":
        return [f"{value} · {Importance(int(value)).label}"] if value else []
    if name == "category":
        return [str(Category.objects.filter(pk=value).first() or value)]
    return [line for line in str(value).splitlines() if line.strip()]


def _date_in_words(text: str) -> str:
    try:
        return f"{dates.display(text)} ({text})"
    except dates.DateProblem:
        return text


CHOICES = {
    "role": dict(Participation._meta.get_field("role").flatchoices),
    "kind": dict(Source._meta.get_field("kind").flatchoices) | dict(Relation._meta.get_field("kind").flatchoices),
    "stance": dict(Source._meta.get_field("stance").flatchoices),
}


def _row(row: Any) -> str:
    """One country, source … in words: all that it says, so that no difference hides."""
    assert is_dataclass(row)
    said = []
    for each in fields(row):
        value = getattr(row, each.name)
        if value and each.name not in ("column", "optional"):
            said.append(str(CHOICES.get(each.name, {}).get(value, value)))
    return " · ".join(said)
