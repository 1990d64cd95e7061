"""One screen for an event: saved as a draft or published, with all its rows or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event, form_of_event, form_of_stored, rows
from timeline.models import Actor, Dataset, Event, Participation, Relation, Revision, Source

ADD = "/admin/timeline/event/add/"


def test_the_screen_asks_in_the_order_in_which_people_think(admin_client: Client) -> None:
    page = admin_client.get(ADD).content.decode()
    headings = [
        ">What<",
        ">When<",
        "Who: countries",
        "Who: people",
        ">Where<",
        "What each side calls it",
        "How we know",
        "How it connects",
        ">Longer text<",
        ">Address and dataset<",
    ]
    places = [page.index(heading) for heading in headings]
    assert places == sorted(places)


def test_a_whole_event_is_saved_in_one_step(admin_client: Client) -> None:
    war = event("War begins", "1950-06-25")
    kim = Actor.objects.create(slug="kim-il-sung", name="Kim Il Sung", country_id="PRK")
    dataset = Dataset.objects.create(slug="own", name="Own", publisher="Annals", licence="CC0", citation="Annals")
    form = form_of_event(
        **rows("participations", {"country": "PRK", "role": "participant"}, {"country": "CHN", "role": "participant"}),
        **rows("actor_participations", {"actor": kim.pk, "role": "participant"}),
        **rows("names", {"name": "전승절", "country": "PRK", "language": "ko"}),
        **rows(
            "sources",
            {
                "publisher": "United Nations",
                "kind": "official_document",
                "stance": "supports",
                "title": "Armistice Agreement",
                "url": "https://example.org/armistice",
                "published": "27 July 1953",
            },
        ),
        **rows("relations", {"kind": "response_to", "target": war.pk}),
        summary="The fighting ends.",
        place="Panmunjom",
        latitude="37.956",
        longitude="126.677",
        dataset=dataset.pk,
        external_id="a-1",
    )
    response = admin_client.post(ADD, form)
    assert response.status_code == 302
    made = Event.objects.get(slug="armistice-halts-the-fighting")
    assert (made.date, made.status, made.importance, made.external_id) == ("1953-07-27", "draft", 5, "a-1")
    assert sorted(made.countries.values_list("pk", flat=True)) == ["CHN", "PRK"]
    assert [str(row) for row in made.actor_participations.all()] == ["Kim Il Sung (participant)"]
    assert [row.name for row in made.names.all()] == ["전승절"]
    assert [row.published for row in made.sources.all()] == ["1953-07-27"]
    assert [row.target for row in made.relations.all()] == [war]


def test_a_date_as_people_write_it_is_stored_as_edtf(admin_client: Client) -> None:
    admin_client.post(ADD, form_of_event(date="late July 2023"))
    made = Event.objects.get()
    assert (made.date, made.date_in_words) == ("[2023-07-21..2023-07-31]", "late July 2023")


def test_an_event_can_be_published_at_once(admin_client: Client) -> None:
    form = form_of_event(_publish="Publish")
    del form["_draft"]
    assert admin_client.post(ADD, form).status_code == 302
    assert Event.objects.get().status == "published"


def test_without_the_right_publishing_is_refused_and_nothing_is_written(editor: Client) -> None:
    form = form_of_event(_publish="Publish", **rows("participations", {"country": "PRK", "role": "host"}))
    before = Revision.objects.number()
    assert editor.post(ADD, form).status_code == 403
    assert (Event.objects.count(), Participation.objects.count(), Revision.objects.number()) == (0, 0, before)


def test_an_editor_sees_only_the_button_for_drafts(editor: Client) -> None:
    page = editor.get(ADD).content.decode()
    assert ('name="_publish"' in page, 'name="_draft"' in page) == (False, True)


def test_the_first_button_that_enter_presses_never_publishes(admin_client: Client) -> None:
    page = admin_client.get(ADD).content.decode()
    assert page.index('name="_draft"') < page.index('name="_publish"')


@pytest.mark.parametrize("status", ["draft", "in_review", "published", "withdrawn"])
def test_saving_keeps_the_status(admin_client: Client, status: str) -> None:
    made = event(status=status)
    form = form_of_stored(made, title="Armistice", _save="Save", reason="Shorter.")
    del form["_draft"]
    assert admin_client.post(f"/admin/timeline/event/{made.pk}/change/", form).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.status, made.version) == ("Armistice", status, 2)


def test_without_the_right_a_published_event_stays_published(editor: Client) -> None:
    made = event(status="published")
    answer = editor.post(f"/admin/timeline/event/{made.pk}/change/", form_of_stored(made, title="Other"))
    made.refresh_from_db()
    assert (answer.status_code, made.status, made.title) == (403, "published", "Armistice halts the fighting")


def test_only_a_published_event_links_to_the_site(admin_client: Client) -> None:
    seen = event("Seen", status="published")
    unseen = event("Unseen", "1953-07-28")
    links = [
        'class="viewsitelink"' in admin_client.get(f"/admin/timeline/event/{made.pk}/change/").content.decode()
        for made in (seen, unseen)
    ]
    assert links == [True, False]


def test_a_row_that_is_removed_leaves_its_history_and_a_revision(admin_client: Client) -> None:
    made = event()
    source = made.sources.get()
    before = Revision.objects.number()
    sent = {
        "sources-TOTAL_FORMS": "1",
        "sources-INITIAL_FORMS": "1",
        "sources-0-id": str(source.pk),
        "sources-0-event": str(made.pk),
        "sources-0-publisher": source.publisher,
        "sources-0-kind": source.kind,
        "sources-0-stance": source.stance,
        "sources-0-title": source.title,
        "sources-0-DELETE": "on",
    }
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/change/", form_of_stored(made, **sent))
    assert answer.status_code == 302
    assert (made.sources.count(), Source.history.filter(id=source.pk, history_type="-").count()) == (0, 1)
    assert Revision.objects.number() > before


def test_an_event_is_deleted_with_its_rows_and_leaves_its_history(admin_client: Client) -> None:
    made = event()
    key = made.pk
    assert admin_client.get(f"/admin/timeline/event/{key}/delete/").status_code == 200
    assert admin_client.post(f"/admin/timeline/event/{key}/delete/", {"post": "yes"}).status_code == 302
    assert (Event.objects.count(), Source.objects.count()) == (0, 0)
    assert Event.history.filter(id=key, history_type="-").count() == 1


def test_the_screen_of_an_event_costs_one_query_a_chosen_row_at_most(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    made = event()
    for number in range(3):
        Source.objects.create(event=made, publisher="A", title=str(number))
        other = event(f"Other {number}", "1953-07-28")
        Relation.objects.create(event=made, kind="led_to", target=other)
    address = f"/admin/timeline/event/{made.pk}/change/"
    admin_client.get(address)
    with django_assert_max_num_queries(20):
        admin_client.get(address)
