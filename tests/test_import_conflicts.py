"""A file comes in again after editors changed its events: whose word stands, field by field and row by row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.cast import make_places
from tests.replaying import replayed
from timeline.imports import Change, Decision, Draft, Report, apply, check
from timeline.imports.file_versions import said_of, unpacked
from timeline.imports.stored import stored_events
from timeline.models import Event, EventName, FileVersion, Participation, Relation, Revision, Source
from timeline.records import DatasetRecord, EventRecord, NameRecord, ParticipationRecord, RelationRecord, SourceRecord

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.")
TALKS = EventRecord("talks", "Talks", "1951-07-10", "peace")
TRUCE = EventRecord(
    id="truce",
    title="Truce",
    date="1953-07",
    category="peace",
    summary="Fighting stops.",
    latitude="37.95",
    longitude="126.67",
    countries=(ParticipationRecord("PRK", "initiator"), ParticipationRecord("CHN")),
    names=(NameRecord("전승절", "PRK", "ko"),),
    sources=(SourceRecord(publisher="A paper", title="Truce"),),
    relations=(RelationRecord("response_to", "talks"),),
)


@pytest.fixture(autouse=True)
@replayed
def _imported() -> None:
    make_places()
    apply(found(TRUCE))


def found(record: EventRecord, **options: Any) -> Report:
    report = check([DATASET, TALKS, record], **options)
    assert report.problems == []
    return report


def came_in(record: EventRecord, decision: Decision = Decision.OPEN) -> Report:
    report = found(record)
    apply(report, decide=lambda draft: decision)
    return report


def draft_of(report: Report) -> Draft:
    return report.drafts["test", "truce"]


def truce() -> Event:
    return Event.objects.get(external_id="truce")


def edited(**fields: Any) -> None:
    event = truce()
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()


def state() -> tuple[int, int, int]:
    """What moves with every write of an event, and the number of file versions."""
    return Revision.objects.number(), Event.history.count(), FileVersion.objects.count()


# Who changed what


def test_what_only_the_file_changed_is_applied() -> None:
    report = came_in(replace(TRUCE, title="Armistice"))
    assert draft_of(report).change is Change.CHANGED
    assert truce().title == "Armistice"


def test_what_only_an_editor_changed_is_kept() -> None:
    edited(title="The truce", summary="")
    before = state()
    report = came_in(TRUCE)
    assert draft_of(report).change is Change.UNCHANGED
    assert (truce().title, truce().summary) == ("The truce", "")
    assert state() == before


def test_a_corrected_file_changes_only_what_it_corrects() -> None:
    edited(title="The truce", place="Panmunjom")
    report = came_in(replace(TRUCE, date="1953-07-27"))
    assert (draft_of(report).change, draft_of(report).before) == (Change.CHANGED, {"date": "1953-07"})
    assert (truce().title, truce().place, truce().date) == ("The truce", "Panmunjom", "1953-07-27")


def test_what_is_kept_of_a_new_event_is_what_the_same_file_says_again() -> None:
    for version in FileVersion.objects.all():
        event = Event.objects.get(pk=version.event_id)
        (stored,) = stored_events([event.pk]).values()
        assert unpacked(version.said) == said_of(stored.values, stored.parts)


def test_what_both_changed_to_the_same_is_no_conflict() -> None:
    edited(title="Armistice")
    report = came_in(replace(TRUCE, title="Armistice"))
    assert draft_of(report).change is Change.UNCHANGED
    # From here on the file is corrected again, and nobody has changed what it said last.
    assert came_in(replace(TRUCE, title="Armistice signed")).counts[Change.CHANGED] == 1
    assert truce().title == "Armistice signed"


def test_a_status_and_a_slug_that_the_file_leaves_out_stay_known() -> None:
    edited(status="published", slug="the-truce")
    came_in(replace(TRUCE, title="Armistice"))
    assert (truce().status, truce().slug) == ("published", "the-truce")
    report = found(replace(TRUCE, title="Armistice", status="withdrawn"))
    assert draft_of(report).conflicts["status"].said == "draft"


# Conflicts


def in_conflict() -> EventRecord:
    """The file, corrected where an editor has changed the event too, and in the date beside."""
    edited(title="The truce")
    return replace(TRUCE, title="Armistice", date="1953-07-27")


def test_what_both_changed_is_a_conflict_and_stays_until_somebody_decides() -> None:
    corrected = in_conflict()
    draft = draft_of(came_in(corrected))
    assert draft.change is Change.CONFLICT
    assert {name: (one.said, draft.values[name], one.file) for name, one in draft.conflicts.items()} == {
        "title": ("Truce", "The truce", "Armistice")
    }
    assert (truce().title, truce().date) == ("The truce", "1953-07-27")
    before = state()
    assert came_in(corrected).counts[Change.CONFLICT] == 1
    assert state() == before
    came_in(corrected, Decision.TAKE)
    assert truce().title == "Armistice"


def test_a_conflict_that_was_decided_for_the_editor_is_not_asked_about_again() -> None:
    corrected = in_conflict()
    came_in(corrected, Decision.KEEP)
    assert truce().title == "The truce"
    before = state()
    assert came_in(corrected).counts[Change.UNCHANGED] == 2
    assert state() == before


def test_a_conflict_that_was_decided_for_the_file_is_written_with_history() -> None:
    corrected = in_conflict()
    came_in(corrected, Decision.TAKE)
    assert (truce().title, truce().version, truce().history.count()) == ("Armistice", 3, 3)
    before = state()
    assert came_in(corrected).counts[Change.UNCHANGED] == 2
    assert state() == before


def test_one_event_may_be_decided_otherwise_than_the_rest() -> None:
    edited(title="The truce")
    Event.objects.filter(external_id="talks").update(title="The talks")
    records: list[Any] = [DATASET, replace(TALKS, title="Negotiations"), replace(TRUCE, title="Armistice")]
    apply(check(records), decide=lambda draft: Decision.TAKE if draft.id == "talks" else Decision.KEEP)
    assert set(Event.objects.values_list("title", flat=True)) == {"Negotiations", "The truce"}


def test_a_point_is_in_conflict_as_a_whole() -> None:
    edited(longitude="126.68")
    report = came_in(replace(TRUCE, latitude="", longitude=""))
    assert [*draft_of(report).conflicts] == ["latitude", "longitude"]
    came_in(replace(TRUCE, latitude="", longitude=""), Decision.TAKE)
    assert (truce().latitude, truce().longitude) == (None, None)


def test_an_event_of_which_no_file_said_anything_is_not_overwritten_unasked() -> None:
    FileVersion.objects.all().delete()
    report = came_in(replace(TRUCE, title="Armistice", countries=()))
    assert {name: one.said for name, one in draft_of(report).conflicts.items()} == {
        "title": None,
        "participation": None,
    }
    assert came_in(replace(TRUCE, title="Armistice", countries=())).counts[Change.CONFLICT] == 1
    assert (truce().title, truce().participations.count()) == ("Truce", 2)


def test_an_event_that_was_deleted_and_brought_back_is_still_known() -> None:
    event = truce()
    number = event.pk
    event.delete()
    Event.objects.create(
        pk=number, **{name: getattr(event, name) for name in ("title", "date", "category_id", "dataset")}
    )
    Event.objects.filter(pk=number).update(external_id="truce")
    assert draft_of(found(TRUCE)).conflicts == {}


def test_an_address_that_is_not_to_be_written_may_belong_to_another_event() -> None:
    apply(found(replace(TRUCE, slug="truce")))
    edited(slug="the-truce")
    Event.objects.create(title="Truce", date="1953", category_id="peace", slug="truce")
    assert draft_of(found(replace(TRUCE, slug="truce"))).change is Change.UNCHANGED


# Rows


def test_rows_of_both_stand_side_by_side() -> None:
    Source.objects.create(event=truce(), publisher="An editor", title="Found later")
    Participation.objects.create(event=truce(), country_id="USA")
    EventName.objects.create(event=truce(), name="Armistice Day", language="en")
    corrected = replace(
        TRUCE,
        sources=(*TRUCE.sources, SourceRecord(publisher="Another paper", title="Armistice", accessed="2024-01-02")),
        countries=(ParticipationRecord("PRK", "initiator"),),
        names=(),
    )
    report = came_in(corrected)
    assert draft_of(report).change is Change.CHANGED
    assert list(truce().sources.values_list("publisher", flat=True)) == ["A paper", "An editor", "Another paper"]
    assert list(truce().participations.values_list("country_id", flat=True)) == ["PRK", "USA"]
    assert list(truce().names.values_list("name", flat=True)) == ["Armistice Day"]
    before = state()
    assert came_in(corrected).counts[Change.UNCHANGED] == 2
    assert state() == before


def test_rows_that_nobody_touched_are_not_written_anew() -> None:
    Source.objects.create(event=truce(), publisher="An editor", title="Found later")
    kept = list(truce().sources.values_list("pk", flat=True))
    came_in(replace(TRUCE, sources=(*TRUCE.sources, SourceRecord(publisher="Another paper", title="Armistice"))))
    assert list(truce().sources.values_list("pk", flat=True))[:2] == kept


@pytest.mark.parametrize(("decision", "role"), [(Decision.KEEP, "host"), (Decision.TAKE, "mediator")])
def test_a_row_that_both_changed_is_a_conflict(decision: Decision, role: str) -> None:
    Participation.objects.get(event=truce(), country_id="CHN").delete()
    Participation.objects.create(event=truce(), country_id="CHN", role="host")
    corrected = replace(TRUCE, countries=(TRUCE.countries[0], ParticipationRecord("CHN", "mediator")))
    report = came_in(corrected, decision)
    assert [*draft_of(report).conflicts] == ["participation"]
    assert truce().participations.get(country_id="CHN").role == role


def test_two_arrows_to_one_event_that_differ_in_their_notes_are_a_conflict() -> None:
    talks = Event.objects.get(external_id="talks")
    Relation.objects.create(event=truce(), kind="led_to", target=talks, note="as we see it")
    corrected = replace(TRUCE, relations=(*TRUCE.relations, RelationRecord("led_to", "talks", "as they see it")))
    assert [*draft_of(came_in(corrected)).conflicts] == ["relation"]
    came_in(corrected, Decision.TAKE)
    assert set(truce().relations.values_list("note", flat=True)) == {"", "as they see it"}


def test_an_arrow_of_an_editor_to_an_event_of_no_dataset_stays() -> None:
    other = Event.objects.create(title="Parade", date="1953-07-28", category_id="peace")
    Relation.objects.create(event=truce(), kind="led_to", target=other)
    came_in(replace(TRUCE, relations=(RelationRecord("response_to", "talks", "after two years"),)))
    assert set(truce().relations.values_list("target__title", "note")) == {("Parade", ""), ("Talks", "after two years")}


def test_a_comparison_asks_as_much_for_three_events_as_for_one(django_assert_num_queries: Any) -> None:
    records: list[Any] = [DATASET, *(replace(TALKS, id=str(number), title=f"Talks {number}") for number in range(3))]
    apply(check(records))
    Event.objects.update(summary="Edited.")
    with django_assert_num_queries(21):
        check(records[:2])
    with django_assert_num_queries(21):
        check(records)


# The command


def command(path: Path, capsys: Any, **options: Any) -> tuple[int, str]:
    """The exit status, and all that was printed."""
    status = 0
    try:
        call_command("import_events", path, **options)
    except SystemExit as end:
        status = int(str(end.code))
    shown = capsys.readouterr()
    return status, shown.out + shown.err


def test_the_command_names_conflicts_and_leaves_them_until_it_is_told(tmp_path: Path, capsys: Any) -> None:
    edited(title="The truce")
    path = tmp_path / "events.csv"
    path.write_text("id,title,date,category,dataset\ntruce,Armistice,1953-07,peace,test\n")
    for _twice in range(2):
        status, shown = command(path, capsys)
        assert status == 1
        assert "1 in conflict" in shown
        assert "row 2, title: here “The truce”, in the file “Armistice”, in the last one “Truce”" in shown
        assert truce().title == "The truce"
    assert command(path, capsys, conflicts="take")[0] == 0
    assert truce().title == "Armistice"
    edited(title="The truce")
    path.write_text("id,title,date,category,dataset\ntruce,Ceasefire,1953-07,peace,test\n")
    assert command(path, capsys, conflicts="keep")[0] == 0
    assert command(path, capsys)[0] == 0
    assert truce().title == "The truce"
