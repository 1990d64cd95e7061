"""The shapes of what the API answers, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from timeline.models.people import ActorKind

# A member that a document may lack, which is not the same as one that is null.
ABSENT: Any = None


class ProblemError(Schema):
    pointer: str = Field(ABSENT, description="JSON pointer (RFC 6901) to the value in the body.")
    parameter: str = Field(ABSENT, description="The query parameter.")
    header: str = Field(ABSENT, description="The header field.")
    value: str = Field(ABSENT, description="What was given.")
    detail: str


class ProblemDocument(Schema):
    """A refusal, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError] = Field(ABSENT, description="Each thing that is wrong, by the name of its place.")


class Taking(Schema):
    country: str
    role: str


class TakingActor(Schema):
    actor: str
    role: str


class Computed(Schema):
    url: str = Field(description="The event's page on this site.")
    date: str = Field(description="EDTF (ISO 8601-2).")
    date_in_words: str
    day: str | None = Field(description="The day under which it is filed.")
    earliest: str | None = Field(description="Null where the beginning is open.")
    latest: str | None = Field(description="Null where the end is open.")
    precision: str


class EventCard(Computed):
    id: str = Field(description="Its identifier in its dataset; its slug where it has none.")
    dataset: str | None
    slug: str
    title: str
    summary: str
    place: str
    latitude: float | None
    longitude: float | None
    category: str
    importance: int
    countries: list[Taking]
    source_count: int | None = None


class RememberedDay(Schema):
    date: str
    number: int
    is_notable: bool


class RememberedEvent(EventCard):
    anniversary: RememberedDay


class DatasetOut(Schema):
    slug: str
    name: str
    publisher: str | None = None
    licence: str | None = None
    citation: str | None = None
    url: str | None = None


class DatasetListed(DatasetOut):
    events: int = Field(description="How many published events come from it.")


class Listing(Schema):
    query: str = Field(description="The query in its canonical form.")
    count: int = Field(description="How many events match, on all pages.")
    next: str | None = None
    datasets: list[DatasetOut] = Field(description="Where the events come from, with the licences.")


class EventList(Listing):
    certain: int = Field(description="How many lie in the range under every reading of their dates.")
    possible: int = Field(description="How many only may lie in it.")
    events: list[EventCard]


class DayList(Listing):
    day: str
    year: int
    events: list[RememberedEvent]


class YearList(Listing):
    year: int
    events: list[RememberedEvent]


class NameOut(Schema):
    name: str
    country: str = ABSENT
    language: str = ABSENT
    note: str = ABSENT


class SourceOut(Schema):
    kind: str
    publisher: str
    stance: str
    title: str = ABSENT
    url: str = ABSENT
    published: str = ABSENT
    accessed: str = ABSENT
    archived_url: str = ABSENT
    quote: str = ABSENT
    gives_date: str = ABSENT


class RelationOut(Schema):
    kind: str
    event: str = Field(description="The slug of the other event.")
    title: str
    date_in_words: str
    url: str
    note: str | None = None


class StoryReference(Schema):
    slug: str
    title: str
    url: str


class EventOut(Computed):
    id: str
    slug: str
    title: str
    category: str
    importance: int
    status: str
    dataset: str = ABSENT
    summary: str = ABSENT
    body: str = ABSENT
    date_note: str = ABSENT
    place: str = ABSENT
    latitude: float = ABSENT
    longitude: float = ABSENT
    countries: list[Taking] = ABSENT
    actors: list[TakingActor] = ABSENT
    names: list[NameOut] = ABSENT
    sources: list[SourceOut] = ABSENT
    relations: list[RelationOut]
    inverse_relations: list[RelationOut]
    stories: list[StoryReference]
    dataset_details: DatasetOut | None
    version: int
    modified: str


class CountryListed(Schema):
    code: str
    name: str
    standard: str
    first_day: str | None
    last_day: str | None
    events: int = Field(description="In how many published events it takes part.")
    url: str


class CountryList(Schema):
    countries: list[CountryListed]


class CountryOut(CountryListed):
    alpha2: str
    numeric: str
    official_name: str
    names: dict[str, str]
    aliases: list[str]
    demonym: str
    flag: str
    latitude: float | None
    longitude: float | None
    successors: list[str]
    predecessors: list[str]
    note: str


class CategoryOut(Schema):
    slug: str
    name: str
    description: str
    position: int
    icon: str
    events: int


class CategoryList(Schema):
    categories: list[CategoryOut]


class ActorOut(Schema):
    slug: str
    name: str
    kind: str = Field(json_schema_extra={"enum": list(ActorKind.values)})
    country: str | None
    description: str
    events: int


class ActorList(Schema):
    count: int
    next: str | None
    actors: list[ActorOut]


class DatasetList(Schema):
    datasets: list[DatasetListed]


class StoryListed(Schema):
    slug: str
    title: str
    takeaways: list[str]
    published: str | None
    events: int
    url: str


class StoryList(Schema):
    stories: list[StoryListed]


class StoryOut(Schema):
    slug: str
    title: str
    takeaways: list[str] = ABSENT
    text: str = ABSENT
    published: str = ABSENT
    source_publisher: str = ABSENT
    source_title: str = ABSENT
    source_url: str = ABSENT
    url: str
    events: list[EventCard]


class Bin(Schema):
    first: str
    last: str
    count: int = Field(description="Events that touch these days; what lasts counts in each bin that it touches.")


class Histogram(Schema):
    query: str
    unit: str
    count: int
    bins: list[Bin]


class FacetValue(Schema):
    value: str
    label: str
    count: int = Field(description="How many events choosing it would show beside the rest of the query.")
    is_selected: bool


class Facet(Schema):
    name: str
    label: str
    values: list[FacetValue]


class Facets(Schema):
    query: str
    count: int
    facets: list[Facet]
