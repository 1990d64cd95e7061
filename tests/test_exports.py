"""The way out: documents that hold all that readers may know, and nothing that they may not."""

import json

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from tests.replaying import replayed
from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import annals_json
from timeline.imports import apply, check
from timeline.models import Category, Country, Event, Story, Vocabulary
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    DatasetRecord,
    EventRecord,
    ParticipationRecord,
    RelationRecord,
    SourceRecord,
    StoryRecord,
)

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.")


@pytest.fixture(autouse=True)
@replayed
def _events() -> None:
    union = Country(code="SUN", name="Soviet Union", last_day="1991-12-26", standard="iso3166-3", latitude="61.7")
    union.save()
    russia = Country(code="RUS", name="Russia", name_ko="러시아")
    russia.save()
    union.successors.add(russia)
    Category(slug="peace", name="Peace").save()
    report = check(
        [
            DATASET,
            ActorRecord("an-actor", "An actor"),
            EventRecord(
                id="first",
                title="First",
                date="1950/..",
                category="peace",
                status="published",
                latitude="55.75",
                longitude="37.5",
                countries=(ParticipationRecord("SUN", "host"),),
                actors=(ActorParticipationRecord("an-actor"),),
                sources=(SourceRecord("research", "A publisher", "A book"),),
            ),
            EventRecord(
                id="second",
                title="Second",
                date="1953-07-27",
                category="peace",
                status="published",
                relations=(RelationRecord("part_of", "first", "a note"), RelationRecord("led_to", "draft")),
            ),
            EventRecord("draft", "Draft", "1960", "peace", relations=(RelationRecord("led_to", "first"),)),
            StoryRecord("a-story", "A story", ("A takeaway.",), events=("second", "draft", "first")),
        ]
    )
    assert report.problems == []
    apply(report)


def event(identifier: str) -> Event:
    return Event.objects.for_page().get(external_id=identifier)


def test_an_event_is_shown_with_what_follows_from_it() -> None:
    document = json.loads(json.dumps(exports.event_document(event("first"))))
    assert document | {"modified": None} == {
        "id": "first",
        "dataset": "test",
        "slug": "first",
        "title": "First",
        "date": "1950/..",
        "latitude": 55.75,
        "longitude": 37.5,
        "category": "peace",
        "importance": 3,
        "status": "published",
        "countries": [{"country": "SUN", "role": "host"}],
        "actors": [{"actor": "an-actor", "role": "participant"}],
        "sources": [{"kind": "research", "publisher": "A publisher", "title": "A book", "stance": "supports"}],
        "relations": [],
        "url": "/events/first/",
        "date_in_words": document["date_in_words"],
        "day": "1950-01-01",
        "earliest": "1950-01-01",
        "latest": None,
        "precision": "interval",
        "version": 1,
        "modified": None,
        "dataset_details": {
            "slug": "test",
            "name": "A dataset",
            "publisher": "A publisher",
            "licence": "CC0",
            "citation": "A publisher: A dataset.",
        },
        "inverse_relations": [
            {
                "kind": "part_of",
                "event": "second",
                "note": "a note",
                "title": "Second",
                "date_in_words": "27 July 1953",
                "url": "/events/second/",
            }
        ],
        "stories": [{"slug": "a-story", "title": "A story", "url": "/stories/a-story/"}],
    }
    assert "1950" in document["date_in_words"]


def test_events_that_are_not_published_are_not_mentioned() -> None:
    documents = [
        exports.event_document(event("first")),
        exports.event_document(event("second")),
        exports.story_document(Story.objects.get()),
    ]
    assert "raft" not in json.dumps(documents)


def test_an_event_costs_the_same_queries_whatever_it_holds(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    found = event("first")
    with django_assert_num_queries(0):
        exports.event_document(found)


def test_a_list_shows_cards_and_the_licences_of_their_datasets(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    events = list(Event.objects.published().for_list().oldest_first())
    with django_assert_num_queries(0):
        document = exports.list_document(events, count=7, next_url="/?after=x", query="")
    assert (document["count"], document["next"], document["query"]) == (7, "/?after=x", "")
    assert [(card["id"], card["source_count"], card["url"]) for card in document["events"]] == [
        ("first", 1, "/events/first/"),
        ("second", 0, "/events/second/"),
    ]
    assert [dataset["licence"] for dataset in document["datasets"]] == ["CC0"]
    assert json.dumps(document)


def test_a_story_tells_its_events_in_its_own_order() -> None:
    document = exports.story_document(Story.objects.get())
    assert (document["slug"], document["takeaways"], document["url"]) == (
        "a-story",
        ["A takeaway."],
        "/stories/a-story/",
    )
    assert [card["id"] for card in document["events"]] == ["second", "first"]
    assert json.dumps(document)


def test_a_country_is_shown_with_its_names_and_what_came_before_it() -> None:
    document = exports.country_document(Country.objects.get(pk="RUS"), event_count=0)
    assert (document["code"], document["names"]["ko"], document["predecessors"]) == ("RUS", "러시아", ["SUN"])
    assert document["event_count"] == 0
    before = exports.country_document(Country.objects.get(pk="SUN"))
    assert (before["last_day"], before["successors"], before["latitude"]) == ("1991-12-26", ["RUS"], 61.7)
    assert json.dumps(document)


def test_a_file_holds_only_the_chosen_events_and_what_is_true_among_them() -> None:
    answer = index.answer(EventFilter(Vocabulary.current()))
    document = annals_json.as_document(exports.records_of(answer))
    assert [found["id"] for found in document["events"]] == ["first", "second"]
    assert document["events"][1]["relations"] == [{"kind": "part_of", "event": "first", "note": "a note"}]
    # The story also tells of the draft, so it is not whole here.
    assert document["stories"] == []
    assert document["actors"] == [
        {"slug": "an-actor", "name": "An actor", "kind": "person", "country": "", "description": ""}
    ]


def test_what_is_read_by_the_hundred_is_what_each_event_says_of_itself() -> None:
    call_command("load_demo", verbosity=0)
    read = [
        record
        for record in exports.records_of(index.answer(EventFilter(Vocabulary.current())))
        if isinstance(record, EventRecord)
    ]
    events = Event.objects.published().for_page().oldest_first()
    ids = {event.pk for event in events}
    assert len(read) > 300
    assert read == [exports.event_record(event, ids) for event in events]
