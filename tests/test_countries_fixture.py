"""What every user of fixtures/countries.json may rely on."""

import datetime
import json
import re
import runpy
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pycountry
import pytest

ROOT = Path(__file__).parent.parent
COUNTRIES: list[dict[str, Any]] = json.loads((ROOT / "fixtures" / "countries.json").read_text(encoding="utf-8"))[
    "countries"
]
BY_CODE = {country["code"]: country for country in COUNTRIES}
USER_ASSIGNED = re.compile(r"AA[A-Z]|Q[M-Z][A-Z]|X[A-Z][A-Z]|ZZ[A-Z]")
KEYS = {
    "code", "alpha2", "numeric", "standard", "name", "official_name", "name_ko", "name_ru", "name_zh", "aliases",
    "demonym", "flag", "first_day", "last_day", "successors", "latitude", "longitude", "note",
}  # fmt: skip


def of_standard(standard: str) -> list[dict[str, Any]]:
    return [country for country in COUNTRIES if country["standard"] == standard]


def spellings(country: dict[str, Any]) -> list[str]:
    return [country["name"], *country["aliases"]]


def resolved(spelling: str) -> set[str]:
    wanted = spelling.casefold()
    return {country["code"] for country in COUNTRIES if wanted in map(str.casefold, spellings(country))}


def test_every_country_of_iso_3166_1_is_present_under_its_codes() -> None:
    expected = {(iso.alpha_3, iso.alpha_2, iso.numeric) for iso in pycountry.countries}
    assert {(c["code"], c["alpha2"], c["numeric"]) for c in of_standard("iso3166-1")} == expected


def test_every_former_country_of_iso_3166_3_is_present() -> None:
    current = {iso.alpha_3 for iso in pycountry.countries}
    historic = {iso.alpha_3 for iso in pycountry.historic_countries}
    assert {c["code"] for c in of_standard("iso3166-3")} == historic - current
    assert historic <= set(BY_CODE)


def test_codes_are_unique() -> None:
    assert len(BY_CODE) == len(COUNTRIES)


def test_our_own_codes_stay_within_the_ranges_that_iso_leaves_to_users() -> None:
    own = [country["code"] for country in of_standard("user-assigned")]
    assert [code for code in own if not USER_ASSIGNED.fullmatch(code) or code == "XXX"] == []


def test_every_country_has_the_same_keys() -> None:
    assert {country["code"] for country in COUNTRIES if set(country) != KEYS} == set()


def test_a_spelling_names_one_country_whatever_its_letter_case() -> None:
    counts = Counter(spelling.casefold() for country in COUNTRIES for spelling in spellings(country))
    assert [spelling for spelling, count in counts.items() if count > 1] == []


def test_no_spelling_is_the_code_of_another_country() -> None:
    assert [
        (country["code"], spelling)
        for country in COUNTRIES
        for spelling in spellings(country)
        if spelling.upper() in BY_CODE and spelling.upper() != country["code"]
    ] == []


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("u.s.s.r.", "SUN"), ("USA", "USA"), ("UK", "GBR"), ("Holy See", "VAT"), ("West Germany", "DEU"),
        ("East Germany (German Democratic Republic)", "DDR"), ("Korea, North", "PRK"), ("Republic of Korea", "KOR"),
        ("Burma", "MMR"), ("East Timor", "TLS"), ("Republic of China", "TWN"), ("Republic of Vietnam", "XVS"),
        ("Democratic Republic of the Congo (Zaire)", "COD"), ("Yemen Arab Republic", "XYN"), ("Türkiye", "TUR"),
        ("Lew Chew (Loochoo)", "XRY"), ("Swaziland", "SWZ"), ("Ceylon", "LKA"), ("Kosovo", "XKX"),
    ],
)  # fmt: skip
def test_a_spelling_that_real_tables_use_finds_its_country(spelling: str, code: str) -> None:
    assert resolved(spelling) == {code}


@pytest.mark.parametrize("spelling", ["Korea", "Congo"])
def test_a_name_that_two_states_answer_to_finds_none(spelling: str) -> None:
    assert resolved(spelling) == set()


def test_every_flag_is_a_small_picture_that_the_content_security_policy_allows() -> None:
    forbidden = re.compile(r"<script|<style|\sstyle=|\son\w+=|href=|url\((?!#)|<image|<foreignObject", re.IGNORECASE)
    for flag in sorted({country["flag"] for country in COUNTRIES}):
        picture = (ROOT / "static" / flag).read_text(encoding="utf-8")
        assert picture.startswith("<svg "), flag
        assert "viewBox=" in picture, flag
        assert len(picture) < 20_000, flag
        assert forbidden.search(picture) is None, flag


def test_no_flag_lies_unused() -> None:
    folders = [ROOT / "static" / "vendor" / "flags", ROOT / "static" / "timeline" / "flags"]
    files = {path.relative_to(ROOT / "static").as_posix() for folder in folders for path in folder.glob("*.svg")}
    assert files == {country["flag"] for country in COUNTRIES}


def test_successors_exist_and_no_state_succeeds_itself() -> None:
    def reached_from(code: str, path: tuple[str, ...]) -> None:
        assert code not in path, f"{' -> '.join([*path, code])} is a circle"
        for successor in BY_CODE[code]["successors"]:
            reached_from(successor, (*path, code))

    for code in BY_CODE:
        reached_from(code, ())


def test_the_soviet_union_is_followed_by_its_fifteen_republics() -> None:
    assert "RUS" in BY_CODE["SUN"]["successors"]
    assert len(BY_CODE["SUN"]["successors"]) == 15


def test_days_are_real_and_in_order() -> None:
    for country in COUNTRIES:
        first, last = (country[key] and datetime.date.fromisoformat(country[key]) for key in ("first_day", "last_day"))
        assert first is None or last is None or first <= last, country["code"]


def test_a_country_of_today_has_no_last_day_and_no_successor() -> None:
    assert [c["code"] for c in of_standard("iso3166-1") if c["last_day"] or c["successors"]] == []


@pytest.mark.parametrize(
    ("code", "first_day"),
    [("PRK", "1948-09-09"), ("KOR", "1948-08-15"), ("CHN", "1949-10-01"), ("IND", "1947-08-15"), ("ISR", "1948-05-14")],
)
def test_days_of_independence(code: str, first_day: str) -> None:
    assert BY_CODE[code]["first_day"] == first_day


def test_every_country_is_named_in_four_languages() -> None:
    names = ("name", "name_ko", "name_ru", "name_zh")
    assert [country["code"] for country in COUNTRIES if not all(country[name] for name in names)] == []


def test_every_point_lies_on_the_globe() -> None:
    assert [
        country["code"]
        for country in COUNTRIES
        if not (-90 <= country["latitude"] <= 90 and -180 <= country["longitude"] <= 180)
    ] == []


def test_the_tables_name_only_keys_that_the_fixture_or_its_generator_reads() -> None:
    known = KEYS | {"point", "ambiguous"}
    for name in ("countries_present.toml", "countries_former.toml"):
        table = tomllib.loads((ROOT / "fixtures" / name).read_text(encoding="utf-8"))
        assert {code for code, row in table.items() if set(row) - known} == set(), name


def test_the_fixture_is_what_its_generator_makes_from_the_tables() -> None:
    generator = runpy.run_path(str(ROOT / "fixtures" / "build_countries.py"))
    assert generator["all_countries"]() == COUNTRIES
