"""Moving the drawing by hand, wheel, touch, buttons and links."""

from __future__ import annotations

import datetime
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.demonstration import address, db, demo
from tests.browser.moving import DECADES, Moves, box_of, days, drag, near, on_axis, wait_until_moved, window

__all__ = ["address", "db", "demo"]


# By hand -------------------------------------------------------------------------------------------------------------


def test_a_drag_pans_the_address_follows_once_and_back_goes_one_view(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "from=" in request.url else None)
    length = page.evaluate("history.length")
    drag(page, on_axis(page, 0.3), 300)
    after = wait_until_moved(page, before)
    width = page.locator(".drawing").evaluate("drawing => drawing.getBoundingClientRect().width")
    assert near(before[0] - after[0], 300 / width * days(before), 40)
    assert near(days(after), days(before), 1)
    query = parse_qs(urlsplit(page.url).query)
    assert query["from"] == [datetime.date.fromordinal(after[0]).isoformat()]
    assert len(asked) == 1
    assert page.evaluate("history.length") == length + 1
    page.go_back()
    page.wait_for_url(f"**{DECADES}")
    assert wait_until_moved(page, after) == before


def test_the_drawing_follows_the_hand_before_the_answer(page: Page) -> None:
    page.goto(DECADES)
    mark = page.locator("#plane .mark").first
    start = on_axis(page, 0.5)
    x = box_of(mark)["x"]
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 20, start[1])
    page.mouse.move(start[0] + 120, start[1])
    page.wait_for_function(
        "([id, x]) => Math.abs(document.getElementById(id).getBoundingClientRect().x - x - 120) < 2",
        arg=[mark.get_attribute("id"), x],
    )
    assert page.url.endswith(DECADES)
    page.mouse.up()
    page.wait_for_url(lambda url: not url.endswith(DECADES))


def test_a_drag_that_starts_on_a_mark_does_not_open_it(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    box = box_of(page.locator("#plane .mark:not(:has(.mark__span)) .mark__room").first)
    drag(page, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), 150)
    wait_until_moved(page, before)
    assert "event=" not in page.url
    expect(page.locator("#panel")).to_have_count(0)


def test_the_hand_that_goes_on_while_an_answer_comes_loses_nothing(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    held: list[Route] = []
    page.route("**/?from=*", lambda route: route.continue_() if held else held.append(route))
    page.locator("#frame").focus()
    with page.expect_request("**/?from=*"):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    held[0].continue_()
    expected = round(before[0] + 0.4 * days(before))
    page.wait_for_function(
        "first => Math.abs(document.getElementById('frame').dataset.first - first) < 3", arg=expected
    )


def test_the_wheel_alone_scrolls_the_page(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    page.mouse.move(*on_axis(page, 0.5))
    scroll = page.evaluate("scrollY")
    page.mouse.wheel(0, 200)
    page.wait_for_function("before => scrollY > before", arg=scroll)
    assert window(page) == before
    assert page.url.endswith(DECADES)


def test_the_wheel_with_control_zooms_round_the_pointer(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    page.mouse.move(*on_axis(page, 0.25))
    scroll = page.evaluate("scrollY")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    after = wait_until_moved(page, before)
    assert near(days(after) / days(before), 0.51, 0.03)
    # The day under the pointer stays there.
    assert near(after[0] + 0.25 * days(after), before[0] + 0.25 * days(before), days(before) * 0.01)
    assert page.evaluate("scrollY") == scroll


def test_the_wheel_with_shift_pans(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    page.mouse.move(*on_axis(page, 0.5))
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 200)
    page.keyboard.up("Shift")
    after = wait_until_moved(page, before)
    assert after[0] > before[0]
    assert near(days(after), days(before), 1)


def test_two_fingers_zoom(open_page: OpenPage) -> None:
    page = open_page(has_touch=True, viewport={"width": 820, "height": 1000})
    page.goto(DECADES)
    before = window(page)
    (left, y), (right, _) = on_axis(page, 0.4), on_axis(page, 0.6)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, spread: float) -> None:
        points = [{"x": left - spread, "y": y, "id": 1}, {"x": right + spread, "y": y, "id": 2}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []})

    send("touchStart", 0)
    for step in range(1, 6):
        send("touchMove", step * (right - left) / 10)
    send("touchEnd", 0)
    after = wait_until_moved(page, before)
    assert near(days(after) / days(before), 0.5, 0.06)
    assert near(sum(after) / 2, sum(before) / 2, days(before) * 0.05)


def test_one_finger_pans(open_page: OpenPage) -> None:
    page = open_page(has_touch=True, viewport={"width": 820, "height": 1000})
    page.goto(DECADES)
    before = window(page)
    x, y = on_axis(page, 0.6)
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 7):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x - 40 * step, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    after = wait_until_moved(page, before)
    assert after[0] > before[0]
    assert near(days(after), days(before), 1)


def test_a_double_click_zooms_in_and_with_shift_out(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    page.mouse.dblclick(*on_axis(page, 0.75))
    closer = wait_until_moved(page, before)
    assert near(days(closer) / days(before), 0.5, 0.01)
    assert near(closer[0] + 0.75 * days(closer), before[0] + 0.75 * days(before), days(before) * 0.01)
    page.keyboard.down("Shift")
    page.mouse.dblclick(*on_axis(page, 0.75))
    page.keyboard.up("Shift")
    wider = wait_until_moved(page, closer)
    assert near(days(wider), days(before), 2)


# By buttons and links ------------------------------------------------------------------------------------------------


def test_the_buttons_move_and_keep_the_focus(page: Page) -> None:
    page.goto(DECADES)
    start = window(page)
    before = start
    steps: Moves = [
        ("earlier", lambda old, new: new[0] < old[0] and near(days(old), days(new), 1)),
        ("later", lambda old, new: new[0] > old[0] and near(days(old), days(new), 1)),
        ("closer", lambda old, new: near(days(new) / days(old), 0.5, 0.01)),
        ("wider", lambda old, new: near(days(new) / days(old), 2, 0.01)),
    ]
    for name, moves in steps:
        page.locator(f"#move-{name}").focus()
        page.keyboard.press("Enter")
        after = wait_until_moved(page, before)
        assert moves(before, after), name
        expect(page.locator(f"#move-{name}")).to_be_focused()
        before = after
    page.locator("#move-fit").click()
    page.wait_for_url(re.compile(r"/$"))


def test_periods_lead_from_decade_to_month_with_their_counts(page: Page) -> None:
    page.goto("/?country=KOR")
    for label, query in (
        ("20th century", "from=19XX&to=19XX"),
        ("the 1950s", "from=195X&to=195X"),
        ("1953", "from=1953&to=1953"),
        ("July", "from=1953-07&to=1953-07"),
    ):
        period = page.locator(".periods__within .period", has_text=re.compile(rf"^{label}"))
        count = int(period.locator(".period__count").inner_text())
        period.click()
        page.wait_for_url(f"**/?country=KOR&{query}")
        assert count == page.request.get(f"/events.json?country=KOR&{query}").json()["count"]
        expect(page.locator("#status strong").first).to_have_text(str(count))
    page.locator(".periods__around .period").first.click()
    page.wait_for_url("**/?country=KOR")
