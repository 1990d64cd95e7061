"""What differs between two versions of an event, field by field, and a version put together from both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.models import Event, Importance, Participation, Relation, Source, Vocabulary
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

    @property
    def removed(self) -> list[str]:
        return [line for line, only in self.left if only]

    @property
    def added(self) -> list[str]:
        return [line for line, only in self.right if only]


def differing(left: EventRecord, right: EventRecord) -> list[str]:
    """Names of the groups of fields in which the two differ."""
    return [name for name, (members, _label) in GROUPS.items() if _values(left, members) != _values(right, members)]


def differences(
    left: EventRecord,
    right: EventRecord,
    base: EventRecord | None = None,
    words: Words | None = None,
) -> list[Difference]:
    """What differs. With the version from which both began, the side that changed the field is suggested.

    Who compares many versions makes the words of all of them once.
    """
    kept_by_right = set(GROUPS) - set(differing(base, right)) if base else set()
    words = words or Words.of([left, right])
    found = []
    for name in differing(left, right):
        members, label = GROUPS[name]
        lines = words.lines(left, members), words.lines(right, members)
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


CHOICES = {
    "role": dict(Participation._meta.get_field("role").flatchoices),
    "kind": dict(Source._meta.get_field("kind").flatchoices) | dict(Relation._meta.get_field("kind").flatchoices),
    "stance": dict(Source._meta.get_field("stance").flatchoices),
}


class Words:
    """What versions say, in the words that people know it by."""

    @classmethod
    def of(cls, records: Iterable[EventRecord]) -> Words:
        """Those of these versions, which may point at other events."""
        slugs = {relation.event for record in records for relation in record.relations}
        return cls(dict(Event.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {})

    def __init__(self, titles: Mapping[str, str]) -> None:
        vocabulary = Vocabulary.current()
        # By the names of the fields that hold a key.
        self.names: dict[str, Mapping[str, Any]] = {
            "country": vocabulary.countries,
            "category": vocabulary.categories,
            "dataset": vocabulary.datasets,
            "actor": vocabulary.actors,
            "event": titles,
            **CHOICES,
        }

    def lines(self, record: EventRecord, members: Collection[str]) -> list[str]:
        """One line for each row or paragraph; what is compared as one stands in one."""
        said = [self._of(name, getattr(record, name)) for name in members]
        if len(said) == 1:
            return said[0]
        together = ", ".join(line for lines in said for line in lines)
        return [together] if together else []

    def _of(self, name: str, value: Any) -> list[str]:
        if isinstance(value, tuple):
            return [self._row(row) for row in value]
        if name == "importance":
            return [f"{value} · {Importance(int(value)).label}"] if value else []
        return [line for line in self._known(name, str(value)).splitlines() if line.strip()]

    def _row(self, row: Any) -> str:
        """One country, source … : all that it says, so that no difference hides."""
        assert is_dataclass(row)
        said = []
        for each in fields(row):
            value = getattr(row, each.name)
            if value and each.name not in ("column", "optional"):
                said.append(self._known(each.name, value))
        return " · ".join(said)

    def _known(self, name: str, value: str) -> str:
        if name in DATES:
            return _date_in_words(value)
        return str(self.names.get(name, {}).get(value, value))


DATES = ("date", "published", "gives_date")


def _date_in_words(text: str) -> str:
    try:
        return dates.display(text) if text else ""
    except dates.DateProblem:
        return text
