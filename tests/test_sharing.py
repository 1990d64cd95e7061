"""What pages tell other sites: JSON-LD, cards, links to feeds, the menu of forms, sitemaps."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event
from timeline import dates, sharing, sitemaps
from timeline.filters import EventFilter
from timeline.models import Event
from timeline.schema_org import iso_dates

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOSTILE = 'End </script><script>alert("1")</script> & <!-- 전승절'


class Head(HTMLParser):
    """The links, metas and data blocks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.metas: dict[str, str | None] = {}
        self.scripts: list[str] = []
        self.in_data = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "link":
            self.links.append(found)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.metas[name] = found.get("content")
        self.in_data = tag == "script" and found.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self.in_data:
            self.scripts.append(data)
            self.in_data = False

    def links_of(self, rel: str) -> list[str]:
        return [str(link["href"]) for link in self.links if link.get("rel") == rel]


def head(client: Client, address: str) -> Head:
    response = client.get(address)
    assert response.status_code == 200
    return Head(response.content.decode())


def graph(client: Client, event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """The page and the event in the JSON-LD of an event's page."""
    (script,) = head(client, event.get_absolute_url()).scripts
    document = json.loads(script)
    assert document["@context"] == "https://schema.org"
    page, found = document["@graph"]
    return page, found


# JSON-LD -------------------------------------------------------------------------------------------------------------


def test_event_is_described_for_search_engines(client: Client, cast: Cast) -> None:
    page, event = graph(client, cast.armistice)
    address = f"http://testserver{cast.armistice.get_absolute_url()}"
    assert page["mainEntity"] == {"@id": f"{address}#event"}
    assert page["citation"][1] == {
        "@type": "CreativeWork",
        "name": "S/3079",
        "publisher": {"@type": "Organization", "name": "United Nations"},
    }
    assert event == {
        "@type": "Event",
        "@id": f"{address}#event",
        "name": cast.armistice.title,
        "alternateName": ["전승절"],
        "startDate": "1953-07-27",
        "location": {"@type": "Place", "name": "Panmunjom", "address": "Panmunjom"},
        "about": [
            {"@type": "Country", "name": name, "identifier": code}
            for code, name in (("PRK", "North Korea"), ("CHN", "China"), ("USA", "United States"))
        ],
        "image": f"{address.removesuffix('/')}.png",
        "url": address,
    }


def test_people_and_the_whole_are_named(client: Client, cast: Cast) -> None:
    _page, exhibition = graph(client, cast.exhibition)
    assert [person["name"] for person in exhibition["performer"]] == ["Kim Jong Un", "Sergei Shoigu"]
    assert [event["name"] for event in exhibition["superEvent"]] == [cast.visit.title]
    _page, visit = graph(client, cast.visit)
    assert [event["name"] for event in visit["subEvent"]] == [cast.exhibition.title]
    assert (visit["startDate"], visit["endDate"]) == ("2023-07-25", "2023-07-27")


def test_nothing_in_an_event_ends_its_data_block(client: Client, cast: Cast) -> None:
    event = make_event(HOSTILE, "1999-01-01", "peace", summary=HOSTILE)
    _page, found = graph(client, event)
    assert (found["name"], found["description"]) == (HOSTILE, HOSTILE)


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("1953-07-27", ("1953-07-27", "")),
        ("1953-07", ("1953-07", "")),
        ("1953", ("1953", "")),
        ("1953-07-27?", ("1953-07-27", "")),
        ("1950~", ("1950", "")),
        ("195X", ("", "")),
        ("[2023-07-21..2023-07-31]", ("2023-07", "")),
        ("2023-21", ("2023", "")),
        ("1950-06-25/1953-07-27", ("1950-06-25", "1953-07-27")),
        ("2006-10-14/..", ("2006-10-14", "")),
        ("../1985", ("", "1985")),
    ],
)
def test_dates_are_iso_and_no_more_exact_than_known(edtf: str, expected: tuple[str, str]) -> None:
    assert iso_dates(dates.parse_edtf(edtf)) == expected


# Cards and links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "picture"),
    [
        ("/?country=PRK&country=RUS", "/card.png?country=PRK&country=RUS"),
        ("/stories/", "/card.png"),
        ("/stories/a-show-of-friendship/", "/stories/a-show-of-friendship.png"),
        ("/countries/", "/card.png"),
        ("/countries/PRK/", "/card.png?country=PRK"),
        ("/on-this-day/07-27/", "/card.png"),
        ("/anniversaries/2028/", "/card.png"),
    ],
)
def test_every_page_has_a_card_and_one_canonical_address(
    client: Client, cast: Cast, address: str, picture: str
) -> None:
    found = head(client, address)
    here = f"http://testserver{address}"
    assert found.links_of("canonical") == [here]
    assert (found.metas["og:url"], found.metas["og:image"]) == (here, f"http://testserver{picture}")
    assert found.metas["og:title"]
    assert found.metas["twitter:card"] == "summary_large_image"
    assert client.get(picture).headers["Content-Type"] == "image/png"


def test_page_of_an_event_has_the_card_of_the_event(client: Client, cast: Cast) -> None:
    found = head(client, cast.visit.get_absolute_url())
    assert found.metas["og:title"] == cast.visit.title
    assert found.metas["og:description"] == cast.visit.summary
    assert found.metas["og:image"] == f"http://testserver/events/{cast.visit.slug}.png"


