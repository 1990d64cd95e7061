"""The mappings that come with Annals: on invented rows, and on the tables themselves where they are at hand."""

import io
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.replaying import replayed
from timeline.formats import table
from timeline.formats.mapping import TableMapping, read_mapping
from timeline.imports import Change, Report, apply, check, load_categories
from timeline.models import Country, Event, Revision

pytestmark = pytest.mark.django_db

MAPPINGS = settings.BASE_DIR / "fixtures" / "mappings"
# The tables stay outside of the project; where they are not, only the invented rows are tried.
TABLES = Path(os.environ.get("ANNALS_DATA", settings.BASE_DIR.parent / "shared" / "data"))

MISSILES = """\
date,time_utc,number_in_series,missile,missile_type,facility,latitude,longitude,landing_area,apogee_km,distance_km,outcome,description
2031-05-02,21:10,1,Test-1,SRBM,Somewhere,39.123456,125.1,sea of japan,50,350,success,An invented launch.
2031-05-02,21:10,2,Test-1,SRBM,Somewhere,39.123456,125.1,sea of japan,50,350,success,An invented launch.
2031-06,,,Unknown,Unknown,,,,,,,unknown,
2031-07-01,,,Test-2,ICBM,Wast Sunan,39.1,125.1,pacific ocean,,,failure,
"""
VISITS = """\
kind,id,start_date,end_date,person,role,country,place,remarks
visit_to_us,1,1971-03-01,1971-03-04,President Invented,,U.S.S.R.,,An invented visit.
us_president_travel,1,1971-05-01,1971-05-01,Jane Q. Invented,president,Yugoslavia,"Belgrade, Zagreb",
us_secretary_travel,1,1972-05-01,1972-05-02,John Invented,secretary,South Vietnam,Saigon,Met someone.
us_secretary_travel,2,1972-05-01,1972-05-02,John Invented,secretary,South Vietnam,Saigon,Met someone.
visit_to_us,2,1973-03-01,1973-03-04,Prime Minister Invented,,Korea,,
"""
VETOES = """\
year,date,month,draft,meeting_record,agenda_item,crisis_topic,member_veto1,member_veto2,member_veto3
1950,2/9/1950,2,S/0001,S/PV.0001,An invented question,Lebanon,USSR,,
1950,2/9/1950,2,S/0001,S/PV.0001,An invented question,Lebanon,USSR,,
1970,12/10/1970,12,S/0002,S/PV.0002,Another question,Admission,France,UK,USA
1995,1/2/1995,1,S/0003,S/PV.0003,A third,Israel-Lebanon,Russia,China,
""".replace("\n", "\r\n")
RELATIONS = """\
id,start,precision,heading,article,text
texas-1,1837-03-03,day,"Invented Recognition, 1837",Texas*,The United States did something.
gambia-1,1965-02,month,Invented Relations,The Gambia,The United States did something else.
korea-1,1882,year,Invented Treaty,Korea,The kingdom signed.
"""
VOTES = """\
id,date,date_precision,title,vote,country,iso3,iso3_for_point,lat,lon,resolution,session,issues
v-1,1990-05,month,An invented question,abstain,Namibia,NAM,NAM,-22.0,17.0,R/1/1,45,
v-2,1985-05-02,day,An invented question,yes,Czechoslovakia,CSK,,,,R/1/1,45,
v-3,1985-05-02,day,An \x08invented <d3> question,yes,Russia,RUS,,,,R/1/1,45,
v-4,1995-05-02,day,An invented question,no,Russia,RUS,,,,R/1/1,45,
"""
INVENTED = {
    "nk_missile_tests": MISSILES,
    "us_diplomatic_visits": VISITS,
    "unsc_vetoes": VETOES,
    "us_recognition_and_relations": RELATIONS,
    "unga_votes": VOTES,
}


@replayed
def load_vocabulary() -> None:
    """The countries and categories that Annals comes with."""
    Country.objects.bulk_create(countries())
    load_categories(settings.BASE_DIR / "fixtures" / "categories.json")


@pytest.fixture(autouse=True)
def _vocabulary() -> None:
    load_vocabulary()


