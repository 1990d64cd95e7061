#!/usr/bin/env python
"""Make the shapes of the world map, `static/timeline/map/world.svg`, from countries-110m.json beside this file.

Run `python static/vendor/world/build_world.py` after renewing the source or fixtures/countries.json, and commit the
result. It needs no library. The file holds `<g id="world">` with one `<path id="PRK">` for each country that has a
shape at this scale and `<path id="land">` for what belongs to none, and beside it one `<circle id="SGP">` for each
state too small for a shape. Antarctica is left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SOURCE = FOLDER / "countries-110m.json"
COUNTRIES = FOLDER.parents[2] / "fixtures" / "countries.json"
RESULT = FOLDER.parents[1] / "timeline" / "map" / "world.svg"

# The whole earth would be 2000 units wide. The corners of the oval hold nothing but sea: left, top, width, height.
WIDTH = 2000
VIEW_BOX = "24 -14 1988 892"
# Drawn around 11 degrees east the map is cut in the Bering Strait, so that no country falls into two halves.
CENTRE = 11.0
# The most northern land touches the upper edge; the south ends below Cape Horn.
NORTH = 83.7
# About half a pixel on a map of 700 pixels: the coast stays, the bytes go.
TOLERANCE = 1.6
DOT_RADIUS = 8
LEFT_OUT = {"ATA"}
# Natural Earth gives Kosovo a name and no number.
WITHOUT_NUMBER = {"Kosovo": "XKX"}

Degrees = tuple[float, float]
Point = tuple[float, float]


def equal_earth(longitude: float, latitude: float) -> Point:
    """The Equal Earth projection of a sphere of radius 1 (Šavrič, Patterson and Jenny 2018), y growing northwards.

    It keeps areas: a fill that means a number must not make Greenland louder than India.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    return x, a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t


SCALE = WIDTH / (2 * equal_earth(180, 0)[0])
TOP = equal_earth(0, NORTH)[1]


def on_map(position: Degrees) -> Point:
    """Where a position stands on the map, in its units, y growing downwards."""
    x, y = equal_earth(position[0] - CENTRE, position[1])
    return WIDTH / 2 + x * SCALE, (TOP - y) * SCALE


def unwrapped(positions: Iterable[Degrees]) -> list[Degrees]:
    """The line with its longitudes going on beyond 180 degrees instead of jumping to the other edge of the map."""
    line: list[Degrees] = []
    for longitude, latitude in positions:
        if line:
            longitude += 360 * round((line[-1][0] - longitude) / 360)
        line.append((longitude, latitude))
    return line


def arcs_of(topology: dict[str, Any]) -> list[list[Degrees]]:
    """The lines of a quantised TopoJSON, as longitudes and latitudes in degrees."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + left, y * scale_y + bottom))
        arcs.append(unwrapped(line))
    return arcs


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch of a line."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    share = 0.0
    if length:
        share = ((point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]) / length
        share = min(1.0, max(0.0, share))
    return math.hypot(point[0] - start[0] - share * along[0], point[1] - start[1] - share * along[1])


def simplified(arc: list[Degrees]) -> list[Degrees]:
    """The arc without what nobody sees (Douglas and Peucker 1973).

    Neighbours share an arc, and its ends stay: their borders keep meeting.
    """
    points = [on_map(position) for position in arc]
    kept = {0, len(arc) - 1}
    waiting = [(0, len(arc) - 1)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        if not between:
            continue
        far = max(between, key=lambda index: distance(points[index], points[first], points[last]))
        if distance(points[far], points[first], points[last]) > TOLERANCE:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [arc[index] for index in sorted(kept)]


def rings_of(shape: dict[str, Any], arcs: list[list[Degrees]]) -> Iterator[list[Degrees]]:
    """The closed lines around a shape's land and its lakes, without their repeated last position."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for polygon in polygons:
        for ring in polygon:
            line: list[Degrees] = []
            for number in ring:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                line += arc[1:] if line else arc
            yield around_centre(unwrapped(line)[:-1])


def around_centre(ring: list[Degrees]) -> list[Degrees]:
    """The ring as a whole on the nearer side of the map's edge."""
    middle = sum(longitude for longitude, _ in ring) / len(ring)
    turn = 360 * round((CENTRE - middle) / 360)
    return [(longitude + turn, latitude) for longitude, latitude in ring]


def path_of(rings: Iterable[Sequence[Degrees]]) -> str:
    """The `d` of an SVG path in whole units, each step relative to the one before."""
    parts = []
    here = (0, 0)
    for ring in rings:
        corners: list[tuple[int, int]] = []
        for x, y in map(on_map, ring):
            corner = (round(x), round(y))
            if not corners or corner != corners[-1]:
                corners.append(corner)
        if len(corners) < 3:
            continue
        steps = [(x - from_x, y - from_y) for (from_x, from_y), (x, y) in zip([here, *corners], corners, strict=False)]
        parts.append("m" + joined(number for step in steps for number in step) + "z")
        here = corners[0]
    return "".join(parts)


def joined(numbers: Iterable[int]) -> str:
    """Numbers with a blank only where no minus already parts them."""
    text = ""
    for number in numbers:
        text += f" {number}" if text and number >= 0 else str(number)
    return text


def build() -> str:
    """The text of world.svg."""
    topology = json.loads(SOURCE.read_text(encoding="utf-8"))
    countries = json.loads(COUNTRIES.read_text(encoding="utf-8"))["countries"]
    today = {c["code"]: c for c in countries if c["standard"] == "iso3166-1"}
    codes = {country["numeric"]: code for code, country in today.items()}
    arcs = [simplified(arc) for arc in arcs_of(topology)]

    shapes: dict[str, list[list[Degrees]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        number, name = shape.get("id"), shape["properties"]["name"]
        code = codes.get(number) or WITHOUT_NUMBER.get(name) or "land"
        if code not in LEFT_OUT:
            shapes.setdefault(code, []).extend(rings_of(shape, arcs))

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}">', '<g id="world">']
    lines += [f'<path id="{code}" d="{path_of(rings)}"/>' for code, rings in sorted(shapes.items())]
    lines.append("</g>")
    for code, country in sorted(today.items()):
        if code not in shapes and code not in LEFT_OUT and country["latitude"] is not None:
            [(longitude, latitude)] = around_centre([(country["longitude"], country["latitude"])])
            x, y = on_map((longitude, latitude))
            lines.append(f'<circle id="{code}" cx="{round(x)}" cy="{round(y)}" r="{DOT_RADIUS}"/>')
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    """Write the file anew."""
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(build(), encoding="utf-8")


if __name__ == "__main__":
    main()
