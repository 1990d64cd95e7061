"""Every page of the admin answers, to those who may see it."""

from __future__ import annotations

import datetime

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils.html import escape

from tests.admin.conftest import event, rows
from timeline.models import Actor, Correction, Coverage, Dataset, Story, StoryEvent

MODELS = ["event", "country", "category", "actor", "dataset", "coverage", "story", "correction"]


@pytest.fixture
def one_of_each() -> dict[str, object]:
    made = event()
    dataset = Dataset.objects.create(slug="own", name="Own", publisher="Annals", licence="CC0", citation="Annals")
    story = Story.objects.create(title="A visit", slug="a-visit", takeaways=["One.", "Two."])
    StoryEvent.objects.create(story=story, event=made, position=1)
    return {
        "event": made.pk,
        "country": "PRK",
        "category": "peace",
        "actor": Actor.objects.create(slug="kim", name="Kim", country_id="PRK").pk,
        "dataset": dataset.pk,
        "coverage": Coverage.objects.create(dataset=dataset, first_text="1945", last_text="2024").pk,
        "story": story.pk,
        "correction": Correction.objects.create(event=made, message="Wrong place.").pk,
    }


@pytest.mark.parametrize("model", MODELS)
def test_lists_forms_histories_and_deletion_answer(
    admin_client: Client, model: str, one_of_each: dict[str, object]
) -> None:
    start = f"/admin/timeline/{model}/"
    key = one_of_each[model]
    pages = [start, f"{start}?q=a", f"{start}{key}/change/", f"{start}{key}/history/", f"{start}{key}/delete/"]
    assert {page: admin_client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert admin_client.get(f"{start}add/").status_code == (403 if model == "correction" else 200)


@pytest.mark.parametrize("model", [model for model in admin.site._registry if model._meta.app_label == "timeline"])
def test_an_empty_list_says_what_to_do_first(admin_client: Client, model: type[Model]) -> None:
    model._default_manager.all().delete()
    address = f"/admin/timeline/{model._meta.model_name}/"
    words = admin.site._registry[model].when_empty  # type: ignore[attr-defined]  # ours have it
    assert f"<p>{escape(words)}" in admin_client.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "28 November 2026, 14:10"), ("ko", "2026년 11월 28일 2:10 오후")]
)
def test_lists_and_our_own_pages_write_times_as_the_language_does(
    admin_client: Client, language: str, words: str
) -> None:
    moment = datetime.datetime(2026, 11, 28, 14, 10, tzinfo=datetime.UTC)
    made = event()
    Correction.objects.create(event=made, message="Wrong place.")
    Correction.objects.update(created=moment)
    made.history.update(history_date=moment)
    for page in ("correction/", f"event/{made.pk}/history/"):
        shown = admin_client.get(f"/admin/timeline/{page}", headers={"Accept-Language": language})
        assert words in shown.content.decode()


def test_the_list_says_that_a_long_message_goes_on(admin_client: Client) -> None:
    Correction.objects.create(event=event(), message="Which day? " * 6)
    assert f"{'Which day? ' * 5}Whic…</a>" in admin_client.get("/admin/timeline/correction/").content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_strangers_are_sent_to_sign_in(client: Client, model: str) -> None:
    answer = client.get(f"/admin/timeline/{model}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/admin/login/?next=/admin/timeline/{model}/")


def test_the_header_says_where_one_is_and_leads_to_the_site(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    assert '<a href="/admin/">Annals – editing</a>' in page
    assert '<a href="/">View site</a>' in page


def test_takeaways_are_edited_one_a_line(admin_client: Client, one_of_each: dict[str, object]) -> None:
    address = f"/admin/timeline/story/{one_of_each['story']}/change/"
    assert "One.\nTwo.</textarea>" in admin_client.get(address).content.decode()
    sent = {"title": "A visit", "slug": "a-visit", "takeaways": "One.\r\n\r\n Three. "} | rows("story_events")
    assert admin_client.post(address, sent).status_code == 302
    assert Story.objects.get().takeaways == ["One.", "Three."]


def test_a_story_tells_its_events_in_order(admin_client: Client) -> None:
    first, second = event("One"), event("Two", "1953-07-28")
    told = rows("story_events", {"event": second.pk, "position": "2"}, {"event": first.pk, "position": "1"})
    answer = admin_client.post("/admin/timeline/story/add/", {"title": "A", "slug": "a", "takeaways": ""} | told)
    assert answer.status_code == 302
    assert [row.event for row in StoryEvent.objects.all()] == [first, second]


def test_coverage_is_entered_as_people_write_dates(admin_client: Client) -> None:
    sent = {"first_text": "1945", "last_text": "July 1953", "countries": ["PRK"]}
    assert admin_client.post("/admin/timeline/coverage/add/", sent).status_code == 302
    made = Coverage.objects.get()
    assert (str(made.first_day), str(made.last_day)) == ("1945-01-01", "1953-07-31")
    assert [country.code for country in made.countries.all()] == ["PRK"]
