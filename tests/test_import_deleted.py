"""What was deleted, merged or renamed here comes in again; and what a new version of a file no longer has."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cast import make_places
from tests.replaying import replayed
from tests.test_import_conflicts import command, state
from timeline.desk import deleting, merging
from timeline.formats import annals_json
from timeline.imports import Change, Decision, Report, apply, check
from timeline.models import DeletedEvent, Event, Relation, SlugRedirect, Story
from timeline.records import (
    DatasetRecord,
    EventRecord,
    ParticipationRecord,
    Record,
    RelationRecord,
    SourceRecord,
    StoryRecord,
)

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.")
TALKS = EventRecord("talks", "Talks", "1951-07-10", "peace")
TRUCE = EventRecord("truce", "Truce", "1953-07", "peace", countries=(ParticipationRecord("PRK", "initiator"),))
PARADE = EventRecord("parade", "Parade", "1953-07-28", "peace", relations=(RelationRecord("response_to", "truce"),))
FILE: list[Record] = [DATASET, TALKS, TRUCE, PARADE]


@pytest.fixture(autouse=True)
@replayed
def _imported() -> None:
    make_places()
    apply(check(FILE))


def came_in(records: list[Any], decision: Decision = Decision.OPEN) -> Report:
    report = check(records)
    assert report.problems == []
    apply(report, decide=lambda draft: decision)
    return report


def called(external_id: str) -> Event:
    return Event.objects.get(external_id=external_id)


def titles() -> set[str]:
    return set(Event.objects.values_list("title", flat=True))


# Deleted


def test_what_was_deleted_is_a_conflict_and_stays_deleted_until_somebody_decides() -> None:
    deleting.delete(called("truce"), None)
    before = state()
    for _twice in range(2):
        report = came_in(FILE)
        assert (report.counts[Change.CONFLICT], report.counts[Change.UNCHANGED]) == (1, 2)
        assert titles() == {"Talks", "Parade"}
        assert state() == before


def test_what_was_decided_to_stay_deleted_is_asked_about_again_only_if_the_file_corrects_it() -> None:
    Event.objects.filter(external_id="truce").delete()
    came_in(FILE, Decision.KEEP)
    before = state()
    report = came_in(FILE)
    assert (report.counts[Change.CONFLICT], report.counts[Change.UNCHANGED]) == (0, 3)
    assert state() == before
    corrected = [DATASET, TALKS, replace(TRUCE, title="Armistice"), PARADE]
    assert came_in(corrected, Decision.KEEP).counts[Change.CONFLICT] == 1
    assert came_in(corrected).counts[Change.CONFLICT] == 0
    assert titles() == {"Talks", "Parade"}


def test_what_the_file_is_believed_in_comes_back_under_its_number() -> None:
    number = called("truce").pk
    deleting.delete(called("truce"), None)
    came_in([DATASET, TALKS, replace(TRUCE, title="Armistice"), PARADE], Decision.TAKE)
    event = called("truce")
    assert (event.pk, event.title, event.participations.get().role) == (number, "Armistice", "initiator")
    assert [row.history_type for row in event.history.order_by("history_id")] == ["+", "-", "+"]
    assert DeletedEvent.objects.get().restored is not None
    assert came_in([DATASET, TALKS, replace(TRUCE, title="Armistice"), PARADE]).counts[Change.UNCHANGED] == 3


def test_what_comes_back_is_led_to_and_told_as_before() -> None:
    story = StoryRecord("war", "The war", events=("talks", "truce"))
    came_in([*FILE, story])
    truce, parade = called("truce"), called("parade")
    truce.slug = "armistice"
    truce.save()
    kept = deleting.delete(truce, None)
    assert kept.around["slugs"] == ["truce"]
    report = came_in([*FILE, story], Decision.TAKE)
    assert [problem.value for problem in report.warnings] == ["truce"]
    assert parade.relations.get().target == called("truce")
    assert parade.history.first().version == parade.version + 2
    assert [row.event.title for row in Story.objects.get().story_events.all()] == ["Talks", "Truce"]
    assert (called("truce").slug, SlugRedirect.objects.get().slug) == ("truce", "armistice")
    assert came_in([*FILE, story]).counts[Change.UNCHANGED] == 3


def test_an_arrow_and_a_story_leave_out_what_stays_deleted() -> None:
    called("truce").delete()
    march = replace(PARADE, id="march", title="March")
    story = StoryRecord("war", "The war", events=("talks", "truce", "march"))
    came_in([*FILE, march, story], Decision.KEEP)
    assert called("march").relations.count() == 0
    assert [event.title for event in Story.objects.get().events.order_by("story_events__position")] == [
        "Talks",
        "March",
    ]
    came_in([*FILE, replace(march, id="rally", title="Rally")], Decision.KEEP)
    assert Relation.objects.count() == 0


def test_what_an_editor_brought_back_is_compared_as_before() -> None:
    kept = deleting.delete(called("truce"), None)
    came_in(FILE, Decision.KEEP)
    deleting.restore(kept, None)
    assert came_in(FILE).counts[Change.UNCHANGED] == 3
    came_in([DATASET, TALKS, replace(TRUCE, title="Armistice"), PARADE])
    assert called("truce").title == "Armistice"


def test_a_story_and_a_person_that_were_deleted_stay_deleted_unless_the_file_is_believed() -> None:
    story = StoryRecord("war", "The war", text="It began.", events=("talks",))
    came_in([*FILE, story])
    Story.objects.all().delete()
    assert [draft.id for draft in came_in([*FILE, story]).companions_of(Change.CONFLICT)] == ["war"]
    came_in([*FILE, story], Decision.KEEP)
    assert (came_in([*FILE, story]).companions, Story.objects.count()) == ([], 0)
    corrected = replace(story, text="It began in June.")
    came_in([*FILE, corrected], Decision.TAKE)
    assert (Story.objects.get().text, Story.objects.get().events.count()) == ("It began in June.", 1)
    assert came_in([*FILE, corrected]).companions == []


# Merged and renamed


def test_what_was_merged_does_not_come_back() -> None:
    merging.merge(called("truce"), called("talks"), None)
    before = state()
    assert came_in(FILE).counts[Change.UNCHANGED] == 3
    assert (titles(), state()) == ({"Truce", "Parade"}, before)


def test_a_correction_of_what_was_merged_is_a_conflict_with_the_event_that_it_went_into() -> None:
    merging.merge(called("truce"), called("talks"), None)
    corrected = [DATASET, replace(TALKS, date="1951-07-11", countries=TRUCE.countries), TRUCE, PARADE]
    report = came_in(corrected)
    draft = report.drafts["test", "talks"]
    assert {name: (one.said, one.file) for name, one in draft.conflicts.items()} == {
        "date": ("1951-07-10", "1951-07-11"),
    }
    assert called("truce").date == "1953-07"
    came_in(corrected, Decision.KEEP)
    assert came_in(corrected).counts[Change.UNCHANGED] == 3
    came_in([DATASET, replace(TALKS, date="1951-07-12"), TRUCE, PARADE], Decision.TAKE)
    assert (called("truce").date, called("truce").participations.count()) == ("1951-07-12", 1)


def test_an_arrow_to_what_was_merged_leads_to_where_it_went() -> None:
    merging.merge(called("truce"), called("talks"), None)
    march = EventRecord(
        "march",
        "March",
        "1953",
        "peace",
        relations=(RelationRecord("led_to", "talks"), RelationRecord("led_to", "truce")),
    )
    came_in([*FILE, march])
    assert list(called("march").relations.values_list("target__title", flat=True)) == ["Truce"]


def test_of_two_rows_that_are_one_event_here_the_merged_one_is_asked_about() -> None:
    merging.merge(called("truce"), called("talks"), None)
    corrected = [DATASET, replace(TALKS, date="1951-07-11"), replace(TRUCE, title="Armistice", row=3), PARADE]
    report = came_in(corrected)
    assert (report.counts[Change.CHANGED], report.counts[Change.CONFLICT]) == (1, 1)
    assert (called("truce").title, called("truce").date) == ("Armistice", "1953-07")
    assert came_in(corrected).counts[Change.CONFLICT] == 1
    came_in(corrected, Decision.TAKE)
    assert (called("truce").title, called("truce").date) == ("Armistice", "1951-07-11")
    assert came_in(corrected).counts[Change.UNCHANGED] == 3


def test_two_rows_that_are_one_event_here_are_written_as_one_version() -> None:
    merging.merge(called("truce"), called("talks"), None)
    merging.merge(called("truce"), called("parade"), None)
    before = called("truce").version
    source = SourceRecord("research", "P", "A book")
    host, guest = ParticipationRecord("PRK", "host"), ParticipationRecord("CHN", "visitor")
    came_in(
        [
            DATASET,
            replace(PARADE, countries=(host, guest), date="1953-07-28"),
            replace(TALKS, countries=(guest,), sources=(source,), date="1951-07-11"),
            replace(TRUCE, countries=(host,), title="Armistice"),
        ],
        Decision.TAKE,
    )
    truce = called("truce")
    assert (truce.version, truce.title, truce.date) == (before + 1, "Armistice", "1951-07-11")
    assert truce.history.filter(version=truce.version).count() == 1
    assert set(truce.participations.values_list("country_id", "role")) == {("PRK", "host"), ("CHN", "visitor")}
    assert truce.sources.count() == 1


def test_what_was_merged_into_one_event_is_decided_row_by_row() -> None:
    merging.merge(called("truce"), called("talks"), None)
    report = check([DATASET, replace(TALKS, date="1951-07-11"), replace(TRUCE, date="1953-07-27"), PARADE])
    truce = called("truce").pk
    (merged,) = report.drafts.of(Change.CONFLICT)
    assert merged.decided_as == f"{truce}-{merged.said_of}"
    apply(report, decide=lambda draft: Decision.TAKE if draft.decided_as == str(truce) else Decision.KEEP)
    assert called("truce").date == "1953-07-27"


def test_an_event_that_is_called_otherwise_here_is_found_and_corrected() -> None:
    event = called("truce")
    event.external_id = "armistice"
    event.save()
    assert came_in(FILE).counts[Change.UNCHANGED] == 3
    came_in([DATASET, TALKS, replace(TRUCE, date="1953-07-27"), PARADE])
    event.refresh_from_db()
    assert (event.external_id, event.date, Event.objects.count()) == ("armistice", "1953-07-27", 3)


# Missing


def test_what_a_file_no_longer_has_is_named_and_stays() -> None:
    report = came_in([DATASET, TALKS])
    assert (report.missing_count, [title for _number, title in report.missing]) == (2, ["Truce", "Parade"])
    assert titles() == {"Talks", "Truce", "Parade"}
    assert came_in(FILE).missing_count == 0


def test_the_command_names_what_was_deleted_and_what_is_missing(tmp_path: Path, capsys: Any) -> None:
    called("truce").delete()
    path = tmp_path / "events.json"
    path.write_text(json.dumps(annals_json.as_document([DATASET, TALKS, TRUCE])))
    status, shown = command(path, capsys)
    assert status == 1
    assert "1 in conflict" in shown
    assert "row 2: Deleted here since the last import; the file still has it." in shown
    assert "In the dataset before, in no readable row of this file, and left as they are: 1\n  Parade" in shown
    assert command(path, capsys, conflicts="keep")[0] == 0
    assert command(path, capsys)[0] == 0
    assert titles() == {"Talks", "Parade"}
