"""The drawing as SVG and PNG, and the cards of shared links."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event, make_places
from timeline import canvas, index
from timeline.canvas import still
from timeline.canvas.card import Card
from timeline.filters import EventFilter
from timeline.models import Category

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
HOSTILE = 'A <b>"bold"</b> & ]]> 전승절 \x0b end'


def svg(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/events.svg?{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, from its header."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


# SVG -----------------------------------------------------------------------------------------------------------------


def test_drawing_names_every_event_that_it_shows(client: Client, cast: Cast) -> None:
    for query in ("", "lanes=country", "lanes=category&width=700"):
        answer = index.answer(EventFilter.parse(QueryDict(query.partition("&")[0])))
        picture = canvas.picture(answer, timezone.localdate())
        titles = [title.text or "" for title in svg(client, query).iter(f"{SVG}title")]
        shown = {event.title for event in cast.published if any(title.startswith(event.title) for title in titles)}
        assert shown == {picture.subjects[id].title for id in picture.drawing.drawn}


def test_labels_are_those_that_fit_the_width(client: Client, cast: Cast) -> None:
    wide, narrow = ({text.text for text in svg(client, f"width={width}").iter(f"{SVG}text")} for width in (1600, 400))
    assert cast.armistice.title in wide
    assert len(narrow & {event.title for event in cast.published}) <= len(wide)


def test_drawing_says_what_it_shows_and_whose_it_is(client: Client, cast: Cast) -> None:
    root = svg(client, "country=PRK&from=1953&to=1953")
    assert (root.get("width"), root.findtext(f"{SVG}title")) == ("1200", "North Korea, 1953 · Annals")
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts[:3] == ["North Korea, 1953", "1 event", "Ceasefire & peace"]
    assert texts[-1] == "Annals · testserver · Data: Chronicle (CC BY 4.0)"


def test_drawing_stands_alone(client: Client, cast: Cast) -> None:
    root = svg(client, "lanes=country")
    for element in root.iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject")
        assert not {"style", "class"} & {*element.keys()}
        for name in ("href", LINK):
            target = element.get(name, "#")
            assert target.startswith("#") or element.tag == f"{SVG}a"
    raw = client.get("/events.svg").content.decode()
    assert "url(" not in raw
    assert "@import" not in raw


def test_marks_lead_to_their_events(client: Client, cast: Cast) -> None:
    links = {link.get("href") for link in svg(client, "category=peace").iter(f"{SVG}a")}
    assert links == {f"http://testserver{cast.armistice.get_absolute_url()}"}


def test_opened_event_keeps_its_arcs(client: Client, cast: Cast) -> None:
    texts = [text.text or "" for text in svg(client, f"event={cast.visit.slug}").iter(f"{SVG}text")]
    assert any(text.startswith("anniversary of: Armistice") for text in texts)


def test_drawing_is_well_formed_whatever_a_title_holds(client: Client, cast: Cast) -> None:
    make_event(HOSTILE, "1999-01-01", "exercise", importance=5)
    titles = [title.text or "" for title in svg(client, "category=exercise").iter(f"{SVG}title")]
    assert any(title.startswith('A <b>"bold"</b> & ]]> 전승절  end') for title in titles)
    assert client.get("/events.png?category=exercise&width=400").status_code == 200


def test_empty_view_has_a_picture(client: Client, cast: Cast) -> None:
    root = svg(client, "q=nothingatall")
    assert "0 events" in [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("query", ["width=399", "width=3001", "width=wide", "width=-1", "width=1200&width=900"])
def test_width_has_limits(client: Client, cast: Cast, query: str) -> None:
    response = client.get(f"/events.svg?{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "Allowed are whole numbers from 400 to 3000." in response.content.decode()


def test_drawing_costs_the_same_for_more_events(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_places()
    for number in range(3):
        make_event(f"Event {number}", f"{1950 + number}", "peace", ("PRK", "CHN"))
        client.get("/events.json")
        with django_assert_num_queries(2):
            client.get("/events.svg?lanes=country")


def test_colours_are_those_of_the_style_sheet() -> None:
    tokens = Path(settings.BASE_DIR, "static/timeline/css/tokens.css").read_text()
    light = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6})", tokens))
    assert [light[f"hue-{number}"] for number in range(14)] == list(still.HUES)
    names = ("paper", "ink", "ink-soft", "line", "line-strong", "accent", "density")
    ours = (still.PAPER, still.INK, still.SOFT, still.LINE, still.STRONG, still.ACCENT, still.DENSITY)
    assert tuple(light[name] for name in names) == ours


# PNG and cards -------------------------------------------------------------------------------------------------------


def test_png_is_as_wide_as_asked_and_twice_that_at_scale_2(client: Client, cast: Cast) -> None:
    one = client.get("/events.png?width=600")
    two = client.get("/events.png?width=600&scale=2")
    assert one.headers["Content-Type"] == "image/png"
    width, height = size(one.content)
    assert width == 600
    assert size(two.content) == (1200, 2 * height)
    assert client.get("/events.png?scale=3").content.decode().endswith("scale=3: Allowed are: 1, 2.\n")


def test_png_says_something_in_every_script(client: Client, cast: Cast) -> None:
    category = Category.objects.get(pk="peace")
    for number, title in enumerate(("Перемирие", "전승절", "朝鲜停战")):
        make_event(title, f"{1700 + number}", category.slug, importance=5)
    pictures = [client.get(f"/events/{slug}.png").content for slug in ("event-1700-01-01", "event-1701-01-01")]
    assert len({*pictures}) == 2


@pytest.mark.parametrize("address", ["/card.png", "/card.png?country=PRK&country=RUS", "/card.png?q=nothingatall"])
def test_card_of_a_view_has_the_size_of_cards(client: Client, cast: Cast, address: str) -> None:
    response = client.get(address)
    assert size(response.content) == (1200, 630)
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_cards_of_events_and_stories(client: Client, cast: Cast) -> None:
    assert size(client.get(f"/events/{cast.visit.slug}.png").content) == (1200, 630)
    assert size(client.get("/stories/a-show-of-friendship.png").content) == (1200, 630)
    assert client.get(f"/events/{cast.draft.slug}.png").status_code == 404
    assert client.get(f"/events/{cast.withdrawn.slug}.png").status_code == 410
    assert client.get("/stories/none.png").status_code == 404


def test_long_title_is_set_smaller_and_cut_in_the_end() -> None:
    assert Card("", "Short", "").size == 76
    long = Card("", "An event with a title of many words " * 6, "")
    assert (long.size, len(long.lines)) == (46, 4)
    assert long.lines[-1][0].endswith("…")
    without_spaces = Card("", "朝鲜停战" * 20, "")
    assert len(without_spaces.lines) > 1


def test_unchanged_pictures_are_not_sent_again(client: Client, cast: Cast) -> None:
    for address in ("/events.svg", "/events.png?width=400", "/card.png", f"/events/{cast.visit.slug}.png"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
