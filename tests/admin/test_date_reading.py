"""The date is read back while an editor types it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event

READING = "/admin/timeline/event/date-reading/"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("27 July 1953", ["One day: 27 July 1953, a Monday.", "<em>27 July 1953</em>"]),
        ("late July 2023", ["21–31 July 2023", "<em>late July 2023</em>"]),
        ("2023-07", ["Some day in July 2023", "<em>July 2023</em>"]),
        ("31 February 2020", ["does not exist", "For example:"]),
        ("25 June 1950 to 1949", ["ends (1949) before it begins", "For example:"]),
        ("05/06/2020", ["can be 5 June 2020 or 6 May 2020"]),
        ("", ["What you type is read here."]),
        ("<script>alert(1)</script>", ["For example:"]),
    ],
)
def test_a_date_is_read_back_or_the_problem_is_named(admin_client: Client, text: str, found: list[str]) -> None:
    answer = admin_client.get(READING, {"date": text})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [words for words in found if words not in page] == []
    assert "<script" not in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("27 July 1953", ["late July 1953", "July 1953", "1953", "27 July 1953 (uncertain)", "about 27 July 1953"]),
        ("circa 1950", ["the 1950s", "20th century", "1950 (uncertain)", "1950"]),
        ("late July 2023", ["July 2023", "2023", "the 2020s"]),
        ("[..1953]", []),
    ],
)
def test_what_the_date_can_become_is_offered(admin_client: Client, text: str, offered: list[str]) -> None:
    page = admin_client.get(READING, {"date": text}).content.decode()
    assert re.findall(r'<button type="button" value="([^"]+)"', page) == offered


@pytest.mark.parametrize("text", ["\x00", "9" * 100_000, "2023-13-45", "\ud83d", "99999-01-01", "../.."])
def test_nothing_that_is_typed_breaks_the_reading(admin_client: Client, text: str) -> None:
    answer = admin_client.get(READING, {"date": text.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200
    assert "reading-problem" in answer.content.decode()


def test_only_staff_get_a_reading(client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("reader"))
    answer = client.get(READING, {"date": "1953"})
    assert answer.status_code == 403
    assert "no longer signed in" in answer.content.decode()
    assert "1953" not in answer.content.decode()


def test_the_form_shows_how_the_stored_date_is_understood(admin_client: Client) -> None:
    page = admin_client.get(f"/admin/timeline/event/{event(date='1953-07').pk}/change/").content.decode()
    assert "Some day in July 1953" in page
    assert 'hx-get="/admin/timeline/event/date-reading/"' in page