def countries() -> list[Country]:
    entries = json.loads((settings.BASE_DIR / "fixtures" / "countries.json").read_text(encoding="utf-8"))["countries"]
    return [
        Country(
            code=entry["code"],
            name=entry["name"],
            official_name=entry["official_name"] or "",
            aliases=entry["aliases"],
            standard=entry["standard"],
            flag=entry["flag"],
            first_day=entry["first_day"],
            last_day=entry["last_day"],
        )
        for entry in entries
    ]


@cache
def mapping(name: str) -> TableMapping:
    with (MAPPINGS / f"{name}.toml").open("rb") as stream:
        return read_mapping(stream)


def checked(name: str, text: str | None = None) -> Report:
    raw = (TABLES / f"{name}.csv").read_bytes() if text is None else text.encode()
    return check(table.read(io.BytesIO(raw), mapping(name)))


def imported(name: str) -> list[Event]:
    report = checked(name, INVENTED[name])
    assert report.problems == []
    apply(report)
    return list(Event.objects.for_page().order_by("pk"))


def parts(event: Event) -> list[tuple[Any, ...]]:
    return [(row.country_id, row.role) for row in event.participations.all()]


def test_every_mapping_names_its_dataset_licence_and_citation() -> None:
    names = {path.stem for path in MAPPINGS.glob("*.toml")}
    assert names == set(INVENTED)
    for name in names:
        dataset = mapping(name).dataset
        assert dataset.licence
        assert dataset.citation


def test_missile_tests_keep_months_and_salvos() -> None:
    first, second, month, failure = imported("nk_missile_tests")
    assert first.title == "Test of Test-1 from Somewhere"
    assert first.summary == (
        "North Korea launched a short-range ballistic missile, Test-1, from Somewhere, number 1 of a series; "
        "it came down in the Sea of Japan after 350 km, having reached 50 km. The test succeeded."
    )
    assert (str(first.latitude), first.importance, parts(first)) == ("39.12346", 1, [("PRK", "initiator")])
    assert (first.external_id, second.external_id) == ("2031-05-02 21:10 #1 Test-1", "2031-05-02 21:10 #2 Test-1")
    assert (month.date, month.precision, month.date_note) == ("2031-06", "month", "")
    assert month.title == "Test of an unidentified missile"
    assert month.summary == "North Korea launched an unidentified missile."
    assert (failure.importance, failure.place) == (4, "West Sunan")
    assert failure.summary.endswith("it came down in the Pacific Ocean. The test failed.")


def test_visits_keep_their_days_and_the_countries_of_their_time() -> None:
    report = checked("us_diplomatic_visits", VISITS)
    assert report.duplicates == [(5, 4)]
    to_us, president, secretary, korea = imported("us_diplomatic_visits")
    assert (to_us.title, to_us.date) == (
        "President Invented of U.S.S.R. visits the United States",
        "1971-03-01/1971-03-04",
    )
    assert parts(to_us) == [("SUN", "visitor"), ("USA", "host")]
    assert (president.title, president.date) == ("Jane Q. Invented visits Yugoslavia (Belgrade, Zagreb)", "1971-05-01")
    assert parts(president) == [("USA", "visitor"), ("YUG", "host")]
    assert [row.actor.name for row in president.actor_participations.all()] == ["Jane Q. Invented"]
    former = Country.objects.get(name="South Vietnam")
    assert parts(secretary) == [("USA", "visitor"), (former.code, "host")]
    assert (secretary.external_id, secretary.summary) == ("us_secretary_travel/1", "Met someone.")
    assert parts(korea)[0] == ("KOR", "visitor")


def test_vetoes_name_who_voted_against_and_what_it_was_about() -> None:
    report = checked("unsc_vetoes", VETOES)
    assert report.duplicates == [(3, 2)]
    soviet, three, two = imported("unsc_vetoes")
    assert (soviet.date, parts(soviet)) == ("1950-02-09", [("SUN", "initiator"), ("LBN", "target")])
    assert soviet.title == "Veto in the Security Council by the Soviet Union: An invented question"
    assert (three.date, parts(three)) == ("1970-12-10", [(code, "initiator") for code in ("FRA", "GBR", "USA")])
    assert parts(two)[2:] == [("ISR", "target"), ("LBN", "target")]
    assert next(source.title for source in two.sources.all()) == "Meeting record S/PV.0003"


