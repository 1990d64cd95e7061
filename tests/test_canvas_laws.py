"""Laws of the drawing, at every width of the page: nothing touches, nothing is cut off, nothing is lost."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from timeline.canvas import BREAKPOINTS, Drawing, LaneContent, Mark, Subject, Window, axis, layout, typeface
from timeline.canvas.arcs import TEXT_SIZE as ARC_TEXT_SIZE
from timeline.canvas.arcs import Tie
from timeline.canvas.axis import TEXT_SIZE as AXIS_TEXT_SIZE
from timeline.canvas.axis import Axis, Label
from timeline.canvas.drawing import ROW_HEIGHT
from timeline.canvas.placing import MARKS_WHOLE_FROM, RADIUS, TEXT_SIZE

LAST_DAY = datetime.date.max.toordinal()
TWO_THOUSAND_YEARS = 730_500
TODAY = datetime.date(2024, 1, 1)
# Places are written with three decimals of a percent: on the widest page that is 0.015 pixels to either side.
ROUNDING = 0.04
# Pixels between a tick and the label beside it (the template's dx).
BESIDE_TICK = 4

widths = st.integers(280, 3000)
titles = st.text("abcdefghij WMil,.'-ÄéЖ평양", min_size=1, max_size=90) | st.sampled_from(
    ["Armistice", "Russia's defence minister visits Pyongyang for the anniversary of the armistice", "전승절"]
)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """From a day to two thousand years, anywhere in the calendar."""
    days = draw(st.integers(1, 60) | st.integers(1, 5000) | st.integers(1, TWO_THOUSAND_YEARS))
    first = draw(st.integers(1, LAST_DAY - days + 1) | st.just(1) | st.just(LAST_DAY - days + 1))
    return Window(first, first + days - 1)


@st.composite
def subjects(draw: st.DrawFn, window: Window, id: int) -> Subject:
    """An event of any kind that touches the window."""
    start = draw(st.integers(window.first, window.last))
    length = draw(st.sampled_from([0, 0, 0, 1, 30]) | st.integers(0, window.days))
    early = draw(st.sampled_from([0, 0, 1, 400]))
    first, last = max(1, start - early), min(LAST_DAY, start + length)
    kind = draw(st.sampled_from(["day", "unit", "interval", "unsure interval", "open start", "open end"]))
    earliest, latest = {"day": (start, start), "open start": (1, last), "open end": (first, LAST_DAY)}.get(
        kind, (first, last)
    )
    start_latest, end_earliest = {
        "day": (start, start),
        "unit": (latest, earliest),
        "interval": (earliest, latest),
        "unsure interval": (min(latest, earliest + 10), max(earliest, latest - 10)),
        "open start": (earliest, max(earliest, latest - 3)),
        "open end": (min(latest, earliest + 3), latest),
    }[kind]
    return Subject(
        id=id,
        title=draw(titles),
        day=min(max(start, earliest), latest),
        earliest=earliest,
        latest=latest,
        start_latest=start_latest,
        end_earliest=end_earliest,
        importance=draw(st.integers(1, 5)),
        category="peace",
        is_interval=kind not in ("day", "unit"),
        open_start=kind == "open start",
        open_end=kind == "open end",
        is_focus=draw(st.integers(0, 9)) == 0,
    )


@dataclass
class Counting:
    """The events of a lane as the index counts them: the subjects, and more that are too many to be drawn."""

    subjects: Sequence[Subject]
    more: Sequence[int]
    drawn: list[set[int]] = field(default_factory=list)

    def density(self, edges: Sequence[int], drawn: Collection[int]) -> list[int]:
        self.drawn.append(set(drawn))
        counts = [0] * (len(edges) - 1)
        for day in [*(subject.day for subject in self.subjects if subject.id not in drawn), *self.more]:
            counts[max((number for number in range(len(counts)) if edges[number] <= day), default=0)] += 1
        return counts


@dataclass
class Scene:
    window: Window
    lanes: list[Counting]

    def drawing(self) -> Drawing:
        contents = [
            LaneContent(
                key=f"lane{number}",
                label=f"Lane {number}",
                subjects=lane.subjects,
                density=lane.density,
                total=len(lane.subjects) + len(lane.more),
            )
            for number, lane in enumerate(self.lanes)
        ]
        return layout(self.window, contents, TODAY)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    window = draw(windows())
    lanes = []
    for _lane in range(draw(st.sampled_from([1, 1, 1, 2, 7]))):
        chosen = [draw(subjects(window, id)) for id in range(draw(st.integers(0, 14)))]
        more = draw(st.lists(st.integers(window.first, window.last), max_size=6))
        lanes.append(Counting(chosen, more))
    return Scene(window, lanes)


def crowded() -> Scene:
    """Two hundred events of five years: more than fit, of every weight, many on the same day."""
    window = Window(datetime.date(1950, 1, 1).toordinal(), datetime.date(1954, 12, 31).toordinal())
    chosen = []
    for id in range(200):
        day = window.first + id * id * 7 % window.days
        latest = min(window.last, day + 200) if id % 7 == 0 else day
        title = f"Event number {id} with a title of its own length".ljust(30 + id % 60, "x")
        chosen.append(Subject(id, title, day, day, latest, day, latest, id % 5 + 1, "peace", is_interval=id % 7 == 0))
    return Scene(window, [Counting(chosen, [window.first, window.last])])


def at(place: str, width: int) -> float:
    return float(place.removesuffix("%")) / 100 * width


@dataclass(frozen=True)
class Box:
    """What something takes across, in pixels."""

    left: float
    right: float

    def touches(self, other: Box) -> bool:
        return self.left < other.right - ROUNDING and other.left < self.right - ROUNDING


def mark_of(mark: Mark, width: int) -> Box:
    x = at(mark.x, width)
    if mark.is_bar:
        return Box(x, x + at(mark.width, width))
    radius = RADIUS[mark.importance] * (1 if width >= MARKS_WHOLE_FROM else 0.5)
    return Box(x - radius, x + radius)


def label_of(mark: Mark, width: int) -> Box | None:
    """The label where this width shows it."""
    if mark.label_from is None or width < mark.label_from:
        return None
    x, text = at(mark.x, width), typeface.width(mark.label, TEXT_SIZE)
    if mark.side == "left":
        return Box(x - mark.label_offset - text, x - mark.label_offset)
    return Box(x + mark.label_offset, x + mark.label_offset + text)


def every(width: int) -> list[int]:
    """The widths at which something changes, the last before each, and one more."""
    return sorted({width, *BREAKPOINTS, *(breakpoint - 1 for breakpoint in BREAKPOINTS[1:])})


laws = settings(max_examples=80)


@laws
@given(scenes(), widths)
@example(crowded(), 1234)
def test_no_label_touches_another_label_or_mark_or_leaves_the_drawing(scene: Scene, width: int) -> None:
    drawing = scene.drawing()
    for w in every(width):
        for lane in drawing.lanes:
            labels = [(mark, box) for mark in lane.marks if (box := label_of(mark, w))]
            for mark, box in labels:
                assert box.left >= -ROUNDING, (w, mark)
                assert box.right <= w + ROUNDING, (w, mark)
            for (mark, box), (other, other_box) in combinations(labels, 2):
                assert mark.y != other.y or not box.touches(other_box), (w, mark, other)
            for mark, box in labels:
                for other in lane.marks:
                    if other is not mark and other.y == mark.y:
                        assert not box.touches(mark_of(other, w)), (w, mark, other)


@laws
@given(scenes(), widths)
@example(crowded(), 1234)
def test_marks_of_a_row_do_not_touch(scene: Scene, width: int) -> None:
    drawing = scene.drawing()
    for w in every(width):
        for lane in drawing.lanes:
            for mark, other in combinations(lane.marks, 2):
                assert mark.y != other.y or not mark_of(mark, w).touches(mark_of(other, w)), (w, mark, other)


@laws
@given(scenes())
@example(crowded())
def test_every_event_in_view_is_drawn_or_counted_exactly_once(scene: Scene) -> None:
    drawing = scene.drawing()
    for lane, counted in zip(drawing.lanes, scene.lanes, strict=True):
        ids = [mark.id for mark in lane.marks]
        assert len(set(ids)) == len(ids)
        assert counted.drawn == [set(ids)]
        assert len(ids) + sum(bin.count for bin in lane.bins) == len(counted.subjects) + len(counted.more) == lane.total
    assert drawing.drawn == {mark.id for lane in drawing.lanes for mark in lane.marks}


@laws
@given(scenes())
@example(crowded())
def test_most_important_event_is_always_drawn(scene: Scene) -> None:
    for lane, counted in zip(scene.drawing().lanes, scene.lanes, strict=True):
        focus_first = sorted(counted.subjects, key=lambda s: (not s.is_focus, -s.importance))
        drawn = {mark.id for mark in lane.marks}
        assert not focus_first or any(
            subject.id in drawn
            for subject in focus_first
            if (subject.is_focus, subject.importance) == (focus_first[0].is_focus, focus_first[0].importance)
        )


@laws
@given(scenes())
@example(crowded())
def test_rows_and_lanes_stand_one_below_the_other(scene: Scene) -> None:
    drawing = scene.drawing()
    for lane in drawing.lanes:
        rows = sorted({mark.y for mark in lane.marks})
        assert all(below - above >= ROW_HEIGHT for above, below in pairwise(rows))
        assert all(lane.y + ROW_HEIGHT // 2 <= y <= lane.baseline - ROW_HEIGHT // 2 for y in rows)
    assert [lane.y for lane in drawing.lanes][:1] == [drawing.axis_height]
    assert all(upper.y + upper.height <= lower.y for upper, lower in pairwise(drawing.lanes))
    assert all(lane.y + lane.height <= drawing.height for lane in drawing.lanes)


@laws
@given(scenes())
@example(crowded())
def test_bins_follow_each_other_inside_the_window(scene: Scene) -> None:
    for lane in scene.drawing().lanes:
        assert all(before.last < after.first for before, after in pairwise(lane.bins))
        assert all(scene.window.first <= bin.first <= bin.last <= scene.window.last for bin in lane.bins)
        tallest = max((bin.count for bin in lane.bins), default=0)
        for bin in lane.bins:
            assert 0 < bin.height <= lane.baseline - lane.y
            assert bin.count == tallest or bin.height <= max(other.height for other in lane.bins)


@laws
@given(scenes())
@example(crowded())
def test_marks_lie_in_the_drawing(scene: Scene) -> None:
    for lane in scene.drawing().lanes:
        for mark in lane.marks:
            assert 0 <= at(mark.x, 100) <= 100
            if not mark.is_bar:
                continue
            assert at(mark.x, 100) + at(mark.width, 100) <= 100 + ROUNDING
            assert at(mark.x, 100) - ROUNDING <= at(mark.core_x, 100)
            assert at(mark.core_x, 100) + at(mark.core_width, 100) <= (at(mark.x, 100) + at(mark.width, 100) + ROUNDING)


# The axis ------------------------------------------------------------------------------------------------------------


def shown(labels: Iterable[Label], width: int) -> list[tuple[str, Box]]:
    """The words that a width shows, and what they take."""
    found = []
    for label in labels:
        if label.from_width <= width < (label.until_width or 10**9):
            left = at(label.x, width) + BESIDE_TICK
            found.append((label.text, Box(left, left + typeface.width(label.text, AXIS_TEXT_SIZE))))
    return found


def ticks_at(ruler: Axis, width: int) -> list[tuple[str, Box]]:
    return shown((label for tick in ruler.ticks if width >= tick.from_width for label in tick.labels), width)


@settings(max_examples=150)
@given(windows(), widths)
def test_ticks_ascend_and_neither_their_labels_nor_the_headings_collide(window: Window, width: int) -> None:
    ruler = axis(window)
    assert all(before.day < after.day for before, after in pairwise(ruler.ticks))
    assert all(window.first <= tick.day <= window.last for tick in ruler.ticks)
    for w in every(width):
        for words in (ticks_at(ruler, w), shown(ruler.headings, w)):
            for (label, box), (next_label, next_box) in pairwise(words):
                assert box.right <= next_box.left + ROUNDING, (w, label, next_label)
            assert all(box.right <= w + ROUNDING for _label, box in words), (w, words)


@settings(max_examples=150)
@given(windows(), widths)
def test_axis_always_tells_the_year(window: Window, width: int) -> None:
    ruler = axis(window)
    years = {str(year) for year in range(day_of(window.first).year, day_of(window.last).year + 1)}
    for w in every(width):
        labels = [label for label, _box in ticks_at(ruler, w) + shown(ruler.headings, w)]
        assert any(years & set(label.split()) for label in labels), (w, labels)


def day_of(ordinal: int) -> datetime.date:
    return datetime.date.fromordinal(ordinal)


@settings(max_examples=150)
@given(windows(), widths)
def test_line_stands_with_every_label_and_a_wider_page_has_no_fewer_lines(window: Window, width: int) -> None:
    ruler = axis(window)
    for tick in ruler.ticks:
        assert all(label.from_width >= tick.from_width for label in tick.labels)
        spans = [(label.from_width, label.until_width or 10**9) for label in tick.labels]
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    drawn = [sum(tick.from_width <= w for tick in ruler.ticks) for w in every(width)]
    assert drawn == sorted(drawn)


# Arcs ----------------------------------------------------------------------------------------------------------------


@laws
@given(windows(), st.data(), widths)
def test_words_of_arcs_stay_in_the_drawing_each_on_its_own_line(
    window: Window, data: st.DataObject, width: int
) -> None:
    focus = data.draw(st.integers(window.first, window.last))
    ties = [
        Tie("anniversary of", data.draw(titles), "27 July 1953", f"/?event={number}", data.draw(days))
        for number in range(data.draw(st.integers(1, 9)))
    ]
    band = layout(window, [LaneContent("", "", [], lambda _edges, _drawn: [], 0)], TODAY, focus=(focus, ties)).arcs
    assert band is not None
    assert len({arc.bottom for arc in band.arcs}) == len(band.arcs) == min(len(ties), 6)
    assert all(band.top < arc.bottom <= band.top + band.height for arc in band.arcs)
    for w in every(width):
        for arc in band.arcs:
            if arc.label_from is not None and w >= arc.label_from:
                text = typeface.width(arc.label, ARC_TEXT_SIZE)
                x = at(arc.to_x, w)
                left = x - 8 - text if arc.label_is_left else x + 8
                assert left >= -ROUNDING, (w, arc)
                assert left + text <= w + ROUNDING, (w, arc)


days = st.integers(1, LAST_DAY)
