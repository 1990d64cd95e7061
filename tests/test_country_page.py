"""The list of countries, a country, and their documents."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event, make_places
from timeline.models import Country


@pytest.fixture
def korea(cast: Cast) -> Country:
    country: Country = Country.objects.get(pk="PRK")
    country.official_name = "Democratic People's Republic of Korea"
    country.name_ko, country.name_ru, country.name_zh = "조선민주주의인민공화국", "Северная Корея", "朝鲜"
    country.alpha2, country.numeric, country.note = "KP", "408", "A note."
    country.first_day = datetime.date(1948, 9, 9)
    country.save()
    return country


def test_page_shows_names_life_code_and_events(client: Client, korea: Country, cast: Cast) -> None:
    page = client.get("/countries/PRK/").content.decode()
    for words in (
        "North Korea</h1>",
        "Democratic People&#x27;s Republic of Korea",
        'lang="ko">조선민주주의인민공화국',
        'lang="ru">Северная Корея',
        'lang="zh-Hans">朝鲜',
        "since 9 September 1948",
        "PRK · KP · 408",
        "ISO 3166-1, a country of today",
        "A note.",
        '<a class="button" href="/?country=PRK">6 events on the timeline</a>',
        'href="/countries/PRK.json"',
    ):
        assert words in page
    for event in cast.published:
        assert event.get_absolute_url() in page
    assert cast.draft.slug not in page
    assert cast.withdrawn.slug not in page


def test_page_says_whom_it_meets_and_leads_to_both_together(client: Client, korea: Country) -> None:
    page = client.get("/countries/PRK/").content.decode()
    partners = page[page.index("Whom it meets") :]
    for code, count in (("RUS", 2), ("CHN", 2), ("USA", 2), ("KOR", 1), ("SUN", 1)):
        query = "&amp;".join(f"country={one}" for one in sorted(("PRK", code)))
        assert f'href="/?{query}&amp;match=all"' in partners
        assert partners.count(f'href="/countries/{code}/"') == 1
        assert f">{count}</a>" in partners


def test_page_names_what_came_before_and_after(client: Client, cast: Cast) -> None:
    page = client.get("/countries/RUS/").content.decode()
    assert "Came out of" in page
    assert 'href="/countries/SUN/"' in page
    assert 'href="/?country=RUS&amp;predecessors=yes"' in page
    page = client.get("/countries/SUN/").content.decode()
    assert "Was followed by" in page
    assert 'href="/countries/RUS/"' in page
    assert "30 December 1922 to 26 December 1991" in page


def test_country_with_many_events_shows_the_most_important_and_the_latest(client: Client, db: None) -> None:
    make_places()
    for n in range(25):
        make_event(f"Event number {n:02}", f"19{60 + n}", "conflict", ("KOR",), importance=5 if n < 10 else 2)
    page = client.get("/countries/KOR/").content.decode()
    important, latest = page[: page.index("The latest")], page[page.index("The latest") :]
    assert "Event number 00" in important
    assert "Event number 12" not in page
    assert latest.index("Event number 24") < latest.index("Event number 15")


def test_country_without_events_says_so(client: Client, db: None) -> None:
    make_places()
    page = client.get("/countries/KOR/").content.decode()
    assert "No event with this country has been published yet." in page
    assert "Whom it meets" not in page


def test_small_letters_lead_to_the_code(client: Client, cast: Cast) -> None:
    response = client.get("/countries/prk/")
    assert (response.status_code, response["Location"]) == (301, "/countries/PRK/")
    response = client.get("/countries/Prk.json")
    assert (response.status_code, response["Location"]) == (301, "/countries/PRK.json")
    assert client.get("/countries/PRK")["Location"] == "/countries/PRK/"
    assert client.get("/countries")["Location"] == "/countries/"


@pytest.mark.parametrize("code", ["XXX", "xxx", "PR", "no-such-country"])
def test_unknown_country_is_not_found(client: Client, cast: Cast, code: str) -> None:
    response = client.get(f"/countries/{code}/")
    assert response.status_code == 404
    assert f"No country has the code “{code}”." in response.content.decode()
    response = client.get(f"/countries/{code}.json")
    assert response.status_code == 404
    assert response.json()["title"] == "Not Found"


def test_document_holds_counts_and_partners(client: Client, korea: Country) -> None:
    document = client.get("/countries/PRK.json").json()
    assert document["code"] == "PRK"
    assert document["events"] == 6
    assert {"country": "RUS", "events": 2} in document["partners"]


def test_list_has_letters_counts_and_former_states_apart(client: Client, cast: Cast) -> None:
    Country.objects.create(code="ALA", name="Åland Islands", flag="vendor/flags/ax.svg")
    Country.objects.create(
        code="XHA", name="Hawaii", flag="f.svg", standard="user-assigned", last_day=datetime.date(1898, 7, 6)
    )
    page = client.get("/countries/").content.decode()
    today, former = page.split('id="former"')
    assert 'id="letter-A">A</h3>' in today
    assert "Åland Islands" in today
    assert 'href="#letter-S"' in today
    assert "1922–1991" in former
    assert "until 1898" in former
    assert 'href="/countries/PRK/"' in today
    assert 'href="/countries/SUN/"' in former
    assert '<span class="directory__count">6</span>' in today


def test_list_without_countries_is_a_page(client: Client, db: None) -> None:
    assert client.get("/countries/").status_code == 200


def test_list_as_document(client: Client, korea: Country) -> None:
    countries = client.get("/countries.json").json()["countries"]
    found = next(country for country in countries if country["code"] == "PRK")
    assert found["events"] == 6
    assert found["first_day"] == "1948-09-09"
    assert found["url"] == "/countries/PRK/"


@pytest.mark.parametrize("address", ["/countries/", "/countries.json", "/countries/PRK/", "/countries/PRK.json"])
def test_unchanged_countries_are_not_sent_twice(client: Client, cast: Cast, address: str) -> None:
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    cast.visit.save()
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("number", [1, 3, 30])
def test_country_asks_the_same_few_questions_however_many_events_it_has(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    make_places()
    for n in range(number):
        make_event(f"Event {n}", f"{1950 + n}", "conflict", ("PRK", ("RUS", "CHN", "USA")[n % 3]))
    client.get("/countries/")  # builds the index
    with django_assert_num_queries(4):
        client.get("/countries/PRK/")
    with django_assert_num_queries(3):
        client.get("/countries/PRK.json")
    with django_assert_num_queries(1):
        client.get("/countries/")
    with django_assert_num_queries(1):
        client.get("/countries.json")
