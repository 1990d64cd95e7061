"""The drawing of a real answer: lanes hold what they say, nothing is lost, and its links lead where they should."""

from __future__ import annotations

import datetime
import random

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_places
from timeline import canvas, index
from timeline.canvas import Picture
from timeline.canvas.drawing import LANE_HEADER, ROW_HEIGHT
from timeline.filters import EventFilter
from timeline.models import Event, Participation

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2024, 1, 1)


def asked(query: str) -> EventFilter:
    return EventFilter.parse(QueryDict(query))


def picture(query: str) -> Picture:
    question = asked(query)
    assert question.problems == ()
    opened = Event.objects.for_page().get(slug=question.event) if question.event else None
    return canvas.picture(index.answer(question), TODAY, opened)


def lanes(drawn: Picture) -> dict[str, tuple[int, int]]:
    """For each lane how many events it draws and how many it counts."""
    return {lane.key: (len(lane.marks), sum(bin.count for bin in lane.bins)) for lane in drawn.drawing.lanes}


def test_each_country_has_its_lane_and_the_rest_is_folded(cast: Cast) -> None:
    drawn = picture("lanes=country&country=RUS&country=KOR&match=any")
    assert [(lane.key, lane.label, lane.total) for lane in drawn.drawing.lanes] == [
        ("KOR", "South Korea", 1),
        ("RUS", "Russia", 2),
    ]
    drawn = picture("lanes=country&lane=RUS&lane=KOR")
    assert [(lane.key, lane.label, lane.total) for lane in drawn.drawing.lanes] == [
        ("RUS", "Russia", 2),
        ("KOR", "South Korea", 1),
        ("others", "Others", 3),
    ]


@pytest.mark.parametrize("query", ["", "lanes=country&country=KOR", "lanes=country&lane=RUS&lane=KOR"])
def test_no_mark_lies_on_the_name_of_its_lane_be_it_one_or_several(cast: Cast, query: str) -> None:
    for lane in picture(query).drawing.lanes:
        top_of_marks = min(mark.y for mark in lane.marks) - ROW_HEIGHT // 2
        assert top_of_marks - lane.y == (LANE_HEADER if lane.label else 0), lane.label


def test_event_of_several_countries_stands_in_each_of_their_lanes_tied_by_a_line(cast: Cast) -> None:
    drawn = picture("lanes=country&country=RUS&country=CHN")
    tied = {connector.id for connector in drawn.drawing.connectors}
    assert tied == {cast.exhibition.pk}
    (connector,) = drawn.drawing.connectors
    assert connector.top < connector.bottom


def test_open_event_is_shown_with_its_relations(cast: Cast) -> None:
    drawn = picture(f"from=2023-07&to=2023-07&event={cast.visit.slug}")
    assert [mark.id for lane in drawn.drawing.lanes for mark in lane.marks if mark.is_focus] == [cast.visit.pk]
    assert drawn.drawing.arcs is not None
    assert [(arc.words, arc.title, arc.beyond) for arc in drawn.drawing.arcs.arcs] == [
        ("includes", cast.exhibition.title, ""),
        ("anniversary of", cast.armistice.title, "before"),
    ]


def test_drafts_are_not_drawn_not_even_as_relations(cast: Cast) -> None:
    cast.exhibition.status = "draft"
    cast.exhibition.save()
    drawn = picture(f"event={cast.visit.slug}")
    assert drawn.drawing.arcs is not None
    assert [arc.title for arc in drawn.drawing.arcs.arcs] == [cast.armistice.title]
    assert drawn.drawing.drawn == {event.pk for event in cast.published if event != cast.exhibition}


def test_ongoing_event_runs_to_the_edge(cast: Cast) -> None:
    drawn = picture("from=2023&to=2023&category=sanctions")
    (mark,) = drawn.drawing.lanes[0].marks
    assert (mark.is_bar, mark.x, mark.width, mark.open_end) == (True, "0%", "100%", True)


def test_today_is_marked_only_where_it_is_in_view(cast: Cast) -> None:
    assert picture("from=2023-12&to=2024-01").drawing.today is not None
    assert picture("from=1950&to=1953").drawing.today is None


@pytest.fixture
def many(db: None) -> None:
    """Seven hundred events of ten years, far more than a drawing can show."""
    make_places()
    chance = random.Random(27)
    made = Event.objects.bulk_create(
        [
            Event(
                title=f"Event number {number}",
                slug=f"event-{number}",
                date=chance.choice(["{0}", "{0}", "{0}-0{1}", "{0}-0{1}-1{2}", "{0}-0{1}-1{2}", "{0}/.."]).format(
                    1950 + chance.randint(0, 9), chance.randint(1, 9), chance.randint(0, 9)
                ),
                category_id=chance.choice(["peace", "conflict", "diplomacy"]),
                importance=chance.choice([1, 1, 1, 2, 2, 3, 4, 5]),
                status="published",
            )
            for number in range(700)
        ]
    )
    Participation.objects.bulk_create(
        [
            Participation(event=event, country_id=code)
            for event in made
            for code in chance.sample(["PRK", "KOR", "CHN", "USA", "RUS", "SUN"], chance.randint(0, 3))
        ]
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=1953&to=1954",
        "from=1953-07-12&to=1953-07-12",
        "to=1940",
        "from=2000",
        "lanes=country",
        "lanes=category&importance=2",
        "lanes=country&country=RUS&predecessors=yes&from=1955",
        "country=PRK&country=CHN&match=all&lanes=country",
        "q=number+1",
    ],
)
def test_every_event_of_a_lane_is_drawn_or_counted_once(
    many: None, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    answer = index.answer(asked(query))
    assert answer.total >= 0
    with django_assert_max_num_queries(1):
        drawn = canvas.picture(answer, TODAY)
    for lane in drawn.drawing.lanes:
        assert sum(lanes(drawn)[lane.key]) == lane.total
    if "lanes" not in query:
        assert [lane.total for lane in drawn.drawing.lanes] == [answer.total]
    facet = answer.facet("country") if "lanes=country" in query else answer.facet("category")
    assert all(lane.total == facet[lane.key] for lane in drawn.drawing.lanes if lane.key not in ("", "others"))


def test_click_on_what_is_counted_shows_at_least_that_many(many: None) -> None:
    drawn = picture("from=1952&to=1953")
    bins = [bin for lane in drawn.drawing.lanes for bin in lane.bins]
    assert len(bins) > 5
    for bin in bins:
        closer = asked(drawn.bin_url(bin).partition("?")[2])
        assert closer.problems == ()
        assert index.answer(closer).total >= bin.count
        first, last = closer.range
        assert (first.toordinal(), last.toordinal()) == (bin.first, bin.last)


def test_moves_stay_in_the_calendar(many: None) -> None:
    for query in ("", "from=0001&to=0001", "from=9999&to=9999", "from=1953-07-27&to=1953-07-27", "from=0001&to=9999"):
        drawn = picture(query)
        for move in drawn.moves.values():
            assert asked(move.url.partition("?")[2]).problems == (), (query, move)
