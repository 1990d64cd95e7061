"""The README keeps up: what a reader, an editor or an operator can use is described in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from timeline import __version__
from timeline.filters import PARAMETERS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = sorted(
    path.stem for path in (ROOT / "timeline/management/commands").glob("*.py") if not path.stem.startswith("_")
)
SETTINGS = sorted(set(re.findall(r"^# ([A-Z_]+) \(", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)))


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_of_the_timeline_is_described(parameter: str) -> None:
    assert re.search(rf"^\|.*`{parameter}`.*\|", README, flags=re.MULTILINE)


@pytest.mark.parametrize("variable", SETTINGS)
def test_every_setting_stands_in_the_table(variable: str) -> None:
    assert f"| `{variable}` |" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named(command: str) -> None:
    assert command in README


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += [route] if route.startswith(("admin/", "api/")) else addresses(pattern.url_patterns, route)
        else:
            found.append(route)
    return found


def test_every_address_begins_like_one_in_the_readme() -> None:
    known = set(re.findall(r"`/([a-z0-9-]*)", README))
    first_parts = {re.split(r"-?[/.<?]", address)[0] for address in addresses(get_resolver().url_patterns)}
    assert first_parts - known == set()


def test_changelog_begins_with_the_version() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__


def test_both_commands_and_a_picture_are_there() -> None:
    assert "make run" in README
    assert "make test" in README
    pictures = re.findall(r"!\[.*?\]\((docs/.*?)\)", README)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []
