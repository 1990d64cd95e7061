"""Whatever is edited, and in whatever order, the index that is folded and merged answers like the rows themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.cast import COUNTRIES, make_event, make_places
from timeline import index
from timeline.filters import EventFilter
from timeline.index import fresh
from timeline.models import Event, EventStatus, Participation, Source

pytestmark = pytest.mark.django_db

QUERIES = ("", "country=PRK&country=RUS&match=all", "category=peace&from=1951&to=1953", "importance=3&order=newest")
DATES = ("1950-06-25", "1951", "1952-07?", "1950/1953", "1953-07-27/..", "195X")
codes = st.sampled_from([code for code, _name in COUNTRIES])
numbers = st.integers(0, 9)
SOURCE = {"publisher": "The Gazette", "title": "Report"}
edits = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(DATES), st.lists(codes, unique=True, max_size=3)),
    st.tuples(st.just("date"), numbers, st.sampled_from(DATES)),
    st.tuples(st.just("status"), numbers, st.sampled_from(["published", "draft", "withdrawn"])),
    st.tuples(st.just("importance"), numbers, st.integers(1, 5)),
    st.tuples(st.just("join"), numbers, codes),
    st.tuples(st.just("leave"), numbers, codes),
    st.tuples(st.just("cite"), numbers),
    st.tuples(st.just("cite no more"), numbers),
    st.tuples(st.just("delete"), numbers),
    st.tuples(st.just("update"), st.sampled_from(["peace", "conflict"]), st.integers(1, 5)),
    st.tuples(st.just("update all"), st.sampled_from(["1951", "1953-07-27"])),
    st.tuples(st.just("delete some"), st.integers(1, 5)),
)


def apply(edit: tuple[Any, ...], made: int) -> None:
    """Do one edit; those of an event that is not there do nothing."""
    name, *values = edit
    if name == "create":
        make_event(f"Event {made}", values[0], "peace", tuple(values[1]), importance=1 + made % 5)
    elif name == "update":
        Event.objects.filter(category_id=values[0]).update(importance=values[1])
    elif name == "update all":
        rows = list(Event.objects.all())
        for row in rows:
            row.date = values[0]
        Event.objects.bulk_update(rows, ["date"])
    elif name == "delete some":
        Event.objects.filter(importance=values[0]).delete()
    elif rows := list(Event.objects.order_by("pk")):
        event = rows[values[0] % len(rows)]
        if name == "delete":
            event.delete()
        elif name == "join":
            Participation.objects.get_or_create(event=event, country_id=values[1], defaults={"role": "host"})
        elif name == "cite":
            Source.objects.create(event=event, **SOURCE)
        elif name == "cite no more":
            Source.objects.filter(event=event).delete()
        elif name == "leave":
            Participation.objects.filter(event=event, country_id=values[1]).delete()
        else:
            setattr(event, name, values[1])
            event.save()


@pytest.fixture
def places(db: None) -> None:
    make_places()


@oracle.reading_once()
def agree() -> None:
    for query in QUERIES:
        asked = EventFilter.parse(QueryDict(query))
        answer = index.answer(asked)
        assert answer.ids(answer.events) == [row.event.pk for row in oracle.matching(asked)], query
        assert (answer.certain, answer.possible) == (oracle.certain(asked), oracle.possible(asked)), query
        for facet in oracle.FACETS:
            assert answer.facet(facet) == oracle.facet(facet, asked), (query, facet)
        assert answer.page(3) == oracle.page(asked, 3), query
    agree_on_what_editors_see()


def agree_on_what_editors_see() -> None:
    desk = index.of_every_status()
    stored = list(Event.objects.order_by("day", "pk").prefetch_related("sources", "participations"))
    keys = [event.pk for event in stored]
    assert [int(id) for id in desk.in_order(desk.alive)[1]] == keys
    windows = [(start, start + 3) for start in range(len(keys) + 1)]
    assert [desk.numbered(desk.alive, *window).tolist() for window in windows] == [keys[a:b] for a, b in windows]
    for status in EventStatus.values:
        found = desk.in_order(desk.any_of("status", [status]))[1].tolist()
        assert found == [event.pk for event in stored if event.status == status], status
    lacks = {
        "source": [event.pk for event in stored if not event.sources.all()],
        "country": [event.pk for event in stored if not event.participations.all()],
        "sure-date": [event.pk for event in stored if set(event.date) & set("?~%[")],
    }
    assert {lack: desk.in_order(desk.any_of("lacking", [lack]))[1].tolist() for lack in lacks} == lacks


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(edits, min_size=1, max_size=8), most_recent=st.sampled_from([0, 2, 2_000]))
def test_index_follows_every_sequence_of_edits(places: None, sequence: list[tuple[Any, ...]], most_recent: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Few enough that a recent segment is merged into the base again and again.
        patch.setattr(fresh, "MOST_RECENT", most_recent)
        Event.objects.all().delete()
        for number in range(4):
            make_event(f"First {number}", DATES[number], "conflict", ("PRK", "RUS"))
        agree()
        for made, edit in enumerate(sequence):
            apply(edit, made)
            agree()