def test_pages_announce_their_feeds(client: Client, cast: Cast) -> None:
    links = {link.get("type"): link["href"] for link in head(client, "/?country=PRK").links if "title" in link}
    assert links == {
        "application/atom+xml": "/events.atom?country=PRK",
        "text/calendar": "/events.ics?country=PRK",
    }
    for address in links.values():
        assert client.get(str(address)).status_code == 200


def test_manifest_and_its_icons_are_there(client: Client, db: None) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").getvalue())
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).getvalue().startswith(b"\x89PNG")


# The menu ------------------------------------------------------------------------------------------------------------


def test_menu_offers_forms_that_answer_with_the_same_events(client: Client, cast: Cast) -> None:
    asked = EventFilter.parse(QueryDict("country=PRK&country=RUS&match=all&order=newest&after=2023-07-27.1"))
    forms = sharing.forms_of_view(asked)
    page = client.get("/?country=PRK&country=RUS&match=all&order=newest").content.decode()
    for form in forms:
        assert "after=" not in form.address
        assert client.get(form.address).status_code == 200
        assert f'href="{form.address.replace("&", "&amp;")}"' in page
        assert form.words in unescape(page)


def test_events_and_stories_have_their_menu(client: Client, cast: Cast) -> None:
    for address, forms in (
        (cast.visit.get_absolute_url(), sharing.forms_of_event(cast.visit)),
        (cast.story.get_absolute_url(), sharing.forms_of_story(cast.story)),
    ):
        page = client.get(address).content.decode()
        for form in forms:
            assert f'href="{form.address}"' in page
            assert client.get(form.address).status_code == 200


def test_menu_keeps_the_opened_event_in_pictures_alone(client: Client, cast: Cast) -> None:
    asked = EventFilter.parse(QueryDict(f"event={cast.visit.slug}"))
    assert sharing.address_of(asked, "events_svg") == f"/events.svg?event={cast.visit.slug}"
    assert sharing.address_of(asked, "events_csv") == "/events.csv"


# Sitemaps ------------------------------------------------------------------------------------------------------------


def locations(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [location.text or "" for location in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]


def test_sitemap_leads_to_every_published_event(client: Client, cast: Cast) -> None:
    files = locations(client, "/sitemap.xml")
    assert [re.sub(r".*sitemap-|\.xml", "", name) for name in files] == [
        "pages",
        "1948",
        "1950",
        "1953",
        "2006",
        "2023",
    ]
    found = [address for name in files[1:] for address in locations(client, name)]
    assert found == [f"http://testserver{event.get_absolute_url()}" for event in cast.published]
    pages = locations(client, files[0])
    assert "http://testserver/stories/a-show-of-friendship/" in pages
    assert all(client.get(address).status_code == 200 for address in pages)


def test_year_of_many_events_takes_several_files(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "ADDRESSES_OF_A_FILE", 2)
    for day in range(1, 4):
        make_event(f"Event {day}", f"1953-01-0{day}", "peace")
    files = [name for name in locations(client, "/sitemap.xml") if "1953" in name]
    assert files == ["http://testserver/sitemap-1953.xml", "http://testserver/sitemap-1953-2.xml"]
    assert [len(locations(client, name)) for name in files] == [2, 2]


@pytest.mark.parametrize("section", ["1900", "1953-2", "0000", "none"])
def test_file_that_is_not_in_the_index_is_not_there(client: Client, cast: Cast, section: str) -> None:
    assert client.get(f"/sitemap-{section}.xml").status_code == 404


def test_sitemaps_cost_the_same_for_more_years(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/events.json")
    for year in (1901, 1902):
        make_event("Another", str(year))
        client.get("/events.json")
        with django_assert_num_queries(1):
            client.get("/sitemap.xml")


def test_robots_are_told_of_the_sitemap(client: Client, db: None) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    assert "Disallow: /admin/" in lines


@pytest.mark.parametrize(
    "address",
    [
        "/?country=PRK&order=newest",
        "/events/russias-defence-minister-visits-pyongyang/",
        "/events/russias-defence-minister-visits-pyongyang/history/",
        "/events/russias-defence-minister-visits-pyongyang/correction/",
        "/stories/",
        "/stories/a-show-of-friendship/",
        "/countries/",
        "/countries/PRK/",
        "/on-this-day/07-27/",
        "/anniversaries/2028/",
        "/api/",
        "/embed/?country=PRK",
        "/embed/events/russias-defence-minister-visits-pyongyang/",
        "/embed/stories/a-show-of-friendship/",
        "/embed/code/",
        "/embed/code/stories/a-show-of-friendship/",
    ],
)
def test_every_page_names_its_one_address_or_asks_not_to_be_listed(client: Client, cast: Cast, address: str) -> None:
    found = head(client, address)
    named = found.links_of("canonical")
    if not named:
        assert found.metas["robots"] == "noindex"
        return
    assert len(named) == 1
    assert client.get(named[0]).status_code == 200
    # In the language that the browser asks for: no address has one of its own.
    assert [link["hreflang"] for link in found.links if "hreflang" in link] == ["x-default"]
