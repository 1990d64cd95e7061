"""The relations of the event in focus, as arcs under the lanes with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import typeface
from .scale import Window, breakpoint, percent

TEXT_SIZE = 12
ROW_HEIGHT = 20
PADDING = 12
LABEL_LENGTH = 70
MOST_ARCS = 6


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation as the drawing needs it: its words, the other event's title and address, and its day (an ordinal)."""

    words: str
    title: str
    when: str
    url: str
    day: int


@dataclass(frozen=True, slots=True)
class Arc:
    """From the event in focus to the other one; `beyond` is "before" or "after" where that lies out of view."""

    words: str
    title: str
    when: str
    url: str
    x: str
    width: str
    to_x: str
    bottom: int
    depth: int
    goes_left: bool
    beyond: str
    label: str
    label_is_left: bool
    label_from: int | None


@dataclass(frozen=True, slots=True)
class Arcs:
    """The band of arcs: where it begins, how tall it is, and where the event in focus stands."""

    top: int
    height: int
    x: str
    arcs: list[Arc]


def arcs(window: Window, day: int, ties: Sequence[Tie], top: int) -> Arcs | None:
    """Lay out the arcs of an event in view, of the first of its ties: near ones shallow, far ones deep, a line each."""
    if not ties or not window.first <= day <= window.last:
        return None
    at = window.middle_of(day)
    near_first = sorted(ties[:MOST_ARCS], key=lambda tie: (abs(tie.day - day), tie.title))
    laid_out = [_arc(window, at, tie, number, top) for number, tie in enumerate(near_first)]
    return Arcs(top, len(laid_out) * ROW_HEIGHT + PADDING, percent(at), laid_out)


def _arc(window: Window, at: float, tie: Tie, number: int, top: int) -> Arc:
    to = window.middle_of(tie.day)
    beyond = "before" if to < 0 else "after" if to > 1 else ""
    to = min(max(to, 0.0), 1.0)
    start, end = min(at, to), max(at, to)
    text = typeface.shortened(f"{tie.words}: {tie.title}", LABEL_LENGTH)
    if beyond:
        text = f"← {tie.when} · {text}" if beyond == "before" else f"{text} · {tie.when} →"
    needed = typeface.width(text, TEXT_SIZE) + 12
    # The words stand beyond the arc's end, or on its near side where there is more room, whichever needs less width.
    rightwards = needed / (1 - to) if to < 1 else float("inf")
    leftwards = needed / to if to > 0 else float("inf")
    is_left = leftwards < rightwards
    return Arc(
        words=tie.words,
        title=tie.title,
        when=tie.when,
        url=tie.url,
        x=percent(start),
        width=percent(max(end - start, 0.002)),
        to_x=percent(to),
        bottom=top + (number + 1) * ROW_HEIGHT,
        depth=(number + 1) * ROW_HEIGHT,
        goes_left=to < at,
        beyond=beyond,
        label=text,
        label_is_left=is_left,
        label_from=breakpoint(min(leftwards, rightwards)),
    )
