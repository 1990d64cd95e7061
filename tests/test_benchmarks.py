"""What the measurements stand on: synthetic events that are the same each time and true to the models."""

import gzip
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings

from tests.benchmarks import Measurement, admin, roll_calls, stock_admin
from tests.benchmarks.__main__ import groups
from tests.benchmarks.generator import COMMON_WORD, RARE_PHRASE, SyntheticEvent, synthetic_events
from tests.benchmarks.loading import load
from timeline import dates
from timeline.models import Category, Change, Country, Event, Participation, Revision, Source
from timeline.models.search_text import SearchText

COUNTRIES = [("PRK", "North Korea"), ("RUS", "Russia"), ("CHN", "China"), ("USA", "United States"), ("KOR", "Korea")]
CATEGORIES = ["conflict", "peace", "diplomacy"]


def made(count: int, seed: int = 1945) -> list[SyntheticEvent]:
    return list(synthetic_events(count, COUNTRIES, CATEGORIES, seed))


def test_synthetic_events_are_the_same_each_time() -> None:
    assert made(3000) == made(3000)
    assert made(3000)[:1200] == made(1200)
    assert made(100) != made(100, seed=1)


def test_synthetic_events_have_the_promised_shares() -> None:
    events = made(20_000)
    assert 0.08 < sum(COMMON_WORD in event.summary for event in events) / len(events) < 0.12
    assert sum(RARE_PHRASE in event.summary for event in events) == 2
    assert 0.17 < sum(event.when.is_interval for event in events) / len(events) < 0.23
    assert {len(event.participations) for event in events} == {1, 2, 3, 4}
    years = [event.when.day.year for event in events]
    assert (min(years), max(years)) == (1945, 2025)
    assert sum(year < 1985 for year in years) < 0.4 * len(years)


@pytest.mark.django_db
def test_loading_brings_in_what_the_models_themselves_would_store() -> None:
    call_command("load_countries", verbosity=0)
    load(100)
    before = Revision.objects.number()
    load(100, seed=7)
    assert Revision.objects.number() == before + 1
    assert Change.objects.filter(revision=before + 1).count() == 100
    assert Event.objects.published().count() == 200
    for event in Event.objects.all():
        when = dates.parse_edtf(event.date)
        stored = (event.date, event.day, event.earliest, event.latest, event.start_latest, event.end_earliest)
        assert stored == (when.edtf, when.day, when.earliest, when.latest, when.start_latest, when.end_earliest)
        assert event.precision == when.precision
        event.full_clean()
    for row in [*Participation.objects.all(), *Source.objects.all()]:
        row.full_clean()
    texts = list(SearchText.objects.order_by("pk").values_list())
    SearchText.objects.all().delete()
    assert SearchText.objects.rebuild() == 200
    assert texts == list(SearchText.objects.order_by("pk").values_list())


@pytest.mark.django_db
def test_loading_leaves_a_database_that_goes_on_as_before() -> None:
    load(10, with_sources=False)
    assert not Source.objects.exists()
    made_by_hand = Event.objects.create(title="By hand", date="1953", category=Category.objects.all()[0])
    assert made_by_hand.pk == Event.objects.order_by("pk").values_list("pk", flat=True).last()
    assert Country.objects.filter(participations__isnull=False).exists()


def test_what_is_no_group_is_not_run_as_one() -> None:
    assert not {"generator", "loading", "stock_admin", "one_process"} & set(groups())
    assert {"admin", "index", "roll_calls"} <= set(groups())


@pytest.mark.django_db
def test_roll_calls_are_loaded_as_the_mapping_of_imports_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BENCHMARK_TABLES", str(tmp_path))
    assert list(roll_calls.measurements(3)) == []
    assert "BENCHMARK_TABLES names another folder" in capsys.readouterr().err
    rows = [
        "id,date,date_precision,title,vote,country,iso3,resolution,session",
        'unga-1-1,1946-01,month,"RULES, PROCEDURE",yes,North Korea,PRK,R/1/66,1',
        "unga-1-2,2001-05-30,day,,abstain,Atlantis,XXX,R/2/1,2",
        "unga-1-3,2001-05-30,day,,abstain,Russia,RUS,R/2/1,2",
    ]
    with gzip.open(tmp_path / roll_calls.TABLE, "wt", encoding="utf-8") as file:
        file.write("\n".join(rows))
    monkeypatch.setattr(roll_calls, "compared", lambda shapes: iter([Measurement(next(shapes)[0], 1, "", 1, "ms")]))
    assert [found.name for found in roll_calls.measurements(9)] == ["no-filter"]
    stored = Event.objects.order_by("day")
    assert [(event.title, event.date, event.precision) for event in stored] == [
        ("North Korea votes yes: RULES, PROCEDURE", "1946-01", "month"),
        ("Russia abstains", "2001-05-30", "day"),
    ]
    for row in [*stored, *Participation.objects.all(), *Source.objects.all()]:
        row.full_clean()


@pytest.mark.django_db
def test_every_page_of_the_stock_admin_that_ours_is_measured_against_answers(client: Client) -> None:
    load(1_200)
    client.force_login(User.objects.create_superuser("bench"))
    pages = list(admin.pages())
    assert {ours: client.get(f"/admin/timeline/{ours}").status_code for _name, ours, _stock in pages} == {
        ours: 200 for _name, ours, _stock in pages
    }
    with override_settings(**stock_admin.SETTINGS):
        answers = {stock: client.get(f"/stock/timeline/{stock}") for _name, _ours, stock in pages}
    assert {stock: answer.status_code for stock, answer in answers.items()} == dict.fromkeys(answers, 200)
