"""The list of events: what it shows, finds and does to a selection."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.admin.conftest import event
from timeline.models import Dataset, Event, EventName, Revision, Source

LIST = "/admin/timeline/event/"


def titles(client: Client, **asked: Any) -> list[str]:
    return [found.title for found in client.get(LIST, asked).context["cl"].result_list]


def test_the_list_shows_what_matters_newest_first(admin_client: Client) -> None:
    event("Armistice", "1953-07-27", importance=5, status="published")
    bare = Event.objects.create(title="Visit", date="[2023-07-21..2023-07-31]", category_id="diplomacy")
    page = admin_client.get(LIST).content.decode()
    assert titles(admin_client) == ["Visit", "Armistice"]
    shown = ["late July 2023", "27 July 1953", "PRK", "CHN", "5 · turning point", "status-published", bare.title]
    assert [words for words in shown if words not in page] == []
    assert page.count('<span class="missing">none</span>') == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_events(
    admin_client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        event(f"Event {number}", f"1953-07-{number + 1:02}")
    admin_client.get(LIST)
    with django_assert_num_queries(QUERIES):
        admin_client.get(LIST)


# Session, user; countries, categories and datasets of the filters; the count, the events, their countries (2) and
# sources; whether there are too many for the hierarchy of dates, its first and last day, and its steps.
QUERIES = 13


def test_the_list_is_leafed_through_by_year_month_and_day(admin_client: Client) -> None:
    event("Armistice", "1953-07-27")
    event("Talks", "1951-07-10")
    assert "?day__year=1953" in admin_client.get(LIST).content.decode()
    assert titles(admin_client, day__year=1951) == ["Talks"]
    assert titles(admin_client, day__year=1953, day__month=7, day__day=27) == ["Armistice"]


def test_a_large_list_offers_the_dates_below_a_year_only(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.admin.event_list.COUNTED", 2)
    event("Armistice", "1953-07-27")
    event("Talks", "1951-07-10")
    assert "?day__year=" not in admin_client.get(LIST).content.decode()
    assert "day__month=7" in admin_client.get(LIST, {"day__year": 1953}).content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "armistice"}, ["Armistice"]),
        ({"q": "전승절"}, ["Armistice"]),
        ({"q": "panmun"}, ["Armistice"]),
        ({"q": "nothing such"}, []),
        ({"country": "PRK"}, ["Armistice"]),
        ({"country": "RUS"}, []),
        ({"sources": "none"}, ["Visit"]),
        ({"status__exact": "published"}, ["Armistice"]),
        ({"category__slug__exact": "diplomacy"}, ["Visit"]),
        ({"importance__exact": "5"}, ["Armistice"]),
        ({"dataset__isnull": "True"}, ["Visit"]),
        ({"day__year": "2023"}, ["Visit"]),
        ({"country": "PRK", "q": "Visit"}, []),
    ],
)
def test_the_list_is_searched_and_filtered(admin_client: Client, asked: dict[str, str], found: list[str]) -> None:
    dataset = Dataset.objects.create(slug="own", name="Own", publisher="Annals", licence="CC0", citation="Annals")
    armistice = event("Armistice", "1953-07-27", importance=5, status="published", place="Panmunjom", dataset=dataset)
    EventName.objects.create(event=armistice, name="전승절", country_id="PRK")
    Source.objects.create(event=armistice, publisher="A second one", title="So that a row could appear twice")
    Event.objects.create(title="Visit", date="2023-07-26", category_id="diplomacy")
    assert titles(admin_client, **asked) == found


def test_only_countries_with_events_can_be_chosen_and_other_filters_are_kept(admin_client: Client) -> None:
    event()
    page = admin_client.get(LIST, {"country": "PRK", "status__exact": "draft", "q": "arm"}).content.decode()
    assert '<option value="PRK" selected>North Korea</option>' in page
    assert '<option value="CHN">China</option>' in page
    assert '<option value="RUS"' not in page
    assert '<input type="hidden" name="status__exact" value="draft">' in page
    assert '<input type="hidden" name="q" value="arm">' in page


def test_an_unknown_country_is_named(admin_client: Client) -> None:
    event()
    answer = admin_client.get(LIST, {"country": "XXX"})
    assert list(answer.context["cl"].result_list) == []
    assert "no event has a country with the code “XXX”" in answer.content.decode()


def test_an_unknown_filter_is_said_to_be_ignored(admin_client: Client) -> None:
    answer = admin_client.get(LIST, {"colour": "red"}, follow=True)
    assert "a filter that this list does not have" in answer.content.decode()


def choose(client: Client, action: str, *events: Event) -> Any:
    return client.post(LIST, {"action": action, "_selected_action": [made.pk for made in events]}, follow=True)


def test_a_selection_is_published_with_history(admin_client: Client) -> None:
    drafts = [event("One"), event("Two", "1953-07-28")]
    seen = event("Three", "1953-07-29", status="published")
    before = Revision.objects.number()
    answer = choose(admin_client, "publish", *drafts, seen)
    assert "2 events are now published." in answer.content.decode()
    assert set(Event.objects.values_list("status", "version")) == {("published", 2), ("published", 1)}
    assert Revision.objects.number() > before
    newest = [made.history.first() for made in drafts]
    assert [(record.status, record.history_type, record.history_user.username) for record in newest] == [
        ("published", "~", "admin"),
        ("published", "~", "admin"),
    ]
    assert seen.history.count() == 1
    assert LogEntry.objects.count() == 2


def test_without_the_right_a_selection_cannot_be_published(editor: Client) -> None:
    made = event()
    choose(editor, "publish", made)
    made.refresh_from_db()
    assert made.status == "draft"
    assert 'value="publish"' not in editor.get(LIST).content.decode()
