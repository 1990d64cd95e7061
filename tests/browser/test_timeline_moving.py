"""Moving the drawing: by hand, wheel, touch, keys, links and the overview; and what the drawing says on the way."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.demonstration import address, db, demo

__all__ = ["address", "db", "demo"]

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


# By keys -------------------------------------------------------------------------------------------------------------


def test_keys_move_the_drawing_that_has_the_focus(page: Page) -> None:
    page.goto(DECADES)
    frame = page.locator("#frame")
    frame.focus()
    whole = frame.evaluate("frame => [+frame.dataset.wholeFirst, +frame.dataset.wholeLast]")
    before = window(page)
    steps: Moves = [
        ("ArrowRight", lambda old, new: near(new[0], old[0] + days(old) / 5, 2)),
        ("ArrowLeft", lambda old, new: near(new[0], old[0] - days(old) / 5, 2)),
        ("+", lambda old, new: near(days(new), days(old) / 2, 2) and near(sum(new), sum(old), 4)),
        ("-", lambda old, new: near(days(new), days(old) * 2, 2) and near(sum(new), sum(old), 4)),
        ("Home", lambda old, new: new[0] == whole[0] and near(days(new), days(old), 1)),
        ("End", lambda old, new: new[1] == whole[1] and near(days(new), days(old), 1)),
        ("0", lambda old, new: list(new) == whole),
    ]
    for key, moves in steps:
        page.keyboard.press(key)
        after = wait_until_moved(page, before)
        assert moves(before, after), (key, before, after)
        expect(frame).to_be_focused()
        before = after
    expect(page).to_have_url(re.compile(r"/$"))


def test_keys_in_a_text_box_stay_there(page: Page) -> None:
    page.goto("/?from=1950&to=1953")
    before = window(page)
    box = page.locator("#filter-q")
    box.press_sequentially("war")
    page.wait_for_url("**q=war**")
    for key in ("Home", "ArrowRight", "ArrowLeft", "0", "-", "End", "+"):
        page.keyboard.press(key)
    assert box.input_value() == "0-war+"
    page.wait_for_url(lambda url: "q=0-war" in url)
    assert "from=1950&to=1953" in page.url
    page.goto("/?from=1950&to=1953")
    for other in ("#facet-country summary >> nth=0", "#order-1"):
        page.locator(other).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("+")
    assert window(page) == before
    assert "from=1950&to=1953" in page.url


# By the overview -----------------------------------------------------------------------------------------------------


def test_the_edges_of_the_overview_are_sliders_with_names_and_words(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    first = page.get_by_role("slider", name="First day in view")
    expect(first).to_have_attribute("aria-valuetext", "1 January 1960")
    first.focus()
    page.keyboard.press("PageUp")
    after = wait_until_moved(page, before)
    assert after[0] > before[0]
    assert after[1] == before[1]
    expect(first).to_be_focused()
    day = datetime.date.fromordinal(after[0])
    expect(first).to_have_attribute("aria-valuetext", f"{day.day} {day:%B} {day.year}")
    last = page.get_by_role("slider", name="Last day in view")
    last.focus()
    page.keyboard.press("ArrowLeft")
    assert wait_until_moved(page, after) == (after[0], after[1] - 1)
    page.keyboard.press("Home")
    page.wait_for_function("() => { const { first, last } = frame.dataset; return first === last; }")


def test_the_window_of_the_overview_is_dragged_and_brought(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    box = box_of(page.locator(".overview__window"))
    drag(page, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), -80)
    after = wait_until_moved(page, before)
    assert after[0] < before[0]
    assert days(after) == days(before)
    # Beside the window a click brings it there.
    drawing = box_of(page.locator(".overview__drawing"))
    page.mouse.click(drawing["x"] + drawing["width"] * 0.8, drawing["y"] + 10)
    brought = wait_until_moved(page, after)
    assert days(brought) == days(before)
    whole = page.locator("#frame").evaluate("frame => [+frame.dataset.wholeFirst, +frame.dataset.wholeLast]")
    assert near(sum(brought) / 2, whole[0] + 0.8 * (whole[1] - whole[0]), days(before) * 0.02)


def test_an_edge_of_the_overview_is_dragged_by_mouse(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    box = box_of(page.locator(".overview__window"))
    drag(page, (box["x"] + box["width"], box["y"] + box["height"] / 2), 60)
    after = wait_until_moved(page, before)
    assert after[0] == before[0]
    assert after[1] > before[1]


# Lanes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("label", "query"), [("By country", "country"), ("By category", "category")])
def test_lanes_divide_the_drawing_and_their_order_is_in_the_address(page: Page, label: str, query: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=label).click()
    page.wait_for_url(f"**/?lanes={query}")
    names = page.locator(".lane__name")
    expect(names.nth(2)).to_be_visible()
    before = [" ".join(name.split()) for name in names.all_text_contents()]
    down = page.locator(".lane__head").first.get_by_role("link", name=re.compile("^Move .* down$"))
    down.click()
    page.wait_for_url("**&lane=**")
    after = [before[1], before[0], *before[2:]]
    expect(names).to_have_text(after)
    page.reload()
    expect(names).to_have_text(after)


def test_an_event_of_several_countries_stands_in_each_of_their_lanes(page: Page) -> None:
    page.goto("/?country=PRK&country=RUS&match=all&lanes=country&from=2023&to=2024")
    marks = page.locator("#plane .mark").evaluate_all("marks => marks.map(mark => mark.id.split('-'))")
    lanes = {lane for _mark, lane, _id in marks}
    assert {"PRK", "RUS"} <= lanes
    shared = {id for _mark, lane, id in marks if lane == "PRK"} & {id for _mark, lane, id in marks if lane == "RUS"}
    assert shared
    assert page.locator(".connector").count() >= len(shared)


# What stays ----------------------------------------------------------------------------------------------------------


def test_marks_that_stay_are_the_same_nodes_with_focus_and_scroll(page: Page) -> None:
    page.goto(DECADES)
    before = window(page)
    page.evaluate("document.querySelectorAll('#plane .mark').forEach(mark => { mark.kept = mark.id; })")
    stays = page.locator("#plane .mark").evaluate_all(
        """marks => {
            const box = document.getElementById("frame").getBoundingClientRect();
            const x = mark => mark.querySelector(".mark__room, .mark__span").getBoundingClientRect().x;
            return marks.filter(mark => x(mark) > box.x + box.width / 2).sort((a, b) => x(a) - x(b))[0].id;
        }"""
    )
    page.evaluate("scrollTo(0, 120)")
    mark = page.locator(f"#{stays}")
    mark.focus(timeout=2000)
    scroll = page.evaluate("scrollY")
    page.keyboard.press("ArrowRight")
    wait_until_moved(page, before)
    expect(mark).to_be_focused()
    assert page.evaluate("scrollY") == scroll
    kept = page.locator("#plane .mark").evaluate_all("marks => marks.filter(mark => mark.kept === mark.id).length")
    moved = page.locator("#plane .mark").evaluate_all("marks => marks.filter(m => m.kept && m.kept !== m.id).length")
    assert kept > 5
    assert moved == 0


def test_a_mark_opens_its_event_in_place_and_escape_gives_the_focus_back(page: Page) -> None:
    page.goto(DECADES)
    page.evaluate("window.sameDocument = true")
    mark = page.locator("#plane .mark").nth(2)
    mark = page.locator(f"#{mark.get_attribute('id')}")
    title = (mark.locator("title").text_content() or "").partition(" · ")[0]
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**event=**")
    panel = page.locator("#panel")
    expect(panel).to_be_focused()
    expect(panel.locator("h2")).to_have_text(title)
    expect(page.locator(".mark--focus")).to_have_id(str(mark.get_attribute("id")))

    # In a text box Escape is the box's own.
    page.locator("#filter-to").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_visible()

    panel.focus()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{DECADES}")
    expect(panel).to_have_count(0)
    expect(mark).to_be_focused()
    assert page.evaluate("window.sameDocument")
    page.go_back()
    page.wait_for_url("**event=**")
    expect(panel).to_be_visible()


def test_closing_by_the_link_gives_the_focus_back_too(page: Page) -> None:
    page.goto(DECADES)
    mark = page.locator(f"#{page.locator('#plane .mark').nth(2).get_attribute('id')}")
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**event=**")
    page.locator("#panel-close").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DECADES}")
    expect(mark).to_be_focused()


# What it says --------------------------------------------------------------------------------------------------------


def test_the_relations_of_the_opened_event_are_arcs_with_their_words(page: Page) -> None:
    page.goto("/?event=armistice-70th-anniversary")
    arc = page.locator(".arc", has=page.locator("title", has_text="Korean Armistice Agreement · 27 July 1953"))
    expect(arc.locator("title")).to_contain_text("anniversary of: ")
    expect(arc.locator(".arc__line")).to_be_visible()
    expect(page.locator(".arc__label:visible", has_text="anniversary of")).to_have_count(1)

    # The end of an arc that is out of view is marked with its direction and date.
    page.goto(f"/?from=1953-07&to=1953-07&event={ARMISTICE}")
    beyond = page.locator(".arc--beyond", has=page.locator("title", has_text="27 July 2023"))
    expect(beyond.locator(".arc__label")).to_contain_text(re.compile("27 July 2023 →"))
    beyond.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "event=" in url and ARMISTICE not in url)
    expect(page.locator("#panel")).to_be_focused()


def test_a_hairline_names_the_day_under_the_pointer_and_of_a_focused_mark(page: Page) -> None:
    page.goto("/?from=1953-07&to=1953-07")
    page.mouse.move(*on_axis(page, 0.5))
    day = page.locator(".hairline__day")
    expect(day).to_have_text("16 July 1953")
    page.mouse.move(5, 5)
    expect(day).to_be_hidden()
    page.locator("#frame").focus()
    armistice = page.locator(f"#plane .mark[href*='{ARMISTICE}']")
    for _press in range(30):
        page.keyboard.press("Tab")
        if armistice.evaluate("mark => mark === document.activeElement"):
            break
    expect(armistice).to_be_focused()
    expect(day).to_have_text("27 July 1953")


def test_a_bin_tells_its_count_and_what_is_inside_and_a_click_zooms_in(page: Page) -> None:
    page.goto("/")
    before = window(page)
    biggest = page.locator(".bin").evaluate_all(
        """bins => {
            const height = bin => +bin.querySelector(".bin__bar").getAttribute("height");
            return bins.sort((a, b) => height(b) - height(a))[0].id;
        }"""
    )
    bin = page.locator(f"#{biggest}")
    words = bin.locator("title").text_content() or ""
    found = re.search(r": (\d+) more events?\n· \S", words)
    assert found, words
    assert bin.get_attribute("aria-label") == words
    bin.locator(".bin__room").click()
    after = wait_until_moved(page, before)
    assert days(after) < days(before) / 20
    assert int(page.locator("#status strong").first.inner_text()) >= int(found[1])
