"""The list of events: what it shows, finds and does to a selection."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event
from timeline.models import Dataset, Event, EventName, Source

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


# Session and user; the newest revision, for the vocabulary of three filters, for the index and for the rows; the events
# and who takes part in them.
QUERIES = 9


def test_the_list_is_leafed_through_by_year_month_and_day(admin_client: Client) -> None:
    event("Armistice", "1953-07-27")
    event("Talks", "1951-07-10")
    assert "?day__year=1953" in admin_client.get(LIST).content.decode()
    assert titles(admin_client, day__year=1951) == ["Talks"]
    assert titles(admin_client, day__year=1953, day__month=7, day__day=27) == ["Armistice"]


def test_years_months_and_days_lead_down_and_back(admin_client: Client) -> None:
    event("Armistice", "1953-07-27")
    event("Talks", "1951-07-10")
    steps: list[tuple[dict[str, Any], list[str], str | None]] = [
        ({}, ["1951", "1953"], None),
        ({"day__year": 1953}, ["July"], "All dates"),
        ({"day__year": 1953, "day__month": 7}, ["27 July"], "1953"),
        ({"day__year": 1953, "day__month": 7, "day__day": 27}, ["27 July"], "July 1953"),
        ({"country": "RUS"}, [], None),
    ]
    for asked, titles_below, back in steps:
        days = admin_client.get(LIST, asked).context["cl"].years_and_days()
        assert [choice["title"] for choice in days["choices"]] == titles_below
        assert (days["back"] and days["back"]["title"]) == back


@pytest.mark.parametrize(
    "asked",
    [
        {"day__year": "9999", "day__month": "13"},
        {"day__year": "0"},
        {"day__year": "1953", "day__month": "0"},
        {"day__year": "195x"},
        {"day__month": "7"},
        {"day__year": "1953", "day__day": "27"},
        {"day__gte": "1953-01-01"},
        {"summary__contains": "a"},
    ],
)
def test_what_is_no_period_and_no_filter_is_said_to_be_ignored(admin_client: Client, asked: dict[str, str]) -> None:
    event("Armistice", "9999-07-27")
    answer = admin_client.get(LIST, asked, follow=True)
    assert "a filter that this list does not have" in answer.content.decode()
    assert titles(admin_client, day__year="9999") == ["Armistice"]


def test_each_filter_says_how_many_events_its_choices_leave(admin_client: Client) -> None:
    event("Armistice", "1953-07-27", importance=5, status="published")
    event("Talks", "1951-07-10", importance=5)
    Event.objects.create(title="Visit", date="2023", category_id="diplomacy")
    page = admin_client.get(LIST, {"importance__exact": "5"}).content.decode()
    shown = ["draft (1)", "published (1)", "withdrawn (0)", "turning point (2)", "notable (1)", "no source (0)"]
    shown += ["Ceasefire &amp; peace (2)", "no dataset (2)", "North Korea (2)"]
    assert [words for words in shown if words not in page] == []


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({"status__exact": "public"}, "Known are: draft, in_review, published, withdrawn."),
        ({"importance__exact": "6"}, "Known are: 1, 2, 3, 4, 5."),
        ({"category__slug__exact": "war"}, "Known are: peace, diplomacy."),
        ({"dataset": "99"}, "Known are: none."),
        ({"attention": "all"}, "Known are: review, corrections, no-source,"),
    ],
)
def test_an_unknown_choice_is_named_with_those_that_are(
    admin_client: Client, asked: dict[str, str], known: str
) -> None:
    event()
    answer = admin_client.get(LIST, asked)
    assert (answer.context["cl"].result_count, known in answer.content.decode()) == (0, True)


def test_the_list_is_sorted_by_any_column_while_it_is_short(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title, date in (("Beta", "1951"), ("Alpha", "1953"), ("Gamma", "1952")):
        event(title, date)
    assert titles(admin_client, o="1") == ["Alpha", "Beta", "Gamma"]
    assert titles(admin_client, o="-1") == ["Gamma", "Beta", "Alpha"]
    assert (titles(admin_client, o="2"), titles(admin_client)) == (
        ["Beta", "Gamma", "Alpha"],
        ["Alpha", "Gamma", "Beta"],
    )
    monkeypatch.setattr("timeline.admin.event_list.SORTED", 2)
    answer = admin_client.get(LIST, {"o": "1"})
    assert [found.title for found in answer.context["cl"].result_list] == ["Alpha", "Gamma", "Beta"]
    assert "Only lists of at most 2 events can be sorted" in answer.content.decode()


def test_a_long_list_is_leafed_through_in_both_directions(admin_client: Client) -> None:
    for number in range(60):
        event(f"Event {number:02}", f"19{number + 10}-01-01")
    newest = [f"Event {number:02}" for number in range(59, -1, -1)]
    assert titles(admin_client) + titles(admin_client, p=2) == newest
    assert titles(admin_client, o="2") + titles(admin_client, o="2", p=2) == newest[::-1]
    assert titles(admin_client, all="") == newest
    answer = admin_client.get(LIST, {"p": 3}, follow=True)
    assert "a filter that this list does not have" in answer.content.decode()


def test_a_search_that_is_too_broad_is_said_to_be(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    event()
    assert titles(admin_client, q=" ".join("abcdefghi")) == []
    page = admin_client.get(LIST, {"q": " ".join("abcdefghi")}).content.decode()
    picker = {"app_label": "timeline", "model_name": "relation", "field_name": "target", "term": " ".join("abcdefghi")}
    found = admin_client.get("/admin/timeline/country/picker/", picker).json()["results"]
    assert ("This search is too broad" in page, found[0]["text"][:23]) == (True, "This search is too broad"[:23])
    assert found[0]["disabled"] is True


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
        ({"dataset": "none"}, ["Visit"]),
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
    assert '<option value="PRK" selected>North Korea (1)</option>' in page
    assert '<option value="CHN">China (1)</option>' in page
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


def test_without_the_right_a_selection_cannot_be_published(editor: Client) -> None:
    made = event()
    assert 'value="change_together"' not in editor.get(LIST).content.decode()
    for action in ("change_together", "publish"):
        sent = {
            "action": action,
            "_selected_action": [made.pk],
            "operation": "publish",
            "reason": "So.",
            "_make": "yes",
        }
        editor.post(LIST, sent)
        made.refresh_from_db()
        assert made.status == "draft"
