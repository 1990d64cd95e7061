"""The timeline page: what it shows, hides and does not understand."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cast import Cast, make_event
from tests.pages import JULY_2023, SWAP, card, cards, heading, links, page, part, total
from timeline.filters import PARAMETERS
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Country,
    Dataset,
    EventName,
)

pytestmark = pytest.mark.django_db


# What is shown -------------------------------------------------------------------------------------------------------


def test_whole_timeline_shows_what_is_published_oldest_first(client: Client, cast: Cast) -> None:
    source = page(client, "/")
    assert cards(source) == [event.title for event in cast.published]
    assert total(source) == 6
    assert heading(source) == "The whole timeline"
    assert source.startswith("<!doctype html>")


def test_july_2023_shows_the_two_events_and_nothing_else(client: Client, cast: Cast) -> None:
    source = page(client, JULY_2023)
    assert cards(source) == [cast.visit.title, cast.exhibition.title]
    assert total(source) == 2
    assert heading(source) == "North Korea and Russia, July 2023"
    for event in (cast.armistice, cast.sanctions, cast.recognition, cast.draft, cast.withdrawn):
        assert html.escape(event.title) not in source


def test_newest_first(client: Client, cast: Cast) -> None:
    assert cards(page(client, "/?order=newest")) == [event.title for event in reversed(cast.published)]


def test_list_is_divided_by_year_and_month(client: Client, cast: Cast) -> None:
    make_event("Some time in 1950", "1950", countries=("PRK",))
    source = page(client, "/")
    assert re.findall(r'id="year-(\d+)"', source) == ["1948", "1950", "1953", "2006", "2023"]
    assert re.findall(r'<h4 class="month__name">(.*?)</h4>', source) == [
        *("October 1948", "July 1950", "July 1953", "October 2006", "July 2023"),
    ]


def test_card_tells_date_countries_category_place_and_sources(client: Client, cast: Cast) -> None:
    source = page(client, "/?category=peace")
    shown = card(source, cast.armistice)
    assert re.findall(r'alt="(.*?)"', shown) == ["North Korea", "China", "United States"]
    for words in ("27 July 1953", "Ceasefire &amp; peace", "Panmunjom", "2 sources"):
        assert words in shown


def test_click_on_a_flag_filters_by_the_country(client: Client, cast: Cast) -> None:
    shown = card(page(client, "/?category=peace"), cast.armistice)
    assert [link.url for link in links(shown, "flag-link")] == [
        "/?country=PRK&category=peace",
        "/?country=CHN&category=peace",
        "/?country=USA&category=peace",
    ]


def test_possible_events_are_marked_and_counted_apart(client: Client, cast: Cast) -> None:
    source = page(client, "/?from=1950-07-15&to=1953-12-31")
    assert cards(source) == [cast.fighting.title, cast.armistice.title]
    assert "1 of them only possibly in this range" in source
    assert source.count("possibly in range") == 1
    assert "possibly in range" in card(source, cast.fighting)
    assert "possibly in" not in page(client, "/?from=1950-07&to=1953-12-31")


def test_predecessors_are_included_where_asked_and_the_page_says_so(client: Client, cast: Cast) -> None:
    assert cards(page(client, "/?country=RUS")) == [cast.visit.title, cast.exhibition.title]
    source = page(client, "/?country=RUS&predecessors=yes")
    assert cards(source) == [cast.recognition.title, cast.visit.title, cast.exhibition.title]
    assert heading(source) == "Russia (with Soviet Union)"


def test_words_are_found_in_title_and_summary(client: Client, cast: Cast) -> None:
    assert cards(page(client, "/?q=FALL+minister")) == [cast.visit.title]
    assert cards(page(client, "/?q=100%25")) == []


def test_empty_timeline_invites_to_add_an_event(client: Client, db: None) -> None:
    source = page(client, "/")
    assert "No event has been published yet." in source
    assert total(source) == 0
    assert page(client, "/events.json") == page(client, "/events.json?order=oldest")


# What is hidden ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "country=RUS", "q=rumour", "q=retracted", "from=2023-07-26", "lanes=country", "importance=5"]
)
def test_drafts_and_withdrawn_events_are_nowhere(client: Client, cast: Cast, query: str) -> None:
    for address, headers in ((f"/?{query}", {}), (f"/?{query}", SWAP), (f"/events.json?{query}", {})):
        source = client.get(address, headers=headers).content.decode()
        for event in (cast.draft, cast.withdrawn):
            assert event.title not in source
            assert event.slug not in source
    shown = client.get(f"/events.json?{query}").json()["count"]
    assert shown == total(page(client, f"/?{query}")) == len(cards(page(client, f"/?{query}")))


def test_draft_cannot_be_opened_in_the_page_not_even_by_an_editor(client: Client, cast: Cast, editor: User) -> None:
    client.force_login(editor)
    for event in (cast.draft, cast.withdrawn):
        source = page(client, f"/?event={event.slug}", 400)
        assert "No published event has this address." in source
        assert event.title not in source


SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.mark.parametrize(
    "query", ["", "lanes=country", "lanes=category", "country=PRK&category=bad&actor=bad&dataset=bad"]
)
def test_markup_that_came_past_the_checks_does_no_harm(client: Client, cast: Cast, query: str) -> None:
    Category.objects.create(slug="bad", name=SCRIPT, position=6)
    Country.objects.filter(pk="PRK").update(name=SCRIPT, flag=SCRIPT[:60])
    actor = Actor.objects.create(slug="bad", name=SCRIPT)
    dataset = Dataset.objects.create(slug="bad", name=SCRIPT, publisher=SCRIPT, licence="L", citation=SCRIPT)
    event = make_event(
        SCRIPT, "2023-07-27", "bad", ("PRK", "KOR"), summary=SCRIPT, place=SCRIPT, dataset=dataset, importance=5
    )
    ActorParticipation.objects.create(event=event, actor=actor)
    EventName.objects.create(event=event, name=SCRIPT, language="ko")
    for address in (f"/?{query}", f"/?{query}&event={event.slug}"):
        source = page(client, address)
        assert html.escape(SCRIPT) in source
        assert "<script>alert" not in source
        assert "<img src=x" not in source
    response = client.get(f"/events.json?{query}")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", [*PARAMETERS, "<script>alert(1)</script>"])
def test_markup_in_the_address_does_no_harm(client: Client, cast: Cast, name: str) -> None:
    source = client.get("/", {name: SCRIPT}).content.decode()
    assert "<script>alert" not in source
    assert "<img src=x" not in source


# What is not understood ----------------------------------------------------------------------------------------------


NO_SUCH_COUNTRY = "No country has this code. Codes are those of ISO 3166, such as PRK, RUS or SUN; see /countries/."


def problems(source: str) -> list[str]:
    found = re.findall(r"<li><code>(.*?)</code>(.*?)</li>", source, flags=re.DOTALL)
    return [html.unescape(f"{code}:{message}") for code, message in found]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("country=XXX", f"country=XXX: {NO_SUCH_COUNTRY}"),
        (
            "colour=red",
            f"colour: This parameter is not known. Known are: {', '.join(PARAMETERS)}.",
        ),
        ("importance=9", "importance=9: Allowed are: 1, 2, 3, 4, 5."),
        ("from=31+June+1953", "from=31 June 1953: 31 June 1953 does not exist: June 1953 has 30 days."),
    ],
)
def test_what_is_not_understood_is_named_on_the_page(client: Client, cast: Cast, query: str, said: str) -> None:
    for headers in ({}, {"HX_Request": "true", "HX_Request_Type": "partial"}):
        source = page(client, f"/?country=PRK&{query}", 400, **headers)
        assert problems(source) == [said]
        assert cards(source) == []
        assert 'href="/?country=PRK"' in source


def test_refusal_is_not_kept_by_caches(client: Client, cast: Cast) -> None:
    response = client.get("/?country=XXX")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_legend_names_the_categories_that_are_drawn(client: Client, cast: Cast) -> None:
    source = page(client, "/?country=RUS&country=SUN")
    legend = part(source, '<ul class="legend"', "</ul>")
    kinds = [html.unescape(kind) for kind in re.findall(r"</svg> ([^<]+)</li>", legend)]
    assert kinds == ["Diplomacy & visits", "Military exercise & exhibition"]
    assert 'class="legend"' not in page(client, "/?q=nothing-has-this-word")


@pytest.mark.parametrize("address", ["/", "/stories/", "/countries/", "/?country=XXX"])
def test_nothing_is_painted_before_the_end_of_the_page_is_there(client: Client, cast: Cast, address: str) -> None:
    page = client.get(address).content.decode()
    head, _middle, end = page.partition("</main>")
    assert '<link rel="expect" href="#colophon" blocking="render">' in head
    assert 'id="colophon"' in end
