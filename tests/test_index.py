"""The index on the shared cast: what it counts, and that it never shows yesterday's answer."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from urllib.parse import quote

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event, make_places
from timeline import index
from timeline.filters import Cursor, EventFilter
from timeline.index import Answer, reading
from timeline.models import Event, Participation

pytestmark = pytest.mark.django_db


def asking(query: str) -> Answer:
    return index.answer(EventFilter.parse(QueryDict(query)))


def titles(query: str) -> list[str]:
    answer = asking(query)
    return [event.title for event in Event.objects.in_order(answer.page(100)[0])]


def test_july_2023_between_north_korea_and_russia(cast: Cast) -> None:
    query = "country=PRK&country=RUS&match=all&from=2023-07&to=2023-07"
    assert titles(query) == [cast.visit.title, cast.exhibition.title]
    assert (asking(query).total, asking(query).certain, asking(query).possible) == (2, 2, 0)


def test_what_is_only_possible_is_counted_apart(cast: Cast) -> None:
    answer = asking("from=1950-07-15&to=1953-12-31")
    assert (answer.total, answer.certain, answer.possible) == (2, 1, 1)


def test_predecessors_bring_their_events(cast: Cast) -> None:
    assert titles("country=RUS") == [cast.visit.title, cast.exhibition.title]
    assert titles("country=RUS&predecessors=yes") == [
        cast.recognition.title,
        cast.visit.title,
        cast.exhibition.title,
    ]
    assert asking("country=RUS&predecessors=yes").facet("country")["RUS"] == 3


def test_facets_count_what_each_value_would_show(cast: Cast) -> None:
    assert asking("").facet("country") == {"PRK": 6, "RUS": 2, "CHN": 2, "USA": 2, "KOR": 1, "SUN": 1}
    assert asking("").facet("category") == {"diplomacy": 2, "conflict": 1, "peace": 1, "sanctions": 1, "exercise": 1}
    assert asking("").facet("importance") == {"1": 6, "2": 6, "3": 5, "4": 3, "5": 1}
    assert asking("").facet("actor") == {"kim-jong-un": 2, "sergei-shoigu": 2}
    assert asking("").facet("dataset") == {"chronicle": 1}


def test_own_choice_is_left_out_of_a_facet_unless_all_must_take_part(cast: Cast) -> None:
    assert asking("country=RUS").facet("country") == {"PRK": 6, "RUS": 2, "CHN": 2, "USA": 2, "KOR": 1, "SUN": 1}
    assert asking("country=RUS&country=PRK&match=all").facet("country") == {"PRK": 2, "RUS": 2, "CHN": 1}
    assert asking("country=RUS").facet("category") == {"diplomacy": 1, "exercise": 1}


def test_histogram_counts_what_lasts_in_every_bin_that_it_touches(cast: Cast) -> None:
    years = [event.day.replace(month=1, day=1).toordinal() for event in (cast.armistice, cast.sanctions, cast.visit)]
    assert asking("").histogram([1, *years, 3652060]) == [2, 1, 1, 3]


def test_density_counts_every_event_once(cast: Cast) -> None:
    edges = [cast.armistice.day.toordinal(), cast.sanctions.day.toordinal(), cast.visit.day.toordinal()]
    assert asking("").density(edges, []) == [3, 3]
    assert asking("").density(edges, [cast.armistice.pk, cast.sanctions.pk, cast.draft.pk]) == [2, 2]


def test_most_important_come_first_and_are_spread_over_the_time(cast: Cast) -> None:
    Event.objects.all().delete()
    routine = [make_event(f"Test {year}", str(year), importance=1) for year in range(1950, 1971)]
    turning = make_event("Turning point", "1965", importance=5)
    assert asking("").most_important(6) == [turning.pk, *(routine[number].pk for number in (0, 5, 10, 15, 20))]
    assert asking("").most_important(1) == [turning.pk]


def test_extent_leaves_open_ends_out(cast: Cast) -> None:
    assert asking("").extent() == (cast.recognition.day, cast.exhibition.day)
    assert asking("country=KOR").extent() == (cast.fighting.earliest, cast.fighting.latest)
    assert asking("q=nothing").extent() is None


def test_empty_timeline_answers_everything_with_nothing(db: None) -> None:
    make_places()
    answer = asking("country=PRK&category=peace&importance=3&q=war&from=1950")
    assert (answer.total, answer.certain, answer.possible) == (0, 0, 0)
    assert answer.page(50) == ([], None)
    assert answer.facet("country") == {}
    assert answer.facet("importance") == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0}
    assert answer.histogram([1, 10, 20]) == [0, 0]
    assert answer.density([1, 10, 20], [1]) == [0, 0]
    assert answer.most_important(5) == []
    assert asking("").total == 0


def test_pages_begin_after_places_where_no_event_stands(cast: Cast) -> None:
    assert titles("after=1953-07-27.0")[0] == cast.armistice.title
    assert titles(f"after=1953-07-27.{cast.armistice.pk}")[0] == cast.sanctions.title
    assert titles("after=9999-12-31.999999999999999999") == []
    assert titles("after=0001-01-01.0&order=newest") == []
    assert titles("after=1953-07-27.0&order=newest") == [cast.fighting.title, cast.recognition.title]
    assert len(titles("after=9999-12-31.999999999999999999&order=newest")) == 6


def test_page_that_ends_with_the_last_event_has_no_next(cast: Cast) -> None:
    assert asking("").page(6)[1] is None
    assert str(asking("").page(5)[1]) == f"2023-07-25.{cast.visit.pk}"
    assert str(asking("order=newest").page(5)[1]) == f"1950-07-01.{cast.fighting.pk}"


def test_draft_and_withdrawn_events_are_in_no_answer(cast: Cast) -> None:
    assert titles("q=rumour") == []
    assert titles("q=retracted") == []
    hidden = {cast.draft.pk, cast.withdrawn.pk}
    answer = asking("")
    assert hidden.isdisjoint(answer.ids(answer.snapshot.alive))


def test_every_kind_of_edit_shows_at_once(cast: Cast) -> None:
    assert asking("country=KOR").total == 1
    Participation.objects.create(event=cast.armistice, country_id="KOR")
    assert asking("country=KOR").total == 2
    cast.armistice.status = "withdrawn"
    cast.armistice.save()
    assert asking("country=KOR").total == 1
    Event.objects.filter(pk=cast.draft.pk).update(status="published")
    assert titles("q=rumour") == [cast.draft.title]
    cast.fighting.delete()
    assert asking("country=KOR").total == 0
    assert asking("").total == 5


def test_answer_that_is_held_stays_as_it_was(cast: Cast) -> None:
    held = asking("")
    Event.objects.all().delete()
    assert (held.total, len(held.page(50)[0]), asking("").total) == (6, 6, 0)


def test_unchanged_index_costs_one_number(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    asking("country=PRK")
    with django_assert_num_queries(1):
        answer = asking("country=PRK&from=1950&importance=3")
        assert (answer.total, answer.facet("dataset"), len(answer.page(50)[0])) == (5, {"chronicle": 1}, 5)


@pytest.mark.parametrize("word", ["шойгу", "ШОЙГУ", "Шойгу", "MÜNCHEN", "münchen", "평양"])
def test_words_are_found_whatever_their_case_and_script(cast: Cast, word: str) -> None:
    made = make_event("Шойгу в Пхеньяне, 평양, München", "2023-07-26")
    assert titles(f"q={word}") == [made.title]


@pytest.mark.parametrize("text", ["50%", "a_b", "c\\d", "(e", "f.g", "'h'", "“i”", "[Ж", "Ж+", "Ж\\d"])
def test_signs_part_words_and_are_not_searched_for(cast: Cast, text: str) -> None:
    make_event("Fifty ab cd ef fog hi Ж7", "2001")
    made = make_event(f"Report {text} of the year", "2002")
    assert titles(f"q={quote(text)}") == [made.title]


def test_ordinals_are_in_the_order_of_day_and_id(cast: Cast) -> None:
    (base,) = asking("").snapshot.segments
    keys = list(zip(base.days, base.ids, strict=True))
    assert all(before < after for before, after in pairwise(keys))


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_pages_lead_back_the_way_they_came(cast: Cast, order: str) -> None:
    starts: list[str] = [""]
    while cursor := asking(f"order={order}{starts[-1]}").page(2)[1]:
        starts.append(f"&after={cursor}")
    assert len(starts) == 3
    for number, start in enumerate(starts):
        answer = asking(f"order={order}{start}")
        first = Event.objects.get(pk=answer.page(2)[0][0])
        before = answer.page_before(Cursor(first.day, first.pk), 2)
        expected = None if number == 0 else "start" if number == 1 else starts[number - 1].removeprefix("&after=")
        assert (before if before in (None, "start") else str(before)) == expected


def test_an_event_takes_little_memory_while_the_index_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    make_places()
    # Few rows at once, so that what is kept of each is all that counts.
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 100)
    events = [Event(title=f"{n}", slug=f"{n}", date="1953-07-27", category_id="peace") for n in range(4000)]
    for event in events:
        event.prepare()
    Event.objects.bulk_create(events)
    reading.columns()
    tracemalloc.start()
    reading.columns()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 230 * len(events)
