"""What a search found is kept in the snapshot of the index, word by word, while nothing changes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event
from timeline import index, search
from timeline.index.kept import Kept
from timeline.index.snapshot import Snapshot
from timeline.words import parse

# Nothing is kept inside a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def test_answers_are_kept_for_their_revision(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = index.current()
    assert len(before.holding(parse("korea"))) == 2
    with django_assert_num_queries(0):
        assert len(before.of_every_status().holding(parse("korea"))) == 2
    make_event("Korea again", "1951")
    assert len(index.current().holding(parse("korea"))) == 3
    assert client.get("/events.json", {"q": "korea"}).json()["count"] == 3


def test_word_that_was_asked_for_is_there_beside_other_words(cast: Cast) -> None:
    snapshot = index.current()
    assert searches(snapshot, "korea") == 1
    assert searches(snapshot, "korea sanctions") == 1
    assert searches(snapshot, "korea sanctions -truce") == 1
    assert searches(snapshot, "sanctions -truce") == 0


def test_words_that_nobody_asked_for_are_asked_together(cast: Cast) -> None:
    assert searches(index.current(), "korea sanctions armistice -truce") == 1


def searches(snapshot: Snapshot, typed: str) -> int:
    """How often the text engine is asked."""
    with CaptureQueriesContext(connection) as captured:
        snapshot.holding(parse(typed))
    return sum("timeline_searchtext" in query["sql"] for query in captured)


def test_words_find_the_same_in_whatever_order_they_are_asked_for(cast: Cast) -> None:
    desk = index.of_every_status()
    asked = [parse(typed) for typed in ("korea", "korea armistice", "arm* -korea", "-korea", "taejon", "fight* around")]
    found = {query: desk.with_ids(search.matching_ids(query)) for query in asked}
    expected = {query: desk.alive - some if query.only_excludes else some for query, some in found.items()}
    chance = random.Random(1953)
    for _round in range(30):
        snapshot = replace(desk, words=Kept(3))
        for query in chance.choices(asked, k=8):
            assert [*snapshot.holding(query)] == [*expected[query]]
