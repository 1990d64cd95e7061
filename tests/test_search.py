"""Words find events, in both databases alike, whatever is typed and however the events were written."""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, make_event, make_places
from tests.searching import found
from timeline import search
from timeline.models import (
    Country,
    Event,
    EventName,
    Source,
)
from timeline.words import parse, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> None:
    make_places()


# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Fighting around Taejon", "taejon"),
        ("Fighting around Taejon", "TAEJON fighting"),
        ("Fighting around Taejon", '"around taejon"'),
        ("Fighting around Taejon", "fight*"),
        ("Fighting around Taejon", '"around tae"*'),
        ("Fighting around Taejon", '"around tae*"'),
        ("Fighting around Taejon", "fighting -armistice"),
        ("Fighting around Taejon", 'fighting -"taejon around"'),
        ("Fighting around Taejon", "“around Taejon”"),
        ("Fighting around Taejon", '"around taejon'),
        ("Café in Łódź, Malmö and Đà Nẵng", "cafe lodz MALMO da nang"),
        ("Cafe in Lodz", "café Łódź"),
        ("Erdoğan visits İstanbul and Diyarbakır", "erdogan istanbul diyarbakir"),
        ("Straße nach Großräschen", "STRASSE grossraschen"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("Пётр Шойгу в Пхеньяне", "петр шойгу"),
        ("Петр", "ПЁТР"),
        ("북한 전승절 70주년 기념 열병식", "전승절"),
        ("북한 전승절 70주년 기념 열병식", "승절"),
        ("북한 전승절 70주년 기념 열병식", "절"),
        ("북한 전승절 70주년 기념 열병식", "식"),
        ("북한 전승절 70주년 기념 열병식", "70주년"),
        ("북한 전승절 70주년 기념 열병식", '"승절 70주년 기념 열"'),
        ("북한 전승절 70주년 기념 열병식", unicodedata.normalize("NFD", "열병식")),
        ("朝鲜停战协定在板门店签署", "停战"),
        ("朝鲜停战协定在板门店签署", "板门店 协定"),
        ("朝鲜停战协定在板门店签署", "署"),
        ("朝鮮戦争のガード", "ガード 戦争"),
        ("การประชุมสุดยอด", "ประชุม"),
        ("हिन्दी सम्मेलन", "सम्मेलन"),
        ("North-east Asia's six-party talks", "north-east"),
        ("North-east Asia's six-party talks", "asia’s six party"),
        ("North-east Asia's six-party talks", "asia"),
        ("Resolution S/3079 of the U.N.", "s/3079"),
        ("Resolution S/3079 of the U.N.", "U.N."),
        ("Ｔｏｋｙｏ ２０２３", "tokyo 2023"),
        ("NEAR OR AND NOT", "near or and not"),
    ],
)
def test_event_is_found(place: None, title: str, typed: str) -> None:
    make_event("Something else altogether", "1950")
    make_event(title, "1950")
    assert found(typed) == [title]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Fighting around Taejon", "fight"),
        ("Fighting around Taejon", "taejons"),
        ("Fighting around Taejon", '"taejon around"'),
        ("Fighting around Taejon", "fighting -around"),
        ("Fighting around Taejon", "-taejon"),
        ("Fighting around Taejon", '-"around tae"*'),
        ("Fighting around Taejon", '"ound taejon"'),
        ("북한 전승절", "전절"),
        ("북한 전승절", "승전"),
        ("북한 전승절", '"전승 북한"'),
        ("かば", "がば"),
        ("停战协定", "停协"),
    ],
)
def test_event_is_not_found(place: None, title: str, typed: str) -> None:
    make_event(title, "1950")
    assert found(typed) == []


def test_title_summary_place_names_actors_and_source_titles_are_searched(cast: Cast) -> None:
    Source.objects.create(event=cast.fighting, kind="newspaper", publisher="Unsearched", title="Dispatch from the Kum")
    Event.objects.filter(pk=cast.fighting.pk).update(body="unsearchedbody")
    assert found("armistice") == [cast.armistice.title]
    assert found("fall union") == [cast.visit.title]
    assert found("panmunjom") == [cast.armistice.title]
    assert found("전승절") == [cast.armistice.title]
    assert found("sergei") == [cast.visit.title, cast.exhibition.title]
    assert found("kum dispatch") == [cast.fighting.title]
    assert found("unsearched") == found("unsearchedbody") == []


def test_words_from_different_parts_are_found_together_but_make_no_phrase(cast: Cast) -> None:
    assert found("armistice panmunjom 전승절") == [cast.armistice.title]
    Event.objects.filter(pk=cast.fighting.pk).update(title="one two", summary="three four", place="five")
    EventName.objects.create(event=cast.fighting, name="six", language="ko")
    assert found('"one two" "three four" five six') == ["one two"]
    for first, second in pairwise(["one two", "three four", "five", "six"]):
        assert found(f'"{first.split()[-1]} {second.split()[0]}"') == []


