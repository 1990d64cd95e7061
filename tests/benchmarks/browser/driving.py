"""What a reader does with a timeline, done with a real mouse in Chromium, and what it costs."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

IN_PAGE = (Path(__file__).parent / "pages" / "measure.js").read_text()
# Enough for a gesture at 60 frames a second; a page that takes seconds for one move is spared the rest.
MOVES = 60
SECONDS_A_GESTURE = 20.0


@dataclass(frozen=True)
class Subject:
    """A page with a timeline, and where in it to look and to touch. All but `name` and `path` are CSS selectors."""

    name: str
    path: str
    drawn: str
    """An element that the drawing consists of."""
    plane: str
    """Where the mouse drags and turns the wheel."""
    filter: str
    """What a click filters by."""
    sign: tuple[str, str]
    """What tells that the click has done its work: the ("text" or "count", selector) that changes."""
    modifier: str = ""
    """The key to hold so that the wheel zooms."""
    zooms: bool = True


@dataclass
class Figures:
    """What was measured of one subject: milliseconds, kilobytes and megabytes."""

    drawn: float
    filtered: float
    pan: list[float]
    zoom: list[float]
    kilobytes: float
    heap: float


def open_page(browser: Browser, subject: Subject, address: str) -> tuple[Page, CDPSession, float, float]:
    """Open a page with nothing cached; return it with the milliseconds until its timeline is painted and its kilobytes.

    The bytes are those on the wire, headers included, until the network is silent.
    """
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    selector = json.dumps(subject.drawn)
    page.add_init_script(f"{IN_PAGE}; measure.first = measure.painted({selector});")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    bytes_received: list[float] = []
    session.on("Network.loadingFinished", lambda event: bytes_received.append(event["encodedDataLength"]))
    page.goto(f"{address}{subject.path}", wait_until="commit", timeout=0)
    drawn: float = page.evaluate("measure.first")
    page.wait_for_load_state("networkidle", timeout=0)
    return page, session, drawn, sum(bytes_received) / 1000


def filter_once(page: Page, subject: Subject) -> float:
    """Milliseconds from the click on the filter to the updated page."""
    kind, selector = subject.sign
    page.evaluate(
        "([kind, selector]) => { measure.pending = measure.updated(kind, selector); }",
        [kind, selector],
    )
    page.locator(subject.filter).first.click(timeout=0)
    elapsed: float = page.evaluate("measure.pending")
    return elapsed


def heap(session: CDPSession) -> float:
    """Megabytes of live JavaScript objects."""
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


def frames(page: Page, move: Callable[[int], Any]) -> list[float]:
    """Times between frames while `move` is called with 0 to 59, each call once the page has handled the one before."""
    page.evaluate("measure.watch()")
    end = time.monotonic() + SECONDS_A_GESTURE
    for number in range(MOVES):
        move(number)
        if time.monotonic() > end:
            break
    times: list[float] = page.evaluate("measure.frames()")
    return times


def middle(page: Page, subject: Subject) -> tuple[float, float]:
    """The middle of the plane, brought into view."""
    plane = page.locator(subject.plane).first
    plane.scroll_into_view_if_needed(timeout=0)
    box = plane.bounding_box(timeout=0)
    assert box, f"{subject.plane} is not on the page of {subject.name}"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pan(page: Page, subject: Subject) -> list[float]:
    """Drag to the right and back again, 8 pixels a move."""
    x, y = middle(page, subject)
    page.mouse.move(x, y)
    page.mouse.down()
    times = frames(page, lambda number: page.mouse.move(x + 8 * min(number, MOVES - number), y))
    page.mouse.up()
    return times


def zoom(page: Page, subject: Subject) -> list[float]:
    """Turn the wheel forwards and back again."""
    if not subject.zooms:
        return []
    x, y = middle(page, subject)
    page.mouse.move(x, y)
    if subject.modifier:
        page.keyboard.down(subject.modifier)
    times = frames(page, lambda number: page.mouse.wheel(0, -30 if number < MOVES / 2 else 30))
    if subject.modifier:
        page.keyboard.up(subject.modifier)
    return times


def percentile(values: list[float], share: int) -> float:
    """The smallest value that so many percent of the values do not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else 0.0


def measure(browser: Browser, rounds: list[list[tuple[Subject, str]]]) -> list[Figures]:
    """Measure the subjects at their addresses in turn, so that a busy machine is unfair to none.

    Returns for each place in a round what its subjects have in common: the medians, and all frames.
    """
    visits = [[visit(browser, subject, address) for subject, address in subjects] for subjects in rounds]
    return [combined(list(found)) for found in zip(*visits, strict=True)]


def visit(browser: Browser, subject: Subject, address: str) -> Figures:
    """Open a page, pan, zoom and filter once."""
    page, session, drawn, kilobytes = open_page(browser, subject, address)
    live = heap(session)
    panned = pan(page, subject)
    page.wait_for_load_state("networkidle", timeout=0)
    zoomed = zoom(page, subject)
    page.wait_for_load_state("networkidle", timeout=0)
    page.context.close()
    # The view has moved; filtering is measured on the page as it opens.
    page, _session, drawn_again, _kilobytes = open_page(browser, subject, address)
    filtered = filter_once(page, subject)
    page.context.close()
    return Figures(
        drawn=statistics.fmean([drawn, drawn_again]),
        filtered=filtered,
        pan=panned,
        zoom=zoomed,
        kilobytes=kilobytes,
        heap=live,
    )


def combined(visits: list[Figures]) -> Figures:
    """Medians of what is one number a visit; all frames of all visits."""
    return Figures(
        drawn=statistics.median(each.drawn for each in visits),
        filtered=statistics.median(each.filtered for each in visits),
        pan=[time for each in visits for time in each.pan],
        zoom=[time for each in visits for time in each.zoom],
        kilobytes=statistics.median(each.kilobytes for each in visits),
        heap=statistics.median(each.heap for each in visits),
    )
