"""Reading through the API: the page's own grammar, pages that follow upon each other, and nothing unpublished."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import token_of
from tests.cast import Cast, make_event
from timeline.filters import PARAMETERS

pytestmark = pytest.mark.django_db

READING = (
    "/api/events",
    "/api/countries",
    "/api/categories",
    "/api/actors",
    "/api/datasets",
    "/api/stories",
    "/api/histogram",
    "/api/facets",
    "/api/on-this-day/07-27",
    "/api/anniversaries/2028",
)


def read(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.content
    return response.json()


def test_events_are_listed_as_on_the_page(client: Client, cast: Cast) -> None:
    found = read(client, "/api/events")

    assert [event["slug"] for event in found["events"]] == [event.slug for event in cast.published]
    assert found["count"] == 6
    assert found["next"] is None


def test_events_take_the_filter_of_the_page(client: Client, cast: Cast) -> None:
    found = read(client, "/api/events?country=RUS&country=PRK&match=all&from=July+2023&order=newest")

    assert [event["slug"] for event in found["events"]] == [cast.exhibition.slug, cast.visit.slug]
    assert found["query"] == "country=PRK&country=RUS&match=all&from=2023-07&order=newest"


def test_the_query_of_any_page_can_be_used_as_it_stands(client: Client, cast: Cast) -> None:
    assert read(client, f"/api/events?lanes=country&lane=PRK&event={cast.visit.slug}")["count"] == 6


def test_following_the_links_gives_every_event_once(client: Client, cast: Cast) -> None:
    address, seen = "/api/events?limit=4&country=PRK", []
    while address:
        response = client.get(address)
        seen += [event["slug"] for event in response.json()["events"]]
        link = re.search(r'<([^>]+)>; rel="next"', response.headers.get("Link", ""))
        assert response.json()["next"] == (link[1] if link else None)
        address = link[1] if link else ""

    assert seen == [event.slug for event in cast.published]


def test_a_later_page_links_back_to_the_first(client: Client, cast: Cast) -> None:
    following = read(client, "/api/events?limit=4")["next"]

    assert client.get(following).headers["Link"] == '<http://testserver/api/events?limit=4>; rel="first"'


def test_an_event_comes_with_everything(client: Client, cast: Cast) -> None:
    found = read(client, f"/api/events/{cast.visit.slug}")

    assert found["countries"] == [
        {"country": "PRK", "role": "participant"},
        {"country": "RUS", "role": "participant"},
    ]
    assert [relation["event"] for relation in found["relations"]] == [cast.armistice.slug]
    assert [relation["event"] for relation in found["inverse_relations"]] == [cast.exhibition.slug]
    assert found["stories"][0]["slug"] == "a-show-of-friendship"
    assert found["version"] == 1


def test_a_draft_is_not_there(client: Client, cast: Cast) -> None:
    found = read(client, f"/api/events/{cast.draft.slug}", 404)

    assert found["detail"] == f"There is no event with the address “{cast.draft.slug}”."


def test_a_withdrawn_event_is_gone_and_says_nothing(client: Client, cast: Cast) -> None:
    response = client.get(f"/api/events/{cast.withdrawn.slug}")

    assert response.status_code == 410
    assert "Retracted" not in response.content.decode()


def test_a_draft_is_shown_to_the_token_of_who_may_see_it_and_to_no_cache(
    client: Client, cast: Cast, secret: str
) -> None:
    response = client.get(f"/api/events/{cast.draft.slug}", HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert response.json()["title"] == "Unchecked rumour"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response.headers["Vary"]


def test_no_answer_lets_a_draft_through(client: Client, cast: Cast) -> None:
    for address in READING:
        text = client.get(address).content.decode()
        assert "rumour" not in text
        assert "Retracted" not in text


def test_vocabulary_counts_published_events(client: Client, cast: Cast) -> None:
    countries = {row["code"]: row["events"] for row in read(client, "/api/countries")["countries"]}

    assert countries == {"PRK": 6, "KOR": 1, "CHN": 2, "USA": 2, "RUS": 2, "SUN": 1}
    assert read(client, "/api/countries/SUN")["successors"] == ["RUS"]
    assert [row["slug"] for row in read(client, "/api/categories")["categories"]][:2] == ["conflict", "peace"]
    assert read(client, "/api/actors/kim-jong-un")["events"] == 2
    assert read(client, "/api/datasets")["datasets"][0]["licence"] == "CC BY 4.0"


def test_actors_come_page_by_page(client: Client, cast: Cast) -> None:
    first = read(client, "/api/actors?limit=1")

    assert [row["slug"] for row in first["actors"]] == ["kim-jong-un"]
    assert [row["slug"] for row in read(client, first["next"])["actors"]] == ["sergei-shoigu"]


def test_a_story_tells_its_published_events(client: Client, cast: Cast) -> None:
    assert read(client, "/api/stories")["stories"][0]["events"] == 2
    found = read(client, "/api/stories/a-show-of-friendship")
    assert [event["slug"] for event in found["events"]] == [cast.visit.slug, cast.exhibition.slug]


def test_a_histogram_counts_by_the_unit_that_is_asked_for(client: Client, cast: Cast) -> None:
    years = read(client, "/api/histogram?from=1950&to=1953&unit=year")
    months = read(client, "/api/histogram?from=2023-07-01&to=2023-07-31&unit=day&category=exercise")

    assert years["bins"] == [
        {"first": "1950-01-01", "last": "1950-12-31", "count": 1},
        {"first": "1951-01-01", "last": "1951-12-31", "count": 0},
        {"first": "1952-01-01", "last": "1952-12-31", "count": 0},
        {"first": "1953-01-01", "last": "1953-12-31", "count": 1},
    ]
    assert months["bins"] == [{"first": "2023-07-27", "last": "2023-07-27", "count": 1}]


@pytest.mark.parametrize("unit", ["century", "decade", "year", "month"])
def test_bins_follow_upon_each_other_to_the_ends_of_the_calendar(client: Client, cast: Cast, unit: str) -> None:
    make_event("The first day", "0001-01-01")
    make_event("The last day", "9999-12-31")
    if unit in ("year", "month"):
        found = read(client, f"/api/histogram?unit={unit}", 400)
        assert found["errors"][0]["parameter"] == "unit"
        found = read(client, f"/api/histogram?unit={unit}&from=9998")
        assert found["bins"][-1]["last"] == "9999-12-31"
    else:
        found = read(client, f"/api/histogram?unit={unit}")
        assert found["bins"][0]["first"] == "0001-01-01"
        assert found["bins"][-1]["last"] == "9999-12-31"
        assert found["bins"][-1]["count"] == 2


def test_facets_say_what_each_choice_would_show(client: Client, cast: Cast) -> None:
    found = {facet["name"]: facet["values"] for facet in read(client, "/api/facets?country=RUS")["facets"]}

    assert [(row["value"], row["count"]) for row in found["category"]] == [("diplomacy", 1), ("exercise", 1)]
    assert found["country"][0] == {"value": "RUS", "label": "Russia", "count": 2, "is_selected": True}


def test_days_and_years_remember(client: Client, cast: Cast) -> None:
    day = read(client, "/api/on-this-day/07-27")
    year = read(client, "/api/anniversaries/2028")

    assert [event["slug"] for event in day["events"]] == [cast.armistice.slug, cast.exhibition.slug]
    assert day["events"][0]["anniversary"]["date"].endswith("-07-27")
    assert {"number": 75, "date": "2028-07-27", "is_notable": True} in [row["anniversary"] for row in year["events"]]


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", READING)
def test_an_unknown_parameter_is_named(client: Client, cast: Cast, address: str) -> None:
    found = read(client, f"{address}?colour=red", 400)

    assert found["title"] == "Bad Request"
    assert found["errors"][0]["parameter"] == "colour"


def test_a_value_that_is_not_understood_is_named(client: Client, cast: Cast) -> None:
    found = read(client, "/api/events?country=XXX&from=yesteryear&limit=5", 400)

    assert {error["parameter"]: error["value"] for error in found["errors"]} == {"country": "XXX", "from": "yesteryear"}


@pytest.mark.parametrize("limit", ["0", "-1", "201", "many", "9" * 30, "١"])
def test_the_length_of_a_page_has_bounds(client: Client, cast: Cast, limit: str) -> None:
    assert read(client, f"/api/events?limit={limit}", 400)["errors"][0]["parameter"] == "limit"


@pytest.mark.parametrize(
    "address",
    [
        "/api/nothing",
        "/api/events/",
        "/api/events/none",
        "/api/events/%00",
        "/api/events/%ED%A0%80",
        "/api/countries/XXX",
        "/api/actors/nobody",
        "/api/stories/none",
        "/api/on-this-day/02-30",
        "/api/anniversaries/0",
        "/api/anniversaries/10000",
    ],
)
def test_what_is_not_there_is_a_problem_document(client: Client, cast: Cast, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_a_method_that_an_address_does_not_take_is_a_problem_document(client: Client, cast: Cast) -> None:
    response = client.post("/api/countries")

    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Allow"] == "GET"


def test_every_parameter_of_the_page_is_described(client: Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]["/api/events"]["get"]["parameters"]

    assert {parameter["name"] for parameter in described} == {*PARAMETERS, "limit"}


# Headers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", READING)
def test_nothing_is_sent_again_until_something_changes(client: Client, cast: Cast, address: str) -> None:
    etag = client.get(address).headers["ETag"]

    assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 304
    cast.visit.save()
    assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_scripts_of_any_site_may_read_and_never_with_cookies(client: Client, cast: Cast) -> None:
    for response in (client.get("/api/events"), client.get("/api/events/none"), client.options("/api/events")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert not response.cookies


@pytest.mark.parametrize("address", ["/events.json", "/stories/a-show-of-friendship.json", "/countries.json"])
def test_data_of_the_pages_can_be_read_from_any_site(client: Client, cast: Cast, address: str) -> None:
    assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"


def test_pages_cannot_be_read_from_other_sites(client: Client, cast: Cast) -> None:
    for address in ("/", "/admin/login/", f"/events/{cast.visit.slug}/"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers


def test_head_answers_as_get_does_without_the_body(client: Client, cast: Cast) -> None:
    response, whole = client.head("/api/events"), client.get("/api/events")

    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("address", READING)
def test_the_number_of_queries_does_not_grow_with_the_events(
    client: Client, cast: Cast, address: str, django_assert_max_num_queries: Any
) -> None:
    for year in range(1960, 1970):
        make_event(f"Meeting of {year}", f"{year}-07-27", "diplomacy", ("PRK", "CHN"))
    client.get("/")
    with django_assert_max_num_queries(7):
        read(client, address)


def test_a_session_means_nothing_here(client: Client, cast: Cast, admin_user: Any) -> None:
    client.force_login(admin_user)

    assert client.get(f"/api/events/{cast.draft.slug}").status_code == 404
    assert client.post("/api/events", "{}", content_type="application/json").status_code == 401


def test_an_event_keeps_its_validator_while_nothing_about_it_changes(client: Client, cast: Cast, editor: Any) -> None:
    address = f"/api/events/{cast.armistice.slug}"
    etag = client.get(address).headers["ETag"]
    make_event("Something else", "1999")

    assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 304
    assert client.get(address, HTTP_AUTHORIZATION=f"Bearer {token_of(editor)}").headers["ETag"] == etag