def test_only_exclusions_leave_all_the_others(cast: Cast, client: Client) -> None:
    without = [event.title for event in cast.published if "Korea" not in event.title.split()]
    assert {*found("-korea -rumour -retracted")} == {*without}
    assert client.get("/events.json", {"q": "-korea"}).json()["count"] == len(without)


@pytest.mark.parametrize(
    "typed", ["", " ", "***", '"', '""', "-", "- -", "-*", '"* * *"', "…—()[]{}^:+~", "¶", "\x00", "\ud800"]
)
def test_text_without_letters_or_digits_asks_for_nothing(cast: Cast, typed: str) -> None:
    assert not parse(typed)
    assert search.matching_ids(parse(typed)).tolist() == []


def test_marks_alone_show_the_whole_timeline_under_its_own_address(cast: Cast, client: Client) -> None:
    response = client.get("/", {"q": '"***'}, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (response.status_code, response.headers["HX-Push-Url"]) == (200, "/")


SIGNS = [
    *"\"'*-−^:()[]{}+~&|!%_\\; \n\t\x00\u202e¶éё停が😀xİẞﷺ7\u0301\ud83d\udc00\U0010ffff",
    *("<->", "--", " OR ", " AND ", " NOT ", "NEAR(", "title:", "{title} :", ":*", ":A", "''", '""', "전승절", "korea"),
]


@pytest.mark.parametrize(
    "typed",
    [
        '" OR NEAR( * ^ : - `',
        "korea' OR '1'='1",
        "'; DROP TABLE timeline_event; --",
        'title : "korea',
        "korea:*A & !russia",
        "^korea",
        "NEAR(korea russia, 5)",
        "korea %s %(x)s",
        "\\'korea\\",
        "a" * 5000,
        '"' + "a b " * 2000,
        " ".join(f"w{number}" for number in range(300)),
        "전" * 1000,
        "ﷺ" * 100,
    ],
)
def test_nothing_that_is_typed_is_an_operator_of_the_database(cast: Cast, typed: str) -> None:
    found(typed)


def test_random_strings_never_raise(cast: Cast) -> None:
    chance = random.Random(1953)
    for _round in range(10_000):
        query = parse("".join(chance.choices(SIGNS, k=chance.randint(1, 12))))
        assert search.matching_ids(query).dtype.name == "int64"


@given(st.text())
def test_any_text_is_cut_into_words_of_letters_digits_and_marks(text: str) -> None:
    cut = words(text)
    assert words(" ".join(word for word in cut if len(word) > 2)) is not None
    for word in cut:
        assert word
        assert not word.isspace()
        assert all(unicodedata.category(character)[0] in "LNM" for character in word)


# Both engines against a slow oracle -----------------------------------------------------------------------------------


def _runs(text: str) -> list[str]:
    """Words, and runs of Hangul, of the few characters that the examples are made of."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if c.isalnum() or c in " -")
    plain = unicodedata.normalize("NFC", plain).replace("-", " ")
    return "".join(f" {c}" if _korean(c) != _korean(before) else c for before, c in pairwise(" " + plain)).split()


def _korean(character: str) -> bool:
    return "가" <= character <= "힣"


def _stands_in(sought: list[str], runs: list[str], is_prefix: bool) -> bool:
    def fits(place: int, run: str) -> bool:
        want, first, last = sought[place], place == 0, place == len(sought) - 1
        if _korean(want[0]):
            if first and last:
                return want in run
            return run.endswith(want) if first else run.startswith(want) if last else run == want
        return run.startswith(want) if last and is_prefix else run == want

    return any(
        all(fits(place, runs[at + place]) for place in range(len(sought))) for at in range(len(runs) - len(sought) + 1)
    )


atoms = st.sampled_from(["ko", "korea", "Kor", "é", "e", "x7", "7", "가나", "나다", "가", "나가나", "다"])
phrases = st.lists(atoms, min_size=1, max_size=4).map(" ".join) | st.lists(atoms, min_size=1, max_size=3).map("".join)
asked = st.tuples(phrases, st.booleans(), st.booleans())


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(phrases, phrases), min_size=1, max_size=5),
    terms=st.lists(asked, min_size=1, max_size=3),
)
def test_engine_finds_what_the_oracle_finds(
    place: None, texts: list[tuple[str, str]], terms: list[tuple[str, bool, bool]]
) -> None:
    Event.objects.all().delete()
    Event.objects.bulk_create(
        Event(title=title, summary=summary, date="1950", category_id="peace", slug=f"event-{number}")
        for number, (title, summary) in enumerate(texts)
    )

    def matches(title: str, summary: str) -> bool:
        parts = [_runs(title), _runs(summary)]
        return all(
            any(_stands_in(_runs(phrase), part, is_prefix) for part in parts) != unwanted
            for phrase, is_prefix, unwanted in terms
        )

    typed = " ".join(f'{"-" * unwanted}"{phrase}"{"*" * is_prefix}' for phrase, is_prefix, unwanted in terms)
    assert sorted(found(typed)) == sorted(title for title, summary in texts if matches(title, summary)), typed


# Within bounds --------------------------------------------------------------------------------------------------------

ENDLESS = {
    "sqlite": (
        "WITH RECURSIVE numbers (event_id) AS (SELECT 1 UNION ALL SELECT event_id + 1 FROM numbers)"
        " SELECT event_id FROM numbers WHERE event_id < 0 AND %s <> ''"
    ),
    "postgresql": "SELECT 1 AS event_id FROM pg_sleep(60) WHERE %s::text <> ''",
}


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A search for "endless" takes so long that only its budget ends it."""
    known = search._statement

    def statement(query: Any, **options: Any) -> tuple[str, tuple[str]]:
        return (ENDLESS[connection.vendor], ("x",)) if query == parse("endless") else known(query, **options)

    monkeypatch.setattr(search, "_statement", statement)
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)


