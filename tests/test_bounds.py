"""No page and no parameter lets a visitor cause work without bound; the table of bounds in the README says the same."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.cast import Cast, make_event
from tests.plans import watched
from timeline.models import Country

README = (settings.BASE_DIR / "README.md").read_text()
ROW = re.compile(r"^\| ([^|]+) \| ([\d ]+)[^|]* \| `([\w.]+)\.([A-Z_]+)` \|$", re.MULTILINE)
MANY = "&".join(f"country=Q{a}{b}" for a in "ABCDEF" for b in "ABCDEF")

REFUSED = (
    f"/?{MANY}",
    f"/?lanes=country&{MANY.replace('country', 'lane')}",
    "/?country=" + "A" * 10_000,
    "/?q=a b c d e f g h i",
    "/?q=" + "a" * 100_000,
    "/?from=" + "1" * 10_000,
    "/?from=10000",
    "/?after=9999-12-31.9999999999999999999",
    "/?event=" + "a" * 10_000,
    "/?" + "&".join(f"x{number}=1" for number in range(1001)),
    "/events.svg?width=100000",
    "/events.png?width=3000&scale=9",
    "/embed/?theme=" + "a" * 10_000,
    "/api/events?limit=201",
    "/api/events?limit=" + "9" * 1000,
    "/api/histogram?unit=day&from=0001&to=9999",
    "/api/countries?start_after=" + "a" * 10_000,
    "/oembed?url=http://localhost:8000/&maxwidth=" + "9" * 1000,
    "/on-this-day/07-27/?q=a b c d e f g h i",
)
MISSING = (
    f"/events/{'a' * 10_000}/",
    f"/stories/{'a' * 10_000}/",
    f"/countries/{'A' * 10_000}/",
    "/anniversaries/10000/",
    f"/anniversaries/{'9' * 10_000}/",
    "/on-this-day/99-99/",
    "/sitemap-9999999.xml",
)
ANSWERED = (
    "/?after=9999-12-31.999999999999999999",
    "/?from=0001&to=9999",
    "/?lanes=country&from=0001&to=9999",
    "/anniversaries/9999/",
    "/search/suggest/?q=" + "a" * 100_000,
    "/search/suggest/?q=" + "a " * 10_000,
)
# Every page that reads the database, by the name of its address; the others answer from what they hold.
PAGES = {
    "browse": "/?country=PRK&q=meeting&lanes=country&event=meeting-7",
    "events_json": "/events.json?order=newest&after=2000-01-01.7",
    "suggest": "/search/suggest/?q=meet",
    "events_csv": "/events.csv?country=PRK",
    "events_xlsx": "/events.xlsx?country=PRK",
    "events_annals": "/events.annals.json?country=PRK",
    "events_timelinejs": "/events.timelinejs.json?country=PRK",
    "events_atom": "/events.atom",
    "events_ics": "/events.ics?anniversaries=yes",
    "events_svg": "/events.svg",
    "events_png": "/events.png",
    "view_card": "/card.png",
    "event": "/events/meeting-7/?country=PRK",
    "event_json": "/events/meeting-7.json",
    "event_ics": "/events/meeting-7.ics",
    "event_card": "/events/meeting-7.png",
    "event_history": "/events/meeting-7/history/",
    "correction": "/events/meeting-7/correction/",
    "stories": "/stories/",
    "story": "/stories/a-show-of-friendship/",
    "story_json": "/stories/a-show-of-friendship.json",
    "story_card": "/stories/a-show-of-friendship.png",
    "countries": "/countries/",
    "countries_json": "/countries.json",
    "country": "/countries/PRK/",
    "country_json": "/countries/PRK.json",
    "on_this_day": "/on-this-day/",
    "on_this_day_of": "/on-this-day/01-01/",
    "on_this_day_ics": "/on-this-day/01-01.ics",
    "on_this_day_json": "/on-this-day/01-01.json",
    "anniversaries": "/anniversaries/",
    "anniversaries_of": "/anniversaries/2030/",
    "anniversaries_ics": "/anniversaries/2030.ics",
    "anniversaries_json": "/anniversaries/2030.json",
    "embed": "/embed/?country=PRK",
    "embed_code": "/embed/code/?country=PRK",
    "embed_event": "/embed/events/meeting-7/",
    "embed_story": "/embed/stories/a-show-of-friendship/",
    "embed_event_code": "/embed/code/events/meeting-7/",
    "embed_story_code": "/embed/code/stories/a-show-of-friendship/",
    "oembed": "/oembed?url=http://localhost:8000/events/meeting-7/",
    "api": "/api/",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "sitemap_of": "/sitemap-1970.xml",
    "health": "/healthz",
}
API = ("events", "events/meeting-7", "histogram", "facets", "countries", "categories", "actors", "datasets", "stories")
MOST_QUERIES = 20


@pytest.fixture
def meetings(cast: Cast) -> None:
    """More events than a page of the list holds."""
    for number in range(40):
        make_event(f"Meeting {number}", f"{1950 + number}-01-01", countries=("PRK", "RUS"))


@pytest.mark.parametrize("address", REFUSED, ids=lambda address: address[:40])
def test_what_is_too_much_is_refused(cast: Cast, client: Client, address: str) -> None:
    with watched() as asked:
        assert client.get(address).status_code == 400
    assert len(asked) <= MOST_QUERIES


@pytest.mark.parametrize("address", MISSING, ids=lambda address: address[:40])
def test_what_cannot_be_there_is_missing(cast: Cast, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ANSWERED, ids=lambda address: address[:40])
def test_what_reaches_far_is_answered(cast: Cast, client: Client, address: str) -> None:
    with watched() as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= MOST_QUERIES


def test_every_public_address_is_looked_at() -> None:
    own = {str(pattern.name) for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)}
    assert own - set(PAGES) == set()


def read(client: Client, address: str) -> int:
    answer = client.get(address)
    if answer.streaming:
        list(answer)
    return answer.status_code


@pytest.mark.sqlite_plans
def test_no_public_page_reads_a_whole_table_or_asks_often(meetings: None, client: Client) -> None:
    client.get("/")
    found = {}
    for address in (*PAGES.values(), *(f"/api/{name}" for name in API)):
        with watched() as asked:
            assert read(client, address) in (200, 302), address
        if asked.scans() or len(asked) > MOST_QUERIES:
            found[address] = (asked.scans(), len(asked))
    assert found == {}


def test_readme_names_the_bounds_as_the_code_has_them() -> None:
    rows = ROW.findall(README[README.index("### Bounds") :])
    assert len(rows) >= 15
    stated = {f"{module}.{name}": int(number.replace(" ", "")) for _what, number, module, name in rows}
    assert stated == {
        f"{module}.{name}": getattr(import_module(f"timeline.{module}"), name) for _what, _number, module, name in rows
    }


def test_countries_of_a_request_are_as_many_as_are_known(cast: Cast, client: Client) -> None:
    """The bound holds for values that exist, too."""
    codes = [f"X{a}{b}" for a in "ABCDEF" for b in "ABCDEF"]
    Country.objects.bulk_create([Country(code=code, name=code) for code in codes])
    query = [("country", code) for code in codes]
    assert client.get("/events.json", query[:30]).status_code == 200
    assert client.get("/events.json", query[:31]).status_code == 400
