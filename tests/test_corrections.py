"""Readers report mistakes: without an account, within limits, seen by editors alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cast import Cast
from timeline.models import Correction, Event, SlugRedirect

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def address(event: Event) -> str:
    return f"{event.get_absolute_url()}correction/"


def send(client: Client, event: Event, **fields: str) -> int:
    sent = {
        "message": "It was Wednesday.",
        "source_url": "https://example.org/a",
        "email": "",
        "credit": "",
        "website": "",
    }
    return client.post(address(event), sent | fields).status_code


def test_the_event_page_leads_to_the_form_and_stays_the_same_for_everyone(client: Client, cast: Cast) -> None:
    page = client.get(cast.visit.get_absolute_url())
    assert f'href="{address(cast.visit)}"' in page.content.decode()
    assert (page.cookies, "csrfmiddlewaretoken" in page.content.decode()) == ({}, False)


def test_a_report_is_kept_for_the_editors_and_not_shown(client: Client, cast: Cast) -> None:
    assert send(client, cast.visit, email="reader@example.org", credit="A reader") == 200
    kept = Correction.objects.get()
    assert (kept.event, kept.message, kept.credit, kept.state) == (cast.visit, "It was Wednesday.", "A reader", "open")
    assert "127.0.0.1" not in kept.sender
    public = [cast.visit.get_absolute_url(), f"{cast.visit.get_absolute_url()}history/", address(cast.visit)]
    assert [path for path in public if "It was Wednesday." in client.get(path).content.decode()] == []


def test_the_form_comes_into_the_page_as_a_fragment(client: Client, cast: Cast) -> None:
    answer = client.get(address(cast.visit), headers=PARTIAL)
    text = answer.content.decode()
    assert (text.lstrip().startswith("<section"), "csrfmiddlewaretoken" in text) == (True, True)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"message": ""}, "This field is required."),
        ({"message": "x" * 2001}, "at most 2000 characters"),
        ({"message": "<script>"}, "Markup such as"),
        ({"source_url": "javascript:alert(1)"}, "is not a web address"),
        ({"email": "nobody"}, "valid email"),
        ({"credit": "\u202ename"}, "invisible"),
    ],
)
def test_a_bad_report_is_refused_beside_its_field(
    client: Client, cast: Cast, fields: dict[str, str], words: str
) -> None:
    sent = {"message": "Wrong.", "source_url": "", "email": "", "credit": ""} | fields
    answer = client.post(address(cast.visit), sent)
    assert (answer.status_code, words in answer.content.decode(), Correction.objects.count()) == (400, True, 0)


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(client: Client, cast: Cast) -> None:
    assert send(client, cast.visit, website="https://spam.example") == 200
    assert Correction.objects.count() == 0


def test_an_address_may_send_only_so_many_a_day(client: Client, cast: Cast, settings: Any) -> None:
    settings.CORRECTIONS_PER_DAY = 2
    assert [send(client, cast.visit) for _number in range(3)] == [200, 200, 429]
    assert Correction.objects.count() == 2
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert send(other, cast.visit) == 200


def test_what_readers_cannot_see_has_no_form(client: Client, cast: Cast) -> None:
    assert [send(client, event) for event in (cast.draft, cast.withdrawn)] == [404, 404]


def test_without_the_token_of_the_form_nothing_is_kept(cast: Cast) -> None:
    assert send(Client(enforce_csrf_checks=True), cast.visit) == 403
    assert Correction.objects.count() == 0


def test_an_edit_answers_the_report(client: Client, cast: Cast) -> None:
    send(client, cast.visit, credit="A reader")
    report = Correction.objects.get()
    client.force_login(User.objects.create_superuser("chief"))
    form = f"/admin/timeline/event/{cast.visit.pk}/change/"
    page = client.get(form, {"correction": report.pk}).content.decode()
    assert ("It was Wednesday." in page, "Thanks to A reader" in page) == (True, True)
    sent = {
        "title": "Another title",
        "slug": cast.visit.slug,
        "version": str(cast.visit.version),
        "date": "2023-07-26",
        "category": "diplomacy",
        "importance": "4",
        "reason": "The day was wrong. Thanks to A reader.",
        "correction": str(report.pk),
        "_save": "Save",
    }
    for prefix in ("participations", "actor_participations", "names", "sources", "relations"):
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert client.post(form, sent).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer) == ("accepted", "The day was wrong. Thanks to A reader.")
    assert "Thanks to A reader" in client.get(f"{cast.visit.get_absolute_url()}history/").content.decode()


def test_closing_without_a_change_needs_a_reason(client: Client, cast: Cast) -> None:
    send(client, cast.visit)
    report = Correction.objects.get()
    client.force_login(User.objects.create_superuser("chief"))
    form = f"/admin/timeline/correction/{report.pk}/change/"
    assert client.post(form, {"state": "rejected", "answer": ""}).status_code == 200
    assert client.post(form, {"state": "rejected", "answer": "Two sources say otherwise."}).status_code == 302
    report.refresh_from_db()
    assert report.state == "rejected"


# Addresses that events had before ------------------------------------------------------------------------------------


def test_an_old_address_leads_to_the_event_for_good(client: Client, cast: Cast) -> None:
    old, event = cast.visit.slug, cast.visit
    event.slug = "shoigu-in-pyongyang"
    event.save()
    moved = {
        f"/events/{old}/": "/events/shoigu-in-pyongyang/",
        f"/events/{old}.json": "/events/shoigu-in-pyongyang.json",
    }
    answers = {path: client.get(path) for path in moved}
    assert {path: (answer.status_code, answer.headers["Location"]) for path, answer in answers.items()} == {
        path: (301, there) for path, there in moved.items()
    }


def test_nobody_else_may_take_an_old_address_but_the_event_may_take_it_back(client: Client, cast: Cast) -> None:
    old, event = cast.visit.slug, cast.visit
    event.slug = "shoigu-in-pyongyang"
    event.save()
    other = Event.objects.create(
        title="Russia's defence minister visits Pyongyang", date="2023-07-25", category_id="diplomacy"
    )
    assert other.slug not in (old, event.slug)
    event.slug = old
    event.save()
    assert list(SlugRedirect.objects.values_list("slug", "event")) == [("shoigu-in-pyongyang", event.pk)]
    assert client.get(f"/events/{old}/").status_code == 200


def test_the_old_address_of_a_draft_tells_nothing(client: Client, cast: Cast) -> None:
    old, event = cast.draft.slug, cast.draft
    event.slug = "rumour"
    event.save()
    assert client.get(f"/events/{old}/").status_code == 404


def test_a_slug_that_somebody_else_takes_at_the_same_moment_is_replaced(cast: Cast) -> None:
    late = Event(title=cast.visit.title, date="2023-08-01", category_id="diplomacy")
    late.full_clean(exclude=["category"])
    Event.objects.create(title=late.title, date="2023-08-01", category_id="diplomacy", slug=late.slug)
    late.save()
    assert Event.objects.filter(title=late.title).count() == 3
