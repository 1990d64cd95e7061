"""The index answers like the oracle, whatever the events and whatever is asked."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.cast import CATEGORIES, COUNTRIES, make_places
from timeline import dates, index
from timeline.filters import EventFilter
from timeline.models import Actor, ActorParticipation, Dataset, Event, Participation

pytestmark = pytest.mark.django_db

ACTORS = ("kim-jong-un", "sergei-shoigu")
DATASETS = ("chronicle", "gazette")

# A few years, so that events meet each other and the edges of ranges often.
days = st.dates(datetime.date(1950, 6, 1), datetime.date(1953, 8, 31))
singles = days.flatmap(lambda day: st.sampled_from([day.isoformat()[:length] for length in (4, 7, 10, 10)]))
qualified = st.builds(str.__add__, singles, st.sampled_from(["", "", "", "?", "~", "%"]))
ends = singles | st.sampled_from(["", ".."])
texts = qualified | st.builds("{}/{}".format, ends, ends) | st.builds("[{}..{}]".format, singles, singles)


def is_date(text: str) -> bool:
    try:
        dates.parse_edtf(text)
    except dates.DateProblem:
        return False
    return True


some_countries = st.lists(st.sampled_from([code for code, _name in COUNTRIES]), unique=True, max_size=3)
events = st.fixed_dictionaries(
    {
        "date": texts.filter(is_date),
        "title": st.sampled_from(["Talks", "Talks on peace", "Missile test", "전승절"]),
        "category": st.sampled_from([slug for slug, _name in CATEGORIES[:3]]),
        "importance": st.integers(1, 5),
        "status": st.sampled_from(["published", "published", "published", "draft", "withdrawn"]),
        "dataset": st.sampled_from([None, *DATASETS]),
        "countries": some_countries,
        "actors": st.lists(st.sampled_from(ACTORS), unique=True, max_size=2),
    }
)


def _asked(values: list[tuple[str, str]]) -> str:
    single = dict(values)
    return "&".join(f"{name}={value}" for name, value in values if name in MULTIPLE or single[name] == value)


MULTIPLE = ("country", "category", "actor", "dataset")
PARTS = st.one_of(
    st.tuples(st.just("country"), st.sampled_from([code for code, _name in COUNTRIES])),
    st.tuples(st.just("category"), st.sampled_from([slug for slug, _name in CATEGORIES[:3]])),
    st.tuples(st.just("actor"), st.sampled_from(ACTORS)),
    st.tuples(st.just("dataset"), st.sampled_from(DATASETS)),
    st.tuples(st.just("match"), st.sampled_from(["all", "any"])),
    st.tuples(st.just("predecessors"), st.sampled_from(["yes", "no"])),
    st.tuples(st.just("importance"), st.sampled_from(["1", "2", "3", "4", "5"])),
    st.tuples(st.just("from"), singles),
    st.tuples(st.just("to"), singles),
    st.tuples(st.just("q"), st.sampled_from(["talks", "TALKS peace", "test", "전승절", "%25"])),
    st.tuples(st.just("order"), st.sampled_from(["newest", "oldest"])),
)
questions = st.lists(PARTS, max_size=6).map(_asked)
edges_of_bins = st.lists(days.map(datetime.date.toordinal), min_size=2, max_size=8, unique=True).map(sorted)


def store(given_events: list[dict[str, Any]]) -> list[int]:
    """Replace all events by these; returns the ids of all, drafts included."""
    Event.objects.all().delete()
    datasets = {dataset.slug: dataset for dataset in Dataset.objects.all()}
    actors = {actor.slug: actor for actor in Actor.objects.all()}
    made = Event.objects.bulk_create(
        [
            Event(
                title=event["title"],
                slug=f"event-{number}",
                date=event["date"],
                category_id=event["category"],
                importance=event["importance"],
                status=event["status"],
                dataset=datasets.get(str(event["dataset"])),
            )
            for number, event in enumerate(given_events)
        ]
    )
    pairs = list(zip(made, given_events, strict=True))
    Participation.objects.bulk_create(
        [Participation(event=row, country_id=code) for row, event in pairs for code in event["countries"]]
    )
    ActorParticipation.objects.bulk_create(
        [ActorParticipation(event=row, actor=actors[slug]) for row, event in pairs for slug in event["actors"]]
    )
    return [row.pk for row in made]


@pytest.fixture
def world(db: None) -> None:
    make_places()
    for slug in ACTORS:
        Actor.objects.create(slug=slug, name=slug)
    for slug in DATASETS:
        Dataset.objects.create(slug=slug, name=slug, publisher="P", licence="L", citation="C")


def understood(query: str) -> EventFilter:
    return EventFilter.parse(QueryDict(query))


# The fixture only makes what no example changes; each example replaces the events.
laws = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@laws
@given(given_events=st.lists(events, max_size=9), asked_for=st.lists(questions, min_size=2, max_size=3))
def test_index_selects_and_counts_like_the_oracle(
    world: None, given_events: list[dict[str, Any]], asked_for: list[str]
) -> None:
    store(given_events)
    with oracle.reading_once():
        for query in asked_for:
            asked = understood(query)
            answer = index.answer(asked)
            found = [row.event.pk for row in oracle.matching(asked)]
            assert answer.ids(answer.events) == found, query
            assert (answer.total, answer.certain, answer.possible) == (
                oracle.total(asked),
                oracle.certain(asked),
                oracle.possible(asked),
            ), query
            for name in oracle.FACETS:
                assert answer.facet(name) == oracle.facet(name, asked), (query, name)
            for part in ("country", "category", "actor", "dataset", "importance", "q", "range"):
                assert answer.would_match(part) == len(oracle.matching(asked, part)), (query, part)


@laws
@given(
    given_events=st.lists(events, max_size=9),
    query=questions,
    edges=edges_of_bins,
    drawn=st.sets(st.integers(0, 8)),
    limit=st.integers(1, 6),
)
def test_index_spreads_over_time_like_the_oracle(
    world: None, given_events: list[dict[str, Any]], query: str, edges: list[int], drawn: set[int], limit: int
) -> None:
    stored = store(given_events)
    with oracle.reading_once():
        asked = understood(query)
        answer = index.answer(asked)
        rows = oracle.matching(asked)
        assert answer.histogram(edges) == oracle.histogram(edges, asked)
        drawn_ids = {stored[number] for number in drawn if number < len(stored)} | {10**9}
        assert answer.density(edges, drawn_ids) == oracle.density(edges, drawn_ids, asked)
        importances = {row.event.pk: row.event.importance for row in rows}
        chosen = [importances[id] for id in answer.most_important(limit)]
        assert chosen == sorted(importances.values(), reverse=True)[:limit]
        assert len(set(answer.most_important(limit))) == min(limit, len(rows))
        ends = [row.event.latest for row in rows if row.event.latest < datetime.date.max]
        days_of = [row.event.day for row in rows]
        assert answer.extent() == ((days_of[0], max([*ends, *days_of])) if rows else None)


@laws
@given(
    given_events=st.lists(events, min_size=1, max_size=9),
    query=questions,
    limit=st.integers(1, 4),
    day=days,
    id=st.integers(0, 400),
)
def test_pages_are_those_of_the_oracle(
    world: None, given_events: list[dict[str, Any]], query: str, limit: int, day: datetime.date, id: int
) -> None:
    store(given_events)
    with oracle.reading_once():
        for start in ("", f"&after={day.isoformat()}.{id}"):
            asked, walked = understood(query + start), []
            everything = oracle.page(asked, 1000)[0]
            for _page in range(12):
                ids, cursor = index.answer(asked).page(limit)
                assert (ids, cursor) == oracle.page(asked, limit), (query, start)
                walked += ids
                if cursor is None:
                    break
                asked = asked.changed(after=cursor)
            assert walked == everything, (query, start)


@laws
@given(given_events=st.lists(events, max_size=9), query=questions)
def test_lanes_hold_the_matching_events_of_their_value(
    world: None, given_events: list[dict[str, Any]], query: str
) -> None:
    store(given_events)
    with oracle.reading_once():
        asked = understood(query)
        answer = index.answer(asked)
        rows = oracle.matching(asked)
        for code, _name in COUNTRIES:
            expected = [row.event.pk for row in rows if oracle.standing_for(code, asked) & row.countries]
            assert answer.ids(answer.in_lane("country", code)) == expected
        for slug, _name in CATEGORIES:
            expected = [row.event.pk for row in rows if row.event.category_id == slug]
            assert answer.ids(answer.in_lane("category", slug)) == expected


@laws
@given(given_events=st.lists(events, max_size=9), edges=edges_of_bins)
def test_histogram_of_adjoining_bins_loses_nothing(
    world: None, given_events: list[dict[str, Any]], edges: list[int]
) -> None:
    store(given_events)
    asked = understood(f"from={datetime.date.fromordinal(edges[0])}&to={datetime.date.fromordinal(edges[-1] - 1)}")
    answer = index.answer(asked)
    assert sum(answer.histogram(edges)) >= answer.total
    assert sum(answer.density(edges, [])) == answer.total
    assert all(first < after for first, after in pairwise(edges))
