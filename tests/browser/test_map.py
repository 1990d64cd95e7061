"""The world map in a browser: it fills, tells, filters, and does not travel twice."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]


def country(page: Page, code: str) -> Locator:
    return page.locator(f"#map-{code} > use")


def test_the_shapes_are_drawn_under_the_security_policy(page: Page) -> None:
    page.goto("/")
    page.wait_for_function("document.querySelector('#map-RUS > use').getBBox().width > 300")


def test_a_click_on_a_country_filters_by_it_without_a_reload_and_keeps_the_focus(page: Page) -> None:
    page.goto("/")
    page.evaluate("window.sameDocument = true")
    country(page, "RUS").click()
    page.wait_for_url("**/?country=RUS")
    expect(page.locator("#map-RUS")).to_have_attribute("aria-current", "true")
    expect(page.locator(".map__chosen")).to_have_count(1)
    expect(page.locator("#map-RUS")).to_be_focused()
    assert page.evaluate("window.sameDocument === true")


def test_two_swaps_ask_for_the_shapes_no_second_time(page: Page) -> None:
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_function("document.querySelector('#map-RUS > use').getBBox().width > 300")
    country(page, "RUS").click()
    page.wait_for_url("**/?country=RUS")
    expect(page.locator("#map-RUS")).to_have_attribute("aria-current", "true")
    country(page, "CHN").click()
    page.wait_for_url("**/?country=CHN&country=RUS")
    expect(page.locator(".map__chosen")).to_have_count(2)
    assert sum("world" in address and address.endswith(".svg") for address in asked) == 1


def test_pointer_and_focus_tell_the_number(page: Page) -> None:
    page.goto("/")
    words = page.locator("#map-CHN > .map__words")
    expect(words).to_be_hidden()
    country(page, "CHN").hover()
    expect(words).to_be_visible()
    assert words.text_content() == page.locator("#map-CHN").get_attribute("aria-label")
    page.mouse.move(2, 2)
    expect(words).to_be_hidden()
    page.locator(".map__skip").focus()
    page.keyboard.press("Tab")
    focused = page.locator("#map a:focus")
    expect(focused.locator(".map__words")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?country=*")


def test_the_keyboard_can_pass_by_the_map(page: Page) -> None:
    page.goto("/")
    page.locator(".map__skip").focus()
    expect(page.locator(".map__skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#map-side")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".map__beside a").first).to_be_focused()


def test_a_phone_opens_the_map_and_a_choice_leaves_it_open(page_phone: Page) -> None:
    page_phone.goto("/")
    expect(page_phone.locator(".map__drawing")).to_be_hidden()
    page_phone.locator(".map__summary").tap()
    expect(page_phone.locator(".map__drawing")).to_be_visible()
    country(page_phone, "RUS").tap()
    page_phone.wait_for_url("**/?country=RUS")
    expect(page_phone.locator("#map-RUS")).to_have_attribute("aria-current", "true")
    expect(page_phone.locator(".map__drawing")).to_be_visible()


def test_the_map_filters_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/")
    page.locator("#map-RUS").evaluate("link => link.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    page.wait_for_url("**/?country=RUS")
    expect(page.locator("#map-RUS")).to_have_attribute("aria-current", "true")
