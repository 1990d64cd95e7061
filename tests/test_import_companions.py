"""Datasets, people, stories and coverage come in again after editors changed them: whose word stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cast import make_places
from tests.replaying import replayed
from tests.test_import_conflicts import command
from timeline.formats import annals_json
from timeline.imports import Change, Decision, Report, apply, check
from timeline.models import Actor, CompanionVersion, Coverage, Dataset, Event, Revision, Story, StoryEvent
from timeline.records import ActorRecord, CoverageRecord, DatasetRecord, EventRecord, Record, StoryRecord

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.", "https://example.org/")
ACTOR = ActorRecord("kim", "Kim", "person", "PRK", "A general.")
EVENTS = [EventRecord(id, id.title(), "1951-07-10", "peace") for id in ("talks", "truce", "parade")]
STORY = StoryRecord("war", "The war", ("It began.",), "In June.", "2023-07-27", "A paper", events=("talks", "truce"))
COVERAGE = CoverageRecord("test", ("PRK", "RUS"), "1945", "1953", "As far as known.")
FILE: list[Record] = [DATASET, ACTOR, *EVENTS, STORY, COVERAGE]


@pytest.fixture(autouse=True)
@replayed
def _imported() -> None:
    make_places()
    came_in()


def came_in(*corrected: Any, decision: Decision = Decision.OPEN) -> Report:
    """The file, with these instead of its records of the same kind."""
    kinds = {type(record) for record in corrected}
    report = check([*(record for record in FILE if type(record) not in kinds), *corrected])
    assert report.problems == []
    apply(report, decide=lambda draft: decision)
    return report


def edited(row: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def conflicts(report: Report) -> dict[str, tuple[Any, Any]]:
    return {
        f"{draft.decided_as}.{name}": (one.said, one.file)
        for draft in report.companions_of(Change.CONFLICT)
        for name, one in draft.conflicts.items()
    }


def state() -> tuple[int, int]:
    return Revision.objects.number(), CompanionVersion.objects.count()


def told() -> list[str]:
    return list(StoryEvent.objects.order_by("position").values_list("event__title", flat=True))


def test_the_same_file_again_changes_nothing() -> None:
    before = state()
    assert came_in().companions == []
    assert state() == before


def test_what_only_an_editor_changed_stays() -> None:
    edited(Dataset.objects.get(), licence="CC BY 4.0", url="")
    edited(Actor.objects.get(), description="")
    edited(Story.objects.get(), title="War", takeaways=[])
    StoryEvent.objects.create(story=Story.objects.get(), event=Event.objects.get(external_id="parade"), position=3)
    Coverage.objects.get().delete()
    before = state()
    assert came_in().companions == []
    assert state() == before
    assert (Dataset.objects.get().licence, Actor.objects.get().description) == ("CC BY 4.0", "")
    assert (Story.objects.get().title, told(), Coverage.objects.count()) == ("War", ["Talks", "Truce", "Parade"], 0)


def test_what_only_the_file_corrected_is_applied_beside_what_an_editor_changed() -> None:
    edited(Dataset.objects.get(), licence="CC BY 4.0")
    edited(Actor.objects.get(), name="Kim Il Sung")
    edited(Story.objects.get(), title="War")
    report = came_in(
        replace(DATASET, publisher="Another publisher"),
        replace(ACTOR, country="RUS"),
        replace(STORY, events=("truce", "talks"), published=""),
    )
    assert (report.companions_of(Change.CONFLICT), len(report.companions_of(Change.CHANGED))) == ([], 3)
    dataset, actor, story = Dataset.objects.get(), Actor.objects.get(), Story.objects.get()
    assert (dataset.licence, dataset.publisher) == ("CC BY 4.0", "Another publisher")
    assert (actor.name, actor.country_id) == ("Kim Il Sung", "RUS")
    assert (story.title, story.published, told()) == ("War", None, ["Truce", "Talks"])


@pytest.mark.parametrize(
    ("decision", "found"),
    [
        (Decision.OPEN, ("CC BY 4.0", "Kim Il Sung", ["Truce"])),
        (Decision.KEEP, ("CC BY 4.0", "Kim Il Sung", ["Truce"])),
        (Decision.TAKE, ("CC BY-SA 4.0", "Kim Jong Il", ["Talks", "Truce", "Parade"])),
    ],
)
def test_what_both_changed_is_a_conflict_to_decide(decision: Decision, found: tuple[Any, ...]) -> None:
    edited(Dataset.objects.get(), licence="CC BY 4.0")
    edited(Actor.objects.get(), name="Kim Il Sung")
    StoryEvent.objects.get(event__external_id="talks").delete()
    corrected = (
        replace(DATASET, licence="CC BY-SA 4.0"),
        replace(ACTOR, name="Kim Jong Il"),
        replace(STORY, events=("talks", "truce", "parade")),
    )
    report = came_in(*corrected, decision=decision)
    after = (Dataset.objects.get().licence, Actor.objects.get().name, told())
    assert after == found
    if decision is not Decision.TAKE:
        assert conflicts(report) == {
            "dataset-test.licence": ("CC0", "CC BY-SA 4.0"),
            "actor-kim.name": ("Kim", "Kim Jong Il"),
            "story-war.events": (["talks", "truce"], ["talks", "truce", "parade"]),
        }
    before = state()
    assert len(came_in(*corrected).companions_of(Change.CONFLICT)) == (3 if decision is Decision.OPEN else 0)
    assert state() == before


def test_coverage_is_compared_row_by_row() -> None:
    Coverage.objects.create(dataset=Dataset.objects.get(), first_text="1990", last_text="2000")
    later = CoverageRecord("test", ("CHN",), "1954", "1960")
    came_in(COVERAGE, later)
    assert set(Coverage.objects.values_list("first_text", flat=True)) == {"1945", "1954", "1990"}
    edited(Coverage.objects.get(first_text="1954"), note="Edited.")
    report = came_in(COVERAGE, replace(later, note="Corrected."))
    assert [*conflicts(report)] == ["coverage-test.coverage"]
    came_in(COVERAGE, replace(later, note="Corrected."), decision=Decision.TAKE)
    assert set(Coverage.objects.values_list("first_text", "note")) == {
        ("1945", "As far as known."),
        ("1954", "Corrected."),
    }


def test_what_no_file_has_described_yet_is_not_overwritten_unasked() -> None:
    CompanionVersion.objects.all().delete()
    report = came_in(replace(DATASET, licence="CC BY 4.0"))
    assert conflicts(report) == {"dataset-test.licence": (None, "CC BY 4.0")}
    assert Dataset.objects.get().licence == "CC0"


def test_two_records_of_one_dataset_that_differ_are_a_problem() -> None:
    report = check([DATASET, replace(DATASET, licence="CC BY 4.0")])
    assert [problem.message for problem in report.problems] == ["Another dataset of this file has this slug."]


def test_a_person_of_whom_two_lines_say_different_things_has_both() -> None:
    some = ActorRecord("lee", "Lee", unsaid=frozenset(("kind", "country", "description")))
    came_in(ACTOR, some, replace(some, description="A writer.", unsaid=frozenset(("kind", "country"))))
    assert Actor.objects.get(slug="lee").description == "A writer."


def test_the_command_names_conflicts_of_datasets_and_decides_them(tmp_path: Path, capsys: Any) -> None:
    edited(Dataset.objects.get(), licence="CC BY 4.0")
    path = tmp_path / "events.json"
    path.write_text(json.dumps(annals_json.as_document([replace(DATASET, licence="ODbL"), *FILE[1:]])))
    status, shown = command(path, capsys)
    assert status == 1
    assert "dataset test, licence: here “CC BY 4.0”, in the file “ODbL”, in the last one “CC0”" in shown
    assert command(path, capsys, conflicts="take")[0] == 0
    assert Dataset.objects.get().licence == "ODbL"
