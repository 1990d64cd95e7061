"""Days of the year and anniversaries: the pages, what they refuse, and that the index counts as the database does."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django.fixtures import DjangoAssertNumQueries

from tests.cast import make_event, make_places
from timeline import anniversaries, dates, index
from timeline.anniversaries import DayOfYear, coming, in_year, on_day, remembered_between
from timeline.filters import EventFilter
from timeline.models import Event, Vocabulary

YEAR = timezone.localdate().year


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    make_places()


def answer(**asked: Any) -> index.Answer:
    return index.answer(EventFilter(Vocabulary.current(), **asked))


def titles(found: list[anniversaries.Anniversary]) -> list[str]:
    return [one.event.title for one in found]


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# A day ---------------------------------------------------------------------------------------------------------------


def test_a_day_shows_notable_anniversaries_first_and_then_the_other_years(client: Client) -> None:
    make_event("Older", f"{YEAR - 73}-07-27")
    make_event("Notable", f"{YEAR - 70}-07-27")
    make_event("Newer", f"{YEAR - 3}-07-27")
    make_event("Other day", f"{YEAR - 70}-07-28")
    response = client.get("/on-this-day/07-27/")
    found = response.context["found"]
    assert (titles(found.notable), titles(found.others)) == (["Notable"], ["Older", "Newer"])
    text = text_of(client, "/on-this-day/07-27/")
    places = [text.index(words) for words in ("70 years ago", "Notable", "73 years ago", "Older", "3 years ago")]
    assert places[0] < places[2] < places[4]
    assert "Other day" not in text


def test_without_a_day_it_is_today(client: Client) -> None:
    today = DayOfYear.of(timezone.localdate())
    make_event("Yesterday's", f"2000-{today.moved(-1)}")
    make_event("Of today", f"2000-{today}")
    response = client.get("/on-this-day/")
    assert response.context["is_today"]
    assert titles(response.context["found"].shown) == ["Of today"]
    assert f'rel="canonical" href="http://testserver/on-this-day/{today}/"' in response.content.decode()


def test_only_published_events_known_to_the_day_are_shown(client: Client) -> None:
    make_event("Known", "1953-07-27")
    for title, date in (("Month", "1953-07"), ("Span", "1953-07-27/1953-07-28"), ("Open", "1953-07-27/..")):
        make_event(title, date)
    for status in ("draft", "in_review", "withdrawn"):
        make_event(f"Hidden {status}", "1953-07-27", status=status, importance=5)
    found = client.get("/on-this-day/07-27/").context["found"]
    assert (titles(found.shown), found.total) == (["Known"], 1)
    for address in (
        "/on-this-day/07-27/",
        "/on-this-day/07-27.json",
        f"/anniversaries/{YEAR}/",
        "/anniversaries/2023.json",
    ):
        assert "Hidden" not in client.get(address).content.decode()


def test_the_day_is_reached_from_its_neighbours_and_the_year_goes_round(client: Client) -> None:
    new_year = client.get("/on-this-day/01-01/").content.decode()
    assert 'rel="prev" href="/on-this-day/12-31/"' in new_year
    assert 'rel="next" href="/on-this-day/01-02/"' in new_year
    leap_day = client.get("/on-this-day/02-29/").content.decode()
    assert 'rel="prev" href="/on-this-day/02-28/"' in leap_day
    assert 'rel="next" href="/on-this-day/03-01/"' in leap_day


def test_an_empty_day_leads_to_the_next_one_with_events(client: Client) -> None:
    make_event("Only one", "1953-07-27")
    assert client.get("/on-this-day/08-01/").context["nearest"] == DayOfYear(7, 27)
    assert "Next day with events: 27 July" in text_of(client, "/on-this-day/08-01/")


def test_the_picker_links_every_day_of_the_month_with_its_count(client: Client) -> None:
    make_event("One", "1953-02-27")
    make_event("Another", "1996-02-27")
    page = client.get("/on-this-day/02-10/").content.decode()
    assert len(re.findall(r'class="picker__day[ "]', page)) == 29
    assert 'aria-label="27 February, 2 events"' in page
    assert 'href="/on-this-day/11-10/"' in page


@pytest.mark.parametrize("day", ["02-30", "13-01", "00-10", "7-27", "0727", "07-27x", "٠٧-٢٧", "july"])
def test_what_is_no_day_is_named_with_what_would_be(client: Client, day: str) -> None:
    for address in (f"/on-this-day/{day}/", f"/on-this-day/{day}.json"):
        response = client.get(address)
        assert response.status_code == 404
        assert day in response.content.decode()
        assert "from 01-01 to 12-31" in response.content.decode()


# 29 February ---------------------------------------------------------------------------------------------------------


def test_29_february_is_shown_on_the_28th_where_there_is_none() -> None:
    make_event("Leap day", "2012-02-29")
    make_event("The day before", "2012-02-28")
    day = DayOfYear(2, 28)
    common, leap = on_day(answer(), day, 2027), on_day(answer(), day, 2028)
    assert (titles(common.shown), common.has_moved) == (["The day before", "Leap day"], True)
    assert (titles(leap.shown), leap.has_moved) == (["The day before"], False)
    assert titles(on_day(answer(), DayOfYear(2, 29), 2027).shown) == ["Leap day"]


def test_29_february_is_remembered_only_after_it_happened() -> None:
    make_event("Leap day", "2028-02-29")
    assert on_day(answer(), DayOfYear(2, 28), 2027).total == 0


def test_the_pages_say_where_29_february_went(client: Client) -> None:
    make_event("Leap day", "2012-02-29")
    on_28, on_29 = text_of(client, "/on-this-day/02-28/"), text_of(client, "/on-this-day/02-29/")
    assert "Leap day" in on_29
    if calendar.isleap(YEAR):
        assert "has no 29 February" not in on_28 + on_29
    else:
        assert f"{YEAR} has no 29 February" in on_28
        assert f"{YEAR} has no 29 February" in on_29
        assert "29 February 2012" in on_28
    assert "28 February 29 February 2012" in text_of(client, "/anniversaries/2037/")


# A year --------------------------------------------------------------------------------------------------------------


def test_a_year_goes_month_by_month_with_the_notable_and_important_ones_first(client: Client) -> None:
    make_event("Routine, notable", "2018-07-01", importance=1)
    make_event("Armistice", "1953-07-27", importance=5)
    make_event("Odd", "1951-07-10", importance=5)
    make_event("Recognition", "1948-10-12", importance=2)
    make_event("To come", "2028-07-01")
    months = client.get("/anniversaries/2028/").context["months"]
    july = months[6]
    assert [len(month.notable) for month in months] == [0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0]
    assert (titles(july.notable), titles(july.others)) == (["Armistice", "Routine, notable"], ["Odd"])
    assert [one.number for one in july.notable] == [75, 10]
    page = client.get("/anniversaries/2028/").content.decode()
    assert 'rel="prev" href="/anniversaries/2027/"' in page
    assert 'rel="next" href="/anniversaries/2029/"' in page


@pytest.mark.parametrize("year", [1, 2, 100, 9999])
def test_every_year_of_the_calendar_has_its_page(client: Client, year: int) -> None:
    make_event("The first day", "0001-01-01")
    make_event("The last day", "9999-12-31")
    response = client.get(f"/anniversaries/{year}/")
    assert response.status_code == 200
    assert response.context["total"] == (1 if year > 1 else 0)
    assert (response.context["previous"], response.context["following"]) == (
        year - 1 if year > 1 else None,
        year + 1 if year < 9999 else None,
    )


@pytest.mark.parametrize("year", ["0", "10000", "-5", "02028", "٢٠٢٨", "soon"])
def test_what_is_no_year_is_named_with_what_would_be(client: Client, year: str) -> None:
    for address in (f"/anniversaries/{year}/", f"/anniversaries/{year}.json"):
        response = client.get(address)
        assert response.status_code == 404
        assert "from 1 to 9999" in response.content.decode()


def test_anniversaries_lead_to_this_year_with_their_filter(client: Client) -> None:
    response = client.get("/anniversaries/?country=PRK")
    assert (response.status_code, response["Location"]) == (302, f"/anniversaries/{YEAR}/?country=PRK")


# Filters -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/on-this-day/07-27", "/anniversaries/2028"])
def test_the_timelines_filter_narrows_them_and_has_one_canonical_address(client: Client, address: str) -> None:
    make_event("Northern", "1953-07-27", countries=("PRK",))
    make_event("Southern", "1953-07-27", countries=("KOR",))
    page = client.get(f"{address}/?match=any&country=prk&importance=1").content.decode()
    assert "Northern" in page
    assert "Southern" not in page
    assert f'<link rel="canonical" href="http://testserver{address}/?country=PRK">' in page
    assert "Only: North Korea" in page
    assert [event["title"] for event in client.get(f"{address}.json?country=PRK").json()["events"]] == ["Northern"]


@pytest.mark.parametrize("name", ["colour", "lanes", "lane", "after", "event"])
def test_a_parameter_without_meaning_here_is_refused_by_name(client: Client, name: str) -> None:
    for address in ("/on-this-day/07-27", "/anniversaries/2028"):
        page = client.get(f"{address}/?country=PRK&{name}=country")
        assert page.status_code == 400
        assert f"<code>{name}" in page.content.decode()
        assert f'href="{address}/?country=PRK"' in page.content.decode()
        document = client.get(f"{address}.json?{name}=country")
        assert document.status_code == 400
        assert [problem["parameter"] for problem in document.json()["errors"]] == [name]


# Data, validators, bounds --------------------------------------------------------------------------------------------


def test_a_day_as_data_has_the_anniversary_of_each_event(client: Client) -> None:
    make_event("Armistice", f"{YEAR - 75}-07-27")
    found = client.get("/on-this-day/07-27.json").json()
    assert (found["day"], found["year"], found["count"]) == ("07-27", YEAR, 1)
    assert found["events"][0]["title"] == "Armistice"
    assert found["events"][0]["anniversary"] == {"date": f"{YEAR}-07-27", "number": 75, "is_notable": True}


def test_a_year_as_data_is_in_the_order_of_its_days(client: Client) -> None:
    make_event("Later", "1953-07-27", importance=5)
    make_event("Leap day", "2012-02-29")
    found = client.get("/anniversaries/2037.json").json()
    assert (found["year"], found["count"]) == (2037, 2)
    assert [event["anniversary"]["date"] for event in found["events"]] == ["2037-02-28", "2037-07-27"]


@pytest.mark.parametrize("address", ["/on-this-day/07-27/", "/on-this-day/07-27.json", "/anniversaries/2028/"])
def test_it_is_sent_again_only_after_a_change(client: Client, address: str) -> None:
    make_event("Armistice", "1953-07-27")
    tag = client.get(address)["ETag"]
    assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert client.get(f"{address}?country=PRK", HTTP_IF_NONE_MATCH=tag).status_code == 200
    make_event("Exhibition", "2023-07-27")
    assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_more_events_need_no_more_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_event(f"Event {number}", f"{1950 + number}-07-27", countries=("PRK", "RUS"))
    client.get("/on-this-day/01-01/")
    for address in (
        "/on-this-day/07-27/",
        "/anniversaries/2028/",
        "/on-this-day/07-27.json",
        "/anniversaries/2028.json",
    ):
        # The revision, the events, their participations, the countries of those.
        with django_assert_num_queries(4):
            client.get(address)


def test_a_full_day_and_a_full_month_say_how_many_more_there_are(client: Client) -> None:
    Event.objects.bulk_create(
        [
            Event(
                title=f"Event {n}", slug=f"event-{n}", date=date, category_id="peace", status="published", importance=2
            )
            for n, date in enumerate(["1953-07-27"] * 150 + ["1951-07-27"] * 80)
        ]
    )
    assert "30 more events, less important, are not shown" in text_of(client, "/on-this-day/07-27/")
    july = in_year(answer(), 2028)[6]
    assert (len(july.notable), july.hidden_notable, len(july.others), july.hidden_others) == (16, 134, 20, 60)
    text = text_of(client, "/anniversaries/2028/")
    assert "134 more notable anniversaries" in text
    assert "60 more are not shown" in text


# The days to come ----------------------------------------------------------------------------------------------------


def test_the_coming_ones_are_notable_important_near_and_in_order() -> None:
    today = datetime.date(2027, 12, 20)
    make_event("In the new year", "1968-01-21", importance=4)
    make_event("Today", "2017-12-20", importance=3)
    make_event("Too small", "2017-12-21", importance=2)
    make_event("Not notable", "2016-12-21", importance=5)
    make_event("Too late", "1968-03-21", importance=5)
    make_event("Over", "2017-12-19", importance=5)
    make_event("Draft", "2017-12-22", importance=5, status="draft")
    found = coming(answer(), today)
    assert [(one.event.title, one.number, one.date.isoformat()) for one in found] == [
        ("Today", 10, "2027-12-20"),
        ("In the new year", 60, "2028-01-21"),
    ]


def test_at_most_six_come_and_those_are_the_most_important() -> None:
    for day in range(1, 10):
        make_event(f"Day {day}", f"2017-05-0{day}", importance=3 + day % 2)
    found = coming(answer(), datetime.date(2027, 5, 1))
    assert [one.event.importance for one in found].count(4) == 5
    assert (len(found), found) == (6, sorted(found, key=lambda one: one.date))


def test_the_front_page_names_them_only_while_nothing_is_filtered(client: Client) -> None:
    then = timezone.localdate() - relativedelta(years=25)
    make_event("Soon remembered", then.isoformat(), countries=("PRK",))
    assert titles(client.get("/").context["coming"]) == ["Soon remembered"]
    assert "Anniversaries to come" in text_of(client, "/")
    assert "Anniversaries to come" not in text_of(client, "/?country=PRK")


def test_the_last_days_of_the_calendar_have_nothing_to_come() -> None:
    make_event("Old", "1953-07-27", importance=5)
    assert coming(answer(), datetime.date.max) == []
    assert coming(answer(), datetime.date.min) == []


# Laws ----------------------------------------------------------------------------------------------------------------

DATES = st.dates(datetime.date(1990, 1, 1), datetime.date(2010, 12, 31))


@given(first=DATES, days=st.integers(0, 70), number=st.integers(1, 30), day=DATES)
@example(first=datetime.date(2009, 2, 28), days=0, number=1, day=datetime.date(2008, 2, 29))
@example(first=datetime.date(2008, 2, 29), days=0, number=1, day=datetime.date(2007, 2, 28))
def test_what_is_remembered_in_a_range_is_what_has_its_anniversary_there(
    first: datetime.date, days: int, number: int, day: datetime.date
) -> None:
    last = first + datetime.timedelta(days=days)
    span = remembered_between(number, first, last)
    there = dates.anniversary(day, day.year + number)
    assert (span is not None and span[0] <= day <= span[1]) == (there is not None and first <= there <= last)


@given(day=st.dates(), days=st.integers(-800, 800))
def test_days_of_the_year_go_round(day: datetime.date, days: int) -> None:
    start = DayOfYear.of(day)
    assert DayOfYear.parse(str(start)) == start
    assert start.moved(days).moved(-days) == start.moved(366) == start


def test_the_index_finds_on_each_day_what_the_database_finds() -> None:
    days = [
        "0001-01-01",
        "0004-02-29",
        "1900-02-28",
        "1969-12-31",
        "1970-01-01",
        "1953-07-27",
        "2000-02-29",
        "2023-07-27",
    ]
    for number, date in enumerate([*days, "9999-12-31", "1953-07", "1953-07-27/1953-07-29", "1953?", "../1953-07-27"]):
        make_event(f"Event {number}", date)
    make_event("Draft", "1953-07-27", status="draft")
    counted = answer()
    expected = {}
    for month, day in [
        (d.month, d.day) for d in (datetime.date(2000, 1, 1) + datetime.timedelta(n) for n in range(366))
    ]:
        published: QuerySet[Event] = Event.objects.published().on_day_of_year(month, day)
        ids = sorted(published.values_list("pk", flat=True))
        found = counted.on_day_of_year(month, day)
        assert sorted(counted.most_important(99, found)) == ids
        if ids:
            expected[month, day] = len(ids)
    assert counted.days_of_year() == expected
    assert sum(expected.values()) == 9


def test_addresses_have_names() -> None:
    assert reverse("on_this_day") == "/on-this-day/"
    assert reverse("on_this_day_of", args=["07-27"]) == "/on-this-day/07-27/"
    assert reverse("anniversaries_of", args=[2028]) == "/anniversaries/2028/"
