"""The timeline page in a browser: every way of filtering, its history, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import address, count, db, demo

__all__ = ["address", "count", "db", "demo"]

JULY = "/?country=PRK&country=RUS&match=all&from=2023-07&to=2023-07"


def mark_document(page: Page) -> None:
    """A reload would lose this."""
    page.evaluate("window.sameDocument = true")


def is_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def query_of(page: Page) -> str:
    return page.url.partition("?")[2]


def country_row(page: Page, name: str) -> str:
    return f"#facet-country .facet__row:has(.facet__label:text-is('{name}'))"


# Filtering -----------------------------------------------------------------------------------------------------------


def test_a_country_filters_drawing_counts_list_pills_and_address_without_a_reload(
    page: Page, count: Callable[[str], int]
) -> None:
    page.goto("/")
    mark_document(page)
    marks = page.locator("#plane .mark").count()
    weapons = page.locator("#facet-category .facet__row", has_text="Weapons").locator(".facet__count").inner_text()
    shown = page.locator(country_row(page, "Japan")).locator(".facet__count").inner_text()
    page.locator(country_row(page, "Japan")).click()
    page.wait_for_url("**/?country=JPN")

    expect(page.locator("#status")).to_contain_text(f"{count('country=JPN')} events, Japan")
    assert int(shown) == count("country=JPN")
    expect(page.locator("h1")).to_have_text("Japan")
    expect(page).to_have_title("Japan · Annals")
    expect(page.locator(".pills .pill").first).to_contain_text("Japan")
    expect(page.locator("#facet-country .facet__row").first).to_have_attribute("aria-current", "true")
    assert page.locator("#plane .mark").count() < marks
    row = page.locator("#facet-category .facet__row", has_text="Weapons").locator(".facet__count")
    assert int(row.inner_text()) == count("country=JPN&category=weapons") < int(weapons)
    for card in page.locator(".card").all():
        assert card.locator("img[alt=Japan]").count() == 1
    assert is_same_document(page)


def test_a_link_opened_in_a_new_tab_leaves_this_view_as_it_is(page: Page) -> None:
    page.goto("/")
    for link in (country_row(page, "Japan"), "#plane .bin >> nth=0"):
        with page.context.expect_page() as opened:
            page.locator(link).click(modifiers=["Control"], force=True)
        expect(opened.value.locator(".masthead__name")).to_be_visible()
        assert opened.value.url != page.url
        opened.value.close()
    assert query_of(page) == ""


def test_the_focus_stays_on_the_row_that_was_chosen(page: Page) -> None:
    page.goto("/")
    page.locator(country_row(page, "Japan")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?country=JPN")
    expect(page.locator(country_row(page, "Japan"))).to_be_focused()


def test_chosen_countries_can_be_asked_for_together(page: Page, count: Callable[[str], int]) -> None:
    page.goto("/?country=PRK&country=RUS")
    page.get_by_role("link", name="all together").click()
    page.wait_for_url("**match=all**")
    expect(page.locator("#status")).to_contain_text(f"{count('country=PRK&country=RUS&match=all')} events")
    page.get_by_role("link", name="with predecessors").first.click()
    page.wait_for_url("**predecessors=yes**")
    expect(page.locator("h1")).to_contain_text("(with Russian Empire and Soviet Union)")


def test_the_july_of_2023_shows_its_events_and_nothing_else(page: Page) -> None:
    page.goto(JULY)
    shown = page.locator(".card__title a").evaluate_all("links => links.map(link => link.pathname.split('/')[2])")
    assert shown == [
        "shoigu-visits-pyongyang-2023",
        "kim-shoigu-meeting-2023",
        "armistice-70th-anniversary",
        "weaponry-exhibition-2023",
    ]


def test_a_flag_in_a_card_filters_by_its_country(page: Page) -> None:
    page.goto("/")
    mark_document(page)
    page.locator(".card .flag-link:has(img[alt='Soviet Union'])").first.click()
    page.wait_for_url("**/?country=SUN")
    expect(page.locator(".pills .pill").first).to_contain_text("Soviet Union")
    assert is_same_document(page)


def test_a_pill_removes_its_part_and_clear_all_the_rest(page: Page) -> None:
    page.goto("/?country=JPN&country=KOR&category=diplomacy&from=1950&to=2000")
    mark_document(page)
    pills = page.locator(".pill:not(.pill--clear)")
    expect(pills).to_have_count(4)
    page.locator(".pill", has_text="Japan").click()
    expect(pills).to_have_count(3)
    assert query_of(page) == "country=KOR&category=diplomacy&from=1950&to=2000"
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator(".pills")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/$"))
    # The pill took the focus away with itself; the keyboard goes on at the sentence that says what is shown.
    expect(page.locator(".status__sentence")).to_be_focused()
    assert is_same_document(page)


def test_the_live_region_is_polite_stays_and_says_what_changed(page: Page) -> None:
    page.goto("/?from=1950&to=1953")
    page.evaluate("document.getElementById('status').sameNode = true")
    page.locator(country_row(page, "China")).click()
    page.wait_for_url("**country=CHN**")
    status = page.locator("#status")
    expect(status).to_have_attribute("aria-live", "polite")
    expect(status).to_have_text(re.compile(r"^\s*\d+ events.*, China, 1950 to 1953\s*$", re.DOTALL))
    # A region that is put in anew is not read out.
    assert status.evaluate("region => region.sameNode")


def test_events_only_possibly_in_range_are_counted_apart_and_marked(page: Page) -> None:
    page.goto("/?from=1962-01&to=1962-01")
    possible = page.request.get("/events.json?from=1962-01&to=1962-01").json()["possible"]
    assert page.locator(".card__possible").count() == possible
    if possible:
        expect(page.locator("#status")).to_contain_text(f"{possible} of them only possibly")


def test_the_box_finds_a_country_among_many_and_forgets_nothing(page: Page) -> None:
    page.goto("/")
    box = page.locator("#find-country")
    box.press_sequentially("cote")
    rows = page.locator("#facet-country .facet__row:visible")
    expect(rows).to_have_count(0)
    box.fill("UNITED")
    expect(rows.first).to_contain_text("United States")
    assert all("United" in text for text in rows.all_inner_texts())
    box.fill("")
    expect(page.locator(country_row(page, "North Korea"))).to_be_visible()
    assert query_of(page) == ""


def test_an_empty_result_offers_what_to_loosen_and_the_offer_works(page: Page, count: Callable[[str], int]) -> None:
    page.goto("/?country=JPN&from=1946&to=1946")
    assert count("country=JPN&from=1946&to=1946") == 0
    expect(page.locator("#status")).to_contain_text("0 events")
    offer = page.locator(".empty__offers a", has_text="1946")
    expect(offer).to_contain_text(f"{count('country=JPN')} events")
    offer.click()
    page.wait_for_url("**/?country=JPN")
    expect(page.locator("#status")).to_contain_text(f"{count('country=JPN')} events")
    expect(page.locator(".card").first).to_be_visible()


# Dates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "query", "words"),
    [
        ("1950", "from=1950", "from 1950 on"),
        ("July 1953", "from=1953-07", "from July 1953 on"),
        ("1950-06-25", "from=1950-06-25", "from 25 June 1950 on"),
    ],
)
def test_a_date_can_be_typed_as_people_write_it(page: Page, typed: str, query: str, words: str) -> None:
    page.goto("/?country=CHN")
    page.fill("#filter-from", typed)
    page.press("#filter-from", "Tab")
    page.wait_for_url(f"**/?country=CHN&{query}")
    expect(page.locator("h1")).to_contain_text(words)
    expect(page.locator("#filter-to")).to_be_focused()


@pytest.mark.parametrize("field", ["from", "q"])
def test_enter_asks_once_and_leaving_the_field_once(page: Page, field: str) -> None:
    page.goto("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if f"{field}=" in request.url else None)
    for key, typed in (("Enter", "1950"), ("Tab", "1951")):
        asked.clear()
        page.fill(f"#filter-{field}", typed)
        page.press(f"#filter-{field}", key)
        page.wait_for_url(f"**/?{field}={typed}")
        # Longer than the search box waits for another letter.
        page.wait_for_timeout(400)
        assert len([url for url in asked if "/suggest/" not in url]) == 1


def test_a_date_that_is_none_is_named_and_kept_as_typed(page: Page, complaints: list[str]) -> None:
    page.goto("/?country=CHN")
    mark_document(page)
    page.fill("#filter-from", "31 February 1950")
    page.press("#filter-from", "Enter")
    problem = page.locator(".problems__list")
    expect(problem).to_contain_text("from=31 February 1950")
    assert page.locator("#filter-from").input_value() == "31 February 1950"
    expect(page.locator("#filter-from")).to_be_focused()
    assert is_same_document(page)
    (complaint,) = complaints
    assert "status of 400" in complaint
    complaints.clear()

    # Corrected in place, the page goes on.
    page.fill("#filter-from", "28 February 1950")
    page.press("#filter-from", "Enter")
    page.wait_for_url("**/?country=CHN&from=1950-02-28")
    expect(page.locator(".card").first).to_be_visible()


def test_an_unknown_country_is_named_with_status_400(page: Page, complaints: list[str]) -> None:
    answer = page.goto("/?country=XXX")
    assert answer is not None
    assert answer.status == 400
    expect(page.locator(".problems__list")).to_contain_text("country=XXX")
    assert "status of 400" in complaints.pop()
    page.get_by_role("link", name="Show what was understood").click()
    expect(page.locator(".card").first).to_be_visible()


# History -------------------------------------------------------------------------------------------------------------


def test_back_and_forward_restore_whole_views(page: Page, count: Callable[[str], int]) -> None:
    page.goto("/?country=PRK")
    page.locator("#facet-category .facet__row", has_text="Weapons").click()
    page.wait_for_url("**category=weapons**")
    page.locator(".pill", has_text="North Korea").click()
    page.wait_for_url("**/?category=weapons")

    for move, query in (
        (page.go_back, "country=PRK&category=weapons"),
        (page.go_back, "country=PRK"),
        (page.go_forward, "country=PRK&category=weapons"),
        (page.go_forward, "category=weapons"),
    ):
        move()
        page.wait_for_url(f"**/?{query}")
        expect(page.locator("#status")).to_contain_text(f"{count(query)} events")
        expect(page.locator(".masthead")).to_have_count(1)
        expect(page.locator("#view")).to_have_count(1)
        assert page.locator("body > main #view #frame").count() == 1
    page.locator(".pill--clear").click()
    expect(page.locator("#status")).to_contain_text(f"{count('')} events")


def test_a_pushed_address_reloads_as_the_whole_page(page: Page) -> None:
    page.goto("/")
    page.locator(country_row(page, "China")).click()
    page.wait_for_url("**/?country=CHN")
    # The fragment of this address was just answered with an ETag; a reload asks with validators.
    for _time in range(2):
        page.reload()
        expect(page.locator(".masthead__name")).to_be_visible()
        expect(page.locator("h1")).to_have_text("China")
        assert page.evaluate("document.styleSheets.length > 3")
    page.goto("/stories/")
    page.go_back()
    expect(page.locator(".masthead__name")).to_be_visible()
    expect(page.locator("h1")).to_have_text("China")


# The list ------------------------------------------------------------------------------------------------------------


def test_the_list_goes_on_and_back(page: Page) -> None:
    page.goto("/?country=KOR")
    mark_document(page)
    first = page.locator(".card__title").first.inner_text()
    seen = page.locator(".card").count()
    page.locator("#next").click()
    page.wait_for_url("**after=**")
    expect(page.locator(".card__title", has_text=re.compile(f"^{re.escape(first)}$"))).to_have_count(0)
    assert page.locator(".card").count() == seen == 20
    page.get_by_role("link", name="The page before").click()
    page.wait_for_url("**/?country=KOR")
    expect(page.locator(".card__title").first).to_have_text(first)
    assert is_same_document(page)


def test_the_order_turns_the_list_round(page: Page) -> None:
    page.goto("/?country=RUS")
    page.get_by_role("link", name="Newest first").click()
    page.wait_for_url("**order=newest**")
    days = page.locator(".card time").evaluate_all("times => times.map(time => time.getAttribute('datetime'))")
    assert days == sorted(days, reverse=True)
    assert days[0] > "2020"


def test_a_card_shows_itself_on_the_drawing(page: Page) -> None:
    page.goto("/?category=treaty")
    card = page.locator(".card").nth(3)
    title = card.locator(".card__title").inner_text()
    card.get_by_role("link", name="show on the drawing").click()
    page.wait_for_url("**event=**")
    expect(page.locator("#panel-title")).to_have_text(title)
    expect(page.locator(".mark--focus")).to_be_visible()
    expect(page.locator("#panel")).to_be_in_viewport()


def test_the_map_says_its_numbers_and_filters(page: Page, count: Callable[[str], int]) -> None:
    page.goto("/?from=1950&to=1953")
    page.locator("#map").scroll_into_view_if_needed()
    china = page.locator("#map-CHN")
    expect(china).to_have_attribute("aria-label", re.compile(rf"China.*\b{count('country=CHN&from=1950&to=1953')}\b"))
    china.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?country=CHN&from=1950&to=1953")
    expect(page.locator(".pill").first).to_contain_text("China")
    expect(page.locator(".map__drawing")).to_be_visible()


def test_every_name_of_the_query_in_the_address_is_canonical(page: Page) -> None:
    page.goto("/?" + urlencode([("country", "rus"), ("country", "prk"), ("match", "any"), ("importance", "1")]))
    page.locator("#facet-category .facet__row", has_text="Diplomacy").click()
    page.wait_for_url("**/?country=PRK&country=RUS&category=diplomacy")
