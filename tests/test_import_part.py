"""A file that holds a part of a dataset, such as the export of a view, takes nothing from what it does not hold."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import empty_site, make_places
from tests.replaying import replayed
from timeline.exports import records_of_selection
from timeline.formats import Reading
from timeline.formats.registry import FORMATS
from timeline.imports import Change, Decision, Report, apply, check
from timeline.models import Event, Relation, Revision
from timeline.records import DatasetRecord, EventRecord, Record, RelationRecord

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.")
TALKS = EventRecord("talks", "Talks", "1951-07-10", "peace")
WAR = EventRecord("war", "War", "1950", "conflict")
TRUCE = EventRecord(
    *("truce", "Truce", "1953-07", "peace"),
    relations=(RelationRecord("response_to", "war"), RelationRecord("part_of", "talks")),
)
FILE: list[Record] = [DATASET, TALKS, WAR, TRUCE]


@pytest.fixture(autouse=True)
@replayed
def _imported() -> None:
    make_places()
    came_in(*FILE)


def came_in(*records: Any, decision: Decision = Decision.OPEN) -> Report:
    report = check(records)
    assert report.problems == []
    apply(report, decide=lambda draft: decision)
    return report


def arrows() -> list[str]:
    return list(Relation.objects.order_by("pk").values_list("target__external_id", flat=True))


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "timelinejs"])
def test_what_is_exported_of_some_events_changes_nothing_where_it_came_from(format: str) -> None:
    chosen = list(Event.objects.exclude(external_id="war").order_by("pk").values_list("pk", flat=True))
    write, before = FORMATS[format].write, Revision.objects.number()
    assert write is not None
    raw = b"".join(write(records_of_selection(chosen)))
    report = check(FORMATS[format].read(io.BytesIO(raw), Reading()))
    apply(report)
    assert (report.counts[Change.UNCHANGED], report.missing_count) == (2, 1)
    assert (arrows(), Revision.objects.number()) == (["war", "talks"], before)


def test_an_arrow_to_an_event_of_the_file_is_taken_away_by_it() -> None:
    lacking = replace(TRUCE, relations=())
    assert came_in(DATASET, lacking).counts[Change.UNCHANGED] == 1
    assert came_in(DATASET, lacking, TALKS).counts[Change.CHANGED] == 1
    assert arrows() == ["war"]
    came_in(DATASET, WAR, lacking)
    assert arrows() == []


def test_what_a_part_left_out_is_still_known_of_the_file_before() -> None:
    came_in(DATASET, replace(TRUCE, relations=()))
    assert came_in(*FILE).counts[Change.UNCHANGED] == 3
    Relation.objects.get(target__external_id="war").delete()
    # Only the editor has taken it away: the part said nothing of it.
    assert came_in(*FILE).counts[Change.UNCHANGED] == 3
    assert arrows() == ["talks"]


def test_an_arrow_that_an_editor_altered_and_the_file_takes_away_is_a_conflict() -> None:
    Relation.objects.get(target__external_id="talks").delete()
    Relation.objects.create(
        event=Event.objects.get(external_id="truce"), kind="led_to", target=Event.objects.get(external_id="talks")
    )
    records = (DATASET, WAR, replace(TRUCE, relations=()), TALKS)
    assert [*came_in(*records).drafts["test", "truce"].conflicts] == ["relation"]
    came_in(*records, decision=Decision.TAKE)
    assert arrows() == []


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "timelinejs"])
def test_an_arrow_to_an_event_of_another_dataset_goes_out_and_comes_in(format: str) -> None:
    # Another event of the first dataset has the same identifier.
    other = replace(DATASET, slug="other", name="Another dataset")
    parade = EventRecord("talks", "Parade", "1953-07-28", "peace", dataset="other")
    came_in(other, parade, *(replace(each, dataset="test") if isinstance(each, EventRecord) else each for each in FILE))
    truce = Event.objects.get(external_id="truce")
    Relation.objects.create(event=truce, kind="led_to", target=Event.objects.get(title="Parade"))
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    write = FORMATS[format].write
    assert write is not None
    raw = b"".join(write(records_of_selection(ids)))
    again = check(FORMATS[format].read(io.BytesIO(raw), Reading()))
    assert (again.problems, again.counts[Change.UNCHANGED]) == ([], 4)
    empty_site()
    report = check(FORMATS[format].read(io.BytesIO(raw), Reading()))
    assert report.problems == []
    apply(report)
    found = Relation.objects.filter(event__external_id="truce").order_by("pk")
    assert set(found.values_list("kind", "target__title")) == {
        ("response_to", "War"),
        ("part_of", "Talks"),
        ("led_to", "Parade"),
    }
