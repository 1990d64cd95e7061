"""What an import's preview asks about what was deleted here, and about datasets, people, stories and coverage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.admin.importing import HEADER, ROWS, checked, imported, page, posted, publisher
from timeline.desk import deleting
from timeline.models import (
    Actor,
    CompanionVersion,
    Coverage,
    Dataset,
    DeletedEvent,
    Event,
    FormerIdentifier,
    ImportRun,
    Relation,
    Story,
    StoryEvent,
)

__all__ = ["publisher"]
pytestmark = pytest.mark.django_db(transaction=True)


def report_of(client: Client, run: ImportRun) -> str:
    return client.get(f"/admin/timeline/importrun/{run.pk}/report.csv").content.decode()


def removed(title: str) -> Event:
    event = Event.objects.get(title=title)
    number = event.pk
    deleting.delete(event, None)
    event.pk = number
    return event


def test_what_was_deleted_is_shown_stays_so_and_is_not_asked_about_again(publisher: Client) -> None:
    imported(publisher)
    event = removed("Armistice")
    run = checked(publisher)
    assert (run.report["counts"]["conflict"], run.report["counts"]["unchanged"]) == (1, 1)
    shown = page(publisher, run)
    assert "Deleted here since the last import; the file still has it." in shown
    assert f'name="conflict-{event.pk}"' in shown
    assert "bring it back as the file has it" in shown
    assert f"/admin/timeline/event/{event.pk}/change/" not in shown
    assert "conflict,2,,Deleted here since the last import; the file still has it.,Armistice" in report_of(
        publisher, run
    )
    assert posted(publisher, run, _import="1").state == "done"
    again = checked(publisher)
    assert (again.report["counts"]["unchanged"], Event.objects.count()) == (2, 1)
    assert "it was decided that it stays so" in page(publisher, again, "?show=unchanged")


def test_what_was_deleted_comes_back_and_goes_again_when_that_is_undone(publisher: Client) -> None:
    imported(publisher)
    event = removed("Armistice")
    run = posted(publisher, checked(publisher), _import="1", **{f"conflict-{event.pk}": "take"})
    assert run.state == "done", run.message
    assert Event.objects.get(title="Armistice").pk == event.pk
    assert DeletedEvent.objects.get().restored is not None
    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert list(Event.objects.values_list("title", flat=True)) == ["Visit"]
    assert DeletedEvent.objects.get().restored is None
    assert checked(publisher).report["counts"]["conflict"] == 1


ARROWS = (
    "id,title,date,category,relations,dataset\n"
    "1,Armistice,1953-07-27,peace,,korea\n"
    "2,Visit,2023-07-25,diplomacy,{},korea\n"
)


def test_what_comes_back_with_its_arrows_and_stories_goes_again_with_them(publisher: Client) -> None:
    imported(publisher, ARROWS.format("kind=response_to | event=1"))
    story = Story.objects.create(slug="war", title="The war")
    StoryEvent.objects.create(story=story, event=Event.objects.get(title="Armistice"))
    removed("Armistice")
    text = ARROWS.format("kind=response_to | event=1")
    run = posted(publisher, checked(publisher, text), _import="1", **{"conflict-all": "take"})
    assert (Relation.objects.count(), StoryEvent.objects.count()) == (1, 1)
    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert (Relation.objects.count(), StoryEvent.objects.count(), Event.objects.count()) == (0, 0, 1)
    # And once more: what was deleted is known as well as before.
    posted(publisher, checked(publisher, text), _import="1", **{"conflict-all": "take"})
    assert (Relation.objects.count(), StoryEvent.objects.count()) == (1, 1)


def test_an_import_whose_new_event_one_of_its_changed_ones_leads_to_is_undone(publisher: Client) -> None:
    imported(publisher, ARROWS.format(""))
    text = ARROWS.format("kind=response_to | event=3") + "3,Truce,1953-07-28,peace,,korea\n"
    run = imported(publisher, text)
    assert Relation.objects.count() == 1
    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert (Relation.objects.count(), Event.objects.count()) == (0, 2)


def test_an_import_that_was_undone_is_new_when_it_comes_again(publisher: Client) -> None:
    posted(publisher, imported(publisher), _undo="1")
    assert FormerIdentifier.objects.count() == 0
    assert checked(publisher).report["counts"]["new"] == 2


def test_who_may_not_delete_brings_nothing_back(publisher: Client, editor: Client) -> None:
    imported(publisher, status="draft")
    removed("Armistice")
    User.objects.get(username="editor").user_permissions.remove(Permission.objects.get(codename="delete_event"))
    run = checked(editor, status="draft")
    run = posted(editor, run, _import="1", **{"conflict-all": "take"})
    assert (run.state, "you may not bring back what was deleted" in run.message) == ("checked", True)
    run = posted(editor, run, _import="1", **{"conflict-all": "keep"})
    assert (run.state, Event.objects.count()) == ("done", 1)


def test_what_the_file_no_longer_has_is_named(publisher: Client) -> None:
    imported(publisher)
    run = checked(publisher, HEADER + ROWS.partition("\n")[0] + "\n")
    shown = page(publisher, run)
    assert "1 event was in the dataset before and is in no readable row of this file; it stays as it is" in shown
    assert ">Visit</a>" in shown
    assert 'missing,,,"In the dataset before, in no readable row of this file.",Visit' in report_of(publisher, run)


DOCUMENT: dict[str, Any] = {
    "format": "annals/1",
    "datasets": [{"slug": "un", "name": "UN", "publisher": "UN", "licence": "CC0", "citation": "UN."}],
    "actors": [{"slug": "kim", "name": "Kim", "country": "PRK"}],
    "events": [
        {"id": "1", "title": "Armistice", "date": "1953-07-27", "category": "peace", "actors": [{"actor": "kim"}]}
    ],
    "stories": [{"slug": "war", "title": "The war", "text": "In June.", "events": ["1"]}],
    "coverage": [{"dataset": "un", "countries": ["PRK"], "from": "1945", "to": "1953"}],
}


def with_other(**changes: Any) -> str:
    """The document, in which the first of each kind says something else."""
    return json.dumps(DOCUMENT | {kind: [DOCUMENT[kind][0] | fields] for kind, fields in changes.items()})


CORRECTED = with_other(
    datasets={"licence": "ODbL"}, actors={"name": "Kim Jong Il"}, stories={"text": "In July."}, coverage={"to": "1960"}
)
FORM = {"format": "json", "dataset": ""}


def test_what_changes_beside_the_events_is_shown_field_by_field_and_taken_back(publisher: Client) -> None:
    imported(publisher, json.dumps(DOCUMENT), **FORM)
    kept = CompanionVersion.objects.count()
    run = checked(publisher, CORRECTED, **FORM)
    shown = page(publisher, run)
    assert "Import what comes without events" in shown
    assert "Changed <span>4</span>" in shown
    for words in ("<del>CC0</del> → <ins>ODbL</ins>", "<del>In June.</del> → <ins>In July.</ins>", ">dataset</span>"):
        assert words in shown
    run = posted(publisher, run, _import="1")
    assert (Dataset.objects.get(slug="un").licence, Story.objects.get().text) == ("ODbL", "In July.")
    assert Coverage.objects.get().last_text == "1960"
    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert (Dataset.objects.get(slug="un").licence, Story.objects.get().text) == ("CC0", "In June.")
    assert (Actor.objects.get().name, Coverage.objects.get().last_text) == ("Kim", "1953")
    assert CompanionVersion.objects.count() == kept


def test_what_an_editor_changed_beside_the_events_is_decided_one_by_one(publisher: Client) -> None:
    imported(publisher, json.dumps(DOCUMENT), **FORM)
    Dataset.objects.filter(slug="un").update(licence="CC BY 4.0")
    Actor.objects.update(name="Kim Il Sung")
    run = checked(publisher, CORRECTED, **FORM)
    shown = page(publisher, run, "?show=conflict")
    assert "In conflict <span>2</span>" in shown
    assert 'name="conflict-dataset-un"' in shown
    assert "<dd>Kim Il Sung</dd>" in shown
    assert "here “CC BY 4.0”, in the file “ODbL”, in the last one “CC0”" in report_of(publisher, run)
    run = posted(publisher, run, _import="1", **{"conflict-dataset-un": "take", "conflict-actor-kim": "keep"})
    assert (Dataset.objects.get(slug="un").licence, Actor.objects.get().name) == ("ODbL", "Kim Il Sung")
    assert Story.objects.get().text == "In July."
    told = page(publisher, run, "?show=conflict")
    assert [told.count(words) for words in ("What the file says was taken.", "What was here was kept.")] == [1, 1]


def test_an_import_is_not_undone_over_what_was_edited_beside_its_events(publisher: Client) -> None:
    imported(publisher, json.dumps(DOCUMENT), **FORM)
    run = imported(publisher, CORRECTED, **FORM)
    Story.objects.update(text="In August.")
    run = posted(publisher, run, _undo="1")
    assert (run.state, "“war” was edited" in run.message) == ("done", True)


def test_a_dataset_that_the_form_names_is_not_overwritten(publisher: Client) -> None:
    imported(publisher)
    Dataset.objects.filter(slug="korea").update(licence="ODbL")
    imported(publisher, HEADER + ROWS.replace("Visit", "Meeting"))
    assert Dataset.objects.get(slug="korea").licence == "ODbL"
    assert CompanionVersion.objects.count() == 0
