"""The list of stories, a story, and its document."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event, make_places
from timeline.models import Story, StoryEvent


def make_story(number: int) -> Story:
    """A story of this many events, told from the last to the first."""
    story: Story = Story.objects.create(
        title=f"Story of {number}",
        slug=f"story-of-{number}",
        takeaways=["The first point.", "The second point."],
        text="One paragraph.\n\nAnother one.",
        published="2023-07-28",
        source_publisher="The Gazette",
        source_title="A long read",
        source_url="https://gazette.example/read",
    )
    for n in range(number):
        event = make_event(
            f"Event {number} {n}", f"19{50 + n}-07-27", "conflict", ("PRK", "RUS"), summary=f"Summary {n}."
        )
        StoryEvent.objects.create(story=story, event=event, position=number - n)
    return story


def test_story_shows_takeaways_text_source_and_events_in_its_own_order(client: Client, db: None) -> None:
    make_places()
    story = make_story(3)
    page = client.get(story.get_absolute_url()).content.decode()
    for words in (
        "Story of 3</h1>",
        "Key takeaways",
        "<li>The first point.</li>",
        "<p>Another one.</p>",
        '<a href="https://gazette.example/read" rel="noopener nofollow ugc">A long read</a>',
        "28 July 2023",
        "Summary 2.",
        'href="/?country=PRK"',
        'href="/?from=1950-07-27&amp;to=1952-07-27"',
        'href="/stories/story-of-3.json"',
    ):
        assert words in page
    assert page.index("Event 3 2") < page.index("Event 3 1") < page.index("Event 3 0")


def test_story_leaves_out_events_that_are_not_published(client: Client, cast: Cast) -> None:
    for event in (cast.draft, cast.withdrawn):
        StoryEvent.objects.create(story=cast.story, event=event, position=9)
    for address in ("/stories/a-show-of-friendship/", "/stories/a-show-of-friendship.json"):
        page = client.get(address).content.decode()
        assert cast.visit.slug in page
        assert cast.draft.title not in page
        assert cast.withdrawn.title not in page
    assert "2 events" in client.get("/stories/").content.decode()


def test_story_of_an_ongoing_event_ends_with_the_last_known_day(client: Client, cast: Cast) -> None:
    StoryEvent.objects.filter(story=cast.story).delete()
    StoryEvent.objects.create(story=cast.story, event=cast.sanctions)
    page = client.get(cast.story.get_absolute_url()).content.decode()
    assert "from=2006-10-14&amp;to=2006-10-14" in page


def test_bare_story_has_a_page_without_empty_sections(client: Client, db: None) -> None:
    Story.objects.create(title="Only a title", slug="bare")
    page = client.get("/stories/bare/").content.decode()
    assert "Only a title</h1>" in page
    assert "None of its events has been published yet." in page
    for words in ("Key takeaways", "Source:", "Show on the timeline"):
        assert words not in page


def test_list_shows_each_story_with_its_first_takeaway(client: Client, db: None) -> None:
    make_places()
    make_story(1)
    page = client.get("/stories/").content.decode()
    assert '<a href="/stories/story-of-1/">Story of 1</a>' in page
    assert "The first point." in page
    assert "The second point." not in page
    assert "1 event<" in page


def test_list_without_stories_says_so(client: Client, db: None) -> None:
    assert "No story has been written yet." in client.get("/stories/").content.decode()


def test_document_holds_the_events_in_order(client: Client, db: None) -> None:
    make_places()
    make_story(3)
    document = client.get("/stories/story-of-3.json").json()
    assert document["takeaways"] == ["The first point.", "The second point."]
    assert [event["title"] for event in document["events"]] == ["Event 3 2", "Event 3 1", "Event 3 0"]


def test_unknown_story_is_not_found(client: Client, db: None) -> None:
    response = client.get("/stories/no-such-story/")
    assert response.status_code == 404
    assert "Search the timeline" in response.content.decode()
    response = client.get("/stories/no-such-story.json")
    assert response.status_code == 404
    assert response.json()["detail"] == "There is no story with the address “no-such-story”."


def test_addresses_without_slash_redirect_and_other_methods_are_refused(client: Client, cast: Cast) -> None:
    assert client.get("/stories")["Location"] == "/stories/"
    assert client.get("/stories/a-show-of-friendship")["Location"] == "/stories/a-show-of-friendship/"
    assert client.post("/stories/").status_code == 405
    assert client.get("/stories/?page=x").status_code == 200


@pytest.mark.parametrize(
    "address", ["/stories/", "/stories/a-show-of-friendship/", "/stories/a-show-of-friendship.json"]
)
def test_unchanged_story_is_not_sent_twice(client: Client, cast: Cast, address: str) -> None:
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    cast.story.title = "Changed"
    cast.story.save()
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_story_asks_the_same_few_questions_however_many_events_it_tells(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    make_places()
    story = make_story(number)
    client.get("/countries/")  # reads the vocabulary
    with django_assert_num_queries(4):
        client.get(story.get_absolute_url())
    with django_assert_num_queries(5):
        client.get(f"/stories/{story.slug}.json")
    with django_assert_num_queries(2):
        client.get("/stories/")
