"""Bad input in the admin: a message beside the field, and nothing half written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event, form_of_event, form_of_stored, rows
from timeline.models import Category, Correction, Country, Dataset, Event, Participation, Revision, Source, Story

ADD = "/admin/timeline/event/add/"
MARKUP = "<script>alert(1)</script>"


def problems(answer: Any) -> dict[str, list[str]]:
    """Errors by field; those of rows under "kind of row number.field", those of the whole form under "__all__"."""
    form = answer.context["adminform"].form
    found = {name: [str(message) for message in messages] for name, messages in form.errors.items()}
    for formset in (admin_formset.formset for admin_formset in answer.context["inline_admin_formsets"]):
        for number, errors in enumerate(formset.errors):
            found |= {f"{formset.prefix}-{number}.{name}": list(map(str, texts)) for name, texts in errors.items()}
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"date": "31 February 2020"},
            {"date": ["31 February 2020 does not exist: February 2020 has 29 days."]},
        ),
        ({"date": "25 June 1950 to 1949"}, {"date": ["The date ends (1949) before it begins (1950-06-25)."]}),
        (
            {"date": ""},
            {"date": ["This field is required.", "Enter a date, for example 27 July 1953 or 1953-07."]},
        ),
        ({"latitude": "37.9"}, {"longitude": ["Give both latitude and longitude, or neither."]}),
        ({"longitude": "126.6"}, {"latitude": ["Give both latitude and longitude, or neither."]}),
        (
            {"latitude": "91", "longitude": "0"},
            {"latitude": ["Ensure this value is less than or equal to 90."]},
        ),
        ({"importance": "6"}, {"importance": ["Select a valid choice. 6 is not one of the available choices."]}),
        (
            {"category": "sport"},
            {"category": ["Select a valid choice. That choice is not one of the available choices."]},
        ),
        ({"external_id": "a-1"}, {"dataset": ["An identifier needs the dataset in which it is unique."]}),
        ({"title": "x" * 201}, {"title": ["Ensure this value has at most 200 characters (it has 201)."]}),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(
    admin_client: Client, fields: dict[str, str], expected: dict[str, list[str]]
) -> None:
    sent = form_of_event(**fields, **rows("participations", {"country": "PRK", "role": "host"}))
    before = Revision.objects.number()
    answer = admin_client.post(ADD, sent)
    assert answer.status_code == 200
    assert problems(answer) == expected
    assert (Event.objects.count(), Participation.objects.count(), Revision.objects.number()) == (0, 0, before)


@pytest.mark.parametrize("field", ["title", "summary", "body", "date_note", "place", "external_id", "date", "slug"])
def test_markup_is_refused_in_every_text_field_of_an_event(admin_client: Client, field: str) -> None:
    answer = admin_client.post(ADD, form_of_event(**{field: MARKUP}))
    assert answer.status_code == 200
    assert field in problems(answer)
    assert Event.objects.count() == 0
    assert MARKUP not in answer.content.decode()


GOOD_SOURCE = {"publisher": "UN", "kind": "newspaper", "stance": "supports", "title": "Armistice"}


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        ("sources", GOOD_SOURCE | {"url": "javascript:alert(1)"}, "url"),
        ("sources", GOOD_SOURCE | {"archived_url": "data:text/html,x"}, "archived_url"),
        ("sources", GOOD_SOURCE | {"url": "https://user:pw@example.org/"}, "url"),
        ("sources", GOOD_SOURCE | {"published": "31 February 2020"}, "published"),
        ("sources", GOOD_SOURCE | {"gives_date": "1950 to 1949"}, "gives_date"),
        ("sources", GOOD_SOURCE | {"publisher": MARKUP}, "publisher"),
        ("sources", GOOD_SOURCE | {"title": MARKUP}, "title"),
        ("sources", GOOD_SOURCE | {"quote": MARKUP}, "quote"),
        ("sources", GOOD_SOURCE | {"title": ""}, "title"),
        ("sources", GOOD_SOURCE | {"kind": "rumour"}, "kind"),
        ("names", {"name": MARKUP, "country": "PRK"}, "name"),
        ("names", {"name": "Victory Day"}, "__all__"),
        ("names", {"name": "Victory Day", "language": "Korean!"}, "language"),
        ("names", {"name": "Victory Day", "country": "PRK", "note": MARKUP}, "note"),
        ("participations", {"country": "XXX", "role": "host"}, "country"),
        ("participations", {"country": "PRK", "role": "owner"}, "role"),
        ("actor_participations", {"actor": "999", "role": "host"}, "actor"),
        ("relations", {"kind": "led_to", "target": "999"}, "target"),
        ("relations", {"kind": "resembles", "target": ""}, "kind"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(
    admin_client: Client, kind: str, row: dict[str, str], field: str
) -> None:
    answer = admin_client.post(ADD, form_of_event(**rows(kind, row)))
    assert answer.status_code == 200
    assert f"{kind}-0.{field}" in problems(answer)
    assert (Event.objects.count(), Source.objects.count()) == (0, 0)


def test_a_country_cannot_have_one_role_twice(admin_client: Client) -> None:
    twice = rows("participations", {"country": "PRK", "role": "host"}, {"country": "PRK", "role": "host"})
    answer = admin_client.post(ADD, form_of_event(**twice))
    assert problems(answer)["participations-1.__all__"] == ["This repeats a row above."]
    assert "duplicate data for country and role" in answer.content.decode()
    assert Event.objects.count() == 0


def test_a_country_cannot_be_given_a_role_that_it_already_has(admin_client: Client) -> None:
    made = event()
    row = made.participations.get(country="PRK")
    sent = {
        "participations-TOTAL_FORMS": "2",
        "participations-INITIAL_FORMS": "1",
        "participations-0-id": str(row.pk),
        "participations-0-event": str(made.pk),
        "participations-0-country": "PRK",
        "participations-0-role": row.role,
        "participations-1-event": str(made.pk),
        "participations-1-country": "PRK",
        "participations-1-role": row.role,
    }
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/change/", form_of_stored(made, **sent))
    assert answer.status_code == 200
    assert made.participations.count() == 2


@pytest.mark.parametrize("key", ["nobody", "9" * 30, "-1", "1e3", "0"])
def test_an_actor_or_event_that_cannot_be_one_is_refused(admin_client: Client, key: str) -> None:
    sent = rows("actor_participations", {"actor": key, "role": "host"})
    sent |= rows("relations", {"kind": "led_to", "target": key})
    answer = admin_client.post(ADD, form_of_event(**sent))
    assert set(problems(answer)) == {"actor_participations-0.actor", "relations-0.target"}
    assert Event.objects.count() == 0


def test_an_event_cannot_be_related_to_itself(admin_client: Client) -> None:
    made = event()
    sent = rows("relations", {"kind": "led_to", "target": made.pk, "event": made.pk})
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/change/", form_of_stored(made, **sent))
    assert problems(answer) == {"relations-0.target": ["An event cannot be related to itself."]}
    assert made.relations.count() == 0


def test_a_slug_that_exists_is_refused(admin_client: Client) -> None:
    taken = event()
    answer = admin_client.post(ADD, form_of_event(slug=taken.slug))
    assert problems(answer) == {"slug": ["Event with this Slug already exists."]}
    assert Event.objects.count() == 1


def test_a_title_that_exists_gets_a_slug_of_its_own(admin_client: Client) -> None:
    event()
    admin_client.post(ADD, form_of_event())
    assert sorted(Event.objects.values_list("slug", flat=True)) == [
        "armistice-halts-the-fighting",
        "armistice-halts-the-fighting-1953",
    ]


def test_an_event_whose_rows_are_bad_is_not_changed_either(admin_client: Client) -> None:
    made = event()
    sent = form_of_stored(made, title="Changed", **rows("sources", GOOD_SOURCE | {"url": "javascript:x"}))
    assert admin_client.post(f"/admin/timeline/event/{made.pk}/change/", sent).status_code == 200
    made.refresh_from_db()
    assert (made.title, made.history.count()) == ("Armistice halts the fighting", 1)


@pytest.mark.parametrize(
    ("address", "sent", "field"),
    [
        ("actor", {"name": MARKUP, "slug": "a", "kind": "person"}, "name"),
        ("actor", {"name": "A", "slug": "a", "kind": "person", "description": MARKUP}, "description"),
        ("actor", {"name": "A", "slug": "a b", "kind": "person"}, "slug"),
        ("category", {"name": MARKUP, "slug": "a", "position": "1"}, "name"),
        ("category", {"name": "A", "slug": "peace", "position": "1"}, "slug"),
        ("country", {"code": "prk1", "name": "A", "flag": "a", "standard": "iso3166-1"}, "code"),
        ("country", {"code": "ABC", "name": "A", "flag": "a", "standard": "iso3166-1", "aliases": MARKUP}, "aliases"),
        (
            "country",
            {"code": "ABC", "name": "A", "flag": "a", "standard": "iso3166-1", "last_day": "1991-12-26"},
            "last_day",
        ),
        (
            "country",
            {"code": "ABC", "name": "A", "flag": "a", "standard": "iso3166-1", "first_day": "1991-02-31"},
            "first_day",
        ),
        ("coverage", {"first_text": "31 February 2020", "last_text": "2021"}, "first_text"),
        ("coverage", {"first_text": "1945", "last_text": "2024", "note": MARKUP}, "note"),
    ],
)
def test_other_forms_name_the_bad_field_too(
    admin_client: Client, address: str, sent: dict[str, str], field: str
) -> None:
    counts = [model.objects.count() for model in (Category, Country)]
    answer = admin_client.post(f"/admin/timeline/{address}/add/", sent)
    assert answer.status_code == 200
    assert field in problems(answer)
    assert counts == [model.objects.count() for model in (Category, Country)]


@pytest.mark.parametrize(
    ("address", "rows_below", "good", "bad"),
    [
        ("story", "story_events", {"title": "A", "slug": "a"}, {"takeaways": f"One.\n{MARKUP}"}),
        ("story", "story_events", {"title": "A", "slug": "a"}, {"text": MARKUP}),
        ("story", "story_events", {"title": "A", "slug": "a"}, {"source_url": "javascript:alert(1)"}),
        (
            "dataset",
            "coverage",
            {"name": "A", "slug": "a", "publisher": "B", "licence": "CC0", "citation": "C"},
            {"url": "ftp://example.org/"},
        ),
        (
            "dataset",
            "coverage",
            {"name": "A", "slug": "a", "publisher": "B", "licence": "CC0", "citation": "C"},
            {"citation": MARKUP},
        ),
    ],
)
def test_stories_and_datasets_name_the_bad_field(
    admin_client: Client, address: str, rows_below: str, good: dict[str, str], bad: dict[str, str]
) -> None:
    answer = admin_client.post(f"/admin/timeline/{address}/add/", good | bad | rows(rows_below))
    assert list(problems(answer)) == list(bad)
    assert (Story.objects.count(), Dataset.objects.count()) == (0, 0)


def test_a_readers_words_cannot_be_changed(admin_client: Client) -> None:
    correction = Correction.objects.create(event=event(), message="The place is wrong.")
    sent = {"message": "All is well.", "state": "accepted", "answer": "Thank you."}
    assert admin_client.post(f"/admin/timeline/correction/{correction.pk}/change/", sent).status_code == 302
    correction.refresh_from_db()
    assert (correction.message, correction.state, correction.answer) == (
        "The place is wrong.",
        "accepted",
        "Thank you.",
    )


def test_a_code_cannot_be_changed(admin_client: Client) -> None:
    sent = {"code": "XXX", "name": "Korea, North", "flag": "a.svg", "standard": "iso3166-1", "aliases": "DPRK\n NK \n"}
    assert admin_client.post("/admin/timeline/country/PRK/change/", sent).status_code == 302
    changed = Country.objects.get(pk="PRK")
    assert (changed.name, changed.aliases) == ("Korea, North", ["DPRK", "NK"])
    assert not Country.objects.filter(pk="XXX").exists()


@pytest.mark.parametrize(
    "address",
    [
        "event/abc/history/",
        "event/1/history/abc/",
        "event/abc/history/1/",
        "event/99999999999999999999/history/",
        "event/1/history/99999999999999999999/",
        "country/XXX/history/",
        "actor/1/history/1/",
    ],
)
def test_a_history_that_does_not_exist_is_not_found(admin_client: Client, address: str) -> None:
    assert admin_client.get(f"/admin/timeline/{address}").status_code == 404
