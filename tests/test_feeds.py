"""Feeds and calendars, read back by the programs that readers use for them."""

from __future__ import annotations

import datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event
from timeline.feeds import FEED_LENGTH, atom
from timeline.models import Event

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = 'A <b>"bold"</b> & \\ ; , ]]> line 전승절 '


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def entries(client: Client, query: str = "") -> list[feedparser.FeedParserDict]:
    found = feedparser.parse(text(client, f"/events.atom?{query}"))
    assert not found.bozo
    return list(found.entries)


def calendar(client: Client, address: str) -> list[Any]:
    found = icalendar.Calendar.from_ical(text(client, address))
    return list(found.walk("VEVENT"))


# Atom ----------------------------------------------------------------------------------------------------------------


def test_feed_finds_the_events_of_the_page_newest_changed_first(client: Client, cast: Cast) -> None:
    Event.objects.get(pk=cast.armistice.pk).save()
    shown = entries(client, "country=PRK&from=1950")
    changed = [cast.armistice, cast.exhibition, cast.visit, cast.sanctions, cast.fighting]
    assert [entry.title for entry in shown] == [event.title for event in changed]
    stored = Event.objects.get(pk=cast.armistice.pk)
    assert shown[0].updated == stored.modified.isoformat()
    assert shown[0].published == stored.created.isoformat()


def test_feed_has_what_the_standard_asks_for(client: Client, cast: Cast) -> None:
    root = ElementTree.fromstring(text(client, "/events.atom?category=peace"))
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://testserver/?category=peace",
        "self": "http://testserver/events.atom?category=peace",
    }
    assert root.findtext(f"{ATOM}id") == "http://testserver/events.atom?category=peace"
    assert root.findtext(f"{ATOM}title") == "Ceasefire & peace · Annals"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Annals, localhost"
    (entry,) = root.findall(f"{ATOM}entry")
    assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    created = Event.objects.get(pk=cast.armistice.pk).created
    assert entry.findtext(f"{ATOM}id") == f"tag:localhost,{created:%Y-%m-%d}:event/{cast.armistice.pk}"
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == [
        "Ceasefire & peace",
        "North Korea",
        "China",
        "United States",
    ]
    assert entry.findtext(f"{ATOM}rights") == "CC BY 4.0"


def test_entry_holds_all_that_is_known(client: Client, cast: Cast) -> None:
    (entry,) = entries(client, "category=peace")
    (content,) = entry.content
    for words in ("27 July 1953", "Panmunjom", "North Korea, China, United States", "전승절", "United Nations: S/3079"):
        assert words in content.value


def test_identifier_outlives_title_and_address(client: Client, cast: Cast) -> None:
    (before,) = entries(client, "category=peace")
    event = Event.objects.get(pk=cast.armistice.pk)
    event.title, event.slug = "Guns fall silent", "guns-fall-silent"
    event.save()
    (after,) = entries(client, "category=peace")
    assert (after.id, after.link) == (before.id, "http://testserver/events/guns-fall-silent/")


def test_feed_is_well_formed_whatever_a_title_holds(client: Client, cast: Cast) -> None:
    make_event(f"{HOSTILE}\x0b", "1999-01-01", "peace", summary="1 < 2 & <script>alert(1)</script>")
    shown = entries(client, "from=1999&to=1999&category=peace")
    assert "<b>" not in text(client, "/events.atom?from=1999&to=1999")
    assert feedparser.parse(text(client, "/events.atom?from=1999&category=peace")).entries[0].title_detail.value != ""
    root = ElementTree.fromstring(text(client, "/events.atom?from=1999&to=1999&category=peace"))
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == HOSTILE.strip() + " "
    assert len(shown) == 1


def test_empty_feed_is_a_feed(client: Client, cast: Cast) -> None:
    root = ElementTree.fromstring(text(client, "/events.atom?q=nothingatall"))
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
    assert root.findall(f"{ATOM}entry") == []


def test_feed_is_bounded_and_takes_the_newest(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "FEW", 50)
    for number in range(FEED_LENGTH + 20):
        make_event(f"Event {number}", f"{1700 + number}", "peace")
    shown = entries(client, "category=peace")
    assert [entry.title for entry in shown] == [f"Event {number}" for number in range(FEED_LENGTH + 19, 19, -1)]


def test_drafts_and_withdrawn_events_are_in_no_feed(client: Client, cast: Cast) -> None:
    for address in ("/events.atom", "/events.ics", "/events.ics?anniversaries=yes"):
        found = text(client, address)
        assert cast.draft.title not in found
        assert cast.withdrawn.title not in found


