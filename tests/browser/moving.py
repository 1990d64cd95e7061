"""Where the drawing stands, and how a hand moves it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FloatRect, Locator, Page

DECADES = "/?from=1960&to=1979"
ARMISTICE = "korean-armistice-agreement"

Ends = tuple[int, int]
Moves = list[tuple[str, Callable[[Ends, Ends], bool]]]


def window(page: Page) -> Ends:
    """The first and last day in view, as ordinals."""
    first, last = page.locator("#frame").evaluate("frame => [+frame.dataset.first, +frame.dataset.last]")
    return first, last


def wait_until_moved(page: Page, before: Ends) -> Ends:
    """Wait for the exact drawing of another window, and until the hand no longer holds the old one."""
    page.wait_for_function(
        """([first, last]) => {
            const { dataset } = document.getElementById("frame");
            return +dataset.first !== first || +dataset.last !== last;
        }""",
        arg=list(before),
    )
    page.wait_for_function("() => document.getElementById('plane').getAttribute('x') === '0'")
    return window(page)


def days(ends: Ends) -> int:
    return ends[1] - ends[0] + 1


def near(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance


def box_of(locator: Locator) -> FloatRect:
    """Where something is in the viewport; scrolled there first."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box is not None
    return box


def on_axis(page: Page, fraction: float) -> tuple[float, float]:
    """A place on the axis, where no mark is."""
    box = box_of(page.locator("#frame"))
    return box["x"] + 11 + fraction * (box["width"] - 22), box["y"] + 12


def drag(page: Page, start: tuple[float, float], by: float) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(start[0] + by * step / 5, start[1])
    page.mouse.up()
