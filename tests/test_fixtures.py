"""The rules that the curated timeline of Korea keeps."""

import json
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from timeline import dates
from timeline.formats import annals_json
from timeline.models import Country, EventStatus, Importance, Role
from timeline.models.relations import RelationKind
from timeline.models.sources import SourceKind, Stance
from timeline.models.text import validate_plain_text, validate_web_address
from timeline.records import Problem

FIXTURES = settings.BASE_DIR / "fixtures"

# UN documents are found by their symbol. Whoever adds another address opens it first and adds it here.
KNOWN_HOSTS = {"undocs.org"}
KNOWN_ADDRESSES = {
    "http://en.kremlin.ru/events/president/news/38435/print",
    "http://en.special.kremlin.ru/events/president/news/41779",
    "http://world.kbs.co.kr/service/news_view.htm?lang=e&Seq_Code=179406",
    "http://world.kbs.co.kr/service/news_view.htm?lang=e&Seq_Code=179454",
    "http://www.kcna.kp/en/article/q/aa41568334781eb1afd7508a4a5ed883.kcmsf",
    "https://1997-2001.state.gov/regions/eap/971210_foley_dpbexc_4pt.html",
    "https://clintonwhitehouse6.archives.gov/1996/12/1996-12-29-president-statement-on-north-korean-apology.html",
    "https://en.yna.co.kr/view/AEN20230724008600315",
    "https://en.yna.co.kr/view/AEN20230727001200325",
    "https://english.alarabiya.net/News/world/2023/07/25/Russian-Defense-Minister-Shoigu-arrives-in-North-Korea-",
    "https://history.state.gov/departmenthistory/travels/president",
    "https://history.state.gov/departmenthistory/travels/president/trump-donald-j",
    "https://history.state.gov/departmenthistory/travels/secretary",
    "https://history.state.gov/departmenthistory/visits",
    "https://history.state.gov/historicaldocuments/frus1964-68v29p1",
    "https://sputnikglobe.com/20230728/n-korean-kim-jong-un-russian-delegation-led-by-shoigu-attend-military-parade--1112204052.html",
    "https://tass.com/defense/1653233",
    "https://treaties.unoda.org/t/npt",
    "https://webarchive.library.unt.edu/eot2008/20081026015240/http://www.state.gov/r/pa/prs/ps/2004/29989.htm",
    "https://www.cia.gov/readingroom/document/cia-rdp04t00367r000301880001-3",
    "https://www.i24news.tv/en/news/international/asia-pacific/1690437871-n-korea-s-kim-shows-new-military-drones-ballistic-missiles-to-russian-dm",
    "https://www.iaea.org/newscenter/pressreleases/iaea-team-confirms-shutdown-dprk-nuclear-facilities",
    "https://www.koreaherald.com/view.php?ud=20230727000771",
    "https://www.mofa.go.jp/region/asia-paci/n_korea/pmv0209/",
    "https://www.pravda.com.ua/eng/news/2023/07/28/7413200/",
    "https://www.thedailybeast.com/kim-jong-un-shows-russian-defense-minister-sergei-shoigu-his-banned-missiles",
}


@cache
def korea() -> dict[str, Any]:
    return json.loads((FIXTURES / "korea.json").read_text(encoding="utf-8"))


@cache
def countries() -> dict[str, Any]:
    entries = json.loads((FIXTURES / "countries.json").read_text(encoding="utf-8"))["countries"]
    return {entry["code"]: entry for entry in entries}


def events() -> list[dict[str, Any]]:
    return korea()["events"]


def categories() -> list[dict[str, Any]]:
    return json.loads((FIXTURES / "categories.json").read_text(encoding="utf-8"))["categories"]


def titles(wrong: Any) -> list[str]:
    return [event["title"] for event in events() if wrong(event)]


def test_there_are_thirteen_categories_in_order_each_with_its_own_shape_and_description() -> None:
    assert [category["position"] for category in categories()] == list(range(1, 14))
    for key in ("slug", "name", "icon", "description"):
        assert len({category[key] for category in categories()} - {""}) == 13


def test_the_timeline_is_large_enough_to_try_everything_on() -> None:
    assert len(events()) >= 150
    assert sum(len(event.get("relations", [])) for event in events()) >= 60


def test_identifiers_and_addresses_are_unique() -> None:
    for key in ("id", "slug", "title"):
        assert [value for value, count in Counter(event[key] for event in events()).items() if count > 1] == []


def test_every_event_can_be_read_as_a_record() -> None:
    with (FIXTURES / "korea.json").open("rb") as stream:
        assert [record for record in annals_json.read(stream) if isinstance(record, Problem)] == []


def test_every_event_has_a_source_that_does_not_dispute_it() -> None:
    assert titles(lambda event: not any(source.get("stance") != "disputes" for source in event["sources"])) == []


def test_every_source_can_be_found() -> None:
    sources = [source for event in events() for source in event["sources"]]
    assert [
        source for source in sources if not (source["publisher"] and (source.get("title") or source.get("url")))
    ] == []
    assert {source["kind"] for source in sources} <= set(SourceKind.values)
    assert {source.get("stance", "supports") for source in sources} <= set(Stance.values)


