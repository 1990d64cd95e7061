"""What the templates of pictures need: places in pixels, and colours that no style sheet gives."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from timeline.canvas import Bin, Mark, Picture, still
from timeline.canvas.arcs import Arc
from timeline.canvas.axis import Label
from timeline.canvas.picture import words_of
from timeline.models import Outline
from timeline.templatetags.timeline_tags import bin_words

register = template.Library()


@register.filter
def px(place: str, width: float) -> float:
    """A place in percent as pixels of a width."""
    return still.pixels(place, width)


@register.filter
def fits(width_needed: int | None, width: int) -> bool:
    """Whether something shows at a width, that shows from another one on."""
    return width_needed is not None and width_needed <= width


@register.filter
def shows(label: Label, width: int) -> bool:
    """Whether a label of the axis shows at a width."""
    return label.from_width <= width and (label.until_width is None or width < label.until_width)


@register.filter
def colour(position: int) -> str:
    return still.hue(position)


@register.filter
def scale(importance: int, width: float) -> float:
    return still.scale_of(importance, width)


@register.filter
def plus(value: float, more: float) -> float:
    return round(value + more, 2)


@register.filter
def minus(value: float, less: float) -> float:
    return round(value - less, 2)


@register.filter
def event_at(picture: Picture, mark: Mark) -> Outline:
    """The event that a mark stands for."""
    return picture.subjects[mark.id]


@register.filter
def arc_path(arc: Arc, width: float) -> str:
    """The curve of a relation: down from the event in focus, and flat to the other one."""
    left, top = still.pixels(arc.x, width), arc.bottom - arc.depth
    right = left + still.pixels(arc.width, width)
    start, end = (right, left) if arc.goes_left else (left, right)
    bend = round(start + (end - start) * 0.4, 2)
    return f"M{start} {top}C{start} {arc.bottom} {bend} {arc.bottom} {end} {arc.bottom}"


@register.filter
def times(value: float, factor: int) -> float:
    return round(value * factor, 2)


@register.filter
def bin_title(bin: Bin) -> str:
    """What a bar counts, as the page says it."""
    return bin_words(bin, get_language() or "")


@register.filter
def mark_title(event: Outline) -> str:
    """What a mark stands for, as the page says it."""
    return words_of(event, get_language() or "")
