"""The page of an event, its document and its public history."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event, make_places
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Source,
    Story,
    StoryEvent,
)

SCRIPT = "<script>alert(1)</script>"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def exhibition(db: None) -> Event:
    """The exhibition of July 2023, over whose day the sources differ."""
    make_places()
    event = make_event(
        "Kim shows Shoigu a weapons exhibition",
        "2023-07-27",
        "exercise",
        ("PRK", "RUS"),
        date_note="KCNA gives the 26th; we follow the article.",
        place="Pyongyang",
        latitude="39.03000",
        longitude="-125.75000",
        summary="Banned missiles were on show.",
        body="First paragraph.\n\nSecond paragraph.",
    )
    Source.objects.create(
        event=event,
        kind="state_media",
        publisher="KCNA",
        title="Kim visits exhibition",
        url="https://kcna.example/1",
        archived_url="https://archive.example/1",
        published="2023-07-27",
        accessed="2024-01-02",
        quote="He looked round.",
        stance="attributes",
        gives_date="2023-07-26",
    )
    Source.objects.create(event=event, publisher="The Doubter", title="It was not so", stance="disputes")
    return event


def test_page_tells_what_happened_when_and_where(client: Client, exhibition: Event) -> None:
    page = text_of(client, exhibition.get_absolute_url())
    for words in (
        "Kim shows Shoigu a weapons exhibition</h1>",
        "27 July 2023",
        "Thursday",
        "Military exercise &amp; exhibition",
        "notable",
        "Banned missiles were on show.",
        "<p>First paragraph.</p>",
        "<p>Second paragraph.</p>",
        "39.03° N 125.75° W",
        "Who took part",
        'href="/?country=PRK"',
        'href="/countries/PRK/"',
        'href="/?from=2023-07&amp;to=2023-07"',
        f'href="/events/{exhibition.slug}.json"',
        f'href="/events/{exhibition.slug}/history/"',
        f'href="/admin/timeline/event/{exhibition.pk}/change/"',
    ):
        assert words in page


def test_page_shows_both_dates_where_sources_differ_and_why_one_was_chosen(client: Client, exhibition: Event) -> None:
    page = text_of(client, exhibition.get_absolute_url())
    notice = page[page.index("Sources differ on the date") : page.index("event__summary")]
    assert "27 July 2023" in notice
    assert "26 July 2023" in notice
    assert '<a href="#source-2">KCNA</a>' in notice
    assert "shown here" in notice
    assert "KCNA gives the 26th; we follow the article." in notice
    assert 'id="source-2"' in page


def test_page_without_differing_sources_has_no_such_notice_but_keeps_the_note(client: Client, cast: Cast) -> None:
    cast.visit.date_note = "The dates are those announced by Russia."
    cast.visit.save()
    page = text_of(client, cast.visit.get_absolute_url())
    assert "Sources differ" not in page
    assert "The dates are those announced by Russia." in page


def test_sources_are_numbered_with_kind_stance_quote_and_copies(client: Client, exhibition: Event) -> None:
    page = text_of(client, exhibition.get_absolute_url())
    sources = page[page.index('id="sources"') :]
    for words in (
        "state media",
        "only attributes",
        "disputes",
        "supports",
        '<a href="https://kcna.example/1" rel="noopener nofollow ugc">Kim visits exhibition</a>, 27 July 2023',
        '<a href="https://archive.example/1" rel="noopener nofollow ugc">Archived copy</a>',
        "read on 2 January 2024",
        '<blockquote class="source__quote"><p>He looked round.</p></blockquote>',
        "Gives another date: <strong>26 July 2023</strong>",
    ):
        assert words in sources


def test_address_that_came_past_the_checks_is_not_a_link(client: Client, exhibition: Event) -> None:
    Source.objects.create(
        event=exhibition,
        publisher="Evil",
        title="Click",
        url="javascript:alert(1)",
        archived_url="data:text/html,x",
    )
    page = text_of(client, exhibition.get_absolute_url())
    assert "Click" in page
    assert "javascript:" not in page
    assert "data:text/html" not in page


def test_anniversary_says_which_it_is_and_what_each_side_calls_it(client: Client, cast: Cast) -> None:
    Relation.objects.create(event=cast.exhibition, kind="anniversary_of", target=cast.armistice, note="kept each year")
    EventName.objects.create(
        event=cast.exhibition, name="Victory Day", country_id="PRK", language="en", note="The day."
    )
    EventName.objects.create(event=cast.exhibition, name="전승절", country_id="PRK", language="ko")
    EventName.objects.create(event=cast.exhibition, name="战胜节", language="zh")
    page = text_of(client, cast.exhibition.get_absolute_url())
    assert "70th anniversary of" in page
    assert f'<a href="{cast.armistice.get_absolute_url()}">{cast.armistice.title}</a>' in page
    assert "kept each year" in page
    assert 'lang="en">Victory Day</p>' in page
    assert 'lang="ko">전승절</p>' in page
    assert "Korean" in page
    assert "Chinese" in page


def test_connections_are_read_from_the_other_side_too(client: Client, cast: Cast) -> None:
    page = text_of(client, cast.armistice.get_absolute_url())
    assert "commemorated by" in page
    assert "70th anniversary" in page
    assert cast.visit.get_absolute_url() in page
    assert "includes" in text_of(client, cast.visit.get_absolute_url())


def test_connections_do_not_mention_what_is_not_published(client: Client, cast: Cast) -> None:
    for other in (cast.draft, cast.withdrawn):
        Relation.objects.create(event=cast.armistice, kind="led_to", target=other, note="secret note")
        Relation.objects.create(event=other, kind="violates", target=cast.armistice, note="secret note")
    for address in (cast.armistice.get_absolute_url(), f"/events/{cast.armistice.slug}.json"):
        page = text_of(client, address)
        for secret in (cast.draft.title, cast.draft.slug, cast.withdrawn.title, cast.withdrawn.slug, "secret note"):
            assert secret not in page


def test_page_leads_to_the_events_before_and_after_of_its_first_country(client: Client, cast: Cast) -> None:
    page = text_of(client, cast.armistice.get_absolute_url())
    assert f'rel="prev" href="{cast.fighting.get_absolute_url()}"' in page
    assert f'rel="next" href="{cast.sanctions.get_absolute_url()}"' in page
    assert 'rel="prev"' not in text_of(client, cast.recognition.get_absolute_url())


def test_page_names_stories_dataset_and_next_anniversary(client: Client, cast: Cast) -> None:
    assert "/stories/a-show-of-friendship/" in text_of(client, cast.visit.get_absolute_url())
    page = text_of(client, cast.armistice.get_absolute_url())
    for words in ("Chronicle", "CC BY 4.0", "Chronicle, 2024", "next on 27 July "):
        assert words in page
    assert "next on" not in text_of(client, cast.fighting.get_absolute_url())


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1950-07", "Some day in July 1950"),
        ("1950?", "Not known exactly"),
        ("1950-06-25/1953-07-27", "Lasts from 25 June 1950"),
        ("1991-12-26/..", "Ongoing since"),
        ("../1991", "1991"),
        ("195X", "the 1950s"),
    ],
)
def test_date_that_is_no_single_day_says_how_exact_it_is(client: Client, db: None, date: str, words: str) -> None:
    make_places()
    assert words in text_of(client, make_event("Something", date, "conflict", ("PRK",)).get_absolute_url())


def test_event_with_nothing_but_a_title_has_a_page_without_empty_sections(client: Client, db: None) -> None:
    make_places()
    event = Event.objects.create(title="Bare", date="1950", category_id="conflict", status="published")
    page = text_of(client, event.get_absolute_url())
    assert "No source has been recorded yet." in page
    for heading in ("Who took part", "What each side calls it", "How it connects", "In these stories", "Anniversaries"):
        assert heading not in page


def test_what_is_no_event_or_not_yet_one_is_not_found(client: Client, cast: Cast) -> None:
    in_review = make_event("Waits for a colleague", "1999", status="in_review")
    for slug in ("no-such-event", cast.draft.slug, in_review.slug):
        for address in (f"/events/{slug}/", f"/events/{slug}/history/"):
            page = text_of(client, address, 404)
            assert "Search the timeline" in page
            assert "Unchecked rumour" not in page
            assert "Waits for a colleague" not in page
        response = client.get(f"/events/{slug}.json")
        assert response.status_code == 404
        assert response.json() == {
            "type": "about:blank",
            "status": 404,
            "title": "Not Found",
            "detail": f"There is no event with the address “{slug}”.",
        }


def test_not_even_any_version_of_a_draft_is_confirmed(client: Client, cast: Cast) -> None:
    assert client.get(f"/events/{cast.draft.slug}/", headers={"if-none-match": "*"}).status_code == 404


def test_withdrawn_event_is_gone_and_says_only_that(client: Client, cast: Cast) -> None:
    for address in (cast.withdrawn.get_absolute_url(), f"{cast.withdrawn.get_absolute_url()}history/"):
        page = text_of(client, address, 410)
        assert "withdrawn" in page
        assert cast.withdrawn.title not in page
        assert "The Gazette" not in page
    response = client.get(f"/events/{cast.withdrawn.slug}.json")
    assert response.status_code == 410
    assert response.json()["title"] == "Gone"


def test_address_without_its_slash_leads_to_the_page(client: Client, cast: Cast) -> None:
    response = client.get(f"/events/{cast.visit.slug}")
    assert response.status_code == 301
    assert response["Location"] == cast.visit.get_absolute_url()


def test_parameters_are_ignored_and_other_methods_refused(client: Client, cast: Cast) -> None:
    assert client.get(cast.visit.get_absolute_url(), {"country": "XXX", "from": "\x00"}).status_code == 200
    assert client.post(cast.visit.get_absolute_url()).status_code == 405
    assert client.head(cast.visit.get_absolute_url()).status_code == 200


def test_document_holds_what_the_page_shows(client: Client, cast: Cast) -> None:
    document = client.get(f"/events/{cast.armistice.slug}.json").json()
    assert document["title"] == cast.armistice.title
    assert document["date"] == "1953-07-27"
    assert document["names"][0]["name"] == "전승절"
    assert document["inverse_relations"][0]["kind"] == "anniversary_of"


@pytest.mark.parametrize("ending", ["/", ".json", "/history/"])
def test_unchanged_event_is_not_sent_twice(client: Client, cast: Cast, ending: str) -> None:
    address = f"/events/{cast.visit.slug}{ending}"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    cast.visit.title = "Changed"
    cast.visit.save()
    response = client.get(address, headers={"if-none-match": tag})
    assert response.status_code == 200
    assert response["ETag"] != tag


def everything(number: int) -> Event:
    """An event with this many of each thing that can hang on one."""
    event = make_event(f"With {number}", "1953-07-27", "conflict", dataset=None)
    for n in range(number):
        country_id = ("PRK", "RUS", "CHN")[n]
        other = make_event(f"Other {number} {n}", f"{1990 + n}-07-27", "conflict", (country_id,))
        Participation.objects.create(event=event, country_id=country_id)
        actor = Actor.objects.create(slug=f"actor-{number}-{n}", name=f"Actor {n}", country_id=country_id)
        ActorParticipation.objects.create(event=event, actor=actor)
        EventName.objects.create(event=event, name=f"Name {n}", country_id=country_id)
        Source.objects.create(event=event, publisher=f"Publisher {n}", title="Title", gives_date="1953-07-28")
        Relation.objects.create(event=event, kind="led_to", target=other)
        Relation.objects.create(event=other, kind="anniversary_of", target=event)
        story = Story.objects.create(title=f"Story {n}", slug=f"story-{number}-{n}")
        StoryEvent.objects.create(story=story, event=event)
    return event


# Revision, status, the event; versions, rows of five kinds, actors, targets and datasets; titles of targets and which
# of them are published; what was merged into it.
HISTORY_QUERIES = 15


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_few_questions_whatever_hangs_on_the_event(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    make_places()
    event = everything(number)
    client.get("/countries/")  # builds the index
    with django_assert_num_queries(11):
        assert client.get(event.get_absolute_url()).status_code == 200
    with django_assert_num_queries(10):
        assert client.get(f"/events/{event.slug}.json").status_code == 200
    with django_assert_num_queries(HISTORY_QUERIES):
        assert client.get(f"/events/{event.slug}/history/").status_code == 200


def test_unchanged_page_costs_two_questions(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tag = client.get(cast.visit.get_absolute_url())["ETag"]
    with django_assert_num_queries(2):
        client.get(cast.visit.get_absolute_url(), headers={"if-none-match": tag})


def hostile_event() -> Event:
    """An event with a script in every text that can be stored, past the checks of clean()."""
    make_places()
    category = Category.objects.create(slug="hostile", name=f"c{SCRIPT}", icon='"><script>')
    dataset = Dataset.objects.create(
        slug="hostile", name=f"d{SCRIPT}", publisher=SCRIPT, licence=SCRIPT, citation=SCRIPT, url="javascript:1"
    )
    texts: dict[str, Any] = dict.fromkeys(("title", "summary", "body", "date_note", "place", "external_id"), SCRIPT)
    event: Event = Event.objects.create(
        slug="hostile", date="1953-07-27", category=category, dataset=dataset, status="published", **texts
    )
    actor = Actor.objects.create(slug="hostile", name=SCRIPT, description=SCRIPT)
    Participation.objects.create(event=event, country_id="PRK")
    ActorParticipation.objects.create(event=event, actor=actor)
    EventName.objects.create(event=event, name=SCRIPT, language='"><script>', note=SCRIPT)
    Source.objects.create(
        event=event, publisher=SCRIPT, title=SCRIPT, url='https://x.example/"><script>', quote=SCRIPT, gives_date="1953"
    )
    Relation.objects.create(event=event, kind="led_to", target=make_event(SCRIPT, "1954"), note=SCRIPT)
    story = Story.objects.create(
        title=SCRIPT,
        slug="hostile",
        takeaways=[SCRIPT],
        text=SCRIPT,
        source_publisher=SCRIPT,
        source_title=SCRIPT,
        source_url="javascript:alert(1)",
    )
    StoryEvent.objects.create(story=story, event=event)
    return event


def test_markup_in_any_text_stays_text(client: Client, db: None) -> None:
    event = hostile_event()
    event.summary = f"{SCRIPT} again"
    event._change_reason = SCRIPT  # type: ignore[attr-defined]  # read by django-simple-history
    event.save()
    for address in (
        "/events/hostile/",
        "/events/hostile/history/",
        "/stories/",
        "/stories/hostile/",
        "/countries/PRK/",
    ):
        page = text_of(client, address)
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>" not in page
        assert "javascript:" not in page
