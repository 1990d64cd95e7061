"""The filter: what it understands, how it names what it does not, and that it writes itself back unchanged."""

from __future__ import annotations

import datetime
import random
from urllib.parse import quote_plus

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from timeline.filters import CHOICES, PARAMETERS, Cursor, EventFilter, Problem
from timeline.models import Actor, Category, Country, Dataset, Vocabulary

VOCABULARY = Vocabulary(
    revision=0,
    countries={
        code: Country(code=code, name=name)
        for code, name in (("PRK", "North Korea"), ("RUS", "Russia"), ("SUN", "Soviet Union"), ("CHN", "China"))
    },
    categories={slug: Category(slug=slug, name=slug.title()) for slug in ("peace", "conflict")},
    datasets={"chronicle": Dataset(pk=1, slug="chronicle", name="Chronicle")},
    actors={
        "kim-jong-un": Actor(pk=1, slug="kim-jong-un", name="Kim Jong Un"),
        "sergei-shoigu": Actor(pk=2, slug="sergei-shoigu", name="Sergei Shoigu"),
    },
    predecessors={"RUS": {"SUN"}},
)


def parse(query: str) -> EventFilter:
    return EventFilter.parse(QueryDict(query), VOCABULARY)


def understood(query: str) -> EventFilter:
    asked = parse(query)
    assert asked.problems == ()
    return asked


# The canonical query -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("", ""),
        ("country=RUS&country=PRK", "country=PRK&country=RUS"),
        ("country=prk", "country=PRK"),
        ("country=+PRK+&country=PRK&country=", "country=PRK"),
        ("country=PRK&country=RUS&match=all&from=2023-07&to=2023-07", None),
        ("match=any", ""),
        ("match=all", ""),
        ("country=PRK&match=all", "country=PRK"),
        ("predecessors=yes", ""),
        ("predecessors=no&country=RUS", "country=RUS"),
        ("country=RUS&predecessors=yes", None),
        ("importance=1", ""),
        ("importance=4", None),
        ("from=27+July+1953", "from=1953-07-27"),
        ("from=July+1953&to=1950s", "from=1953-07&to=195X"),
        ("from=late+July+2023", "from=%5B2023-07-21..2023-07-31%5D"),
        ("q=++red++line+", "q=red+line"),
        ("q=%EC%A0%84%EC%8A%B9%EC%A0%88", None),
        ("order=oldest", ""),
        ("order=newest", None),
        ("lanes=none", ""),
        ("lanes=country", None),
        ("lane=RUS&lane=PRK&lanes=country", None),
        ("lane=peace&lane=peace&lanes=category", "lane=peace&lanes=category"),
        ("after=1953-07-27.42", None),
        ("after=1953-07-27.0042", "after=1953-07-27.42"),
        ("actor=sergei-shoigu&actor=kim-jong-un", "actor=kim-jong-un&actor=sergei-shoigu"),
        ("category=peace&dataset=chronicle", None),
        ("to=1953&from=1950&country=PRK", "country=PRK&from=1950&to=1953"),
    ],
)
def test_canonical_query(typed: str, canonical: str | None) -> None:
    assert understood(typed).query == (typed if canonical is None else canonical)


def test_order_of_parameters_is_fixed() -> None:
    asked = understood(
        "after=1953-07-27.1&order=newest&lanes=category&q=war&to=1953&from=1950&importance=3&predecessors=yes&match=all"
        "&dataset=chronicle&actor=kim-jong-un&category=peace&country=RUS&country=PRK"
    )
    assert asked.query == (
        "country=PRK&country=RUS&category=peace&actor=kim-jong-un&dataset=chronicle&match=all&predecessors=yes"
        "&importance=3&from=1950&to=1953&q=war&lanes=category&order=newest&after=1953-07-27.1"
    )


def test_addresses() -> None:
    assert understood("").address() == "/"
    assert understood("country=PRK").address() == "/?country=PRK"
    assert understood("country=PRK").address("events_json") == "/events.json?country=PRK"


