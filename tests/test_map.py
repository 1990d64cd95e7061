"""The world map: its shapes, its levels, and that it says what the country facet says."""

from __future__ import annotations

import json
import re
import runpy
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from timeline import index, worldmap
from timeline.facets import groups
from timeline.filters import EventFilter
from timeline.models import Vocabulary

ROOT = Path(__file__).parent.parent
BUILDER = ROOT / "static" / "vendor" / "world" / "build_world.py"
SVG = (ROOT / "static" / "timeline" / "map" / "world.svg").read_text(encoding="utf-8")
COUNTRIES: list[dict[str, Any]] = json.loads((ROOT / "fixtures" / "countries.json").read_text(encoding="utf-8"))[
    "countries"
]
COUNTS = st.lists(st.integers(min_value=0, max_value=3_000_000), max_size=40)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def world(**asked: Any) -> worldmap.World:
    return worldmap.world(groups(index.answer(EventFilter(Vocabulary.current(), **asked))))


# The shapes ----------------------------------------------------------------------------------------------------------


def test_the_shapes_are_what_the_builder_makes_of_the_source_beside_it() -> None:
    assert runpy.run_path(str(BUILDER))["build"]() == SVG


def test_the_shapes_stay_small_enough_to_travel_once() -> None:
    assert len(SVG.encode()) <= 60_000


def test_every_country_of_today_has_a_shape_or_a_dot_except_antarctica() -> None:
    known = worldmap.picture()
    today = {country["code"] for country in COUNTRIES if country["standard"] == "iso3166-1"}
    assert known.shapes | known.dots == today - {"ATA"} | {"XKX"}
    assert not known.shapes & known.dots


def test_every_country_of_the_demonstration_is_on_the_map_or_no_longer_exists() -> None:
    events = json.loads((ROOT / "fixtures" / "korea.json").read_text(encoding="utf-8"))["events"]
    former = {country["code"] for country in COUNTRIES if country["last_day"]}
    taking_part = {part["country"] for event in events for part in event.get("countries", [])}
    known = worldmap.picture()
    assert taking_part - known.shapes - known.dots <= former


def test_every_shape_and_dot_lies_within_the_picture() -> None:
    left, top, width, height = map(int, worldmap.picture().view_box.split())
    corners = [(int(x), int(y)) for x, y in re.findall(r'cx="(-?\d+)" cy="(-?\d+)"', SVG)]
    for path in re.findall(r' d="([^"]+)"', SVG):
        start = (0, 0)
        for ring in path.split("z")[:-1]:
            numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
            steps = list(zip(numbers[::2], numbers[1::2], strict=True))
            start = here = (start[0] + steps[0][0], start[1] + steps[0][1])
            corners.append(here)
            for x, y in steps[1:]:
                here = (here[0] + x, here[1] + y)
                corners.append(here)
    assert all(left < x < left + width and top < y < top + height for x, y in corners)


@pytest.mark.parametrize(("west", "east"), [("USA", "GBR"), ("GBR", "RUS"), ("CHN", "PRK"), ("PRK", "JPN")])
def test_countries_stand_from_west_to_east(west: str, east: str) -> None:
    def starts_at(code: str) -> int:
        found = re.search(rf'id="{code}" d="m(\d+)', SVG)
        assert found
        return int(found[1])

    assert starts_at(west) < starts_at(east)


# The levels ----------------------------------------------------------------------------------------------------------


@given(COUNTS)
def test_the_legend_holds_every_count_once_and_ends_at_the_largest(counts: list[int]) -> None:
    steps = worldmap.legend(counts)
    for count in filter(None, counts):
        assert [step.level for step in steps if step.least <= count <= step.largest] == [
            worldmap.level_of(count, steps)
        ]
    assert worldmap.level_of(0, steps) == 0
    assert (steps[-1].largest if steps else 0) == max(counts, default=0)


@given(COUNTS)
def test_levels_ascend_to_the_darkest(counts: list[int]) -> None:
    levels = [step.level for step in worldmap.legend(counts)]
    assert levels == sorted(set(levels))
    assert not levels or (levels[0] >= 1 and levels[-1] == worldmap.LEVELS)


@pytest.mark.parametrize("theme", [0, 1])
def test_the_fills_go_one_way_and_their_ends_are_well_apart(theme: int) -> None:
    css = (ROOT / "static" / "timeline" / "css" / "map.css").read_text(encoding="utf-8")
    fills = [both[theme] for both in re.findall(r"--map-\d: light-dark\((#\w{6}), (#\w{6})\)", css)]
    assert len(fills) == worldmap.LEVELS
    brightness = [luminance(fill) for fill in fills]
    assert brightness == sorted(brightness, reverse=theme == 0)
    assert contrast(fills[0], fills[-1]) >= 3


# The map of a view ---------------------------------------------------------------------------------------------------


def test_the_map_counts_what_the_facet_counts(cast: Cast) -> None:
    answer = index.answer(EventFilter(Vocabulary.current(), categories=("diplomacy", "peace")))
    shown = worldmap.world(groups(answer))
    counts = {shape.row.value: shape.row.count for shape in shown.shapes} | {
        row.value: row.count for row in shown.beside
    }
    assert counts == answer.facet("country")


def test_a_former_state_stands_beside_the_map_with_its_years(cast: Cast) -> None:
    shown = world()
    assert [(row.value, row.count, row.note) for row in shown.beside] == [("SUN", 1, "1922–1991")]
    assert "SUN" not in {shape.row.value for shape in shown.shapes}


def test_more_events_make_a_darker_fill(cast: Cast) -> None:
    levels = {shape.row.value: shape.level for shape in world().shapes}
    assert levels["PRK"] == worldmap.LEVELS
    assert levels["KOR"] < levels["RUS"] < levels["PRK"]


def test_a_chosen_country_is_outlined_and_its_click_drops_it(cast: Cast, client: Client) -> None:
    page = client.get("/", {"country": ["PRK", "RUS"]}).content.decode()
    link = re.search(r'<a class="map__country[^>]* id="map-RUS"[^>]*>', page)
    assert link
    assert 'aria-current="true"' in link[0]
    assert 'href="/?country=PRK"' in unescape(link[0])
    assert re.findall(r'<use class="map__chosen" href="[^"#]+#([A-Z]{3})"', page) == ["PRK", "RUS"]


def test_a_chosen_country_without_events_is_plain_but_can_be_dropped(cast: Cast) -> None:
    shapes = {shape.row.value: shape for shape in world(countries=("KOR",), categories=("sanctions",)).shapes}
    assert (shapes["KOR"].level, shapes["KOR"].row.count) == (0, 0)


def test_each_country_says_its_number_to_eye_and_ear(cast: Cast, client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'aria-label="North Korea: 6 events"' in page
    assert 'aria-label="South Korea: 1 event"' in page
    assert ">North Korea: 6 events</text>" in page


def test_the_page_refers_to_the_shapes_and_does_not_carry_them(cast: Cast, client: Client) -> None:
    page = client.get("/").content.decode()
    drawing = page[page.index('<svg class="map__drawing"') : page.index('id="map-side"')]
    assert "<path" not in drawing
    assert drawing.count("map/world.svg#") == 1 + len(world().shapes)
