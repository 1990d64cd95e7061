"""Select boxes that search: countries under any of their names, events with their dates."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event
from timeline.models import EventName

PICKER = "/admin/timeline/country/picker/"


def answers(client: Client, term: str, model: str = "participation", field: str = "country") -> list[dict[str, Any]]:
    asked = {"app_label": "timeline", "model_name": model, "field_name": field, "term": term}
    results: list[dict[str, Any]] = client.get(PICKER, asked).json()["results"]
    return results


@pytest.mark.parametrize(
    ("term", "codes"),
    [
        ("prk", ["PRK"]),
        ("north", ["PRK"]),
        ("조선", ["PRK"]),
        ("россия", ["RUS"]),
        ("中国", ["CHN"]),
        ("DPRK", ["PRK"]),
        ("rus", ["RUS", "BLR"]),
        ("korea", ["PRK"]),
        ("federation", ["RUS"]),
        ("atlantis", []),
        ("%", []),
        ("", ["BLR", "CHN", "PRK", "RUS"]),
    ],
)
def test_a_country_is_found_by_code_name_and_other_names(admin_client: Client, term: str, codes: list[str]) -> None:
    assert [answer["id"] for answer in answers(admin_client, term)] == codes


def test_an_answer_carries_the_flag(admin_client: Client) -> None:
    assert answers(admin_client, "PRK") == [
        {"id": "PRK", "text": "North Korea (PRK)", "flag": "/static/root/favicon.ico"}
    ]


def test_an_event_is_found_by_what_a_side_calls_it_and_shows_its_date(admin_client: Client) -> None:
    made = event()
    EventName.objects.create(event=made, name="전승절", country_id="PRK")
    assert answers(admin_client, "전승절", "relation", "target") == [
        {"id": str(made.pk), "text": "Armistice halts the fighting (27 July 1953)"}
    ]


def test_the_chosen_country_keeps_its_flag(admin_client: Client) -> None:
    page = admin_client.get(f"/admin/timeline/event/{event().pk}/change/").content.decode()
    assert 'data-flag="/static/root/favicon.ico"' in page


def test_strangers_find_nothing(client: Client, django_user_model: Any) -> None:
    asked = {"app_label": "timeline", "model_name": "participation", "field_name": "country", "term": "PRK"}
    assert client.get(PICKER, asked).status_code == 302
    client.force_login(django_user_model.objects.create_user("clerk", is_staff=True))
    assert client.get(PICKER, asked).status_code == 403
