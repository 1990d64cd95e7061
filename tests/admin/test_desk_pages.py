"""What needs attention, what may be a duplicate, and two events that become one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event
from timeline.models import (
    Correction,
    DeletedEvent,
    DistinctPair,
    Event,
    EventName,
    Participation,
    Source,
    Story,
    StoryEvent,
)

LIST = "/admin/timeline/event/"


def titles(client: Client, topic: str) -> list[str]:
    return sorted(found.title for found in client.get(LIST, {"attention": topic}).context["cl"].result_list)


@pytest.fixture
def waiting() -> None:
    event("Sent in", status="in_review")
    event("About then", "1953~")
    event("One of these days", "[1953-07-21..1953-07-31]")
    bare = Event.objects.create(title="Bare", date="1999", category_id="peace")
    Correction.objects.create(event=bare, message="Which place?")
    event("Withdrawn", "1980?", status="withdrawn")


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("review", ["Sent in"]),
        ("corrections", ["Bare"]),
        ("no-source", ["Bare"]),
        ("no-country", ["Bare"]),
        ("unsure-date", ["About then", "One of these days"]),
        ("duplicates", []),
        ("anniversaries", []),
    ],
)
def test_each_topic_is_a_filter_of_the_list_and_is_counted(
    admin_client: Client, waiting: None, topic: str, found: list[str]
) -> None:
    assert titles(admin_client, topic) == found
    counts = admin_client.get(f"{LIST}attention/").context["counts"]
    assert {count.topic.name: count.number for count in counts}[topic] == len(found)


def test_an_empty_topic_says_so(admin_client: Client) -> None:
    page = admin_client.get(f"{LIST}attention/").content.decode()
    assert ("Nothing was sent in." in page, "Every event names a source." in page) == (True, True)


def test_the_attention_page_costs_few_queries(
    admin_client: Client, waiting: None, django_assert_max_num_queries: Any
) -> None:
    for address in (f"{LIST}attention/", f"{LIST}?attention=duplicates", "/admin/"):
        admin_client.get(address)
        with django_assert_max_num_queries(20):
            admin_client.get(address)


def test_the_help_page_explains_with_the_story_of_july_2023(admin_client: Client) -> None:
    page = admin_client.get(f"{LIST}help/").content.decode()
    assert [word for word in ("Shoigu", "Importance", "Roles", "Sources") if word not in page] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"title": "Armistice halts fighting", "date": "27 July 1953"}, "similar title"),
        ({"title": "Armistice halts the fighting", "date": "July 1953"}, "similar title"),
        ({"title": "Something else", "date": "28 July 1953", "sources-0-url": "https://example.org/a"}, "same source"),
        ({"title": "Ceasefire of the fighting", "date": "27 July 1953", "place": "panmunjom"}, "same place"),
        ({"title": "Armistice halts the fighting", "date": "27 July 1993"}, ""),
        ({"title": "Armistice halts the fighting", "date": "31 February"}, ""),
        ({"title": "", "date": "27 July 1953"}, ""),
    ],
)
def test_likely_duplicates_are_shown_while_typing(admin_client: Client, asked: dict[str, str], found: str) -> None:
    made = event(place="Panmunjom")
    made.sources.update(url="https://example.org/a")
    page = admin_client.get(f"{LIST}duplicates/", asked).content.decode()
    assert (found in page if found else page.strip() == "") is True


def test_a_merge_keeps_what_both_said_and_the_old_address(admin_client: Client) -> None:
    kept = event("Armistice halts the fighting", status="published")
    other = event("Armistice ends fighting", status="published", summary="At Panmunjom.")
    Participation.objects.create(event=other, country_id="RUS", role="mediator")
    Source.objects.create(event=other, publisher="The Gazette", title="Guns fall silent")
    EventName.objects.create(event=other, name="전승절", country_id="PRK")
    third = event("Third", "1953-07-28")
    third.relations.create(kind="response_to", target=other)
    kept.relations.create(kind="led_to", target=other)
    story = Story.objects.create(title="A", slug="a")
    StoryEvent.objects.create(story=story, event=other, position=3)
    address = f"{LIST}{kept.pk}/merge/{other.pk}/"
    assert "Guns fall silent" in admin_client.get(address).content.decode()
    assert admin_client.post(address).status_code == 302
    kept.refresh_from_db()
    assert (kept.summary, sorted(row.publisher for row in kept.sources.all())) == (
        "At Panmunjom.",
        ["The Gazette", "United Nations"],
    )
    assert sorted(row.country_id for row in kept.participations.all()) == ["CHN", "PRK", "RUS"]
    assert [row.name for row in kept.names.all()] == ["전승절"]
    assert [row.target_id for row in third.relations.all()] == [kept.pk]
    third.refresh_from_db()
    assert (third.version, third.history.first().history_change_reason) == (
        2,
        "“Armistice ends fighting” was merged into “Armistice halts the fighting”",
    )
    assert ([row.event_id for row in story.story_events.all()], kept.relations.count()) == ([kept.pk], 0)
    answer = admin_client.get(f"/events/{other.slug}/")
    assert (answer.status_code, answer.headers["Location"]) == (301, kept.get_absolute_url())
    assert (DeletedEvent.objects.get().title, Event.history.filter(id=other.pk).count()) == (other.title, 2)


def test_a_merge_keeps_the_history_of_both(admin_client: Client, django_assert_max_num_queries: Any) -> None:
    kept = event("Armistice halts the fighting", status="published")
    middle = event("Armistice ends fighting", status="published")
    first = event("A truce", status="published", summary="A rumour.")
    draft = event("Unpublished entry", summary="Half-finished thought.")
    first.summary = "It was signed."
    first.save()
    for into, other in ((middle, first), (kept, middle), (kept, draft)):
        assert admin_client.post(f"{LIST}{into.pk}/merge/{other.pk}/").status_code == 302
    public = admin_client.get(f"{kept.get_absolute_url()}history/").content.decode()
    told = ["“A truce”, merged into this event", "“Armistice ends fighting”, merged", "A rumour.", "It was signed."]
    assert [words for words in told if words not in public] == []
    # That they were merged is public; what the draft said is not.
    assert "Half-finished" not in public
    with django_assert_max_num_queries(20):
        page = admin_client.get(f"{LIST}{kept.pk}/history/").content.decode()
    assert [words for words in (*told, "“Unpublished entry”, merged") if words not in page] == []


def test_events_that_were_told_apart_are_no_duplicates_any_more(admin_client: Client) -> None:
    kept, other = event("Armistice halts the fighting"), event("Armistice halts fighting")
    assert titles(admin_client, "duplicates") == sorted([kept.title, other.title])
    for _time in range(2):
        assert admin_client.post(f"{LIST}{other.pk}/merge/{kept.pk}/", {"_apart": "yes"}).status_code == 302
    assert (Event.objects.count(), titles(admin_client, "duplicates")) == (2, [])
    asked = {"title": kept.title, "date": kept.date, "event": str(kept.pk)}
    assert other.title not in admin_client.get(f"{LIST}duplicates/", asked).content.decode()
    third = event("Armistice halts all fighting")
    assert third.title in admin_client.get(f"{LIST}duplicates/", asked).content.decode()
    assert titles(admin_client, "duplicates") == sorted([kept.title, other.title, third.title])


def test_only_editors_tell_apart(editor: Client) -> None:
    kept, other = event(), event()
    assert editor.post(f"{LIST}{kept.pk}/merge/{other.pk}/", {"_apart": "yes"}).status_code == 403
    assert not DistinctPair.objects.exists()


def test_only_editors_merge(editor: Client) -> None:
    kept, other = event(), event("Other")
    assert editor.post(f"{LIST}{kept.pk}/merge/{other.pk}/").status_code == 403
    assert Event.objects.count() == 2


def test_an_empty_list_says_what_to_do_first(admin_client: Client) -> None:
    assert "Add the first one" in admin_client.get(LIST).content.decode()
    assert "Nothing is like that." in admin_client.get(LIST, {"q": "nothing"}).content.decode()
