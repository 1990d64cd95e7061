"""Records to import, and what tests ask of an import of them."""

import datetime
from typing import Any

import pytest

from tests.replaying import replayed
from timeline.imports import apply, check
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Country,
    Coverage,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Revision,
    Source,
    Story,
)
from timeline.models.changes import Change as StoredChange
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    CoverageRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    RelationRecord,
    SourceRecord,
    StoryRecord,
)

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.", "https://example.org/")
KIM = ActorRecord("kim-il-sung", "Kim Il-sung", "person", "PRK", "Leader of North Korea.")
SOURCE = SourceRecord("research", "A publisher", "A book", "https://example.org/book", "1960")
WAR = EventRecord(
    id="war",
    title="Korean War",
    date="1950-06-25/1953-07-27",
    category="conflict",
    importance=5,
    place="Panmunjom",
    latitude="37.956",
    longitude="126.6771234",
    countries=(ParticipationRecord("North Korea", "initiator"), ParticipationRecord("KOR", "target")),
    actors=(ActorParticipationRecord("kim-il-sung", "initiator"),),
    names=(NameRecord("조국해방전쟁", "PRK", "ko", "Fatherland Liberation War"),),
    sources=(SOURCE,),
    row=1,
)
ARMISTICE = EventRecord(
    id="armistice",
    title="Armistice of the Korean War",
    date="27 July 1953",
    category="peace",
    countries=(ParticipationRecord("PRK"),),
    relations=(RelationRecord("part_of", "war", "its end"),),
    row=2,
)
STORY = StoryRecord(
    "a-story", "A story", ("One thing.", "Another."), "Text.", "2023-07-28", events=("armistice", "war")
)
COVERAGE = CoverageRecord("test", ("PRK", "South Korea"), "1945", "2024", "Main events.")
ALL: list[Any] = [DATASET, KIM, WAR, ARMISTICE, STORY, COVERAGE]
ONLY_EVENTS: list[Any] = [DATASET, KIM, WAR, ARMISTICE]


@replayed
def make_vocabulary() -> None:
    """Countries, of which two share a name, and three categories."""
    for code, name, first, last, aliases in (
        ("PRK", "North Korea", "1948-09-09", None, ["DPRK"]),
        ("KOR", "South Korea", "1948-08-15", None, ["Korea, South", "Korea"]),
        ("XKE", "Korean Empire", "1897-10-13", "1910-08-29", ["Korea"]),
        ("RUS", "Russia", "1991-12-26", None, []),
        ("SUN", "Soviet Union", "1922-12-30", "1991-12-26", ["U.S.S.R."]),
        ("CIV", "Côte d'Ivoire", None, None, ["Ivory Coast"]),
    ):
        days = [datetime.date.fromisoformat(day) if day else None for day in (first, last)]
        standard = "iso3166-3" if last else "iso3166-1"
        Country(code=code, name=name, first_day=days[0], last_day=days[1], aliases=aliases, standard=standard).save()
    for position, slug in enumerate(("conflict", "peace", "weapons"), 1):
        Category(slug=slug, name=slug.title(), position=position).save()


@pytest.fixture(autouse=True)
def vocabulary(db: None) -> None:
    make_vocabulary()


def rows() -> dict[str, int]:
    """How much is stored, history and revision included."""
    models = (Event, Participation, ActorParticipation, EventName, Source, Relation, Actor, Dataset, Story, Coverage)
    counts = {model.__name__: model._default_manager.count() for model in models}
    counts |= {f"history of {model.__name__}": model.history.count() for model in models}
    return counts | {"revision": Revision.objects.number(), "changes": StoredChange.objects.count()}


def load(records: list[Any], **options: Any) -> None:
    report = check(records, **options)
    assert report.problems == []
    apply(report)


def only_problem(record: Any, *, records: tuple[Any, ...] = (DATASET, KIM)) -> tuple[str, str, str]:
    report = check([*records, record])
    [problem] = report.problems
    return problem.column, problem.value, problem.message
