"""The public history of an event."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cast import Cast, make_event, make_places
from tests.test_event_page import HISTORY_QUERIES, text_of


def test_history_begins_with_the_first_published_version(client: Client, db: None, editor: User) -> None:
    make_places()
    editor.email = "editor@annals.example"
    editor.save()
    event = make_event("Secret working title", "1953", status="draft", summary="A rumour.")
    event.title, event.status, event.summary = "Armistice", "published", "It was signed.\nIt held."
    event._history_user = editor  # type: ignore[attr-defined]
    event.save()
    event.status, event.summary = "draft", "Half-finished thought."
    event.save()
    event.status, event.summary = "published", "It was signed.\nIt did not hold."
    event.date, event.importance = "1953-07-27", 5
    event._change_reason = "The day is known."  # type: ignore[attr-defined]
    event.save()
    page = text_of(client, f"/events/{event.slug}/history/")
    for secret in ("Secret working title", "A rumour", "Half-finished", "editor@annals.example"):
        assert secret not in page
    for words in ("2 published versions", "The day is known.", "editor", "It held.", "It did not hold."):
        assert words in page
    assert page.index("Version 2") < page.index("Version 1")
    changes = page[page.index("Version 2") : page.index("Version 1")]
    for words in ("1953</del>", "27 July 1953</ins>", "3 · notable</del>", "5 · turning point</ins>"):
        assert words in changes
    assert "It was signed" not in changes


def test_history_names_dataset_and_category_and_cleared_places(client: Client, cast: Cast) -> None:
    event = cast.armistice
    event.dataset, event.external_id, event.category_id, event.place = None, "", "conflict", ""
    event.save()
    page = text_of(client, f"/events/{event.slug}/history/")
    for words in (
        '<del><span class="visually-hidden">removed:</span> Chronicle, ',
        "Ceasefire &amp; peace</del>",
        "Conflict</ins>",
        "Panmunjom</del>",
    ):
        assert words in page


def test_save_that_changed_no_field_says_so(client: Client, cast: Cast) -> None:
    cast.visit.save()
    assert "Saved without a change" in text_of(client, f"/events/{cast.visit.slug}/history/")


def test_public_history_shows_rows_and_only_published_events(client: Client, cast: Cast) -> None:
    event = cast.visit
    event._change_reason = "Who came, and where it is told."  # type: ignore[attr-defined]
    event.save()
    event.participations.create(country_id="CHN", role="mediator")
    event.sources.create(publisher="The Gazette", title="Guests arrive", published="2023-07-27", kind="newspaper")
    event.relations.create(kind="led_to", target=cast.draft)
    event.relations.create(kind="led_to", target=cast.exhibition)
    page = text_of(client, f"/events/{event.slug}/history/")
    for words in ("China · mediator</ins>", "Guests arrive", "27 July 2023", f"led to · {cast.exhibition.title}</ins>"):
        assert words in page
    assert cast.draft.title not in page
    assert cast.draft.slug not in page


@pytest.mark.parametrize("count", [1, 6])
def test_public_history_costs_the_same_however_long(
    client: Client, cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        cast.visit.summary = str(number)
        cast.visit.save()
        cast.visit.sources.create(publisher="A", title=str(number))
    address = f"/events/{cast.visit.slug}/history/"
    client.get(f"/events/{cast.visit.slug}/")
    # One less: it points at nothing.
    with django_assert_num_queries(HISTORY_QUERIES - 1):
        client.get(address)