ANYTHING = {
    "country": ("PRK", "rus", "SUN", "CHN"),
    "category": ("peace", "conflict"),
    "actor": ("kim-jong-un", "sergei-shoigu"),
    "dataset": ("chronicle",),
    "from": ("1950", "July 1950", "1950-06-25", "195X", "circa 1950", "[..1951]"),
    "to": ("1953", "1953-07-27", "autumn 1953", "early 1960s", "1953-07-27?"),
    "q": ("armistice", "red line", "전승절", "50%", "a_b", "“quoted” & <b>"),
    "after": ("1953-07-27.42", "0001-01-01.0", "9999-12-31.999999999999999999"),
} | CHOICES
pairs = st.sampled_from([(name, value) for name, values in ANYTHING.items() for value in values])


def query_of(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs)


@given(st.lists(pairs, max_size=8))
def test_what_the_filter_writes_it_reads_as_the_same_filter(chosen: list[tuple[str, str]]) -> None:
    asked = parse(query_of(chosen))
    again = understood(asked.query)
    assert again.query == asked.query
    # Equal queries share validators and caches, so nothing that shows may be left out of them.
    assert again == asked.opened("")


@given(st.lists(pairs, max_size=8), st.sampled_from(["PRK", "RUS", "SUN", "CHN"]))
def test_toggling_a_country_twice_changes_nothing(chosen: list[tuple[str, str]], code: str) -> None:
    asked = parse(query_of([pair for pair in chosen if pair[0] not in ("match", "predecessors")])).changed()
    assert asked.toggled("countries", code).toggled("countries", code) == asked


# Its neighbours ------------------------------------------------------------------------------------------------------


def test_toggling_adds_and_removes_and_goes_back_to_the_start_of_the_list() -> None:
    asked = understood("country=RUS&q=war&after=1953-07-27.42")
    assert asked.toggled("countries", "PRK").query == "country=PRK&country=RUS&q=war"
    assert asked.toggled("countries", "RUS").query == "q=war"
    assert asked.toggled("categories", "peace").query == "country=RUS&category=peace&q=war"


def test_flag_replaces_the_countries_unless_all_must_take_part() -> None:
    assert understood("country=CHN&country=RUS").focused_on("PRK").query == "country=PRK"
    assert (
        understood("country=CHN&country=RUS&match=all").focused_on("PRK").query
        == "country=CHN&country=PRK&country=RUS&match=all"
    )


def test_clearing_keeps_how_it_is_shown() -> None:
    asked = understood("country=PRK&q=war&from=1950&importance=3&lanes=category&order=newest&after=1953-07-27.42")
    assert asked.cleared().query == "lanes=category&order=newest"
    assert asked.is_active
    assert not asked.cleared().is_active
    assert not understood("match=all&predecessors=yes").is_active


def test_order_of_lanes_is_forgotten_with_the_lanes() -> None:
    asked = understood("lane=RUS&lane=PRK&lanes=country")
    assert asked.changed(lanes="category").query == "lanes=category"
    assert asked.changed(lanes="none").query == ""


def test_hidden_fields_of_the_form_are_all_but_what_it_shows() -> None:
    asked = understood("country=PRK&q=war&from=1950&to=1953&order=newest&after=1953-07-27.42")
    assert asked.hidden_pairs() == [("country", "PRK"), ("order", "newest")]


def test_range_is_from_the_first_day_of_one_date_to_the_last_of_the_other() -> None:
    day = datetime.date
    assert understood("from=1950&to=1953-07").range == (day(1950, 1, 1), day(1953, 7, 31))
    assert understood("from=1950s&to=1950s").range == (day(1950, 1, 1), day(1959, 12, 31))
    assert understood("to=1953-07").range == (day(1, 1, 1), day(1953, 7, 31))
    assert understood("from=1953").range == (day(1953, 1, 1), day(9999, 12, 31))
    assert not understood("").has_range


def test_predecessors_count_where_they_are_asked_for() -> None:
    assert understood("country=RUS&country=PRK&predecessors=yes").country_groups() == [{"PRK"}, {"RUS", "SUN"}]
    assert understood("country=RUS&country=PRK").country_groups() == [{"PRK"}, {"RUS"}]


