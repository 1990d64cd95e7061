"""What is made once for several answers (drawing, facets, map, outlines) is never shown where it would be wrong."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import set_script_prefix
from django.utils.translation import override

from tests.cast import Cast, make_event, make_places
from tests.pages import page
from timeline import index
from timeline.canvas import picture
from timeline.filters import EventFilter
from timeline.index.kept import Kept
from timeline.models import Category, Country, Event
from timeline.models.event_cards import Card, Outline

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 7, 27)


def answer(query: str) -> index.Answer:
    return index.answer(EventFilter.parse(QueryDict(query)))


def words_of_marks(source: str) -> list[str]:
    """What hovering over the marks says."""
    return [unescape(words) for words in re.findall(r'<a class="mark [^>]*><title>([^<]*)</title>', source)]


def addresses_of_marks(source: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'<a class="mark [^>]*href="([^"]*)"', source)]


def test_drawing_is_the_same_for_all_pages_of_a_list_and_leads_back_to_each(client: Client) -> None:
    make_places()
    events = [make_event(f"Meeting {number}", f"19{number}-01-01") for number in range(50, 80)]
    first, second = page(client, "/"), page(client, f"/?after=1969-01-01.{events[19].pk}")
    assert words_of_marks(first) == words_of_marks(second) != []
    assert not any("after=" in url for url in addresses_of_marks(first))
    assert all(f"after=1969-01-01.{events[19].pk}" in url for url in addresses_of_marks(second))


def test_lanes_are_moved_on_the_page_that_is_shown(cast: Cast) -> None:
    query = "country=PRK&country=RUS&lanes=country"
    first = picture(answer(query), TODAY)
    second = picture(answer(f"{query}&after=1953-07-27.{cast.armistice.pk}"), TODAY)
    assert first.drawing is second.drawing
    assert "after=" not in first.lane_moves["PRK"]["down"]
    assert "after=1953-07-27" in second.lane_moves["PRK"]["down"]


def test_opened_event_is_in_focus_and_no_other_answer_has_it_so(client: Client, cast: Cast) -> None:
    opened = f"/?event={cast.armistice.slug}"
    sources = [page(client, address) for address in ("/", opened, "/", "/?order=newest")]
    assert [source.count("mark--focus") for source in sources] == [0, 1, 0, 0]


def test_changed_event_is_drawn_as_it_is_now(client: Client, cast: Cast) -> None:
    assert "The armistice is signed · 27 July 1953" not in words_of_marks(page(client, "/"))
    for title, date, words in (
        ("The armistice is signed", "1953-07-27", "27 July 1953"),
        ("The guns fall silent", "1953-07-28", "28 July 1953"),
    ):
        # The first change takes it out of the base of the index, the second finds it among what is recent.
        cast.armistice.title, cast.armistice.date = title, date
        cast.armistice.save()
        assert f"{title} · {words}" in words_of_marks(page(client, "/"))


def test_changed_sources_countries_and_categories_show_on_the_card(client: Client, cast: Cast) -> None:
    page(client, "/")
    cast.visit.sources.update(publisher="Another agency")
    cast.visit.participations.filter(country="RUS").update(country="CHN")
    Category.objects.filter(slug="diplomacy").update(name="Talks")
    source = page(client, "/?importance=4&category=diplomacy")
    assert "Another agency" in source
    assert 'title="Filter by China"' in source
    assert "Talks" in source


def test_renamed_country_is_renamed_in_facets_map_and_lanes(client: Client, cast: Cast) -> None:
    assert "Korea, North" not in page(client, "/?lanes=country")
    Country.objects.filter(code="PRK").update(name="Korea, North")
    source = page(client, "/?lanes=country")
    for part in ("facets", "map__drawing", "lane__name"):
        assert "Korea, North" in source[source.index(f'"{part}"') :][:6000], part


def test_languages_are_kept_apart(client: Client, cast: Cast) -> None:
    Country.objects.filter(code="PRK").update(name_ko="북한")
    for _time in range(2):
        assert "북한" not in page(client, "/")
        assert "북한" in client.get("/", headers={"Accept-Language": "ko"}).content.decode()


def test_addresses_of_another_script_prefix_are_kept_apart(client: Client, cast: Cast) -> None:
    page(client, "/")
    try:
        set_script_prefix("/annals/")
        source = page(client, f"/?after=1953-07-27.{cast.armistice.pk}")
    finally:
        set_script_prefix("/")
    kinds = "mark|bin|facet__row|period|card__show|flag-link|map__country"
    addresses = re.findall(rf'<a class="(?:{kinds})[^>]* href="([^"]*)"', source)
    assert [address for address in addresses if not address.startswith("/annals/")] == []
    assert len(addresses) > 20


def test_axis_has_the_months_of_the_language(cast: Cast) -> None:
    asked = answer("from=1953-06&to=1953-08")
    with override("en"):
        english = [tick.labels for tick in picture(asked, TODAY).drawing.axis.ticks]
    with override("ru"):
        russian = [tick.labels for tick in picture(asked, TODAY).drawing.axis.ticks]
    assert english != russian


def test_cards_and_outlines_of_many_ids_come_with_what_is_there(cast: Cast) -> None:
    vocabulary = EventFilter.parse(QueryDict("")).vocabulary
    ids = [*range(10**9, 10**9 + 2_000), cast.visit.pk, cast.armistice.pk]
    found = Card.of(ids, vocabulary.countries, vocabulary.categories)
    assert [card.pk for card in found] == [cast.visit.pk, cast.armistice.pk]
    assert [(country.code) for country in found[0].taking_part] == ["PRK", "RUS"]
    assert found[1].source_count == 2
    assert found[1].day == Event.objects.get(pk=cast.armistice.pk).day
    assert {id: outline.title for id, outline in Outline.of(ids).items()} == {
        event.pk: event.title for event in (cast.visit, cast.armistice)
    }
    assert Card.of([], vocabulary.countries, vocabulary.categories) == []


def test_what_is_kept_is_bounded() -> None:
    made: list[int] = []
    kept: Kept[int] = Kept(3)

    def make() -> int:
        made.append(number)
        return number

    for number in (1, 2, 1, 3, 2, 4, 4, 1):
        assert kept.of(number, make) == number
    assert made == [1, 2, 3, 4, 1]
    assert len(kept.values) <= 3
