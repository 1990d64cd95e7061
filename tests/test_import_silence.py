"""What a file says nothing of stays as it is: a column that it lacks is no empty cell, an absent key is no null."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.cast import make_places
from tests.replaying import replayed
from timeline.exports import records_of_selection
from timeline.formats import Reading
from timeline.formats.mapping import read_mapping
from timeline.formats.registry import FORMATS
from timeline.imports import Change, Decision, Report, apply, check
from timeline.models import Actor, Dataset, Event

pytestmark = pytest.mark.django_db

DATASET = {
    "slug": "test",
    "name": "A dataset",
    "publisher": "A publisher",
    "licence": "CC0",
    "citation": "A publisher: A dataset.",
    "url": "https://example.org/",
}
WHOLE: dict[str, Any] = {
    "id": "truce",
    "dataset": "test",
    "title": "Truce",
    "date": "1953-07",
    "category": "peace",
    "summary": "Fighting stops.",
    "body": "At last.",
    "date_note": "Announced later.",
    "place": "Panmunjom",
    "latitude": 37.95,
    "longitude": 126.67,
    "importance": 5,
    "countries": [{"country": "PRK", "role": "initiator"}],
    "actors": [{"actor": "kim"}],
    "names": [{"name": "전승절", "language": "ko"}],
    "sources": [{"publisher": "A paper", "title": "Truce"}],
}
ACTOR = {"slug": "kim", "name": "Kim", "kind": "person", "country": "PRK", "description": "A general."}
FEWEST = "id,title,date,category,dataset\ntruce,{},1953-07,peace,test\n"
PARTS = ("participations", "actor_participations", "names", "sources")


@pytest.fixture(autouse=True)
@replayed
def _imported() -> None:
    make_places()
    came_in("json", document(WHOLE))


def document(event: dict[str, Any], **others: Any) -> str:
    return json.dumps({"format": "annals/1", "datasets": [DATASET], "actors": [ACTOR], "events": [event]} | others)


def came_in(format: str, text: str, mapping: str = "") -> Report:
    reading = Reading(mapping=read_mapping(io.BytesIO(mapping.encode())) if mapping else None, category="peace")
    report = check(FORMATS[format].read(io.BytesIO(text.encode()), reading))
    assert report.problems == []
    apply(report)
    return report


def truce() -> Event:
    return Event.objects.get(external_id="truce")


def rows(event: Event) -> list[int]:
    return [getattr(event, part).count() for part in PARTS]


def texts(event: Event) -> list[Any]:
    return [event.summary, event.body, event.date_note, event.place, event.importance, event.latitude is None]


FULL = ["Fighting stops.", "At last.", "Announced later.", "Panmunjom", 5, False]


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_columns_that_a_table_lacks_change_nothing(format: str, delimiter: str) -> None:
    report = came_in(format, FEWEST.format("Truce").replace(",", delimiter))
    assert report.counts[Change.UNCHANGED] == 1
    came_in(format, FEWEST.format("Armistice").replace(",", delimiter))
    assert (truce().title, texts(truce()), rows(truce())) == ("Armistice", FULL, [1, 1, 1, 1])


def test_empty_cells_say_empty() -> None:
    came_in(
        "csv",
        "id,title,date,category,dataset,summary,body,date_note,place,latitude,longitude,importance,countries,actors,"
        "names,sources\ntruce,Truce,1953-07,peace,test,,,,,,,,,,,\n",
    )
    assert (texts(truce()), rows(truce())) == (["", "", "", "", 3, True], [0, 0, 0, 0])


def test_a_point_is_said_as_a_whole() -> None:
    came_in("csv", "id,title,date,category,dataset,latitude\ntruce,Truce,1953-07,peace,test,\n")
    assert (truce().latitude, truce().longitude) == (None, None)


def test_an_absent_key_of_json_changes_nothing_and_null_or_empty_does() -> None:
    came_in("json", document({key: WHOLE[key] for key in ("id", "dataset", "title", "date", "category")}))
    assert (texts(truce()), rows(truce())) == (FULL, [1, 1, 1, 1])
    came_in("json", document(WHOLE | {"summary": None, "body": "", "latitude": None, "longitude": None, "names": []}))
    assert texts(truce()) == ["", "", "Announced later.", "Panmunjom", 5, True]
    assert rows(truce()) == [1, 1, 0, 1]


def test_what_a_file_left_out_is_still_known_of_the_file_before() -> None:
    came_in("csv", FEWEST.format("Truce"))
    event = truce()
    event.summary = "Edited."
    event.save()
    # The file has never said anything else of the summary, so only the editor has changed it.
    assert came_in("json", document(WHOLE)).counts[Change.UNCHANGED] == 1
    report = came_in("json", document(WHOLE | {"summary": "Corrected."}))
    assert {name: one.said for name, one in report.drafts["test", "truce"].conflicts.items()} == {
        "summary": "Fighting stops."
    }


def test_a_new_event_has_what_is_usual_where_the_file_says_nothing() -> None:
    came_in("csv", FEWEST.format("Talks").replace("truce", "talks"))
    event = Event.objects.get(external_id="talks")
    assert (texts(event), rows(event)) == (["", "", "", "", 3, True], [0, 0, 0, 0])
    came_in("json", document(WHOLE | {"id": "talks", "title": "Talks"}))
    assert (texts(Event.objects.get(external_id="talks")), rows(event)) == (FULL, [1, 1, 1, 1])


def test_a_mapping_says_nothing_of_what_it_does_not_name() -> None:
    about = "\n".join(f"{key} = {json.dumps(value)}" for key, value in DATASET.items() if key != "url")
    event = 'id = "{id}"\ntitle = "{what}"\ndate = "1953-07"\ncategory = "peace"\n'
    mapping = f"[dataset]\n{about}\n[event]\n{event}"
    came_in("mapping", "id,what\ntruce,Armistice\n", mapping)
    assert (truce().title, texts(truce()), rows(truce())) == ("Armistice", FULL, [1, 1, 1, 1])
    assert Dataset.objects.get().url == "https://example.org/"
    came_in("mapping", "id,what\ntruce,Armistice\n", mapping + 'summary = "[{what} of 1953]"\nsources = []\n')
    assert (truce().summary, rows(truce())) == ("Armistice of 1953", [1, 1, 1, 0])


def test_slides_say_nothing_of_what_they_cannot_hold() -> None:
    slide = {"unique_id": "truce", "start_date": {"year": 1953, "month": 7}, "text": {"headline": "Armistice"}}
    stored = Event.objects.filter(external_id="truce")
    reading = Reading(dataset="test", category="peace")
    raw = json.dumps({"events": [slide]}).encode()
    apply(check(FORMATS["timelinejs"].read(io.BytesIO(raw), reading), dataset="test"))
    event = stored.get()
    assert (event.title, event.place, event.date_note, event.importance) == (
        *("Armistice", "Panmunjom", "Announced later.", 5),
    )
    # A slide without media has no source, and one without a text no summary: these it can hold.
    assert (event.summary, rows(event)) == ("", [1, 1, 1, 0])


ACLED = (
    "event_id_cnty,event_date,event_type,sub_event_type,country,location{}\n"
    "PRK1,1953-07-27,Battles,Clash,China,Seoul{}\n"
)


def test_a_table_of_acled_without_notes_and_points_leaves_them() -> None:
    came_in("acled", ACLED.format(",notes,latitude,longitude,fatalities", ",Fighting stops.,37.5,127.0,120"))
    came_in("acled", ACLED.format("", ""))
    event = Event.objects.get(external_id="PRK1")
    assert (event.summary, str(event.latitude), event.importance) == ("Fighting stops.", "37.50000", 3)
    came_in("acled", ACLED.format(",notes", ","))
    event.refresh_from_db()
    assert (event.summary, str(event.latitude)) == ("", "37.50000")


def test_what_a_line_leaves_out_of_a_person_and_a_row_of_its_dataset_stays() -> None:
    came_in(
        "csv",
        "id,title,date,category,dataset,dataset_name,dataset_publisher,dataset_licence,dataset_citation,actors\n"
        "truce,Truce,1953-07,peace,test,A dataset,Another publisher,CC0,A publisher: A dataset.,"
        "actor=kim | name=Kim Il\n",
    )
    actor, dataset = Actor.objects.get(), Dataset.objects.get()
    assert (actor.name, actor.country_id, actor.description) == ("Kim Il", "PRK", "A general.")
    assert (dataset.publisher, dataset.url) == ("Another publisher", "https://example.org/")


def written(format: str, event: Event) -> bytes:
    write = FORMATS[format].write
    assert write is not None
    return b"".join(write(records_of_selection([event.pk])))


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "timelinejs"])
def test_what_we_write_says_what_is_empty(format: str) -> None:
    event = truce()
    before = written(format, event)
    event.summary = event.place = ""
    event.latitude = event.longitude = None
    event.save()
    event.names.all().delete()
    Actor.objects.update(description="", country=None)
    Dataset.objects.update(url="")
    after = written(format, event)
    for raw in (before, after):
        apply(check(FORMATS[format].read(io.BytesIO(raw), Reading())), decide=lambda draft: Decision.TAKE)
    event.refresh_from_db()
    assert (event.summary, event.place, event.latitude, event.names.count()) == ("", "", None, 0)
    assert (Actor.objects.get().description, Actor.objects.get().country, Dataset.objects.get().url) == ("", None, "")
