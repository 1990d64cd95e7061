"""axe finds nothing on any page, light or dark, wide or narrow, and the keyboard can see where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text()
# A theme changes colours and a width what is there and how large: all rules once for each, colours where they cross.
COLOURS = ["color-contrast", "link-in-text-block"]
BY_SIGHT = [*COLOURS, "target-size"]
STATES = [(1440, "light", None), (1440, "dark", COLOURS), (390, "dark", None), (390, "light", COLOURS)]
# Of pages that are many: all rules once, and what a narrow dark page can break.
OPPOSITE_STATES = [STATES[0], (390, "dark", BY_SIGHT)]

PAGES = {
    "the whole timeline": "/",
    "filtered": "/?country=PRK&country=RUS&predecessors=yes&category=weapons&category=diplomacy&from=1990&q=test",
    "possibly in range": "/?country=KOR&from=1950-07&to=1950-07&order=newest",
    "lanes and an opened event": "/?lanes=country&from=1953&to=1953&event=korean-armistice-agreement",
    "not understood": "/?country=XXX&from=31+February+1950",
    "empty": "/?country=JPN&from=1946&to=1946",
    "an event": "/events/weaponry-exhibition-2023/",
    "history": "/events/weaponry-exhibition-2023/history/",
    "a story": "/stories/july-2023-pyongyang/",
    "stories": "/stories/",
    "countries": "/countries/",
    "a country": "/countries/PRK/",
    "a former country": "/countries/SUN/",
    "on this day": "/on-this-day/07-27/",
    "anniversaries": "/anniversaries/2028/",
    "not found": "/events/no-such-event/",
}


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds by these rules or all, with where."""
    # Evaluated by the debugger, which no security policy of the page concerns.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        """rules => axe.run(document, {
            resultTypes: ["violations"],
            preload: false,
            rules: { "target-size": { enabled: true } },
            ...(rules && { runOnly: rules, rules: {} }),
        })""",
        rules,
    )
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()[:200]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def violations_in(page: Page, states: list[tuple[int, str, list[str] | None]]) -> list[str]:
    """What axe finds on the page in each of these widths and themes."""
    found = []
    for width, theme, rules in states:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} {theme} {broken}" for broken in violations(page, rules)]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_light_or_dark_wide_or_narrow(page: Page, complaints: list[str], name: str) -> None:
    page.goto(PAGES[name])
    found = violations_in(page, STATES)
    assert found == [], "\n".join(found)
    # The browser itself tells that the page was refused or missing.
    complaints[:] = [text for text in complaints if "status of 40" not in text]


def test_axe_works_here(page: Page) -> None:
    page.goto("/stories/")
    page.evaluate("document.body.append(document.createElement('img'))")
    assert any(text.startswith("image-alt") for text in violations(page))


def test_axe_finds_nothing_in_the_open_sheet_of_filters(page_phone: Page) -> None:
    page_phone.goto("/?country=PRK")
    page_phone.get_by_role("button", name="Filters").tap()
    expect(page_phone.locator("#filters")).to_be_visible()
    for theme in ("light", "dark"):
        page_phone.emulate_media(color_scheme=theme)
        assert violations(page_phone) == [], theme


def test_axe_finds_nothing_after_swaps(page: Page) -> None:
    page.goto("/")
    page.locator("#facet-country .facet__row", has_text="China").click()
    page.wait_for_url("**country=CHN**")
    page.locator("#plane .mark").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**event=**")
    assert violations(page) == []


def test_the_dark_page_is_dark_and_does_not_complain(page_dark: Page) -> None:
    page_dark.goto("/?country=PRK")
    ground = page_dark.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    body = page_dark.evaluate("getComputedStyle(document.body).backgroundColor")
    shown = body if body != "rgba(0, 0, 0, 0)" else ground
    lightness = page_dark.evaluate(
        """colour => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
        }""",
        shown,
    )
    assert lightness < 80


def test_the_keyboard_reaches_the_filters_the_drawing_and_the_list_and_is_seen(page: Page) -> None:
    page.goto("/?from=1953-07&to=1953-07")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    reached = set()
    unseen = []
    for _press in range(250):
        page.keyboard.press("Tab")
        where, is_seen = page.evaluate(
            """() => {
                const element = document.activeElement;
                const region = ["filters", "overview", "periods", "canvas", "map", "list"]
                    .find(id => document.getElementById(id)?.contains(element)) ?? element.tagName;
                const style = getComputedStyle(element);
                // Thumbs and countries show the focus on a part of themselves.
                const hasOutline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                const showsPart = element.matches(".overview__edge, .map__country");
                return [region, hasOutline || showsPart || element === document.body];
            }"""
        )
        reached.add(where)
        if not is_seen:
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        if where == "list":
            break
    assert {"filters", "overview", "periods", "canvas", "list"} <= reached
    assert unseen == []
