"""What helps to fill in the form of an event: a map, dates by one click, the card as readers will see it."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in, sign_in_by_form
from tests.browser.test_accessibility import violations
from tests.browser.test_admin import pick, world
from timeline.models import Event

__all__ = ["world"]

ADD = "/admin/timeline/event/add/"
PYONGYANG = (125.75, 39.03)


@pytest.fixture(scope="module")
def shapes() -> Any:
    """What made the map: it knows where a longitude and a latitude stand on it."""
    path = Path(__file__).parents[2] / "static" / "vendor" / "world" / "build_world.py"
    spec = spec_from_file_location("build_world", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(page: Page) -> tuple[float, float]:
    """Longitude and latitude as the form has them."""
    return float(page.input_value("#id_longitude")), float(page.input_value("#id_latitude"))


def click_at(page: Page, shapes: Any, degrees: tuple[float, float]) -> None:
    """Press where the map, as it is zoomed now, shows this place."""
    drawing = page.locator("#point-map svg")
    left, top, width, height = map(float, (drawing.get_attribute("viewBox") or "").split())
    x, y = shapes.on_map(degrees)
    # The frame's own line lies outside of what is drawn.
    size = drawing.evaluate("svg => [svg.clientWidth, svg.clientHeight]")
    drawing.click(position={"x": (x - left) / width * size[0] + 1, "y": (y - top) / height * size[1] + 1})


def test_a_place_is_pointed_at_more_exactly_the_nearer_one_looks(page: Page, world: None, shapes: Any) -> None:
    sign_in(page)
    page.goto(ADD)
    says = page.locator("#point-map output")
    expect(says).to_have_text("No point yet.")
    click_at(page, shapes, PYONGYANG)
    assert numbers(page) == pytest.approx(PYONGYANG, abs=1)
    assert len(page.input_value("#id_latitude").partition(".")[2]) == 1
    for _step in range(6):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.get_by_role("button", name="Zoom in")).to_be_disabled()
    click_at(page, shapes, PYONGYANG)
    assert numbers(page) == pytest.approx(PYONGYANG, abs=0.02)
    assert len(page.input_value("#id_latitude").partition(".")[2]) == 3
    expect(says).to_have_text(
        f"The point is at latitude {float(page.input_value('#id_latitude')):g}, "
        f"longitude {float(page.input_value('#id_longitude')):g}."
    )
    page.get_by_role("button", name="Clear the point").click()
    expect(says).to_have_text("No point yet.")
    assert (page.input_value("#id_latitude"), page.input_value("#id_longitude")) == ("", "")


def test_the_map_is_dragged_without_moving_the_point(page: Page, world: None, shapes: Any) -> None:
    sign_in(page)
    page.goto(ADD)
    click_at(page, shapes, PYONGYANG)
    page.get_by_role("button", name="Zoom in").click()
    before, seen = numbers(page), page.locator("#point-map svg").get_attribute("viewBox")
    box = page.locator("#point-map svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=3)
    page.mouse.up()
    assert page.locator("#point-map svg").get_attribute("viewBox") != seen
    assert numbers(page) == before
    click_at(page, shapes, (140, 36))
    assert numbers(page) == pytest.approx((140, 36), abs=0.5)


def test_the_point_is_moved_by_keys_and_by_typing(page: Page, world: None) -> None:
    sign_in(page)
    page.goto(ADD)
    page.fill("#id_latitude", "39")
    page.fill("#id_longitude", "125.7")
    expect(page.locator("#point-map output")).to_have_text("The point is at latitude 39, longitude 125.7.")
    expect(page.locator(".point-map__point")).to_be_visible()
    page.locator("#point-map svg").focus()
    page.keyboard.press("ArrowUp")
    assert numbers(page) == pytest.approx((125.7, 40))
    page.keyboard.press("Shift+ArrowLeft")
    assert numbers(page) == pytest.approx((115.7, 40))
    for _step in range(6):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert numbers(page) == pytest.approx((115.71, 40))
    for _step in range(5):
        page.keyboard.press("Shift+ArrowDown")
    # Nobody loses the point by moving it beyond the edge.
    page.keyboard.press("Shift+ArrowDown")
    assert numbers(page) == pytest.approx((115.71, 39.4))
    expect(page.locator(".point-map__point")).to_be_in_viewport()
    page.fill("#id_latitude", "95")
    expect(page.locator("#point-map output")).to_have_text("These two numbers are no place on the earth.")
    expect(page.locator(".point-map__point")).to_be_hidden()


def test_a_date_is_widened_and_marked_by_one_click(page: Page, world: None) -> None:
    sign_in(page)
    page.goto(ADD)
    page.locator("#id_date").press_sequentially("27 July 1953")
    reading = page.locator("#date-reading")
    reading.get_by_role("button", name="July 1953", exact=True).click()
    expect(reading).to_contain_text("Shown as July 1953")
    expect(page.locator("#id_date")).to_be_focused()
    reading.get_by_role("button", name="uncertain").click()
    expect(reading).to_contain_text("Shown as July 1953 (uncertain)")
    assert page.input_value("#id_date") == "July 1953 (uncertain)"
    reading.get_by_role("button", name="sure", exact=True).click()
    expect(reading).to_contain_text("Shown as July 1953.")


def test_the_card_follows_what_is_typed(page: Page, world: None) -> None:
    sign_in(page)
    page.goto(ADD)
    card = page.frame_locator("#card-preview")
    expect(card.locator("main")).to_contain_text("once there is a title, a date and a category")
    page.fill("#id_title", "Minister visits <Pyongyang>")
    page.fill("#id_date", "late July 2023")
    page.select_option("#id_category", "diplomacy")
    expect(card.locator(".card__title")).to_have_text("Minister visits <Pyongyang>")
    pick(page, page.locator("#participations-0"), "rus", "Russia")
    page.fill("#id_sources-0-url", "https://www.kcnawatch.org/arrival")
    page.locator("#id_sources-0-url").blur()
    # Whose page it is stands in its address; an editor may say more.
    expect(page.locator("#id_sources-0-publisher")).to_have_value("kcnawatch.org")
    page.fill("#id_sources-0-publisher", "KCNA")
    page.fill("#id_sources-0-url", "https://www.kcnawatch.org/arrival-2")
    page.locator("#id_sources-0-url").blur()
    expect(page.locator("#id_sources-0-publisher")).to_have_value("KCNA")
    expect(card.locator(".card__facts img")).to_have_attribute("alt", "Russia")
    expect(card.locator(".card__facts")).to_contain_text("1 source")
    expect(card.locator(".card__date")).to_have_text("late July 2023")
    assert violations(page) == []
    assert Event.objects.count() == 0


def test_without_javascript_numbers_are_typed_and_the_card_is_asked_for(
    page_without_javascript: Page, world: None
) -> None:
    page = page_without_javascript
    sign_in_by_form(page)
    page.goto(ADD)
    expect(page.locator("#point-map")).to_be_hidden()
    page.fill("#id_title", "Visit")
    page.fill("#id_date", "26 July 2023")
    page.select_option("#id_category", "diplomacy")
    page.fill("#id_latitude", "39.03")
    page.fill("#id_longitude", "125.75")
    page.get_by_role("button", name="Show the card").click()
    expect(page.frame_locator("#card-preview").locator(".card__title")).to_have_text("Visit")
    page.get_by_role("button", name="Save as draft").click()
    made = Event.objects.get()
    assert (str(made.latitude), str(made.longitude)) == ("39.03000", "125.75000")