def test_acts_of_recognition_are_as_precise_as_the_table_says() -> None:
    texas, gambia, korea = imported("us_recognition_and_relations")
    assert (texas.title, texas.date) == ("United States and Texas: Invented Recognition, 1837", "1837-03-03")
    assert parts(texas) == [("USA", "initiator"), (Country.objects.get(name="Texas").code, "target")]
    assert (gambia.date, parts(gambia)[1]) == ("1965-02", ("GMB", "target"))
    assert (korea.date, parts(korea)[1]) == ("1882", (Country.objects.get(name="Joseon").code, "target"))


def test_votes_are_those_of_the_state_of_the_day() -> None:
    _namibia, _czechoslovakia, soviet, russian = imported("unga_votes")
    assert (soviet.title, parts(soviet)) == (
        "Russia votes yes: An invented <d3> question",
        [("SUN", "participant")],
    )
    assert (russian.title, parts(russian)) == ("Russia votes no: An invented question", [("RUS", "participant")])


@pytest.mark.parametrize("name", sorted(INVENTED))
def test_a_second_run_changes_nothing(name: str) -> None:
    events = imported(name)
    before = Revision.objects.number()
    report = checked(name, INVENTED[name])
    assert report.counts[Change.UNCHANGED] == len(events)
    apply(report)
    assert (Revision.objects.number(), Event.history.count()) == (before, len(events))


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("nk_missile_tests", "2031-06,", "2031-13,", (4, "date", "2031-13", "There is no month 13")),
        ("nk_missile_tests", "39.1,125.1,pacific", "95,125.1,pacific", (5, "latitude", "95", "-90 to 90")),
        (
            "nk_missile_tests",
            ",failure,",
            ",exploded,",
            (5, "outcome", "exploded", "knows only: success, failure, unknown"),
        ),
        (
            "us_diplomatic_visits",
            "Yugoslavia",
            "Yugoslavya",
            (3, "country", "Yugoslavya", "Is Yugoslavia (YUG) meant?"),
        ),
        (
            "us_diplomatic_visits",
            "1971-03-04",
            "1971-02-04",
            (2, "start_date, end_date", "1971-03-01/1971-02-04", "ends"),
        ),
        ("us_diplomatic_visits", "us_president_travel", "travel", (3, "kind", "travel", "No variant")),
        ("unsc_vetoes", "1/2/1995", "13/2/1995", (5, "date", "1995-13-02", "There is no month 13")),
        ("unsc_vetoes", "Russia,China", "Rusia,China", (5, "member_veto1", "Rusia", "Is Russia (RUS) meant?")),
        (
            "us_recognition_and_relations",
            "1965-02,month",
            "1965-02,decade",
            (3, "precision", "decade", "year, month, day"),
        ),
        ("us_recognition_and_relations", "The Gambia", "Gambja", (3, "article", "Gambja", "Is Gambia (GMB) meant?")),
    ],
)
def test_every_problem_is_named_by_row_and_column(name: str, old: str, new: str, problem: tuple[Any, ...]) -> None:
    assert INVENTED[name].count(old) == 1
    report = checked(name, INVENTED[name].replace(old, new))
    [found] = report.problems
    assert (found.row, found.column, found.value) == problem[:3]
    assert problem[3] in found.message
    assert Event.objects.count() == 0


if TABLES.is_dir():

    @pytest.mark.parametrize(
        ("name", "rows", "duplicates", "precisions"),
        [
            ("nk_missile_tests", 339, 0, {"day": 331, "month": 8}),
            ("us_diplomatic_visits", 7535, 2, {"day": 2439, "interval": 5094}),
            ("unsc_vetoes", 214, 1, {"day": 213}),
            ("us_recognition_and_relations", 1132, 0, {"day": 1022, "month": 13, "year": 97}),
        ],
    )
    def test_a_real_table_comes_in_whole_and_only_once(
        name: str, rows: int, duplicates: int, precisions: dict[str, int]
    ) -> None:
        report = checked(name)
        assert report.problems == []
        assert (report.counts[Change.NEW], len(report.duplicates)) == (rows - duplicates, duplicates)
        apply(report)
        found = {precision: Event.objects.filter(precision=precision).count() for precision in precisions}
        assert found == precisions
        before = Revision.objects.number()
        again = checked(name)
        assert again.counts[Change.UNCHANGED] == rows - duplicates
        apply(again)
        assert Revision.objects.number() == before
