"""A sample of every format, and cuts of tables through their mappings: in, out, into an empty site, and in again."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tests.cast import empty_site
from tests.formats.test_world_formats import SAMPLES, gdelt_file, ucdp_file
from tests.test_import_mappings import INVENTED, load_vocabulary, mapping
from timeline import exports
from timeline.formats import Reading, table
from timeline.formats.registry import FORMATS, WRITABLE, recognise
from timeline.imports import Change, Report, apply, check
from timeline.models import Actor, Dataset, Event, Revision
from timeline.records import DatasetRecord, EventRecord, Record

pytestmark = pytest.mark.django_db

OURS = DatasetRecord("ours", "Ours", "A publisher", "CC0", "A publisher: Ours.")
# TimelineJS's own table holds less than an event says.
WHOLE = [name for name in WRITABLE if name != "timelinejs-csv"]


@pytest.fixture(autouse=True)
def _vocabulary() -> None:
    load_vocabulary()


def of_sample(raw: bytes, name: str = "") -> Callable[[], Report]:
    """What checks a file whose format is recognised."""

    def checked() -> Report:
        stream = io.BytesIO(raw)
        found = recognise(stream, name)
        assert found is not None
        return check([OURS, *found.read(stream, Reading("ours", "diplomacy"))], dataset="ours", status="published")

    return checked


def of_cut(name: str) -> Callable[[], Report]:
    """What checks a few rows of a table through its mapping."""
    return lambda: check(table.read(io.BytesIO(INVENTED[name].encode()), mapping(name)), status="published")


CHECKS = {
    **{path.name: of_sample(path.read_bytes(), path.name) for path in sorted(SAMPLES.iterdir())},
    **{f"gdelt-{columns}": of_sample(gdelt_file(columns)) for columns in (57, 58, 61)},
    "ucdp": of_sample(ucdp_file()),
    **{name: of_cut(name) for name in sorted(INVENTED)},
}


def stored() -> list[EventRecord]:
    return [exports.event_record(event) for event in Event.objects.for_page().order_by("dataset__slug", "external_id")]


def around() -> list[object]:
    """Datasets and actors, whatever their numbers."""
    datasets = Dataset.objects.order_by("slug").values_list("slug", "name", "publisher", "licence", "citation", "url")
    return [*datasets, *Actor.objects.order_by("slug").values_list("slug", "name", "kind", "country", "description")]


def written(format: str) -> bytes:
    write = FORMATS[format].write
    assert write is not None
    ids = list(Event.objects.order_by("day", "pk").values_list("pk", flat=True))
    return b"".join(write(exports.records_of_selection(ids)))


def read_again(raw: bytes, format: str) -> Report:
    records: list[Record] = list(FORMATS[format].read(io.BytesIO(raw), Reading()))  # type: ignore[arg-type]
    report = check(records)
    assert report.problems == []
    return report


def changes_nothing(report: Report) -> bool:
    """Whether importing leaves all as it is."""
    before = Revision.objects.number()
    apply(report)
    counts = report.counts
    untouched = not any(counts[change] for change in (Change.NEW, Change.CHANGED, Change.CONFLICT))
    return untouched and Revision.objects.number() == before


@pytest.mark.parametrize("name", CHECKS)
def test_a_file_comes_in_goes_out_and_comes_in_again_unchanged(name: str) -> None:
    report = CHECKS[name]()
    apply(report)
    assert Event.objects.count() == report.counts[Change.NEW] > 0
    assert changes_nothing(CHECKS[name]())
    before = stored(), around()
    files = {format: written(format) for format in WHOLE}
    for format, raw in files.items():
        assert changes_nothing(read_again(raw, format)), format
    for format, raw in files.items():
        empty_site()
        apply(read_again(raw, format))
        assert (stored(), around()) == before, format
        assert changes_nothing(read_again(raw, format)), format
        assert changes_nothing(CHECKS[name]()), format
