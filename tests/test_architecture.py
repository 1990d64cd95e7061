"""What the house rules ask, read off the source."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "timeline"

INLINE = {
    "style element": r"<style\b",
    "style attribute": r"<[^>]*\sstyle\s*=",
    "script without src": r"<script(?![^>]*\bsrc=)",
    "event handler": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "hx-trigger filter": r"hx-trigger\s*=\s*[\"'][^\"']*\[",
    "js: value": r"[\"'](?:js|javascript):",
}


def templates() -> Iterator[Path]:
    return (ROOT / "templates").rglob("*.html")


def modules() -> Iterator[Path]:
    return PACKAGE.rglob("*.py")


def test_every_module_imports_only_what_stands_below_it() -> None:
    finished = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


def found_inline(source: str) -> list[str]:
    """Return what of `source` the security policy would block. A JSON data block is no script."""
    source = re.sub(r"<script[^>]*type=\"application/(?:ld\+)?json\"", "<data", source)
    source = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", source, flags=re.DOTALL)
    return [name for name, pattern in INLINE.items() if re.search(pattern, source, flags=re.IGNORECASE)]


def test_no_template_needs_more_than_the_security_policy_allows() -> None:
    assert {str(path): found for path in templates() if (found := found_inline(path.read_text()))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p style="color: red">', ["style attribute"]),
        ("<script>1</script>", ["script without src"]),
        ('<script src="{% static "app.js" %}"></script>', []),
        ('<script type="application/json">{}</script>', []),
        ('<a\n  onclick="go()">', ["event handler"]),
        ('<b hx-on:click="go()">', ["hx-on"]),
        ('<a hx-trigger="click[ctrlKey]">', ["hx-trigger filter"]),
        ('<a href="{% url "browse" %}" hx-trigger="change delay:100ms" data-style="plain">', []),
    ],
)
def test_the_search_for_inline_code_finds_it(source: str, found: list[str]) -> None:
    assert found_inline(source) == found


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "services", "core"}
    assert [path for path in modules() if vague & {path.stem, path.parent.name}] == []


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    assert [path for path in modules() if path.parent == PACKAGE and path.stem in sys.stdlib_module_names] == []


def test_no_module_uses_signals() -> None:
    assert [path for path in modules() if re.search(r"\bsignals\b|@receiver", path.read_text())] == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    written = (path for path in modules() if "migrations" not in path.parts)
    assert {path: lines for path in written if (lines := len(path.read_text().splitlines())) > 400} == {}
