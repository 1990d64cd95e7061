"""The timeline by touch on a phone, and at every width: nothing sticks out, nothing overlaps, nothing is cut off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]

VIEWS = ("/", "/?from=1950&to=1953", "/?country=PRK&lanes=country&from=2017&to=2018", "/?lanes=category&from=2023")


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


# The sheet -----------------------------------------------------------------------------------------------------------


def test_the_filters_are_a_sheet_from_below_with_the_number_of_results(page_phone: Page) -> None:
    page = page_phone
    page.goto("/?country=PRK")
    sheet = page.locator("#filters")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name=re.compile("^Filters · 1")).tap()
    expect(sheet).to_be_visible()
    box, height = sheet.bounding_box(), page.viewport_size
    assert box
    assert height
    assert abs(box["y"] + box["height"] - height["height"]) <= 1
    assert box["y"] > 60
    done = sheet.get_by_role("button", name=re.compile(r"^Show \d+ events$"))
    expect(done).to_be_in_viewport(ratio=1)

    sheet.locator(".facet__row", has_text="Weapons").tap()
    page.wait_for_url("**category=weapons**")
    # The sheet stays, so that another filter can be added, and its button counts anew.
    expect(sheet).to_be_visible()
    count = page.request.get("/events.json?country=PRK&category=weapons").json()["count"]
    expect(done).to_have_text(f"Show {count} events")
    expect(done).to_be_in_viewport(ratio=1)
    done.tap()
    expect(sheet).to_be_hidden()
    expect(page.locator("#status")).to_contain_text(f"{count} events")


def test_words_typed_in_the_sheet_filter_and_keep_it_open(page_phone: Page) -> None:
    page = page_phone
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Filters")).tap()
    page.locator("#filter-q").press_sequentially("armistice")
    page.wait_for_url("**/?q=armistice")
    expect(page.locator("#filters")).to_be_visible()
    expect(page.locator("#filter-q")).to_be_focused()


def test_a_tap_on_a_mark_opens_its_event(page_phone: Page) -> None:
    page = page_phone
    page.goto("/?from=1953&to=1953")
    mark = page.locator("#plane .mark:not(:has(.mark__span)) .mark__room").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**event=**")
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("#panel")).to_be_in_viewport()


def test_targets_are_large_enough_for_a_finger(page_phone: Page) -> None:
    page_phone.goto("/?country=PRK")
    small = page_phone.locator(
        ".tool, .period, .pill, .button, .facet__row, .flag-link, .masthead__pages a, .switch__choice"
    ).evaluate_all(
        """elements => elements
            .map(element => [element.getBoundingClientRect(), element.className + ": " + element.textContent.trim()])
            .filter(([box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([box, name]) => `${name} ${box.width}x${box.height}`)"""
    )
    assert small == []


# Every width ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address_of_page",
    [
        "/?country=PRK&country=RUS&match=all",
        "/?lanes=country&event=korean-armistice-agreement",
        "/?country=JPN&from=1946&to=1946",
        "/events/weaponry-exhibition-2023/",
        "/stories/july-2023-pyongyang/",
        "/countries/",
        "/countries/PRK/",
        "/on-this-day/07-27/",
        "/anniversaries/2028/",
    ],
)
def test_nothing_is_wider_than_the_window(page: Page, address_of_page: str) -> None:
    page.goto(address_of_page)
    for width in (320, 390, 820, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, width


BOXES = """() => {
    const seen = element => element.checkVisibility() && element.getBoundingClientRect().width > 0;
    const boxes = elements => [...elements].filter(seen).map(element => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { left, right, top, bottom, words: element.textContent };
    });
    const frame = document.getElementById("frame").getBoundingClientRect();
    return {
        frame: { left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom },
        lanes: [...document.querySelectorAll(".lane")].map(lane => boxes(lane.querySelectorAll(".mark__label"))),
        heads: boxes(document.querySelectorAll(".lane__name")),
        axis: boxes(document.querySelectorAll(".axis__label")),
        headings: boxes(document.querySelectorAll(".axis__heading")),
        overview: boxes(document.querySelectorAll(".overview__label")),
    };
}"""

Box = dict[str, Any]


def overlapping(boxes: list[Box]) -> list[tuple[str, str]]:
    """Pairs that share more than a pixel each way."""
    return [
        (one["words"], other["words"])
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
        # The box of a line of text has air above and below its letters.
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 3
    ]


def outside(boxes: list[Box], frame: Box) -> list[str]:
    return [box["words"] for box in boxes if box["left"] < frame["left"] - 1 or box["right"] > frame["right"] + 1]


@pytest.mark.parametrize("view", VIEWS)
def test_no_words_of_the_drawing_overlap_or_are_cut_off_at_any_width(page: Page, view: str) -> None:
    page.goto(view)
    for width in (320, 390, 820, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(BOXES)
        marks = [box for lane in found["lanes"] for box in lane]
        assert width < 800 or len(marks) > 3
        for lane in found["lanes"]:
            assert overlapping(lane) == [], width
        assert overlapping(marks + found["heads"]) == [], width
        assert overlapping(found["axis"]) == [], width
        assert overlapping(found["headings"]) == [], width
        assert overlapping(found["overview"]) == [], width
        # The bigger unit is always named: in a heading, or where that is too wide in a label.
        assert any(re.search(r"\b\d{4}\b", box["words"]) for box in found["headings"] + found["axis"]), width
        assert outside(marks + found["axis"] + found["headings"], found["frame"]) == [], width


# Nothing jumps -------------------------------------------------------------------------------------------------------

SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(entry => [
        entry.value,
        entry.sources.map(source => [
            `${source.node?.nodeName}.${source.node?.className}`,
            ...[source.previousRect, source.currentRect].map(({ x, y, width, height }) => [x, y, width, height]),
        ].join(": ")),
    ]))).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("size", [(390, 740), (1440, 900)])
@pytest.mark.parametrize("start", ["/", "/events/weaponry-exhibition-2023/", "/countries/PRK/"])
def test_nothing_shifts_while_a_page_loads(open_page: OpenPage, size: tuple[int, int], start: str) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(f"({SHIFTS})()")
    page.goto(start)
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    assert page.evaluate("window.shifts") == []