# In words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "The whole timeline"),
        ("country=PRK&country=RUS", "North Korea or Russia"),
        ("country=PRK&country=RUS&match=all&from=2023-07&to=2023-07", "North Korea and Russia, July 2023"),
        ("country=RUS&predecessors=yes", "Russia (with Soviet Union)"),
        ("from=1950&to=1953", "1950 to 1953"),
        ("from=1950", "from 1950 on"),
        ("to=1950-06-25", "until 25 June 1950"),
        ("q=missile&importance=5", "“missile”, turning point"),
        ("importance=3", "notable or more"),
        ("category=peace&actor=kim-jong-un&dataset=chronicle", "Peace, Kim Jong Un, Chronicle"),
    ],
)
def test_filter_says_what_it_shows(query: str, sentence: str) -> None:
    assert understood(query).sentence == sentence


def test_form_shows_dates_in_words_and_errors_as_typed() -> None:
    assert understood("from=1953-07&to=1953-07-27&q=war").typed == {
        "from": "July 1953",
        "to": "27 July 1953",
        "q": "war",
    }
    assert parse("from=31+June+1953&to=1954").typed == {"from": "31 June 1953", "to": "1954", "q": ""}


# What is not understood ----------------------------------------------------------------------------------------------

NAMES = (
    "country, category, actor, dataset, lane, match, predecessors, importance, from, to, q, lanes, order, after, event"
)


@pytest.mark.parametrize(
    ("query", "parameter", "value", "message"),
    [
        (
            "country=XXX",
            "country",
            "XXX",
            "No country has this code. Codes are those of ISO 3166, such as PRK, RUS or SUN; see /countries/.",
        ),
        ("category=war", "category", "war", "This is not known. Known are: peace, conflict."),
        ("actor=kim", "actor", "kim", "This is not known. Known are: kim-jong-un, sergei-shoigu."),
        ("dataset=acled", "dataset", "acled", "This is not known. Known are: chronicle."),
        ("match=some", "match", "some", "Allowed are: any, all."),
        ("predecessors=maybe", "predecessors", "maybe", "Allowed are: no, yes."),
        ("importance=6", "importance", "6", "Allowed are: 1, 2, 3, 4, 5."),
        ("importance=0", "importance", "0", "Allowed are: 1, 2, 3, 4, 5."),
        ("importance=%EF%BC%93", "importance", "３", "Allowed are: 1, 2, 3, 4, 5."),
        ("importance=2.0", "importance", "2.0", "Allowed are: 1, 2, 3, 4, 5."),
        ("lanes=actor", "lanes", "actor", "Allowed are: none, country, category."),
        (
            "lanes=category&lane=PRK",
            "lane",
            "PRK",
            "This is no lane of the drawing: lanes=country takes codes, lanes=category categories.",
        ),
        ("order=random", "order", "random", "Allowed are: oldest, newest."),
        ("colour=red", "colour", "", f"This parameter is not known. Known are: {NAMES}."),
        ("COUNTRY=PRK", "COUNTRY", "", f"This parameter is not known. Known are: {NAMES}."),
        ("match=all&match=any", "match", "all, any", "This parameter can have only one value."),
        ("q=a&q=b", "q", "a, b", "This parameter can have only one value."),
        ("from=31+June+1953", "from", "31 June 1953", "31 June 1953 does not exist: June 1953 has 30 days."),
        (
            "to=1953-13",
            "to",
            "1953-13",
            "There is no month 13: months are 01 to 12, seasons 21 to 24, quarters 33 to 36.",
        ),
        (
            "from=1950/1953",
            "from",
            "1950/1953",
            "A single date is needed here, such as 1950, July 1953 or 1950-06-25.",
        ),
        ("from=1953&to=1950", "to", "1950", "The range ends before it begins: from 1953."),
        ("q=a%00b", "q", "a\x00b", "It holds characters that cannot be searched for."),
        ("q=a%1Bb", "q", "a\x1bb", "It holds characters that cannot be searched for."),
        (
            "q=a+b+c+d+e+f+g+h+i",
            "q",
            "a b c d e f g h i",
            "At most 8 words of 100 characters can be searched for.",
        ),
        (f"q={'x' * 101}", "q", f"{'x' * 80}…", "At most 8 words of 100 characters can be searched for."),
        *(
            (
                f"after={value}",
                "after",
                value,
                "A place in the list looks like 1953-07-27.42; follow the page’s own links.",
            )
            for value in ("2", "1953-07-27", "1953-02-30.1", "1953-07-27.-1", f"1953-07-27.{2**63}", "0000-01-01.1")
        ),
    ],
)
def test_what_is_not_understood_is_named(query: str, parameter: str, value: str, message: str) -> None:
    assert parse(query).problems == (Problem(parameter, value, message),)