def test_search_that_takes_too_long_is_ended(cast: Cast, endless: None) -> None:
    with pytest.raises(search.TooBroad):
        search.matching_ids(parse("endless"))
    assert found("armistice") == [cast.armistice.title]


def test_budget_is_over_with_its_block(cast: Cast) -> None:
    with search.budget(20):
        pass
    time.sleep(0.03)
    assert found("armistice") == [cast.armistice.title]


def test_reader_is_told_that_a_search_is_too_broad(cast: Cast, client: Client, endless: None) -> None:
    page = client.get("/", {"q": "endless", "country": "PRK"})
    assert page.status_code == 400
    assert "too broad" in page.content.decode()
    document = client.get("/events.json", {"q": "endless"})
    assert document.status_code == 400
    assert document.json()["errors"][0] | {"detail": ""} == {"parameter": "q", "value": "endless", "detail": ""}


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("a b c d e f g h", 200),
        ("a b c d e f g h i", 400),
        ('"a b c d e f g h i" j -k', 200),
        ("a a a a a a a a a", 200),
        ("* - a * b *", 200),
        ("a" * 100, 200),
        ("a" * 101, 400),
        ('"' + "a " * 60 + '"', 400),
    ],
)
def test_at_most_eight_terms_of_a_hundred_characters(cast: Cast, client: Client, typed: str, status: int) -> None:
    assert client.get("/events.json", {"q": typed}).status_code == status


# Suggestions ----------------------------------------------------------------------------------------------------------


def suggested(client: Client, **query: str) -> str:
    response = client.get("/search/suggest/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_countries_actors_and_events_are_suggested_while_typing(cast: Cast, client: Client) -> None:
    Country.objects.filter(pk="RUS").update(name_ru="Россия", aliases=["Russian Federation"])
    names = [str(row) for row in search.suggest("rus")]
    assert names == ["Russia", cast.visit.title]
    assert [str(row) for row in search.suggest("Росс")] == ["Russia"]
    assert [str(row) for row in search.suggest("russian fed")] == ["Russia"]
    assert [str(row) for row in search.suggest("kim jong u")] == ["Kim Jong Un"]
    assert [str(row) for row in search.suggest("KIM SHOWS")] == [cast.exhibition.title]
    assert [str(row) for row in search.suggest("korea")][:2] == ["South Korea", "North Korea"]


def test_only_published_titles_are_suggested_the_important_first(cast: Cast) -> None:
    assert search.suggest("unchecked") == search.suggest("retracted") == []
    titles = [str(row) for row in search.suggest("kore", limit=20) if isinstance(row, Event)]
    assert titles == [cast.armistice.title, cast.sanctions.title, cast.recognition.title]
    assert len(search.suggest("kore", limit=3)) == 3


@pytest.mark.parametrize("typed", ["", "*", "-korea", "zzz", '"', "x" * 101, "\x00"])
def test_nothing_is_suggested_for_nothing(cast: Cast, client: Client, typed: str) -> None:
    assert suggested(client, q=typed) == ""


def test_suggestions_are_links_that_keep_the_filter(cast: Cast, client: Client) -> None:
    assert 'href="/?country=PRK&amp;importance=3"' in suggested(client, q="north", importance="3")
    assert 'href="/?country=PRK&amp;actor=kim-jong-un"' in suggested(client, q="kim", country="PRK")
    assert f'href="{cast.armistice.get_absolute_url()}"' in suggested(client, q="armis")


def test_suggestions_escape_what_is_stored(cast: Cast, client: Client) -> None:
    Event.objects.filter(pk=cast.visit.pk).update(title='Zed <b>"quoted"</b> & more')
    assert "Zed &lt;b&gt;&quot;quoted&quot;&lt;/b&gt; &amp; more" in suggested(client, q="zed")


def test_search_box_asks_for_suggestions(cast: Cast, client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'hx-get="/search/suggest/"' in page
    assert 'id="suggestions"' in page
