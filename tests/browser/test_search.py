"""Suggestions under the search box: they come while typing, stay through the swap of the view, and keys reach them."""

from playwright.sync_api import Page, expect

from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]


def test_arrow_keys_lead_through_suggestions_and_escape_puts_them_away(page: Page) -> None:
    page.goto("/")
    box = page.locator("#filter-q")
    box.press_sequentially("shoigu")
    links = page.locator("#suggestions a")
    expect(links.first).to_contain_text("Shoigu")
    page.wait_for_url("**/?q=shoigu")
    expect(links.first).to_be_visible()
    expect(box).to_have_value("shoigu")
    box.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    box.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(links).to_have_count(0)
    expect(box).to_have_value("shoigu")


def test_suggested_country_filters_by_it_and_the_list_closes_with_the_focus(page: Page) -> None:
    page.goto("/?importance=3")
    page.locator("#filter-q").press_sequentially("mongol")
    link = page.locator("#suggestions a").first
    expect(link).to_be_visible()
    page.locator("#filter-from").focus()
    expect(link).to_be_hidden()
    page.locator("#filter-q").focus()
    link.click()
    page.wait_for_url("**/?country=MNG&importance=3")
