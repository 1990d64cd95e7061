"""Reading on: headings that stay in view, what is inside a bin for the keyboard, and the timeline on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]


@pytest.mark.parametrize("width", [390, 1280])
def test_year_and_month_stay_in_view_while_their_events_are_read(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 700})
    page.goto("/?from=1950&to=1950")
    last = page.locator(".month__name", has_text="June 1950").locator("+ .cards .card").last
    last.evaluate("card => window.scrollTo(0, scrollY + card.getBoundingClientRect().top - 150)")
    expect(page.locator(".year__name", has_text="1950")).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".month__name", has_text="June 1950")).to_be_in_viewport(ratio=0.9)
    tops = page.evaluate(
        """() => [".year__name", ".month__name"].map(name =>
            [...document.querySelectorAll(name)]
                .map(head => head.getBoundingClientRect().top)
                .filter(top => top >= 0)[0])"""
    )
    assert max(tops) < 100


def test_sticky_headings_never_cover_the_link_that_has_the_focus(page: Page) -> None:
    page.goto("/?from=1950&to=1950")
    page.locator(".card").last.locator(".card__title a").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        covered = page.evaluate(
            """() => {
                const box = document.activeElement.getBoundingClientRect();
                const top = document.elementFromPoint(box.left + 3, box.top + 3);
                return !document.activeElement.contains(top) && Boolean(top?.closest(".year__name, .month__name"));
            }"""
        )
        assert not covered


def test_a_bin_that_has_the_focus_shows_what_is_inside(page: Page) -> None:
    page.goto("/?from=1950&to=1953")
    page.locator(".bin").nth(1).focus()
    page.keyboard.press("Shift+Tab")
    bin = page.locator(".bin").first
    expect(bin).to_be_focused()
    words = page.locator(".hairline__day")
    expect(words).to_be_visible()
    expect(words).to_have_text(bin.locator("title").text_content() or "none")
    bin.hover()
    expect(words).to_be_visible()


def test_paper_has_drawing_list_and_sources_and_no_controls(page: Page) -> None:
    page.goto("/?country=PRK&country=RUS&match=all&from=2023-07&to=2023-07")
    expect(page.get_by_text("i24news").first).to_be_hidden()
    page.emulate_media(media="print")
    for shown in ("#canvas .drawing", ".card__title", ".card__evidence"):
        expect(page.locator(shown).first).to_be_visible()
    expect(page.locator(".card__evidence").last).to_contain_text("i24news")
    for hidden in (
        ".filters",
        ".tool",
        ".button",
        ".overview",
        ".periods",
        ".switches",
        ".card__show",
        ".masthead__pages",
    ):
        assert [each for each in page.locator(hidden).all() if each.is_visible()] == [], hidden


def test_an_event_on_paper_has_its_sources_with_addresses_and_no_controls(page: Page) -> None:
    page.goto("/events/weaponry-exhibition-2023/")
    page.emulate_media(media="print")
    expect(page.locator(".source").first).to_be_visible()
    for hidden in (".correction", ".theme", ".masthead__pages", ".share"):
        assert [each for each in page.locator(hidden).all() if each.is_visible()] == [], hidden


def test_every_flag_of_an_event_filters_by_its_country(page: Page) -> None:
    page.goto("/events/weaponry-exhibition-2023/")
    assert page.locator("main .flag").count() > 3
    assert page.locator("main .flag:not(a *)").count() == 0


def test_a_phone_reads_down_a_line_of_time(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/")
    assert page.locator(".cards").first.evaluate("cards => getComputedStyle(cards).borderInlineStartWidth") == "2px"
