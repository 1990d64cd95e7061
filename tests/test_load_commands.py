"""The commands that run at every start: they load what is missing, and touch nothing else."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.cast import empty_site, load_demonstration
from tests.replaying import replayed
from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import annals_json
from timeline.imports import apply, check, load_countries
from timeline.models import (
    Actor,
    Category,
    Country,
    Coverage,
    Dataset,
    Event,
    FileVersion,
    Relation,
    Revision,
    Story,
    Vocabulary,
)

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@replayed
def load_places() -> None:
    run("load_countries")


def history() -> int:
    return sum(model.history.count() for model in (Country, Category, Event, Actor, Dataset, Story))


def test_countries_and_categories_are_loaded_with_their_successors() -> None:
    out = run("load_countries")
    assert "Countries: " in out
    assert "Categories: 13, of which 13 new and 0 changed." in out
    union = Country.objects.get(pk="SUN")
    assert (union.name, str(union.last_day)) == ("Soviet Union", "1991-12-26")
    assert "RUS" in union.successors.values_list("pk", flat=True)
    assert Category.objects.count() == 13


def test_loading_them_again_writes_nothing() -> None:
    load_places()
    before = (Revision.objects.number(), history())
    assert run("load_countries") == ""
    assert (Revision.objects.number(), history()) == before


def test_what_differs_from_the_fixture_is_put_right() -> None:
    load_places()
    Country.objects.filter(pk="PRK").update(name="Corea")
    Country.objects.get(pk="SUN").successors.clear()
    assert "0 new and 2 changed" in run("load_countries")
    assert Country.objects.get(pk="PRK").name == "North Korea"
    assert Country.objects.get(pk="SUN").successors.count() > 10


def test_a_country_that_is_wrong_stops_all_of_them(tmp_path: Path) -> None:
    right = {"code": "AAA", "name": "A", "standard": "iso3166-1", "flag": "a.svg"}
    path = tmp_path / "countries.json"
    path.write_text(json.dumps({"countries": [right, right | {"code": "lower"}]}))
    with pytest.raises(ValidationError):
        load_countries(path)
    assert Country.objects.count() == 0


def test_the_demonstration_is_loaded_whole() -> None:
    run("load_demo")
    document: dict[str, Any] = json.loads((Path(__file__).parent.parent / "fixtures" / "korea.json").read_text())
    assert Event.objects.published().count() == len(document["events"])
    assert Relation.objects.count() == sum(len(event.get("relations", [])) for event in document["events"])
    assert Actor.objects.count() == len(document["actors"])
    assert (Story.objects.count(), Coverage.objects.count()) == (1, 1)


def test_loading_the_demonstration_again_writes_nothing() -> None:
    load_demonstration()
    before = (Revision.objects.number(), history())
    assert run("load_demo") == ""
    assert (Revision.objects.number(), history()) == before


def test_a_newer_demonstration_leaves_what_an_editor_changed() -> None:
    load_demonstration()
    event = Event.objects.get(external_id="korean-armistice-agreement")
    # As if the file had said something else when it was loaded.
    FileVersion.objects.create(event_id=event.pk, said=json.dumps({"title": "As it was"}))
    event.title = "The armistice"
    event.save()
    assert "1 demonstration events were changed here and in the file" in run("load_demo")
    assert Event.objects.get(pk=event.pk).title == "The armistice"


def test_the_demonstration_is_not_loaded_beside_events_of_ones_own() -> None:
    load_places()
    Event(title="An event", date="1953", category_id="peace").save()
    before = Revision.objects.number()
    run("load_demo", "--if-empty")
    assert (Event.objects.count(), Revision.objects.number()) == (1, before)


def written() -> dict[str, Any]:
    """The annals/1 document of all published events."""
    return annals_json.as_document(exports.records_of(index.answer(EventFilter(Vocabulary.current()))))


def test_what_is_exported_of_the_demonstration_is_imported_as_the_same() -> None:
    load_demonstration()
    document = written()
    empty_site()
    report = check(annals_json.read(io.BytesIO(json.dumps(document).encode())))
    assert report.problems == []
    apply(report)
    assert written() == document


def test_a_demonstration_with_a_mistake_is_refused_whole(tmp_path: Path, settings: Any) -> None:
    fixtures = tmp_path / "fixtures"
    fixtures.mkdir()
    for name in ("countries.json", "categories.json"):
        (fixtures / name).symlink_to(settings.BASE_DIR / "fixtures" / name)
    event = {"id": "a", "title": "A", "date": "1953-02-30", "category": "peace", "dataset": "korea"}
    (fixtures / "korea.json").write_text(json.dumps({"format": "annals/1", "events": [event]}))
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"korea\.json: 2 problems, the first in entry 1, dataset"):
        run("load_demo")
    assert Event.objects.count() == 0
