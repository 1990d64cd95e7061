"""No public request holds up the database: what takes too long is ended, and said to be."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.cast import Cast
from timeline import limits, search, urls
from timeline.index import fresh, reading
from timeline.models import Event

ENDLESS = {
    "sqlite": "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT max(n) FROM numbers",
    "postgresql": "SELECT pg_sleep(60)",
}

# Milliseconds. PostgreSQL goes by the clock, and on a busy machine an ordinary statement may wait for its turn.
SOON = {"sqlite": 50, "postgresql": 1000}


def count_for_ever() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS[connection.vendor])
        cursor.fetchall()


def endless(request: HttpRequest) -> HttpResponse:
    count_for_ever()
    return HttpResponse()


urlpatterns = [path("endless/", endless), path("endless.json", endless), *urls.urlpatterns]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A short limit, which is over after each test."""
    monkeypatch.setattr("timeline.middleware.STATEMENT", SOON[connection.vendor])
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)


@override_settings(ROOT_URLCONF=__name__)
def test_what_takes_too_long_is_ended_and_said_to_be(client: Client) -> None:
    page = client.get("/endless/")
    assert (page.status_code, page.headers["Retry-After"], page.headers["Cache-Control"]) == (503, "10", "no-store")
    assert "This takes longer than one page may." in page.content.decode()
    document = client.get("/endless.json")
    assert (document.status_code, document.json()["status"]) == (503, 503)


@override_settings(ROOT_URLCONF=__name__)
def test_next_request_is_answered_as_ever(cast: Cast, client: Client) -> None:
    assert [client.get(address).status_code for address in ("/endless/", "/", "/endless/", "/?q=korea")] == [
        503,
        200,
        503,
        200,
    ]


def test_limit_is_over_with_its_block(cast: Cast) -> None:
    with limits.at_most(SOON[connection.vendor]):
        assert Event.objects.count() == 8
    busy_until = time.process_time() + 0.1
    while time.process_time() < busy_until:
        pass
    assert Event.objects.filter(title__contains="a").exists()


def test_limit_inside_another_is_that_of_its_block() -> None:
    with limits.at_most(60_000):
        with pytest.raises(search.TooBroad), search.budget(20):
            count_for_ever()
        with limits.at_most(20), pytest.raises(OperationalError) as stopped:
            count_for_ever()
    assert limits.was_stopped(stopped.value)
    assert not limits.was_stopped(OperationalError("database is locked"))


def test_index_is_read_to_its_end_however_long_that_takes(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int | None] = []

    def columns(*arguments: object) -> object:
        told.append(limits._limit.get())
        return reading.columns(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(fresh, "columns", columns)
    assert client.get("/events.json").json()["count"] == 6
    assert told == [None]


FILTERED = (
    "/",
    "/events.json",
    "/events.csv",
    "/events.xlsx",
    "/events.annals.json",
    "/events.timelinejs.json",
    "/events.atom",
    "/events.ics",
    "/events.svg",
    "/events.png",
    "/card.png",
    "/embed/",
    "/on-this-day/07-27/",
    "/on-this-day/07-27.json",
    "/on-this-day/07-27.ics",
    "/anniversaries/2028/",
    "/anniversaries/2028.json",
    "/anniversaries/2028.ics",
    "/api/events",
    "/api/histogram",
    "/api/facets",
    "/api/on-this-day/07-27",
    "/api/anniversaries/2028",
)


@pytest.mark.parametrize("address", FILTERED)
def test_search_that_is_too_broad_is_refused_wherever_it_is_asked(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def too_broad(*asked: object) -> object:
        raise search.TooBroad

    monkeypatch.setattr(search, "matching_ids", too_broad)
    answer = client.get(address, {"q": "korea"})
    assert (answer.status_code, "too broad" in answer.content.decode()) == (400, True)
