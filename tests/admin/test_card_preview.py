"""The card below the form shows what the form says, and stores nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import form_of_event, rows
from timeline.models import Event

CARD = "/admin/timeline/event/card/"


def test_the_card_shows_what_the_form_says(admin_client: Client, django_assert_max_num_queries: Any) -> None:
    sent = form_of_event(place="Panmunjom", summary="Three <b>years</b>", status="published")
    sent |= rows("participations", {"country": "PRK", "role": "participant"}, {"country": "CHN", "role": "participant"})
    sent |= rows("sources", {"publisher": "United Nations", "kind": "treaty", "stance": "supports"})
    with django_assert_max_num_queries(6):
        answer = admin_client.post(CARD, sent)
    page = answer.content.decode()
    shown = ["Armistice halts the fighting", "27 July 1953", 'alt="North Korea"', "Panmunjom", "1 source", "card--5"]
    assert [words for words in shown if words not in page] == []
    assert "<b>" not in page
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    "missing", [{"title": ""}, {"date": "31 February"}, {"category": "no-such"}, {"category": ""}, {"date": ""}]
)
def test_what_is_no_card_yet_says_what_is_missing(admin_client: Client, missing: dict[str, str]) -> None:
    answer = admin_client.post(CARD, form_of_event(**missing))
    assert (answer.status_code, "once there is a title, a date and a category" in answer.content.decode()) == (
        200,
        True,
    )


@pytest.mark.parametrize("country", ["XXX", "", "P" * 300])
def test_countries_that_are_none_are_left_out(admin_client: Client, country: str) -> None:
    sent = form_of_event() | rows("participations", {"country": country, "role": "host"})
    answer = admin_client.post(CARD, sent)
    assert (answer.status_code, "card__flags" in answer.content.decode()) == (200, False)


def test_only_our_own_pages_may_frame_it(admin_client: Client) -> None:
    headers = admin_client.get(CARD).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "frame-src 'self'" in admin_client.get("/admin/timeline/event/add/").headers["Content-Security-Policy"]


def test_readers_get_no_card(client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.post(CARD, form_of_event()).status_code == 302
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert client.post(CARD, form_of_event()).status_code == 403
