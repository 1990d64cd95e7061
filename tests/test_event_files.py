"""The events of a view as files: all of them, and the same as on the page."""

from __future__ import annotations

import csv
import html
import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event, make_places
from timeline import exports, index
from timeline.filters import EventFilter
from timeline.models import Vocabulary

pytestmark = pytest.mark.django_db


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    content: bytes = response.getvalue()
    return content


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    text = body(client, f"/events.csv?{query}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def slides(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body(client, f"/events.timelinejs.json?{query}"))["events"]
    return found


def workbook(client: Client, query: str = "") -> list[str]:
    """The titles in the rows of the workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(body(client, f"/events.xlsx?{query}"))).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    return [str(row[header.index("title")]) for row in rows]


def annals(client: Client, query: str = "") -> list[str]:
    return [event["title"] for event in json.loads(body(client, f"/events.annals.json?{query}"))["events"]]


@pytest.mark.parametrize("query", ["", "country=PRK&from=1950", "country=PRK&country=RUS&match=all&order=newest"])
def test_every_file_has_the_events_of_the_page(client: Client, cast: Cast, query: str) -> None:
    shown = [event["title"] for event in client.get(f"/events.json?{query}").json()["events"]]
    assert [row["title"] for row in table(client, query)] == shown
    assert [html.unescape(slide["text"]["headline"]) for slide in slides(client, query)] == shown
    assert workbook(client, query) == shown
    assert annals(client, query) == shown


def test_files_hold_all_events_and_not_only_a_page(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(exports.records, "PIECE", 50)
    make_places()
    for number in range(120):
        make_event(f"Event {number}", str(1900 + number), "peace", ("PRK",))
    wanted = [f"Event {number}" for number in range(120)]
    assert [row["title"] for row in table(client, "after=1950-01-01.1")] == wanted
    answer = index.answer(EventFilter(Vocabulary.current()))
    with django_assert_num_queries(3 * 6 + 1):
        assert sum(1 for _record in exports.records_of(answer)) == 120


def test_a_file_is_sent_in_few_pieces_and_the_first_at_once(client: Client, db: None) -> None:
    make_places()
    for number in range(100):
        make_event(f"Event {number}", str(1900 + number), "peace", ("PRK",))
    first, *rest = client.get("/events.annals.json")
    assert first.startswith(b'{"format"')
    assert len(rest) == 1


def test_relations_lead_to_events_of_the_file_alone(client: Client, cast: Cast) -> None:
    records = list(exports.records_of(index.answer(EventFilter(Vocabulary.current(), countries=("RUS",)))))
    visit, exhibition = (record for record in records if hasattr(record, "relations"))
    assert visit.relations == ()
    assert [relation.event for relation in exhibition.relations] == [cast.visit.slug]


def test_files_are_saved_under_the_name_of_the_view(client: Client, cast: Cast) -> None:
    response = client.get("/events.csv?category=peace")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="annals-ceasefire-peace.csv"'
    assert response.streaming


def test_unchanged_files_are_not_sent_again(client: Client, cast: Cast) -> None:
    for address in ("/events.csv", "/events.timelinejs.json"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.head(address).headers["ETag"] == first.headers["ETag"]


def test_what_is_not_understood_is_named_in_the_format_asked_for(client: Client, cast: Cast) -> None:
    response = client.get("/events.csv?country=XXX")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().splitlines()[1].startswith("country=XXX: ")
    response = client.get("/events.timelinejs.json?importance=9&colour=red")
    assert [problem["parameter"] for problem in response.json()["errors"]] == ["colour", "importance"]
