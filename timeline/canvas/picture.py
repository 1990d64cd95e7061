"""From an answer to its picture: which lanes, which events may be drawn in them, and where to go from here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial

from django.utils.translation import gettext as _

from timeline import addresses, dates
from timeline.filters import EventFilter
from timeline.index import Answer, Selection
from timeline.models import Category, Event, Outline, Vocabulary

from .arcs import Tie
from .axis import density_unit
from .drawing import Bin, Drawing, LaneContent, Subject, edges_of, layout
from .overview import Overview, overview
from .scale import Window

# Events of a lane, by the number of lanes, that may become marks; the rest is counted. Twice as many candidates give
# hardly more marks: rows fill up with those before.
CANDIDATES = {1: 120, 2: 80, 99: 40}
MOST_LANES = 6
TELLING = ("anniversary_of", "first_since", "violates", "contradicts", "part_of", "led_to", "response_to")
OVERVIEW_BINS = 220
# Free time on both sides when everything is in view, so that the first and last marks do not touch the edges.
MARGIN = 0.02
SHORTEST_WINDOW_DAYS = 5


@dataclass(frozen=True, slots=True)
class Link:
    """Something in the drawing that leads to another view."""

    label: str
    url: str


@dataclass(frozen=True)
class Picture:
    """All that the page draws: the overview, the drawing, the ways to move, and addresses for its marks and bins."""

    overview: Overview
    drawing: Drawing
    subjects: dict[int, Outline]
    moves: dict[str, Link]
    whole: Window
    asked: EventFilter

    def bin_url(self, bin: Bin) -> str:
        """The view of the days of a bin."""
        return self._bin_urls(bin.first, bin.last)

    def mark_url(self, event: Outline) -> str:
        """The same view with the event opened in it."""
        return self._opening(event.slug)

    @cached_property
    def legend(self) -> list[Category]:
        """The categories whose marks are drawn, in their order."""
        drawn = {self.subjects[id].category_id for id in self.drawing.drawn}
        return [category for slug, category in self.asked.vocabulary.categories.items() if slug in drawn]

    @cached_property
    def lane_moves(self) -> dict[str, dict[str, str]]:
        """For each lane that can change places the addresses of the view with it one up or one down."""
        return _lane_moves(self.asked, [lane.key for lane in self.drawing.lanes])

    @cached_property
    def _bin_urls(self) -> Callable[[int, int], str]:
        """The bins of all lanes are of the same days."""
        within = addresses.within(self.asked)
        return cache(lambda first, last: within(*shortest_text(first, last)))

    @cached_property
    def _opening(self) -> Callable[[str], str]:
        return addresses.opening(self.asked)


def picture(answer: Answer, today: datetime.date, opened: Event | None = None) -> Picture:
    """Lay out what an answer shows, with the relations of the opened event. At most one query, whatever it holds.

    Another page of the same list has the same drawing, whose marks lead back to that page.
    """
    if opened is not None:
        return _laid_out(answer, today, opened)
    drawn = answer.kept("picture", lambda: _laid_out(answer, today, None), today)
    return drawn if drawn.asked == answer.asked else replace(drawn, asked=answer.asked)


def _laid_out(answer: Answer, today: datetime.date, opened: Event | None) -> Picture:
    asked = answer.asked
    whole = _whole(answer, today)
    view = _view(asked, whole)
    lanes = _lanes(answer)
    limit = next(limit for most, limit in CANDIDATES.items() if len(lanes) <= most)
    chosen = [_candidates(answer, events, limit, opened) for _key, _label, events in lanes]
    subjects = answer.snapshot.outlines({id for ids in chosen for id in ids})
    contents = [
        LaneContent(
            key=key,
            label=label,
            subjects=[_subject(subjects[id], asked.vocabulary, opened) for id in ids if id in subjects],
            density=partial(answer.density, events=events),
            total=len(events),
        )
        for (key, label, events), ids in zip(lanes, chosen, strict=True)
    ]
    edges = edges_of(whole, density_unit(whole, OVERVIEW_BINS))
    return Picture(
        overview=overview(whole, view, edges, answer.histogram(edges, answer.regardless_of_range)),
        drawing=layout(view, contents, today, focus=_focus(asked, opened)),
        subjects=subjects,
        moves=_moves(asked, view, whole),
        whole=whole,
        asked=asked,
    )


def _candidates(answer: Answer, events: Selection, limit: int, opened: Event | None) -> list[int]:
    ids = answer.most_important(limit, events)
    if opened is not None and opened.pk not in ids and answer.with_ids([opened.pk]) & events:
        ids.append(opened.pk)
    return ids


def _focus(asked: EventFilter, opened: Event | None) -> tuple[int, list[Tie]] | None:
    """The day of the opened event and its relations, read from its side. They were fetched with it."""
    if opened is None:
        return None
    found = [(relation.kind, relation.get_kind_display(), relation.target) for relation in opened.relations.all()]
    found += [(relation.kind, relation.inverse_label, relation.event) for relation in opened.inverse_relations.all()]
    # The kinds stand in the order of how much they say: an anniversary before a mere consequence.
    found.sort(key=lambda each: (TELLING.index(each[0]), abs(each[2].day - opened.day), each[2].pk))
    ties = [
        Tie(str(words), other.title, other.date_in_words, asked.opened(other.slug).address(), other.day.toordinal())
        for _kind, words, other in found
        if other.is_published
    ]
    return opened.day.toordinal(), ties


def _whole(answer: Answer, today: datetime.date) -> Window:
    """The whole period of what matches at any time, with a margin."""
    first, last = answer.whole_extent or (today.replace(month=1, day=1), today)
    days = max((last - first).days, SHORTEST_WINDOW_DAYS)
    margin = max(1, round(days * MARGIN))
    return Window(
        max(first.toordinal() - margin, datetime.date.min.toordinal()),
        min(last.toordinal() + margin, datetime.date.max.toordinal()),
    )


def _view(asked: EventFilter, whole: Window) -> Window:
    first = asked.first.toordinal() if asked.first else whole.first
    last = asked.last.toordinal() if asked.last else whole.last
    # An open range that begins after the last event, or ends before the first, still needs a few days to show.
    return Window(min(first, last), max(first, last)) if first != last else Window(first, last)


def _lanes(answer: Answer) -> list[tuple[str, str, Selection]]:
    asked, vocabulary = answer.asked, answer.asked.vocabulary
    if asked.lanes == "none" or not answer.total:
        return [("", "", answer.events)]
    facet = asked.lanes
    chosen: Sequence[str] = asked.countries if facet == "country" else asked.categories
    if asked.lane_order:
        chosen = asked.lane_order
    elif not chosen:
        counts = answer.facet(facet)
        chosen = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_LANES]
    names = vocabulary.countries if facet == "country" else vocabulary.categories
    lanes: list[tuple[str, str, Selection]] = [
        (value, str(names[value]), answer.in_lane(facet, value)) for value in chosen[:MOST_LANES]
    ]
    others = answer.events
    for _key, _label, events in lanes:
        others -= events
    if others:
        lanes.append(("others", _("Others"), others))
    return [lane for lane in lanes if lane[2]]


def _subject(event: Outline, vocabulary: Vocabulary, opened: Event | None) -> Subject:
    when, category = event.when, vocabulary.categories[event.category_id]
    return Subject(
        event.id,
        event.title,
        when.day.toordinal(),
        when.earliest.toordinal(),
        when.latest.toordinal(),
        when.start_latest.toordinal(),
        when.end_earliest.toordinal(),
        event.importance,
        category.slug,
        category.icon or "circle",
        category.position,
        is_interval=when.is_interval,
        open_start=when.open_start or when.unknown_start,
        open_end=when.open_end or when.unknown_end,
        is_focus=opened is not None and event.id == opened.pk,
    )


def _moves(asked: EventFilter, view: Window, whole: Window) -> dict[str, Link]:
    """The buttons: a third of the window to either side, half and double its width, and everything."""
    third, quarter, half = max(1, view.days // 3), max(1, view.days // 4), max(1, view.days // 2)
    steps = {
        "earlier": (_("Earlier"), view.first - third, view.last - third),
        "later": (_("Later"), view.first + third, view.last + third),
        "closer": (_("Zoom in"), view.first + quarter, view.last - quarter),
        "wider": (_("Zoom out"), view.first - half, view.last + half),
    }
    moves = {}
    for name, (label, first, last) in steps.items():
        if name == "closer" and view.days <= SHORTEST_WINDOW_DAYS:
            continue
        if name == "wider" and first <= whole.first and last >= whole.last:
            continue
        if (name == "earlier" and view.first <= whole.first) or (name == "later" and view.last >= whole.last):
            continue
        moves[name] = Link(label, window_filter(asked, first, last).address())
    if asked.has_range:
        moves["fit"] = Link(_("Show all"), asked.changed(start="", end="").address())
    return moves


def _lane_moves(asked: EventFilter, keys: list[str]) -> dict[str, dict[str, str]]:
    movable = [key for key in keys if key and key != "others"]
    moves: dict[str, dict[str, str]] = {}
    for at, key in enumerate(movable):
        for name, other in (("up", at - 1), ("down", at + 1)):
            if 0 <= other < len(movable):
                order = list(movable)
                order[at], order[other] = order[other], order[at]
                moves.setdefault(key, {})[name] = replace(asked, lane_order=tuple(order)).address()
    return moves


def window_filter(asked: EventFilter, first: int, last: int) -> EventFilter:
    """The filter with another window, written as shortly as it can be: whole years or months where they fit."""
    lowest, highest = datetime.date.min.toordinal(), datetime.date.max.toordinal()
    start_text, end_text = shortest_text(*(min(max(day, lowest), highest) for day in (first, last)))
    return asked.changed(start=start_text, end=end_text, event=asked.event)


# The bins of a window are the same for every question.
@lru_cache(maxsize=20_000)
def shortest_text(first: int, last: int) -> tuple[str, str]:
    """EDTF of a range of days, given as ordinals: years if it holds whole years, months if whole months, else days."""
    start, end = datetime.date.fromordinal(first), datetime.date.fromordinal(last)
    after = end + datetime.timedelta(1) if end < datetime.date.max else end
    if start.day == 1 and after.day == 1:
        if start.month == 1 and after.month == 1:
            return f"{start.year:04}", f"{end.year:04}"
        return f"{start:%Y-%m}", f"{end:%Y-%m}"
    return start.isoformat(), end.isoformat()


def words_of(event: Outline, language: str) -> str:
    """What hovering over a mark says. `language` is the active one."""
    return f"{event.title} · {dates.display(event.when, language)}"
