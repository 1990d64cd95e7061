"""The command `import_events`: what it says, how it ends, and tables through a mapping."""

import gzip
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.importing import ALL, ONLY_EVENTS, WAR, rows, vocabulary
from timeline.formats import annals_json
from timeline.models import (
    Event,
)

__all__ = ["vocabulary"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "events.json"
    path.write_text(json.dumps(annals_json.as_document(ALL)))
    return path


def run(*arguments: Any) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_events", *map(str, arguments), stdout=out, stderr=errors, no_color=True)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, out.getvalue(), errors.getvalue()


def test_the_command_imports_and_says_what_it_did(document: Path) -> None:
    assert run(document) == (
        0,
        (
            "2 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 0 wrong.\n"
            "Besides: datasets: 1, actors: 1, stories: 1, coverage: 1.\n"
        ),
        "",
    )
    assert Event.objects.count() == 2
    before = rows()
    assert run(document)[1] == "0 new, 0 changed, 2 unchanged, 0 in conflict, 0 duplicates, 0 wrong.\n"
    assert rows() == before


def test_a_compressed_file_is_unpacked(document: Path) -> None:
    packed = document.with_name("events.json.gz")
    packed.write_bytes(gzip.compress(document.read_bytes()))
    assert run(packed)[0] == 0
    assert Event.objects.count() == 2


@pytest.mark.parametrize("damage", ["cut off", "overwritten"])
def test_a_compressed_file_that_is_damaged_is_named(damage: str, document: Path) -> None:
    packed = gzip.compress(document.read_bytes())
    half = len(packed) // 2
    damaged = document.with_name("events.json.gz")
    damaged.write_bytes(packed[:half] if damage == "cut off" else packed[:half] + b"x" * 40 + packed[half + 40 :])
    with pytest.raises(CommandError, match=r"^events\.json\.gz: The compressed file is damaged or cut off\."):
        run(damaged)
    assert not Event.objects.exists()


def test_a_dry_run_writes_nothing(document: Path) -> None:
    before = rows()
    code, out, _errors = run(document, "--dry-run")
    assert (code, out.splitlines()[0]) == (0, "2 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 0 wrong.")
    assert "Nothing was written: this was a dry run." in out
    assert rows() == before


def test_a_problem_stops_the_import_unless_errors_are_skipped(document: Path) -> None:
    document.write_text(json.dumps(annals_json.as_document([*ONLY_EVENTS, replace(WAR, id="x", category="x")])))
    before = rows()
    code, out, errors = run(document)
    assert (code, out.splitlines()) == (
        1,
        ["2 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 1 wrong.", "Besides: datasets: 1, actors: 1."],
    )
    assert "row 3, category: “x”: “x” is not one of: conflict, peace, weapons." in errors
    assert "Nothing was imported." in errors
    assert rows() == before
    code, _out, errors = run(document, "--skip-errors", "--status", "published")
    assert (code, "row 3" in errors) == (1, True)
    assert Event.objects.published().count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.json"], "The file cannot be read"),
        (["events.json", "--format", "mapping"], "A table needs --mapping"),
        (["bad.json"], "bad.json: This is not JSON"),
        (["events.json", "--mapping", "bad.json"], "bad.json: The mapping is not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_of_one_line(
    document: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (document.parent / "bad.json").write_text("{")
    monkeypatch.chdir(document.parent)
    before = rows()
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert message in str(error.value)
    assert rows() == before


TABLE_MAPPING = """
[dataset]
slug = "table"
name = "A table"
publisher = "A publisher"
licence = "CC0"
citation = "A publisher: A table."
[event]
id = "{id}"
title = "{title}"
date = "{start}"
date_end = "{end}"
category = "{category}"
countries = [{ column = "country", role = "host" }]
[[event.sources]]
publisher = "A publisher"
title = "A table"
url = "{url}"
"""
HEADER = b"id,title,start,end,category,country,url\n"
ROW = b"1,A title,1953-07-25,1953-07-27,peace,North Korea,https://example.org/1\n"


def run_table(folder: Path, raw: bytes, *arguments: str) -> tuple[int, str, str]:
    (folder / "mapping.toml").write_text(TABLE_MAPPING)
    (folder / "table.csv").write_bytes(raw)
    return run(folder / "table.csv", "--mapping", folder / "mapping.toml", *arguments)


def test_a_table_comes_in_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    assert run_table(tmp_path, b"\xef\xbb\xbf" + HEADER + ROW)[1].startswith("1 new")
    assert run_table(tmp_path, HEADER + ROW)[1].startswith("0 new, 0 changed, 1 unchanged")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "table.csv: The file is empty."),
        (HEADER, "table.csv: The file has a header and no rows."),
        (HEADER.replace(b"country", b"land") + ROW, "lacks the columns that the mapping needs: country."),
        (HEADER + ROW + ROW.replace(b"A title", b"Caf\xe9"), "Line 3 is not UTF-8 (byte 0xE9 at position 6)."),
        (HEADER + ROW + b"2,a\0b,1953,,peace,PRK,\n", "Line 3 holds a NUL character"),
        (HEADER + ROW + b'2,"a,1953,,peace,PRK,\n', "Row 3 cannot be read: unexpected end of data."),
    ],
)
@pytest.mark.parametrize("options", [[], ["--skip-errors"]])
def test_a_table_that_cannot_be_read_to_its_end_leaves_nothing_behind(
    tmp_path: Path, raw: bytes, message: str, options: list[str]
) -> None:
    before = rows()
    with pytest.raises(CommandError) as error:
        run_table(tmp_path, raw, *options)
    assert message in str(error.value)
    assert rows() == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",https://example.org/1", "", "row 3: “”: The row has 6 cells; the header has 7."),
        ("peace", "war", "row 3, category: “war”: “war” is not one of: conflict, peace, weapons."),
        (
            "North Korea",
            "North Corea",
            "row 3, country: “North Corea”: There is no country “North Corea”. Is North Korea",
        ),
        ("1953-07-25", "1953-02-30", "row 3, start, end: “1953-02-30/1953-07-27”: 30 February 1953 does not exist"),
        (
            "1953-07-25",
            "1954",
            "row 3, start, end: “1954/1953-07-27”: The date ends (1953-07-27) before it begins (1954).",
        ),
        ("A title", "<img src=x onerror=alert(1)>", "row 3, title: “<img src=x onerror=alert(1)>”: Markup such as"),
        ("https://", "javascript:", "row 3, url: “javascript:example.org/1”: “javascript:example.org/1” is not a web"),
        ("2,A", "1,Another", "row 3, id: “1”: Row 2 has the same identifier and says something else."),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_imported(tmp_path: Path, old: str, new: str, message: str) -> None:
    before = rows()
    second = ROW.decode().replace("1,A title", "2,A title").replace(old, new)
    code, out, errors = run_table(tmp_path, HEADER + ROW + second.encode())
    assert (code, out.splitlines()) == (
        1,
        ["1 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 1 wrong.", "Besides: datasets: 1."],
    )
    assert message in errors
    assert rows() == before


def test_a_row_that_is_there_twice_is_reported_once(tmp_path: Path) -> None:
    code, out, errors = run_table(tmp_path, HEADER + ROW + ROW)
    assert (code, errors) == (0, "")
    assert out.splitlines() == [
        "1 new, 0 changed, 0 unchanged, 0 in conflict, 1 duplicates, 0 wrong.",
        "Besides: datasets: 1.",
        "Row 3 repeats row 2 and is left out.",
    ]
