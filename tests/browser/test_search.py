"""The search box: its words filter while typing, and its suggestions stay through the swap and are reached by keys."""

import datetime
import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.demonstration import address, count, db, demo

__all__ = ["address", "count", "db", "demo"]


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


SECOND = datetime.timedelta(seconds=1)


def now_of(page: Page) -> datetime.datetime:
    """What the page's clock says."""
    now: float = page.evaluate("Date.now()")
    return datetime.datetime.fromtimestamp(now / 1000, datetime.UTC)


def test_words_filter_after_a_pause_and_keep_text_focus_and_caret(page: Page, count: Callable[[str], int]) -> None:
    # The pauses are those of the page's clock, so that no letter comes too late on a machine that is busy.
    page.clock.install()
    page.goto("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search(r"\d/\?q=", request.url) else None)
    box = page.locator("#filter-q")
    page.clock.pause_at(now_of(page) + SECOND)
    box.press_sequentially("armstice")
    assert asked == []
    page.clock.resume()
    page.wait_for_url("**/?q=armstice")
    page.clock.pause_at(now_of(page) + SECOND)
    for _step in range(5):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("i")
    page.clock.resume()
    page.wait_for_url("**/?q=armistice")
    assert len(asked) == 2, "one question for each pause, none for each letter"
    expect(page.locator("#status")).to_contain_text(f"{count('q=armistice')} events")
    expect(box).to_be_focused()
    assert box.input_value() == "armistice"
    assert box.evaluate("box => [box.selectionStart, box.selectionEnd]") == [4, 4]


def test_what_is_typed_while_an_answer_comes_is_kept(page: Page) -> None:
    page.goto("/")
    held: list[Route] = []
    page.route(re.compile(r"\d/\?q="), lambda route: route.continue_() if held else held.append(route))
    box = page.locator("#filter-q")
    with page.expect_request(re.compile(r"\d/\?q=missile")):
        box.press_sequentially("missile")
    page.keyboard.type(" test")
    held[0].continue_()
    page.wait_for_url("**/?q=missile+test")
    assert box.input_value() == "missile test"
    expect(box).to_be_focused()


def test_the_last_of_two_questions_wins_whichever_answer_comes_last(page: Page, count: Callable[[str], int]) -> None:
    page.goto("/")
    held: list[Route] = []
    page.route(re.compile(r"\d/\?q=summit"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"\d/\?q=summit")):
        page.locator("#filter-q").fill("summit")
    page.locator("#filter-q").fill("parade")
    page.wait_for_url("**/?q=parade")
    for route in held:
        route.fulfill(status=200, body="<div id=view>late</div>", headers={"HX-Push-Url": "/?q=summit"})
    expect(page.locator("#status")).to_contain_text(f"{count('q=parade')} events")
    expect(page).to_have_url(re.compile(r"/\?q=parade$"))
    assert page.locator("#filter-q").input_value() == "parade"
