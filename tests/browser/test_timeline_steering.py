"""Moving the drawing by keys, the overview and lanes; what stays meanwhile, and what it says."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import address, db, demo
from tests.browser.moving import ARMISTICE, DECADES, Moves, box_of, days, drag, near, on_axis, wait_until_moved, window

__all__ = ["address", "db", "demo"]


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
    mark.focus()
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
    expect(bin).to_have_accessible_name(" ".join(words.split()))
    bin.locator(".bin__room").click()
    after = wait_until_moved(page, before)
    assert days(after) < days(before) / 20
    assert int(page.locator("#status strong").first.inner_text()) >= int(found[1])
