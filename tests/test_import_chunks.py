"""What is checked and written in chunks comes out as if it had been done at once, and leaves nothing behind."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import make_event, make_places
from timeline.imports import Change, Report, apply, check, slugs
from timeline.imports.checking import CHUNK
from timeline.imports.report import KEPT
from timeline.models import Event, FileVersion, Relation, SearchText, SlugRedirect
from timeline.models.many_rows import insert_rows
from timeline.records import DatasetRecord, EventRecord, RelationRecord

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.")
FILLING = [EventRecord(f"filling-{number}", f"Filling {number}", "1951-07-10", "peace") for number in range(CHUNK)]
TALKS = EventRecord("talks", "Talks", "1951-07-10", "peace")


@pytest.fixture(autouse=True)
def _places() -> None:
    make_places()


@pytest.fixture(autouse=True)
def _addresses_go_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each chunk; usually they are held back until there are many."""
    monkeypatch.setattr(slugs, "MOST_KNOWN", 0)


def numbered(*records: EventRecord) -> Report:
    """The check of these, with a whole chunk between each two of them."""
    rows = [records[0]]
    for number, record in enumerate(records[1:]):
        rows += [replace(one, id=f"{number}-{one.id}", title=f"{one.title}, {number}") for one in FILLING]
        rows.append(record)
    return check([DATASET, *(replace(record, row=row) for row, record in enumerate(rows, 1))])


def test_a_row_is_known_to_repeat_one_of_an_earlier_chunk() -> None:
    report = numbered(TALKS, TALKS, replace(TALKS, title="Other talks"))
    assert report.duplicates == [(CHUNK + 2, 1)]
    assert [(problem.row, problem.message) for problem in report.problems] == [
        (2 * CHUNK + 3, "Row 1 has the same identifier and says something else.")
    ]


def test_a_row_is_known_to_share_what_it_must_not_with_one_of_an_earlier_chunk() -> None:
    report = numbered(replace(TALKS, fingerprint=("x",)), replace(TALKS, id="more", fingerprint=("x",)))
    assert (report.duplicates, "more" in [id for _dataset, id in report.drafts]) == ([(CHUNK + 2, 1)], False)


def test_a_wrong_row_takes_its_identifier_from_one_of_a_later_chunk() -> None:
    report = numbered(replace(TALKS, category="nothing"), TALKS)
    assert sorted((problem.row, problem.column) for problem in report.problems) == [(1, "category"), (CHUNK + 2, "id")]
    assert (("test", "talks") in report.drafts, report.counts[Change.WRONG]) == (False, 2)


def test_events_lead_to_others_of_later_and_of_earlier_chunks() -> None:
    there = replace(TALKS, relations=(RelationRecord("response_to", "truce"),))
    back = replace(TALKS, id="truce", title="Truce", relations=(RelationRecord("led_to", "talks"),))
    apply(numbered(there, back))
    found = Relation.objects.values_list("event__external_id", "kind", "target__external_id")
    assert sorted(found) == [("talks", "response_to", "truce"), ("truce", "led_to", "talks")]


def test_events_are_left_out_with_all_that_lead_to_them_across_chunks() -> None:
    chain = [
        replace(TALKS, id=str(n), title=f"Talks {n}", relations=(RelationRecord("response_to", str(n + 1)),))
        for n in range(3)
    ]
    report = numbered(*chain)
    assert [(problem.row, problem.value) for problem in report.problems] == [
        (1, "1"),
        (CHUNK + 2, "2"),
        (2 * CHUNK + 3, "3"),
    ]
    assert report.drafts.changes[Change.NEW] == len(report.drafts) == 2 * CHUNK


def test_addresses_differ_from_those_of_earlier_chunks_and_of_what_is_stored() -> None:
    stored = make_event("Talks", "1950-01-01")
    SlugRedirect.objects.create(slug="talks-1951-2", event=stored)
    apply(numbered(*(replace(TALKS, id=str(number)) for number in range(3))))
    found = Event.objects.filter(title="Talks").exclude(pk=stored.pk).order_by("pk").values_list("slug", flat=True)
    assert [stored.slug, *found] == ["talks", "talks-1951", "talks-1951-3", "talks-1951-4"]


def test_an_address_that_a_file_gives_is_refused_where_an_earlier_chunk_took_it() -> None:
    report = numbered(replace(TALKS, slug="peace-talks"), replace(TALKS, id="more", slug="peace-talks"))
    assert [(problem.row, problem.message) for problem in report.problems] == [
        (CHUNK + 2, "Another event already has this slug.")
    ]


def test_more_addresses_than_are_looked_up_at_once_may_be_taken() -> None:
    stored = make_event("Talks", "1951-01-01")
    taken = ["talks-1951", *(f"talks-1951-{number}" for number in range(2, 1200))]
    SlugRedirect.objects.bulk_create(SlugRedirect(slug=slug, event=stored) for slug in taken)
    apply(check([DATASET, TALKS]))
    assert Event.objects.get(external_id="talks").slug == "talks-1951-1200"


def test_of_a_hopeless_file_all_wrong_rows_are_counted_and_some_are_kept() -> None:
    wrong = [replace(TALKS, id=str(row), category="nothing", row=row) for row in range(1, KEPT + 101)]
    report = check([DATASET, *wrong])
    assert (len(report.problems), report.problem_count, report.counts[Change.WRONG]) == (KEPT, KEPT + 100, KEPT + 100)
    twice = check([DATASET, *(replace(TALKS, row=row) for row in range(1, KEPT + 102))])
    assert (len(twice.duplicates), twice.counts[Change.DUPLICATE]) == (KEPT, KEPT + 100)


def test_an_import_leaves_the_process_as_it_was() -> None:
    def state() -> tuple[object, ...]:
        if connection.vendor != "sqlite":
            return gc.get_threshold()
        with connection.cursor() as cursor:
            return (*gc.get_threshold(), cursor.execute("PRAGMA cache_size").fetchone())

    before = state()
    apply(numbered(TALKS, replace(TALKS, id="more")))
    assert state() == before


def test_many_rows_by_one_statement_are_each_put_in_the_place_of_what_is_there() -> None:
    apply(numbered(TALKS, *(replace(TALKS, id=str(number)) for number in range(3))))
    rows = [(pk, "changed", f"number {pk}") for pk in Event.objects.order_by("pk").values_list("pk", flat=True)]
    conflict = "ON CONFLICT (event_id) DO UPDATE SET title = excluded.title, other = excluded.other"
    insert_rows("default", "timeline_searchtext", ("event_id", "title", "other"), rows, conflict)
    assert list(SearchText.objects.order_by("pk").values_list("pk", "title", "other")) == rows


@pytest.mark.parametrize("count", [1, 333, 334, 1000])
def test_many_rows_are_written_however_they_fill_their_statements(count: int) -> None:
    rows = [(number, 10 * number, f"said {number}") for number in range(1, count + 1)]
    insert_rows("default", "timeline_fileversion", ("id", "event_id", "said"), iter(rows))
    assert list(FileVersion.objects.order_by("pk").values_list("pk", "event_id", "said")) == rows


def test_a_row_that_is_refused_takes_back_those_before_it_with_the_transaction() -> None:
    rows = [(number, number, "said") for number in (*range(1, 1000), 5)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows("default", "timeline_fileversion", ("id", "event_id", "said"), rows)
    assert not FileVersion.objects.exists()
