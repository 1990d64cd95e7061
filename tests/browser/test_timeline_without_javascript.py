"""The timeline is a page of links and a form: all of it works where no script runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]

START = "/?country=PRK&country=RUS&from=1940&to=2024"


def test_every_link_that_a_script_takes_over_leads_to_a_whole_page_without_it(page_without_javascript: Page) -> None:
    page = page_without_javascript
    kinds: dict[str, str] = {}
    for start in (START, "/?lanes=country&event=korean-armistice-agreement", "/?country=JPN&from=1946&to=1946"):
        page.goto(start)
        taken = page.locator("#view a[href^='/?'], #view form[hx-get]").evaluate_all(
            """elements => elements.map(element => [
                (element.getAttribute("class") ?? element.closest("[class]").getAttribute("class")).split(" ")[0],
                element.getAttribute("href") ?? element.getAttribute("action"),
            ])"""
        )
        assert len(taken) > 5
        kinds |= dict(taken)
    assert len(kinds) > 12, kinds
    for kind, link in kinds.items():
        answer = page.request.get(link)
        assert answer.status == 200, kind
        assert "<!doctype html>" in answer.text()[:40], kind


@pytest.mark.parametrize(
    ("link", "query"),
    [
        ("#facet-country .facet__row:has(.facet__label:text-is('China'))", "country=CHN&"),
        ("#facet-importance .facet__row >> nth=0", "importance=5"),
        (".switch__choice:text-is('all together')", "match=all"),
        ("#move-closer", "from="),
        ("#plane .mark >> nth=0", "event="),
        ("#next", "after="),
    ],
)
def test_a_link_leads_to_its_view(page_without_javascript: Page, link: str, query: str) -> None:
    page = page_without_javascript
    page.goto(START)
    page.locator("#facet-importance > summary").click()
    page.locator(link).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: query in url and not url.endswith(START))
    expect(page.locator(".masthead__name")).to_be_visible()
    expect(page.locator("#frame")).to_be_visible()


def test_the_form_asks_by_itself_and_keeps_the_rest_of_the_filter(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/?country=PRK&lanes=category")
    page.fill("#filter-q", "missile")
    page.fill("#filter-from", "July 2017")
    page.fill("#filter-to", "2017")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**q=missile**")
    assert "country=PRK" in page.url
    assert "lanes=category" in page.url
    expect(page.locator("h1")).to_contain_text("July 2017 to 2017")
    expect(page.locator(".card").first).to_contain_text("2017")
    assert page.locator("#filter-from").input_value() == "July 2017"


def test_a_date_that_is_none_is_named_and_kept_in_the_form(
    page_without_javascript: Page, complaints: list[str]
) -> None:
    page = page_without_javascript
    page.goto("/?country=PRK")
    page.fill("#filter-from", "the other day")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".problems__list")).to_contain_text("from=the other day")
    assert page.locator("#filter-from").input_value() == "the other day"
    assert all("status of 400" in complaint for complaint in complaints)
    complaints.clear()


def test_an_opened_event_is_closed_by_its_link(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/?from=1953&to=1953&event=korean-armistice-agreement")
    expect(page.locator("#panel-title")).to_have_text("Korean Armistice Agreement")
    page.locator("#panel-close").click()
    page.wait_for_url("**/?from=1953&to=1953")
    expect(page.locator("#panel")).to_have_count(0)


def test_an_empty_result_is_loosened_by_its_link(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/?country=JPN&from=1946&to=1946")
    page.locator(".empty__offers a").first.click()
    expect(page.locator(".card").first).to_be_visible()


def test_what_needs_a_script_does_not_show(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/")
    expect(page.locator("#find-country")).to_be_hidden()
    expect(page.locator("#overview-first")).to_be_hidden()
    expect(page.get_by_role("button", name="Apply")).to_be_visible()


def test_the_filters_open_as_a_sheet_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/?country=PRK")
    sheet = page.locator("#filters")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name=re.compile("^Filters")).tap()
    expect(sheet).to_be_visible()
    sheet.locator(".facet__row", has_text="Weapons").tap()
    page.wait_for_url("**/?country=PRK&category=weapons")
    expect(sheet).to_be_hidden()
    expect(page.locator(".card").first).to_be_visible()