def test_every_event_has_a_category_an_importance_a_summary_and_is_published() -> None:
    known = {category["slug"] for category in categories()}
    assert titles(lambda event: event["category"] not in known) == []
    assert titles(lambda event: event["importance"] not in Importance.values) == []
    assert titles(lambda event: not event.get("summary")) == []
    assert titles(lambda event: event["status"] != EventStatus.PUBLISHED) == []


def test_every_category_is_used() -> None:
    assert {category["slug"] for category in categories()} <= {event["category"] for event in events()}


def test_every_date_is_edtf_between_1945_and_2024() -> None:
    for event in events():
        when = dates.parse_edtf(event["date"])
        assert when.edtf == event["date"], event["title"]
        assert 1945 <= when.day.year <= 2024, event["title"]


def test_about_a_tenth_of_the_events_are_turning_points() -> None:
    share = sum(event["importance"] == Importance.TURNING_POINT for event in events()) / len(events())
    assert 0.06 <= share <= 0.14


def test_every_event_names_countries_with_known_roles() -> None:
    assert titles(lambda event: not event["countries"]) == []
    parts = [part for event in events() for part in event["countries"] + event.get("actors", [])]
    assert {part["role"] for part in parts} <= set(Role.values)


def test_every_country_existed_when_the_event_happened() -> None:
    wrong = []
    for event in events():
        when = dates.parse_edtf(event["date"])
        # A name may be older than the country that uses it, or younger; who took part must have existed.
        for code in {part["country"] for part in event["countries"]}:
            entry = countries()[code]
            days = [dates.parse_edtf(entry[key]).day if entry[key] else None for key in ("first_day", "last_day")]
            if not Country(code=code, first_day=days[0], last_day=days[1]).existed_during(when.earliest, when.latest):
                wrong.append((event["title"], code))
    assert wrong == []


def test_a_place_has_a_point_on_the_earth_or_none() -> None:
    for event in events():
        assert ("latitude" in event) == ("longitude" in event), event["title"]
        assert abs(event.get("latitude", 0)) <= 90, event["title"]
        assert abs(event.get("longitude", 0)) <= 180, event["title"]


def test_relations_are_known_and_lead_to_other_events_of_the_timeline() -> None:
    ids = {event["id"] for event in events()}
    for event in events():
        for relation in event.get("relations", []):
            assert relation["kind"] in RelationKind.values, event["title"]
            assert relation["event"] in ids - {event["id"]}, event["title"]


def test_an_anniversary_falls_in_a_later_year_than_what_it_commemorates() -> None:
    by_id = {event["id"]: dates.parse_edtf(event["date"]) for event in events()}
    pairs = [
        (by_id[event["id"]], by_id[relation["event"]])
        for event in events()
        for relation in event.get("relations", [])
        if relation["kind"] in ("anniversary_of", "first_since")
    ]
    assert pairs
    assert [pair for pair in pairs if pair[0].day <= pair[1].day] == []


def test_every_actor_that_takes_part_is_described() -> None:
    actors = {actor["slug"]: actor for actor in korea()["actors"]}
    used = {part["actor"] for event in events() for part in event.get("actors", [])}
    assert used <= set(actors)
    assert [slug for slug in used if not actors[slug].get("description")] == []
    assert len({actor["name"] for actor in actors.values()}) == len(actors)


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for inner in values for text in texts(inner)]


def test_texts_are_plain() -> None:
    for text in texts(korea()):
        validate_plain_text(text)


def test_texts_have_the_marks_of_print() -> None:
    # Names of countries are those of ISO 3166, and files are compared with them.
    notes = [entry["note"] for entry in countries().values()]
    addresses = {text for text in texts(korea()) if text.startswith("http")}
    prose = [text for text in texts([korea(), categories(), notes]) if text not in addresses]
    assert [text for text in prose if set(text) & set("'\"`")] == []
    opened = Counter(sign for text in prose for sign in text if sign in "“”")
    assert opened["“"] == opened["”"] > 10


def test_addresses_are_those_of_un_documents_or_were_looked_up() -> None:
    sources = [source for event in events() for source in event["sources"]]
    addresses = {source[key] for source in sources for key in ("url", "archived_url") if source.get(key)}
    for address in addresses:
        validate_web_address(address)
    assert {url for url in addresses if urlsplit(url).hostname not in KNOWN_HOSTS} <= KNOWN_ADDRESSES


def test_the_story_of_july_2023_is_told_with_three_takeaways() -> None:
    [story] = [
        story for story in korea()["stories"] if story["title"] and story.get("published", "").startswith("2023")
    ]
    assert len(story["takeaways"]) == 3
    assert set(story["events"]) <= {event["id"] for event in events()}
    assert len(story["events"]) >= 6


@pytest.mark.parametrize(
    ("kind", "role"),
    [("anniversary_of", "anniversary"), ("first_since", "diplomacy"), ("violates", "exercise")],
)
def test_the_story_of_july_2023_holds_the_relations_that_it_is_about(kind: str, role: str) -> None:
    [story] = korea()["stories"]
    told = [event for event in events() if event["id"] in story["events"] and event["date"].startswith("2023-07")]
    assert any(
        relation["kind"] == kind
        for event in told
        if event["category"] == role
        for relation in event.get("relations", [])
    )
