"""The overview: the whole period as a density, and the window in view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .axis import Tick, axis
from .drawing import places_of_bins
from .scale import Window, percent

HEIGHT = 36


@dataclass(frozen=True, slots=True)
class Overview:
    """`window_x` and `window_width` bound what is in view; `view_first` and `view_last` are its days, as ordinals."""

    whole: Window
    bars: list[tuple[str, str, float, float, int]]
    ticks: list[Tick]
    window_x: str
    window_width: str
    height: int
    is_whole: bool
    view_first: int
    view_last: int


def overview(whole: Window, view: Window, edges: tuple[int, ...], counts: Sequence[int]) -> Overview:
    """Lay out the overview. Bars grow with the square root, so that a quiet year beside a loud one shows."""
    tallest = max(counts, default=0) ** 0.5
    bars = []
    for count, (_first, _last, x, width) in zip(counts, places_of_bins(whole, edges), strict=False):
        if count:
            tall = round(max(1.5, count**0.5 / tallest * (HEIGHT - 4)), 1)
            bars.append((x, width, round(HEIGHT - tall, 1), tall, count))
    start = whole.start_of(whole.clipped(view.first))
    end = whole.start_of(whole.clipped(view.last) + 1)
    return Overview(
        whole=whole,
        bars=bars,
        ticks=axis(whole).ticks,
        window_x=percent(start),
        window_width=percent(end - start),
        height=HEIGHT,
        is_whole=start <= 0 and end >= 1,
        view_first=whole.clipped(view.first),
        view_last=whole.clipped(view.last),
    )
