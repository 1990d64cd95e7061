"""The timeline page as an answer: fragments and validators, paging, and that every count keeps its word."""

from __future__ import annotations

import gzip
import random
import re
from typing import Any
from urllib.parse import quote, urlencode

import brotli
import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import CATEGORIES, COUNTRIES, Cast, make_event, make_places
from tests.pages import JULY_2023, SWAP, cards, facet, links, page, part, total
from timeline.models import (
    Country,
    Coverage,
    Event,
    Participation,
)

pytestmark = pytest.mark.django_db


# Fragments and validators --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "is_fragment"),
    [
        ({}, False),
        (SWAP, True),
        ({"HX-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, False),
        ({"HX-Request": "true", "HX-Target": "div#view"}, False),
        ({**SWAP, "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_fragment_only_for_a_targeted_swap(
    client: Client, cast: Cast, headers: dict[str, str], is_fragment: bool
) -> None:
    response = client.get("/?country=PRK", headers=headers)
    source = response.content.decode()
    assert source.lstrip().startswith('<div id="view"' if is_fragment else "<!doctype html>")
    assert cards(source) == [event.title for event in cast.published]
    assert ("HX-Push-Url" in response.headers) == is_fragment


def test_swap_pushes_the_canonical_address(client: Client, cast: Cast) -> None:
    typed = "/?to=July+2023&from=2023-07&match=all&country=rus&country=PRK&q=&order=oldest&importance=1"
    response = client.get(typed, headers=SWAP)
    assert response.headers["HX-Push-Url"] == JULY_2023
    assert client.get("/?q=", headers=SWAP).headers["HX-Push-Url"] == "/"


def test_validator_tells_page_from_fragment_languages_and_filters(client: Client, cast: Cast) -> None:
    answers = [
        client.get("/"),
        client.get("/", headers=SWAP),
        client.get("/", headers={"Accept-Language": "ko"}),
        client.get("/", headers={"Accept-Language": "ko", **SWAP}),
        client.get("/?country=PRK"),
        client.get("/?country=PRK&country=RUS"),
        client.get("/events.json"),
        client.get("/events.json?country=PRK"),
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)
    assert client.get("/?country=RUS&country=PRK").headers["ETag"] == answers[5].headers["ETag"]


def test_nothing_is_sent_twice_until_something_changes(client: Client, cast: Cast) -> None:
    for address, headers in (("/?country=PRK", {}), ("/?country=PRK", SWAP), ("/events.json?country=PRK", {})):
        etag = client.get(address, headers=headers).headers["ETag"]
        again = client.get(address, headers={**headers, "If-None-Match": etag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
        cast.visit.save()
        changed = client.get(address, headers={**headers, "If-None-Match": etag})
        assert (changed.status_code, changed.headers["ETag"] != etag) == (200, True)


def test_caches_must_ask_and_must_not_mix_pages_with_fragments(client: Client, cast: Cast) -> None:
    for headers in ({}, SWAP):
        response = client.get("/", headers=headers)
        assert response.headers["Cache-Control"] == "public, no-cache"
        varied = {name.strip() for name in response.headers["Vary"].split(",")}
        assert {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request", "Accept-Language"} <= varied


def test_edit_shows_at_once_in_page_counts_and_document(client: Client, cast: Cast) -> None:
    assert total(page(client, "/?country=KOR")) == 1
    Participation.objects.create(event=cast.armistice, country_id="KOR")
    source = page(client, "/?country=KOR")
    assert cards(source) == [cast.fighting.title, cast.armistice.title]
    assert facet(source, "country")["South Korea"][0] == 2
    cast.armistice.title = "Ceasefire"
    cast.armistice.save()
    assert cards(page(client, "/?country=KOR")) == [cast.fighting.title, "Ceasefire"]
    Event.objects.filter(pk=cast.armistice.pk).update(status="withdrawn")
    assert client.get("/events.json?country=KOR").json()["count"] == 1


def test_methods(client: Client, cast: Cast) -> None:
    for address in ("/", "/events.json"):
        head, get = client.head(address), client.get(address)
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(address).status_code == 405


@pytest.mark.parametrize("query", ["", "country=PRK&country=RUS&match=all", "lanes=country", "q=north"])
def test_number_of_queries_does_not_grow_with_the_events(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    make_places()
    # On PostgreSQL a search that takes too long must not end the transaction around it: a savepoint before and after.
    searched = (1 if connection.vendor == "sqlite" else 3) if "q=" in query else 0
    for titles in (("North and Russia",), ("North again", "North and south")):
        for title in titles:
            make_event(title, "1953-07-27", countries=("PRK", "RUS", "CHN"))
        # The first answer after a change reads the index and the vocabulary anew.
        client.get("/?importance=5&order=newest")
        with django_assert_num_queries(5 + searched):
            source = page(client, f"/?{query}")
        assert len(cards(source)) == (1 if titles == ("North and Russia",) else 3)
        with django_assert_num_queries(3 + searched):
            client.get(f"/events.json?{query}")


def test_unchanged_page_costs_one_query(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get("/?country=PRK").headers["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/?country=PRK", headers={"If-None-Match": etag}).status_code == 304


# Paging --------------------------------------------------------------------------------------------------------------


def next_address(source: str) -> str | None:
    block = part(source, 'class="list__next"', "</p>") if 'class="list__next"' in source else ""
    return next((link.url for link in links(block)), None)


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_paging_shows_every_event_once_while_events_are_added(client: Client, db: None, order: str) -> None:
    make_places()
    chance = random.Random(1953)
    # Many share a day, so that the id decides.
    for number in range(120):
        year = 1950 + chance.randint(0, 20)
        make_event(f"Event {number}", f"{year}-01-01", countries=("PRK",))
    expected = [f"{event.title}" for event in Event.objects.order_by("day", "pk")]
    if order == "newest":
        expected.reverse()
    address: str | None = f"/?country=PRK&order={order}"
    walked: list[str] = []
    pages = 0
    while address is not None:
        source = page(client, address)
        walked += cards(source)
        pages += 1
        for date in ("1949", "1960-01-01", "1971"):
            make_event(f"Late {pages} {date}", date, countries=("PRK",))
        address = next_address(source)
    assert [title for title in walked if title.startswith("Event")] == expected
    assert len(walked) == len(set(walked))
    assert pages >= 3


# Counts keep their word ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=1950&to=2023",
        "country=PRK&country=RUS&match=all",
        "country=RUS&predecessors=yes",
        "importance=3&q=minister",
    ],
)
def test_following_a_row_of_a_facet_gives_its_count(client: Client, cast: Cast, query: str) -> None:
    source = page(client, f"/?{query}")
    followed = 0
    for name in ("country", "category", "importance", "actor"):
        # Beside another country of which any will do, a row's count is that of the country alone.
        if name == "country" and "country=" in query and "match=all" not in query:
            continue
        for label, (count, url, is_chosen) in facet(source, name).items():
            if not is_chosen:
                assert total(page(client, url)) == count, (name, label)
                followed += 1
    assert followed >= 5


def test_chosen_row_leads_back_to_the_view_without_it(client: Client, cast: Cast) -> None:
    source = page(client, "/?country=RUS&category=exercise")
    assert facet(source, "country")["Russia"] == (1, "/?category=exercise", True)
    assert facet(source, "category")["Military exercise & exhibition"] == (1, "/?country=RUS", True)


def test_period_shows_as_many_events_as_it_says(client: Client, cast: Cast) -> None:
    for query in ("/", "/?country=PRK", "/?from=1950&to=1950", "/?from=195X&to=195X"):
        periods = links(page(client, query), "period")
        assert len(periods) >= 2
        for period in periods:
            count = int(part(period.inner, '"period__count">', "</span>").replace(",", ""))
            assert total(page(client, period.url)) == count, (query, period.words)


@pytest.mark.parametrize(
    ("query", "offers"),
    [
        (
            "country=KOR&category=peace",
            [("Without South Korea: 1 event", 1), ("Without the categories: 1 event", 1)],
        ),
        (
            "country=PRK&from=1960&to=1969&q=armistice&importance=2",
            [("Without 1960 to 1969: 1 event", 1)],
        ),
        (
            "country=PRK&country=KOR&country=RUS&match=all",
            [("Without South Korea, North Korea and Russia: 6 events", 6)],
        ),
        (
            "actor=kim-jong-un&dataset=chronicle",
            [("Without people and organisations: 1 event", 1), ("Without the dataset: 2 events", 2)],
        ),
        (
            "importance=5&category=diplomacy",
            [("Without the categories: 1 event", 1), ("Without turning point: 2 events", 2)],
        ),
    ],
)
def test_empty_result_offers_what_to_loosen_and_keeps_its_word(
    client: Client, cast: Cast, query: str, offers: list[tuple[str, int]]
) -> None:
    source = page(client, f"/?{query}")
    assert total(source) == 0
    found = links(part(source, 'class="empty__offers"', "</ul>"))
    assert [(link.words, total(page(client, link.url))) for link in found] == offers


def test_empty_result_without_a_single_culprit_says_so(client: Client, cast: Cast) -> None:
    source = page(client, "/?country=KOR&category=sanctions&q=exhibition")
    assert "No single part of the filter is to blame" in source


@pytest.mark.parametrize(
    "query",
    [
        "",
        "country=PRK&country=RUS&match=all&from=2023-07&to=2023-07&lanes=country&order=newest",
        "lane=RUS&lane=PRK&lanes=country&predecessors=yes&country=RUS&country=PRK",
        "lanes=category&from=1950&importance=2",
        "from=1500&to=2023",
        "from=9999-12-31",
        "to=0001-01-01",
        "event=armistice-halts-the-fighting-of-the-korean-war&lanes=country",
    ],
)
def test_every_link_of_the_page_is_understood(client: Client, cast: Cast, query: str) -> None:
    found = {
        link.url for link in links(page(client, f"/?{query}")) if link.url.startswith(("/?", "/#")) or link.url == "/"
    }
    assert len(found) >= 5
    assert {url: status for url in found if (status := client.get(url).status_code) != 200} == {}


def test_form_carries_the_rest_of_the_filter_along(client: Client, cast: Cast) -> None:
    source = page(client, "/?country=PRK&from=1953-07&q=war&order=newest")
    form = source.split('id="filter"')[1].split("</form>")[0]
    assert re.findall(r'name="(\w+)" value="(.*?)"', form) == [
        ("country", "PRK"),
        ("order", "newest"),
        ("q", "war"),
        ("from", "July 1953"),
        ("to", ""),
    ]


# The document --------------------------------------------------------------------------------------------------------


def test_pages_of_other_languages_work(client: Client, cast: Cast) -> None:
    for language in ("ko", "ru", "zh-hans"):
        assert len(cards(page(client, "/?from=1950", Accept_Language=language))) == 5


# Anything at all -----------------------------------------------------------------------------------------------------


def random_query(chance: random.Random) -> str:
    known: dict[str, list[str]] = {
        "country": [code for code, _name in COUNTRIES],
        "category": [slug for slug, _name in CATEGORIES],
        "actor": ["kim-jong-un"],
        "dataset": ["chronicle"],
        "lanes": ["country", "category", "none"],
        "lane": ["PRK", "peace"],
        "match": ["all", "any"],
        "predecessors": ["yes"],
        "importance": ["1", "3", "5"],
        "from": ["1", "0001", "1950", "July 1950", "2023-07-27", "9999-12-31", "195X", "[..1951]", "1953~"],
        "to": ["1", "0001", "1953", "27 July 1953", "9999", "early 1960s", "20XX"],
        "q": ["north", "전승절", "100%", "\\", "_", "'", '"', "(", "[a", "шойгу*"],
        "order": ["newest", "oldest"],
        "after": ["1953-07-27.1", "0001-01-01.0", "9999-12-31.999999999999999999"],
        "event": ["armistice-halts-the-fighting-of-the-korean-war"],
    }
    noise = ["\x00", "\ud7ff", "🙂" * 20, "%", "%s", "{}", "<b>", "'; --", "-1", str(2**63), "1e400", "None", "x" * 300]
    pairs = []
    for _ in range(chance.randint(0, 5)):
        name = chance.choice(list(known))
        value = chance.choice(noise if chance.random() < 0.08 else known[name])
        pairs.append((name if chance.random() > 0.02 else chance.choice(noise), value))
    return urlencode(pairs) if chance.random() > 0.03 else quote("".join(chance.choices(noise, k=4)), safe="&=%;+")


def test_a_thousand_random_queries_are_answered_or_refused(client: Client, cast: Cast) -> None:
    chance = random.Random(2023)
    statuses: dict[int, int] = {}
    for number in range(1000):
        address = ("/", "/events.json")[number % 2]
        response: Any = client.get(f"{address}?{random_query(chance)}", headers=SWAP if number % 4 == 0 else {})
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
    assert set(statuses) == {200, 400}
    assert statuses[200] > 300


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
def test_page_travels_as_small_as_the_reader_takes_it(
    client: Client, cast: Cast, accepted: str, encoding: str | None
) -> None:
    plain = client.get("/?country=PRK").content
    response = client.get("/?country=PRK", headers={"Accept-Encoding": accepted})
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(response.content) == plain
    assert "Accept-Encoding" in response.headers["Vary"]


def test_silence_says_whether_anybody_looked(client: Client, cast: Cast) -> None:
    row = Coverage.objects.create(first_text="1945", last_text="1960", note="By two editors")
    row.countries.set([Country.objects.get(pk="PRK")])
    covered = page(client, "/?country=PRK&from=1955&to=1956")
    assert "Covered, and nothing recorded that matches" in covered
    assert "1945 to 1960 · By two editors" in covered
    for query in ("country=PRK&from=1965&to=1966", "country=KOR&from=1955&to=1956"):
        assert "Not covered" in page(client, f"/?{query}")
    assert "Not covered" not in page(client, "/?country=PRK")
