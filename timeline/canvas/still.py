"""The drawing at one width, for a picture that stands alone: what the page's style sheet decides is decided here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.index import Answer
from timeline.models import Category

from . import typeface
from .picture import Picture
from .placing import MARKS_WHOLE_FROM, RADIUS

WIDTHS = range(400, 3001)
WIDTH = 1200
MARGIN = 24
# The light values of static/timeline/css/tokens.css: a picture on somebody else's page knows no style sheet of ours.
PAPER, INK, SOFT, LINE, STRONG, ACCENT, DENSITY = (
    *("#faf8f3", "#1d1b18", "#55504a", "#ddd6c8", "#8f887b", "#12506b", "#a9b7bd"),
)
HUES = (
    *("#55504a", "#b3261e", "#2b7a4b", "#1f5fa8", "#5b4bb5", "#9a5208", "#8a1c5c", "#5a661c", "#0b6b7d", "#bb3f0c"),
    *("#4b4f57", "#775a3c", "#8f3a96", "#7d6000"),
)
TITLE_SIZE, TITLE_LINE = 24, 31
# Source Serif 4 at weight 600 runs about so much wider than Source Sans 3.
SERIF = 1.06
LEGEND_SIZE, LEGEND_LINE, LEGEND_GAP, SHAPE_ROOM = 13, 22, 18, 18
CREDIT_SIZE = 12


def hue(position: int) -> str:
    """The colour of a category by its position, as on the page."""
    return HUES[position] if 0 < position < len(HUES) else HUES[0]


def pixels(place: str, width: float) -> float:
    """A place in percent, such as “12.5%”, as pixels of a width."""
    return round(float(place.removesuffix("%")) * width / 100, 2)


def scale_of(importance: int, width: float) -> float:
    """How much larger a mark is than the six pixels of its shape; half of that on a narrow drawing."""
    return round(RADIUS[importance] / 6 / (1 if width >= MARKS_WHOLE_FROM else 2), 3)


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend."""

    category: Category
    x: float
    y: float


@dataclass(frozen=True)
class Still:
    """Everything that the picture holds, in pixels of its own width."""

    picture: Picture
    width: int
    height: int
    plane: int
    title: list[tuple[str, float]]
    count: str
    count_y: float
    legend: list[Key]
    top: float
    credit: str


def still(picture: Picture, answer: Answer, width: int, credit: str) -> Still:
    """Lay out the drawing with the filter's sentence above it, its legend, and the credit line below."""
    plane = width - 2 * MARGIN
    size = TITLE_SIZE if width >= 700 else TITLE_SIZE - 5
    lines = wrapped(answer.asked.sentence, size * SERIF, plane, 3)
    y: float = MARGIN + size - 3
    title: list[tuple[str, float]] = [(line, y + number * TITLE_LINE) for number, line in enumerate(lines)]
    y = title[-1][1] + 24
    count = ngettext("%(count)s event", "%(count)s events", answer.total) % {"count": f"{answer.total:,}"}
    legend, bottom = _legend(picture.legend, plane, y + 28)
    top = bottom + 8
    return Still(
        picture=picture,
        width=width,
        height=round(top + picture.drawing.height + 16 + CREDIT_SIZE + MARGIN),
        plane=plane,
        title=title,
        count=count,
        count_y=y,
        legend=legend,
        top=top,
        credit=_fitting(credit, plane),
    )


def credit_line(answer: Answer, address: str) -> str:
    """Whose data it is, under which licence, and where the view is."""
    datasets = answer.asked.vocabulary.datasets
    named = [
        f"{datasets[slug].name} ({datasets[slug].licence})" if datasets[slug].licence else datasets[slug].name
        for slug in answer.facet("dataset")
        if slug in datasets
    ]
    data = _("Data: %(datasets)s") % {"datasets": ", ".join(named)} if named else ""
    return " · ".join(part for part in ("Annals", address, data) if part)


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in at most `most` lines of a width in pixels, the last one cut where more would follow."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, size, width):
            longer = f"{lines[-1]} {piece}".strip()
            if typeface.width(longer, size) <= width or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) > most:
        last = lines[most - 1]
        while typeface.width(f"{last}…", size) > width:
            last = last[:-1]
        return [*lines[: most - 1], f"{last.rstrip(' ,;:–-')}…"]
    return lines


def _pieces(word: str, size: float, width: float) -> list[str]:
    """A word that fits a line, or the parts of one that does not, as scripts without spaces have them."""
    pieces = [""]
    for character in word:
        if pieces[-1] and typeface.width(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _legend(categories: list[Category], width: float, y: float) -> tuple[list[Key], float]:
    """The entries side by side in as many lines as they need, and where the last one ends."""
    entries, x = [], 0.0
    for category in sorted(categories, key=lambda category: category.position):
        room = SHAPE_ROOM + typeface.width(str(category), LEGEND_SIZE)
        if x and x + room > width:
            x, y = 0.0, y + LEGEND_LINE
        entries.append(Key(category, round(x, 1), y))
        x += room + LEGEND_GAP
    return entries, y + 6 if entries else y - 20


def _fitting(text: str, width: float) -> str:
    return wrapped(text, CREDIT_SIZE, width, 1)[0]
