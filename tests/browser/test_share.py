"""The menu of forms: with a pointer, with the keyboard, after a swap, without script; and what it leads to."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.demonstration import address, db, demo
from tests.browser.test_accessibility import violations

__all__ = ["address", "db", "demo"]


def test_address_is_copied_and_said(open_page: OpenPage, address: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/?country=PRK")
    page.get_by_text("Share & export").click()
    page.get_by_role("button", name="Copy the address: CSV").click()
    expect(page.locator(".share__note")).to_have_text(f"Copied: {address}/events.csv?country=PRK")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}/events.csv?country=PRK"


def test_menu_closes_on_escape_and_on_a_click_beside_it(page: Page) -> None:
    page.goto("/events/weaponry-exhibition-2023/")
    menu = page.locator("#share")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="This event")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_menu_follows_the_filter(page: Page) -> None:
    page.goto("/")
    page.locator("#facet-country .facet__row", has_text="China").click()
    page.wait_for_url("**/?country=CHN")
    page.get_by_text("Share & export").click()
    assert page.get_by_role("link", name="CSV").get_attribute("href") == "/events.csv?country=CHN"


def test_menu_is_a_list_of_links_without_script(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/?country=PRK")
    page.get_by_text("Share & export").click()
    expect(page.get_by_role("button", name="Copy the address: CSV")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Address: Feed")).to_have_value(page.url.replace("/?", "/events.atom?"))
    for link in page.locator("a.share__name").evaluate_all("links => links.map(link => link.href)"):
        assert page.request.get(link).status == 200


def test_open_menu_is_accessible_and_stays_within_a_phone(open_page: OpenPage) -> None:
    for options in ({"color_scheme": "dark"}, PHONE):
        page = open_page(**options)
        page.goto("/?country=PRK")
        page.get_by_text("Share & export").click()
        assert violations(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        box = page.locator(".share__sheet").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_drawing_opens_alone_and_its_marks_lead_on(page: Page, address: str) -> None:
    page.goto("/events.svg?from=1953&to=1953")
    assert page.evaluate("document.documentElement.namespaceURI") == "http://www.w3.org/2000/svg"
    page.locator("a", has=page.locator("title", has_text="Korean Armistice Agreement")).first.click()
    page.wait_for_url("**/events/**")
    assert urlsplit(page.url).netloc == urlsplit(address).netloc


def test_data_block_of_an_event_meets_no_objection(page: Page) -> None:
    page.goto("/events/weaponry-exhibition-2023/")
    graph = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert [node["@type"] for node in graph["@graph"]] == ["WebPage", "Event"]
