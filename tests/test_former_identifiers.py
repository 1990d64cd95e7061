"""What a dataset called an event stays known when the event is deleted, merged, renamed or moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import make_places
from tests.replaying import replayed
from timeline.desk import deleting, merging
from timeline.imports.stored import former_ids
from timeline.models import Dataset, Event, FormerIdentifier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
@replayed
def _places() -> None:
    make_places()
    for slug in ("korea", "tests"):
        Dataset.objects.create(slug=slug, name=slug, publisher="Annals", licence="CC0", citation="Annals.")


def event(external_id: str = "truce", **fields: Any) -> Event:
    about: dict[str, Any] = {"title": "Truce", "date": "1953-07-27", "category_id": "peace"}
    return Event.objects.create(
        **about | {"dataset": Dataset.objects.get(slug="korea")} | fields, external_id=external_id
    )


def known() -> dict[tuple[str, str], int]:
    rows = FormerIdentifier.objects.values_list("dataset__slug", "external_id", "event_id")
    return {(dataset, external_id): number for dataset, external_id, number in rows}


def bulk_updated(made: Event) -> None:
    made.external_id = "armistice"
    Event.objects.bulk_update([made], ["external_id"])


def renamed(made: Event) -> None:
    made.external_id = "armistice"
    made.save()


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.delete(),
        lambda made: Event.objects.filter(pk=made.pk).delete(),
        lambda made: deleting.delete(made, None),
        renamed,
        bulk_updated,
        lambda made: Event.objects.filter(pk=made.pk).update(external_id="armistice"),
        lambda made: Event.objects.filter(pk=made.pk).update(dataset=Dataset.objects.get(slug="tests")),
    ],
)
def test_every_way_to_lose_an_identifier_is_remembered(change: Callable[[Event], Any]) -> None:
    made = event()
    number = made.pk
    change(made)
    assert known() == {("korea", "truce"): number}


def test_what_keeps_its_identifier_is_not_remembered() -> None:
    made = event()
    made.title = "Armistice"
    made.save()
    Event.objects.update(title="The armistice")
    event("", dataset=None).delete()
    assert known() == {}


def test_an_identifier_leads_to_where_its_event_went() -> None:
    first, second, third, renamed_one, deleted = (event(str(number)) for number in range(1, 6))
    numbers = [first.pk, second.pk, renamed_one.pk, deleted.pk]
    merging.merge(second, first, None)
    merging.merge(third, second, None)
    renamed(renamed_one)
    deleted.delete()
    found = former_ids(["korea"])
    assert {key[1]: place for key, place in found.items()} == {
        "1": (numbers[0], third.pk),
        "2": (numbers[1], third.pk),
        "4": (numbers[2], numbers[2]),
        "5": (numbers[3], None),
    }
    deleting.delete(third, None)
    assert former_ids(["korea"])["korea", "1"] == (numbers[0], None)


def test_a_dataset_that_is_deleted_takes_its_identifiers_with_it() -> None:
    event().delete()
    Dataset.objects.get(slug="korea").delete()
    assert known() == {}