def test_feeds_cost_the_same_for_more_events(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/events.atom?q=nothingatall")
    for address, queries in (("/events.atom", 10), ("/events.ics", 4)):
        for query in ("category=peace", "importance=1"):
            with django_assert_num_queries(queries):
                client.get(f"{address}?{query}")
        make_event("One more", "1999-01-01", "peace", ("PRK",))
        client.get("/events.json")


# Calendars -----------------------------------------------------------------------------------------------------------


def test_calendar_holds_the_same_events_in_their_order(client: Client, cast: Cast) -> None:
    shown = calendar(client, "/events.ics")
    assert [str(entry["uid"]) for entry in shown] == [f"event-{event.pk}@localhost" for event in cast.published]


def test_day_and_span_are_whole_days_with_an_exclusive_end(client: Client, cast: Cast) -> None:
    (armistice,) = calendar(client, "/events.ics?category=peace")
    assert (armistice["dtstart"].dt, armistice["dtend"].dt) == (datetime.date(1953, 7, 27), datetime.date(1953, 7, 28))
    assert armistice["dtstart"].params["VALUE"] == "DATE"
    assert str(armistice["summary"]) == cast.armistice.title
    assert (str(armistice["location"]), str(armistice["status"])) == ("Panmunjom", "CONFIRMED")
    visit = calendar(client, "/events.ics?country=RUS")[0]
    assert (visit["dtstart"].dt, visit["dtend"].dt) == (datetime.date(2023, 7, 25), datetime.date(2023, 7, 28))


def test_month_is_a_tentative_span_that_says_so(client: Client, cast: Cast) -> None:
    (fighting,) = calendar(client, "/events.ics?category=conflict")
    assert (fighting["dtstart"].dt, fighting["dtend"].dt) == (datetime.date(1950, 7, 1), datetime.date(1950, 8, 1))
    assert str(fighting["summary"]) == "Fighting around Taejon (July 1950)"
    assert (str(fighting["status"]), str(fighting["transp"])) == ("TENTATIVE", "TRANSPARENT")


def test_what_goes_on_stands_on_the_day_it_began(client: Client, cast: Cast) -> None:
    (sanctions,) = calendar(client, "/events.ics?category=sanctions")
    assert (sanctions["dtstart"].dt, sanctions["dtend"].dt) == (
        datetime.date(2006, 10, 14),
        datetime.date(2006, 10, 15),
    )
    assert "14 October 2006" in str(sanctions["summary"])


@pytest.mark.parametrize("edtf", ["../1985", "1953~", "1953-07-27?", "195X", "9999-12-31", "0001-01-01", "1950/.."])
def test_every_date_makes_a_calendar(client: Client, cast: Cast, edtf: str) -> None:
    make_event("Odd one", edtf, "exercise")
    entry = next(e for e in calendar(client, "/events.ics?category=exercise") if "Odd one" in e["summary"])
    end = entry.get("dtend")
    assert end is None or entry["dtstart"].dt < end.dt


def test_calendar_is_folded_by_octets_and_ends_its_lines_as_the_standard_says(client: Client, cast: Cast) -> None:
    title = HOSTILE + "전승절 " * 30
    make_event(title.strip(), "1999-01-01", "peace")
    raw = client.get("/events.ics?from=1999&to=1999&category=peace").content
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    (entry,) = calendar(client, "/events.ics?from=1999&to=1999&category=peace")
    assert str(entry["summary"]) == title.strip()


def test_calendar_says_the_same_bytes_twice(client: Client, cast: Cast) -> None:
    assert text(client, "/events.ics") == text(client, "/events.ics")


def test_anniversaries_come_every_year_and_only_for_known_days(client: Client, cast: Cast) -> None:
    make_event("Born on a leap day", "1960-02-29", "exercise")
    shown = {str(entry["summary"]): entry for entry in calendar(client, "/events.ics?anniversaries=yes")}
    assert list(shown) == [
        "The Soviet Union recognises North Korea (1948)",
        "Armistice halts the fighting of the Korean War (1953)",
        "Born on a leap day (1960)",
        "Kim shows Shoigu banned missiles at a defence exhibition (2023)",
    ]
    armistice, leap = list(shown.values())[1:3]
    assert armistice["rrule"].to_ical() == b"FREQ=YEARLY"
    assert armistice["dtstart"].dt == datetime.date(1953, 7, 27)
    assert leap["rrule"].to_ical() == b"FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2"


def test_calendar_of_one_event(client: Client, cast: Cast) -> None:
    (entry,) = calendar(client, f"/events/{cast.visit.slug}.ics")
    assert str(entry["url"]) == f"http://testserver{cast.visit.get_absolute_url()}"
    assert client.get(f"/events/{cast.draft.slug}.ics").status_code == 404
    assert client.get(f"/events/{cast.withdrawn.slug}.ics").status_code == 410


def test_calendars_of_days_and_anniversaries(client: Client, cast: Cast) -> None:
    shown = calendar(client, "/on-this-day/07-27.ics")
    assert [entry["dtstart"].dt.year for entry in shown] == [1953, 2023]
    found = {str(entry["summary"]): entry for entry in calendar(client, "/anniversaries/2028.ics")}
    armistice = found["75th anniversary: Armistice halts the fighting of the Korean War"]
    assert armistice["dtstart"].dt == datetime.date(2028, 7, 27)
    assert client.get("/on-this-day/02-30.ics").status_code == 404


# Both ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/events.atom", "/events.ics"])
def test_unchanged_is_not_sent_again(client: Client, cast: Cast, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_event("News", "2024-01-01")
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_other_sites_may_read_them(client: Client, cast: Cast) -> None:
    response = client.get("/events.ics?country=PRK&country=RUS")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Content-Disposition"] == 'inline; filename="annals-north-korea-or-russia.ics"'


def test_what_is_not_understood_is_named_in_the_format_asked_for(client: Client, cast: Cast) -> None:
    response = client.get("/events.ics?anniversaries=sometimes&country=XXX")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    lines = response.content.decode().splitlines()
    assert [line.split(":")[0] for line in lines] == ["400 Bad Request", "country=XXX", "anniversaries=sometimes"]
    response = client.get("/events.atom?importance=<9>")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+xml")
    root = ElementTree.fromstring(response.content)
    assert root.findtext(".//{urn:ietf:rfc:7807}parameter") == "importance"
    assert root.findtext(".//{urn:ietf:rfc:7807}value") == "<9>"
