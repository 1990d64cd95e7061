"""The plain form in which an event crosses our border, in either direction. Texts only; nothing is checked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """Where events come from, and under which licence."""

    slug: str
    name: str = ""
    publisher: str = ""
    licence: str = ""
    citation: str = ""
    url: str = ""
    only_if_missing: bool = field(default=False, compare=False)
    """True for a dataset that is merely named: one that is stored already stays as it is."""
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)
    """The fields of which the file says nothing, such as those whose column it lacks: what is stored stays."""


@dataclass(frozen=True, slots=True)
class ActorRecord:
    """A person or an organisation."""

    slug: str
    name: str = ""
    kind: str = "person"
    country: str = ""
    description: str = ""
    only_if_missing: bool = field(default=False, compare=False)
    """True for an actor whom a table merely mentions: one that is stored already stays as it is."""
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)
    """The fields of which the file says nothing, such as those whose column it lacks: what is stored stays."""


@dataclass(frozen=True, slots=True)
class ParticipationRecord:
    """A country's part. `country` is any spelling of it."""

    country: str
    role: str = "participant"
    column: str = field(default="", compare=False)
    """The column of the file that named it."""
    optional: bool = field(default=False, compare=False)
    """True where the text may or may not name a country; one that does not is left out."""


@dataclass(frozen=True, slots=True)
class ActorParticipationRecord:
    """An actor's part. `actor` is its slug."""

    actor: str
    role: str = "participant"


@dataclass(frozen=True, slots=True)
class NameRecord:
    """What a country, or the speakers of a language, call the event."""

    name: str
    country: str = ""
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """How we know. `published` and `gives_date` are dates as texts, `accessed` is an ISO day."""

    kind: str = "newspaper"
    publisher: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    accessed: str = ""
    archived_url: str = ""
    quote: str = ""
    stance: str = "supports"
    gives_date: str = ""


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """An arrow to another event, by its identifier in its dataset; that is named where it is another one."""

    kind: str
    event: str
    note: str = ""
    dataset: str | None = None
    """None for that of the event from which it leads; empty for an event in no dataset."""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event. `latitude` and `longitude` are decimal degrees as text, "" where not known."""

    id: str
    title: str
    date: str
    category: str
    dataset: str = ""
    slug: str = ""
    summary: str = ""
    body: str = ""
    date_note: str = ""
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    importance: int | str = 3
    status: str = ""
    countries: tuple[ParticipationRecord, ...] = ()
    actors: tuple[ActorParticipationRecord, ...] = ()
    names: tuple[NameRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    relations: tuple[RelationRecord, ...] = ()
    row: int = field(default=0, compare=False)
    """Where it stands in its file, as a person would count: the row of a table, the number in a list."""
    columns: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The column of the file that each of our fields came from, where it came from one."""
    fingerprint: tuple[str, ...] = field(default=(), compare=False)
    """What two rows must share to be the same row twice; empty: the whole record."""
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)
    """The fields of which the file says nothing, such as those whose column it lacks: what is stored stays."""

    @property
    def is_in_no_dataset(self) -> bool:
        """Whether the file says so, as ours do of what editors made."""
        return bool(self.slug) and not self.dataset and "dataset" not in self.unsaid


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A narrative; `events` are identifiers in their order, `published` an ISO day."""

    slug: str
    title: str = ""
    takeaways: tuple[str, ...] = ()
    text: str = ""
    published: str = ""
    source_publisher: str = ""
    source_title: str = ""
    source_url: str = ""
    events: tuple[str, ...] = ()
    row: int = field(default=0, compare=False)
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)
    """The fields of which the file says nothing, such as those whose column it lacks: what is stored stays."""


@dataclass(frozen=True, slots=True)
class CoverageRecord:
    """For which countries and which time a dataset claims to know the events."""

    dataset: str
    countries: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    note: str = ""
    row: int = field(default=0, compare=False)
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)
    """The fields of which the file says nothing, such as those whose column it lacks: what is stored stays."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of one row. `row` is 0 where it concerns the whole file."""

    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return self.message


Record = DatasetRecord | ActorRecord | EventRecord | StoryRecord | CoverageRecord


def besides(made: type[Any], said: Iterable[str]) -> frozenset[str]:
    """The fields of such a record without those that a file says: what `unsaid` holds then."""
    return frozenset(each.name for each in fields(made) if each.compare).difference(said)