def test_what_is_understood_stands_beside_what_is_not() -> None:
    asked = parse("country=PRK&country=XXX&country=YYY&importance=9&from=1950")
    assert asked.query == "country=PRK&from=1950"
    assert [(problem.parameter, problem.value) for problem in asked.problems] == [
        ("country", "XXX"),
        ("country", "YYY"),
        ("importance", "9"),
    ]


def test_known_values_of_a_long_list_are_cut_short() -> None:
    slugs = [f"category-{number:02}" for number in range(20)]
    many = Vocabulary(revision=0, categories={slug: Category(slug=slug, name=slug) for slug in slugs})
    (problem,) = EventFilter.parse(QueryDict("category=x"), many).problems
    assert problem.message == f"This is not known. Known are: {', '.join(slugs[:15])} …."


def test_nothing_to_choose_is_said() -> None:
    (problem,) = EventFilter.parse(QueryDict("dataset=x"), Vocabulary(revision=0)).problems
    assert problem.message == "There is nothing to choose yet."


def test_too_many_values_are_refused_together() -> None:
    values = "&".join(f"country=X{number:02}" for number in range(300))
    assert parse(values).problems == (Problem("country", "300", "At most 30 values can be chosen at once."),)


def test_largest_cursor_is_read() -> None:
    assert understood(f"after=1953-07-27.{10**18 - 1}").after == Cursor(datetime.date(1953, 7, 27), 10**18 - 1)


def test_halves_of_surrogate_pairs_are_refused_and_can_be_shown() -> None:
    query = QueryDict(mutable=True)
    query.setlist("q", ["a\ud800b"])
    query.setlist("coun\udfff", ["PRK"])
    asked = EventFilter.parse(query, VOCABULARY)
    assert [(problem.parameter, problem.value) for problem in asked.problems] == [("coun?", ""), ("q", "a?b")]


@pytest.mark.django_db
def test_event_must_be_published(cast: Cast) -> None:
    opened = EventFilter.parse(QueryDict(f"country=PRK&event={cast.visit.slug}"))
    assert (opened.problems, opened.query) == ((), f"country=PRK&event={cast.visit.slug}")
    for slug in (cast.draft.slug, cast.withdrawn.slug, "nothing", "a\x00b", "x" * 200, "é"):
        asked = EventFilter.parse(QueryDict(f"event={quote_plus(slug)}"))
        assert [(problem.parameter, problem.message) for problem in asked.problems] == [
            ("event", "No published event has this address.")
        ]
        assert asked.query == ""


def test_two_thousand_random_queries_are_read_or_refused() -> None:
    chance = random.Random(1953)
    pieces = [
        "PRK",
        "RUS",
        "all",
        "yes",
        "1950",
        "July 1953",
        "..",
        "/",
        "[",
        "\x00",
        "🙂",
        "1953-07-27.4",
        "-1",
        "9" * 40,
    ]
    pieces += ["<script>", "'; DROP", "%", "%s", "{}", "None", "", " ", "\u202e", "é", "٣", "x" * 500]
    for _ in range(2000):
        query = QueryDict(mutable=True)
        for _ in range(chance.randint(0, 6)):
            name = chance.choice([*PARAMETERS, *PARAMETERS, *pieces])
            if name != "event":
                query.appendlist(name, "".join(chance.choices(pieces, k=chance.randint(0, 3))))
        asked = EventFilter.parse(query, VOCABULARY)
        assert all(problem.message for problem in asked.problems)
        assert parse(asked.query).query == asked.query
        assert asked.sentence
