"""The admin in a browser: an event is added as a new editor would, and no page breaks the security policy."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from tests.browser.signing_in import sign_in, sign_in_by_form
from timeline.models import Actor, Category, Country, Event, Participation, Source, Story


@pytest.fixture
def world(transactional_db: None) -> None:
    User.objects.create_superuser("editor", password="pw")
    flag = "root/favicon.ico"
    Country.objects.create(code="PRK", name="North Korea", aliases=["DPRK"], flag=flag)
    Country.objects.create(code="RUS", name="Russia", flag=flag)
    Country.objects.create(code="BLR", name="Belarus", flag=flag)
    Category.objects.create(slug="diplomacy", name="Diplomacy & visits", position=1)


def pick(page: Page, row: Locator, text: str, shown: str) -> None:
    """Choose in a row's first select box that searches."""
    row.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").last.fill(text)
    page.locator(".select2-results__option", has_text=shown).first.click()


def test_an_event_is_added_on_one_screen_and_published(page: Page, world: None) -> None:
    sign_in_by_form(page)
    page.goto("/admin/timeline/event/add/")
    page.fill("#id_title", "Russia's defence minister visits Pyongyang")
    page.select_option("#id_category", "diplomacy")
    page.locator("#id_date").press_sequentially("late July 2023")
    expect(page.locator("#date-reading")).to_contain_text("Shown as late July 2023")

    for number, (text, shown, role) in enumerate([("dprk", "North Korea", "host"), ("rus", "Russia", "visitor")]):
        row = page.locator(f"#participations-{number}")
        pick(page, row, text, shown)
        expect(row.locator(".select2-selection img.flag")).to_be_visible()
        row.locator("select[name$=role]").select_option(role)

    source = page.locator("#sources-0")
    source.locator("[name$=publisher]").fill("KCNA")
    source.locator("[name$=title]").fill("Minister arrives")
    source.locator("[name$='-published']").fill("27 July 2023")
    page.click("[name=_publish]")

    expect(page.locator(".messagelist")).to_contain_text("readers can see it now")
    made = Event.objects.get()
    assert (made.status, made.date) == ("published", "[2023-07-21..2023-07-31]")
    assert sorted(made.participations.values_list("country", "role")) == [("PRK", "host"), ("RUS", "visitor")]
    assert list(made.sources.values_list("publisher", "published")) == [("KCNA", "2023-07-27")]

    page.goto("/?q=minister&country=RUS&from=2023-07&to=2023-07")
    expect(page.get_by_role("link", name=made.title).first).to_be_visible()


def test_a_date_that_does_not_exist_is_named_while_typing(page: Page, world: None) -> None:
    sign_in(page)
    page.goto("/admin/timeline/event/add/")
    page.locator("#id_date").press_sequentially("31 February 2020")
    expect(page.locator("#date-reading .reading-problem")).to_contain_text("does not exist")
    page.locator("#id_date").fill("28 February 2020")
    expect(page.locator("#date-reading")).to_contain_text("One day: 28 February 2020")


def test_no_page_breaks_the_security_policy_or_a_narrow_screen(page_phone: Page, world: None) -> None:
    event = Event.objects.create(title="Visit", date="2023-07-26", category_id="diplomacy")
    Participation.objects.create(event=event, country_id="PRK", role="host")
    Source.objects.create(event=event, publisher="KCNA", title="Minister arrives")
    event.title = "A visit that gets a longer title, so that the history has a change to show"
    event.save()
    actor = Actor.objects.create(slug="kim-jong-un", name="Kim Jong Un", country_id="PRK")
    story = Story.objects.create(title="A visit", slug="a-visit")
    sign_in(page_phone)
    start = "/admin/timeline/"
    for address in (
        "/admin/",
        f"{start}event/",
        f"{start}event/add/",
        f"{start}event/{event.pk}/change/",
        f"{start}event/{event.pk}/history/",
        f"{start}event/{event.pk}/history/{event.history.first().pk}/",
        f"{start}event/{event.pk}/delete/",
        f"{start}country/",
        f"{start}country/PRK/change/",
        f"{start}actor/{actor.pk}/change/",
        f"{start}story/{story.pk}/change/",
        f"{start}dataset/add/",
        f"{start}coverage/add/",
        f"{start}correction/",
        "/admin/auth/user/add/",
        "/admin/password_change/",
    ):
        page_phone.goto(address)
        expect(page_phone.locator("#content")).to_be_visible()
        # Complaints about the policy fail the test by themselves.
        assert page_phone.evaluate("document.documentElement.scrollWidth <= screen.width"), address
