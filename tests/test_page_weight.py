"""What a first visit loads stays small: the scripts by a budget, each file without needless headers."""

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from whitenoise.compress import Compressor

from timeline.middleware import lean_files

STATIC = Path(__file__).parent.parent / "static" / "timeline"
# Kilobytes of our own, compressed as they travel; htmx is 12 more.
SCRIPTS = 10
STYLES = 20


def compressed(paths: set[Path]) -> float:
    return sum(len(Compressor.compress_brotli(path.read_bytes())) for path in paths) / 1000


def imported(path: Path) -> set[Path]:
    """A module and all that it imports."""
    found = {path}
    for name in re.findall(r'from "(\./[^"]+)"', path.read_text()):
        found |= imported(path.parent / name)
    return found


def linked(template: str) -> set[Path]:
    """The style sheets that a template names."""
    text = (STATIC.parent.parent / "templates" / template).read_text()
    return {STATIC.parent / name for name in re.findall(r"static '(timeline/css/[^']+)'", text)}


def test_scripts_of_the_timeline_are_few() -> None:
    scripts = imported(STATIC / "js" / "app.js") | imported(STATIC / "js" / "theme.js")
    assert len(scripts) > 5
    assert compressed(scripts) < SCRIPTS


def test_style_sheets_of_the_timeline_are_few() -> None:
    sheets = linked("base.html") | linked("timeline/browse.html")
    assert len(sheets) > 5
    assert compressed(sheets) < STYLES


def answered(cache_control: str) -> HttpResponse:
    headers = {"Cache-Control": cache_control, "ETag": '"1"', "Referrer-Policy": "same-origin", "Vary": "Accept"}
    return lean_files(lambda request: HttpResponse(headers=headers))(HttpRequest())


def test_files_that_never_change_travel_without_validators() -> None:
    assert {*answered("max-age=315360000, public, immutable").headers} == {"Content-Type", "Cache-Control", "Vary"}


def test_pages_keep_their_validators() -> None:
    assert {"ETag", "Referrer-Policy"} <= {*answered("public, no-cache").headers}
