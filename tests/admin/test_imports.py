"""Importing a file in the admin: from the upload to what it did, each refusal, and taking it back."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.admin.importing import ADD, HEADER, ROWS, address, checked, imported, page, posted, publisher, upload
from timeline.admin import import_forms
from timeline.models import ColumnMapping, Dataset, Event, ImportRun, Participation, Relation, SearchText, Source

__all__ = ["publisher"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_is_uploaded_checked_imported_and_taken_back(publisher: Client) -> None:
    run = checked(publisher)
    assert (run.state, run.format, run.name) == ("checked", "csv", "events.csv")
    assert Event.objects.count() == 0
    assert "Import 2 events" in page(publisher, run)

    run = posted(publisher, run, _import="1")
    assert run.state == "done"
    assert set(Event.objects.values_list("title", "status")) == {("Armistice", "published"), ("Visit", "published")}
    record = Event.history.latest()
    assert (record.history_user.username, record.history_change_reason) == (
        "publisher",
        f"Import {run.pk}: events.csv",
    )

    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert Event.objects.count() == 0
    assert Dataset.objects.count() == 1
    assert (Event.history.latest().history_type, Participation.history.latest().history_type) == ("-", "-")
    assert Event.history.latest().history_change_reason == f"Import {run.pk} was undone"
    assert SearchText.objects.count() == 0


def test_the_preview_shows_each_field_that_changes_and_undoing_brings_it_back(publisher: Client) -> None:
    imported(publisher)
    run = checked(publisher, HEADER + ROWS.replace("Armistice", "Truce").replace("PRK; RUS", "RUS"))
    assert run.report["counts"]["changed"] == 2
    shown = page(publisher, run, "?show=changed")
    assert "<del>Armistice</del> → <ins>Truce</ins>" in shown
    assert "<del>PRK, participant; RUS, participant</del> → <ins>RUS, participant</ins>" in shown

    run = posted(publisher, run, _import="1")
    assert set(Event.objects.values_list("title", flat=True)) == {"Truce", "Visit"}
    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert set(Event.objects.values_list("title", "status")) == {("Armistice", "published"), ("Visit", "published")}
    assert Event.objects.get(title="Visit").participations.count() == 2


def test_the_same_file_again_has_nothing_to_import(publisher: Client) -> None:
    imported(publisher)
    run = checked(publisher)
    assert run.report["counts"]["unchanged"] == 2
    assert "There is nothing to import" in page(publisher, run)


def test_wrong_rows_stop_the_import_unless_they_are_left_out(publisher: Client) -> None:
    run = checked(publisher, HEADER + ROWS + "3,Nothing,1953-02-30,peace,PRK,korea\n")
    shown = page(publisher, run)
    assert "1953-02-30" in shown
    assert '4</td><td class="import-column">date</td>' in shown
    assert posted(publisher, run, _import="1").state == "checked"
    assert Event.objects.count() == 0
    run = posted(publisher, run, _import="1", skip_wrong="on")
    assert (run.state, Event.objects.count()) == ("done", 2)


def test_a_preview_that_no_longer_holds_is_shown_anew(publisher: Client) -> None:
    imported(publisher)
    run = checked(publisher, HEADER + ROWS.replace("Armistice", "Truce"))
    event = Event.objects.get(title="Armistice")
    event.title = "The armistice"
    event.save()
    run = posted(publisher, run, _import="1")
    assert run.state == "checked"
    assert "Something has changed since the preview" in run.message
    assert "The armistice" in page(publisher, run, "?show=conflict")
    assert posted(publisher, run, _import="1").state == "done"


def in_conflict(client: Client) -> ImportRun:
    """A corrected file, checked, after somebody has changed both of its events."""
    imported(client)
    for event in Event.objects.all():
        event.title = f"The {event.title.lower()}"
        event.save()
    return checked(client, HEADER + ROWS.replace("Armistice", "Truce").replace("Visit", "Meeting"))


def test_what_editors_changed_too_is_shown_and_kept(publisher: Client) -> None:
    run = in_conflict(publisher)
    assert (run.report["counts"]["conflict"], run.report["counts"]["changed"]) == (2, 0)
    shown = page(publisher, run)
    for text in ("title, in the last file</dt><dd>Armistice", "<dd>The armistice</dd>", "<dd>Truce</dd>"):
        assert text in shown
    assert "2 entries were changed or deleted here since the last file" in shown
    report = publisher.get(f"/admin/timeline/importrun/{run.pk}/report.csv").content.decode()
    assert "conflict,2,title,here “The armistice”, in the file “Truce”, in the last one “Armistice”" in report.replace(
        '"', ""
    )

    run = posted(publisher, run, _import="1")
    assert (run.state, set(Event.objects.values_list("title", "version"))) == (
        "done",
        {("The armistice", 2), ("The visit", 2)},
    )
    again = checked(publisher, HEADER + ROWS.replace("Armistice", "Truce").replace("Visit", "Meeting"))
    assert again.report["counts"]["unchanged"] == 2


def test_the_file_is_believed_in_all_events_or_in_one(publisher: Client) -> None:
    run = in_conflict(publisher)
    visit = Event.objects.get(external_id="2")
    form = {"conflict-all": "take", f"conflict-{visit.pk}": "keep", "conflict-x": "take", "conflict-1": "nonsense"}
    run = posted(publisher, run, _import="1", **form)
    assert run.conflicts == {"all": "take", str(visit.pk): "keep"}
    assert set(Event.objects.values_list("title", flat=True)) == {"Truce", "The visit"}

    run = posted(publisher, run, _undo="1")
    assert run.state == "undone", run.message
    assert set(Event.objects.values_list("title", flat=True)) == {"The armistice", "The visit"}
    # What was undone is asked about again: the file has not said it yet.
    again = checked(publisher, HEADER + ROWS.replace("Armistice", "Truce").replace("Visit", "Meeting"))
    assert again.report["counts"]["conflict"] == 2


def test_a_report_from_before_there_were_conflicts_is_shown(publisher: Client) -> None:
    run = imported(publisher)
    del run.report["counts"]["conflict"], run.report["events"]["conflict"]
    for events in run.report["events"].values():
        for event in events:
            del event["conflicts"]
    run.save()
    assert "In conflict <span>0</span>" in page(publisher, run, "?show=conflict")
    assert publisher.get(f"/admin/timeline/importrun/{run.pk}/report.csv").status_code == 200


def test_a_status_in_conflict_needs_the_right_to_publish(publisher: Client, editor: Client) -> None:
    text = "id,title,date,category,status,dataset\n1,Armistice,1953-07-27,peace,{},korea\n"
    imported(publisher, text.format("draft"), status="draft")
    event = Event.objects.get()
    event.status = "in_review"
    event.save()
    run = checked(editor, text.format("published"), status="draft")
    assert run.report["counts"]["conflict"] == 1
    assert "these rows concern events that are no drafts: 2." in page(editor, run)
    assert posted(editor, run, _import="1").state == "checked"


def test_an_import_whose_events_were_edited_is_not_undone(publisher: Client) -> None:
    run = imported(publisher)
    event = Event.objects.get(title="Visit")
    event.summary = "Three days."
    event.save()
    Event.objects.get(title="Armistice").delete()
    run = posted(publisher, run, _undo="1")
    assert run.state == "done"
    assert "“Visit” was edited" in run.message
    assert "“Armistice” was deleted" in run.message
    assert Event.objects.count() == 1


def test_an_import_to_which_another_event_leads_is_not_undone(publisher: Client) -> None:
    run = imported(publisher)
    other = Event.objects.create(title="Parade", date="2023-07-27", category_id="peace")
    Relation.objects.create(event=other, kind="anniversary_of", target=Event.objects.get(title="Armistice"))
    run = posted(publisher, run, _undo="1")
    assert "another event leads to “Armistice”" in run.message
    assert Event.objects.count() == 3


def test_a_dataset_that_the_import_made_goes_with_it(publisher: Client) -> None:
    about = {"dataset_name": "Tests", "dataset_publisher": "CSIS", "dataset_licence": "CC0", "dataset_citation": "CSIS"}
    run = imported(publisher, "id,title,date,category\n1,Test,2023-07-25,peace\n", dataset="tests", **about)
    assert Event.objects.get().dataset == Dataset.objects.get(slug="tests")
    assert posted(publisher, run, _undo="1").state == "undone"
    assert not Dataset.objects.filter(slug="tests").exists()


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        ({"format": "csv", "dataset": "new"}, "dataset_licence", "A new dataset needs this."),
        ({"format": "csv", "dataset": "korea", "dataset_name": "Other"}, "dataset", "This dataset is here already"),
        ({"format": "icalendar"}, "category", "This format has no categories"),
        ({"format": "mapping"}, "dataset", "Name the dataset"),
        ({"format": "mapping", "dataset": "korea"}, "column_title", "choose the column"),
        ({"format": "nonsense"}, "format", "Select a valid choice"),
    ],
)
def test_a_form_that_says_too_little_is_refused(
    publisher: Client, form: dict[str, str], field: str, message: str
) -> None:
    upload(publisher, HEADER + ROWS)
    run = ImportRun.objects.get()
    response = publisher.post(address(run), {"status": "draft", **form})
    assert response.status_code == 400
    assert message in str(response.context["form"].errors[field])
    run.refresh_from_db()
    assert run.state == "uploaded"


def test_a_file_that_is_none_or_too_large_is_refused(publisher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    response = upload(publisher, b"%PDF-1.7", "events.pdf")
    assert (response.status_code, "This is a PDF" in response.content.decode()) == (400, True)
    assert publisher.post(ADD, {}).status_code == 400
    monkeypatch.setattr(import_forms, "LIMIT", 20)
    response = upload(publisher, HEADER + ROWS)
    assert (response.status_code, "are allowed" in response.content.decode()) == (400, True)
    assert ImportRun.objects.count() == 0


def test_a_file_that_cannot_be_read_says_why_and_can_be_read_in_another_way(publisher: Client) -> None:
    run = checked(publisher, format="gdelt")
    assert run.state == "failed"
    assert run.message
    assert run.message in page(publisher, run).replace("&#x27;", "'").replace("&quot;", '"')
    run = posted(publisher, run, format="csv", status="draft", dataset="korea")
    assert (run.state, run.message) == ("checked", "")


def test_columns_are_guessed_chosen_and_kept_for_the_next_time(publisher: Client) -> None:
    text = "Headline,When,Nation,Link\nArmistice,7/27/1953,PRK,https://un.example/1\n"
    upload(publisher, text)
    run = ImportRun.objects.get()
    initial = publisher.get(address(run)).context["form"].initial
    assert {key: value for key, value in initial.items() if key.startswith("column_")} == {
        "column_title": "Headline",
        "column_date": "When",
        "column_countries": "Nation",
        "column_source_url": "Link",
    }
    form = {key: value for key, value in initial.items() if value} | {"format": "mapping", "status": "draft"}
    form |= {"dataset": "korea", "category": "peace", "day_order": "month/day", "keep_as": "UN list"}
    run = posted(publisher, run, **form)
    assert (run.state, run.report["problems"]) == ("checked", [])
    posted(publisher, run, _import="1")
    event = Event.objects.get()
    assert (event.date, event.category_id, event.external_id) == ("1953-07-27", "peace", "7/27/1953 Armistice")
    assert Source.objects.get().url == "https://un.example/1"

    assert ColumnMapping.objects.get().name == "UN list"
    upload(publisher, text)
    again = publisher.get(address(ImportRun.objects.latest("pk"))).context["form"].initial
    assert (again["keep_as"], again["day_order"], again["category"]) == ("UN list", "month/day", "peace")
    assert 'date_format = "month/day/year"' in ColumnMapping.objects.get().mapping


def test_only_a_text_table_has_its_columns_offered(publisher: Client) -> None:
    """JSON on one line has commas too."""
    upload(publisher, '{"format": "annals/1", "events": [{"id": "1", "title": "Talks, again, once more"}]}', "a.json")
    shown = publisher.get(address(ImportRun.objects.get())).context["form"]
    assert [name for name in shown.fields if name.startswith("column_")] == []
    assert "mapping" not in dict(shown.fields["format"].choices)


def test_columns_are_folded_away_where_the_format_explains_them(publisher: Client) -> None:
    upload(publisher, HEADER + ROWS)
    run = ImportRun.objects.get()
    assert "<details open" not in page(publisher, run)
    assert "<details" in page(publisher, run)
    wrong = publisher.post(address(run), {"format": "mapping", "status": "draft", "dataset": "korea"})
    assert "<details open" in wrong.content.decode()
    upload(publisher, "Headline,When\nArmistice,7/27/1953\n")
    assert "<details open" in page(publisher, ImportRun.objects.latest("pk"))


def test_the_first_rows_stand_beside_the_choice_of_columns(publisher: Client) -> None:
    upload(publisher, "Headline;When\n<b>Visit</b>;25/7/2023\nTalks;3/4/2023\nParade;4/4/2023\nReturn;5/4/2023\n")
    shown = page(publisher, ImportRun.objects.get())
    assert '<th scope="col">Headline</th><th scope="col">When</th>' in shown
    assert "<td>&lt;b&gt;Visit&lt;/b&gt;</td><td>25/7/2023</td>" in shown
    assert "<td>Parade</td>" in shown
    assert "Return" not in shown


def test_a_table_whose_rows_cannot_be_read_still_shows_its_columns(publisher: Client) -> None:
    upload(publisher, 'Headline,When\n"Visit,2023\n')
    form = publisher.get(address(ImportRun.objects.get())).context["form"]
    assert (form.columns, form.table) == (["Headline", "When"], [["Headline", "When"]])


def test_a_table_with_semicolons_has_its_columns_guessed_and_its_countries_split(publisher: Client) -> None:
    upload(publisher, "Headline;When;Nation\nVisit;25/7/2023;PRK\nTalks;3/4/2023;Russia\n")
    run = ImportRun.objects.get()
    shown = publisher.get(address(run)).context["form"]
    form = {key: value for key, value in shown.initial.items() if value} | {"format": "mapping", "status": "draft"}
    assert shown["column_split"].value() == ";"
    run = posted(publisher, run, **form | {"dataset": "korea", "category": "peace", "column_split": ";"})
    assert (run.state, run.report["problems"]) == ("checked", [])
    assert [event["date"] for event in run.report["events"]["new"]] == ["2023-07-25", "2023-04-03"]


def test_who_may_not_publish_imports_drafts_alone(publisher: Client, editor: Client) -> None:
    imported(publisher)
    upload(editor, HEADER + ROWS)
    run = ImportRun.objects.latest("pk")
    refused = editor.post(address(run), {"format": "csv", "status": "published", "dataset": "korea"})
    assert refused.status_code == 400
    text = (HEADER + ROWS).replace("Armistice", "Truce").replace("2,Visit", "9,Visit")
    run = checked(editor, text, status="draft")
    assert "these rows concern events that are no drafts: 2." in page(editor, run)
    assert posted(editor, run, _import="1").state == "checked"
    run = imported(editor, HEADER + "9,Visit,2023-07-25,diplomacy,PRK,korea\n", status="draft")
    assert Event.objects.get(external_id="9").status == "draft"
    assert posted(editor, run, _undo="1").state == "undone"


def test_a_file_does_not_make_what_its_user_may_not(publisher: Client) -> None:
    user = User.objects.create_user("writer", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_event", "change_event"]))
    writer = Client()
    writer.force_login(user)
    about = {"dataset_name": "Tests", "dataset_publisher": "CSIS", "dataset_licence": "CC0", "dataset_citation": "CSIS"}
    run = checked(writer, "id,title,date,category\n1,Test,2023-07-25,peace\n", status="draft", dataset="tests", **about)
    assert "You may not add or change these: datasets (tests)." in page(writer, run)
    assert posted(writer, run, _import="1").state == "checked"
    assert Event.objects.count() == 0


def test_pages_are_for_those_who_may_add_events(publisher: Client, editor: Client) -> None:
    run = checked(publisher)
    assert editor.post(address(run), {"_import": "1"}).status_code == 403
    user = User.objects.create_user("reader", password="pw", is_staff=True)
    reader = Client()
    reader.force_login(user)
    for path in (ADD, address(run), f"/admin/timeline/importrun/{run.pk}/report.csv"):
        assert reader.get(path).status_code == 403
        assert Client().get(path).status_code == 302
    assert publisher.get("/admin/timeline/importrun/999/change/").status_code == 404
    assert publisher.get("/admin/timeline/importrun/x/change/").status_code == 404
    assert ADD in publisher.get("/admin/").content.decode()
    assert publisher.get("/admin/timeline/importrun/").status_code == 200
