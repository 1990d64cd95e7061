"""The timeline as a document: its shape, its pages, and what it says of what it does not understand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, make_event, make_places
from timeline.filters import PARAMETERS

pytestmark = pytest.mark.django_db


def document(client: Client, query: str = "", status: int = 200) -> dict[str, Any]:
    response = client.get(f"/events.json?{query}")
    assert response.status_code == status
    assert response.headers["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    found: dict[str, Any] = response.json()
    return found


def test_document_has_the_events_their_number_and_their_datasets(client: Client, cast: Cast) -> None:
    found = document(client, "category=peace")
    assert list(found) == ["query", "certain", "possible", "count", "next", "events", "datasets"]
    assert (found["query"], found["count"], found["certain"], found["possible"], found["next"]) == (
        "category=peace",
        1,
        1,
        0,
        None,
    )
    assert found["datasets"] == [
        {
            "slug": "chronicle",
            "name": "Chronicle",
            "publisher": "The Gazette",
            "licence": "CC BY 4.0",
            "citation": "Chronicle, 2024",
        }
    ]
    assert found["events"] == [
        {
            "id": "armistice",
            "dataset": "chronicle",
            "slug": "armistice-halts-the-fighting-of-the-korean-war",
            "title": "Armistice halts the fighting of the Korean War",
            "summary": "",
            "date": "1953-07-27",
            "place": "Panmunjom",
            "latitude": None,
            "longitude": None,
            "category": "peace",
            "importance": 5,
            "countries": [{"country": code, "role": "participant"} for code in ("PRK", "CHN", "USA")],
            "source_count": 2,
            "url": "/events/armistice-halts-the-fighting-of-the-korean-war/",
            "date_in_words": "27 July 1953",
            "day": "1953-07-27",
            "earliest": "1953-07-27",
            "latest": "1953-07-27",
            "precision": "day",
        }
    ]


def test_open_end_is_null(client: Client, cast: Cast) -> None:
    (event,) = document(client, "category=sanctions")["events"]
    assert (event["date"], event["earliest"], event["latest"]) == ("2006-10-14/..", "2006-10-14", None)


def test_certain_and_possible_are_counted_apart(client: Client, cast: Cast) -> None:
    found = document(client, "from=1950-07-15&to=1953-12-31")
    assert (found["count"], found["certain"], found["possible"]) == (2, 1, 1)


def test_document_shows_what_the_page_shows(client: Client, cast: Cast) -> None:
    found = document(client, "country=PRK&country=RUS&match=all&from=2023-07&to=2023-07")
    assert [event["title"] for event in found["events"]] == [cast.visit.title, cast.exhibition.title]


def test_drafts_and_withdrawn_events_are_not_in_it(client: Client, cast: Cast) -> None:
    found = document(client)
    assert [event["slug"] for event in found["events"]] == [event.slug for event in cast.published]
    assert found["count"] == 6


def test_pages_lead_from_one_to_the_next(client: Client, db: None) -> None:
    make_places()
    for number in range(120):
        make_event(f"Event {number}", str(1900 + number))
    found = document(client, "order=newest&importance=2")
    titles = [event["title"] for event in found["events"]]
    assert found["count"] == 120
    assert found["next"].startswith("http://testserver/events.json?importance=2&order=newest&after=1990-01-01.")
    while found["next"]:
        found = client.get(found["next"]).json()
        titles += [event["title"] for event in found["events"]]
    assert titles == [f"Event {number}" for number in reversed(range(120))]


def test_what_is_not_understood_is_named(client: Client, cast: Cast) -> None:
    found = document(client, "country=XXX&importance=9&colour=red&from=1953-13", 400)
    assert (found["status"], found["title"]) == (400, "Bad Request")
    assert [(problem["parameter"], problem.get("value", "")) for problem in found["errors"]] == [
        ("colour", ""),
        ("from", "1953-13"),
        ("country", "XXX"),
        ("importance", "9"),
    ]
    assert found["errors"][0]["detail"] == f"This parameter is not known. Known are: {', '.join(PARAMETERS)}."
    assert found["errors"][3]["detail"] == "Allowed are: 1, 2, 3, 4, 5."


def test_letters_of_every_script_are_written_as_they_are(client: Client, cast: Cast) -> None:
    make_event("전승절", "1973-07-27")
    assert "전승절" in client.get("/events.json?from=1973&to=1973").content.decode()
