"""Programs that others wrote show our events: TimelineJS reads our file, vis-timeline what our API answers.

Each runs on a page of another origin, as it would on another site.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)

VENDOR = Path(__file__).parent / "vendor"

TIMELINEJS = """<!doctype html><title>TimelineJS</title>
<link rel="stylesheet" href="/timelinejs/timeline.css"><script src="/timelinejs/timeline.js"></script>
<div id="timeline" style="height:600px"></div>
<script>
  new TL.Timeline("timeline", "ADDRESS/events.timelinejs.json?country=PRK", { font: null, language: null });
</script>
"""

VIS_TIMELINE = """<!doctype html><title>vis-timeline</title>
<link rel="stylesheet" href="/vis-timeline/vis-timeline-graph2d.min.css">
<script src="/vis-timeline/vis-timeline-graph2d.min.js"></script><div id="timeline"></div>
<script type="module">
  const answer = await fetch("ADDRESS/api/events?country=PRK&limit=200");
  const items = (await answer.json()).events.map(({ slug, title, earliest, latest }) =>
    latest && latest !== earliest
      ? { id: slug, content: title, start: earliest, end: latest }
      : { id: slug, content: title, start: earliest });
  new vis.Timeline(document.getElementById("timeline"), new vis.DataSet(items), {});
</script>
"""


@pytest.fixture
def host(address: str) -> Iterator[str]:
    """Where the pages of the other site are: they load their own program, and our data from us."""
    pages = {"/timelinejs": TIMELINEJS, "/vis-timeline": VIS_TIMELINE}

    class Host(SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, directory=str(VENDOR), **kwargs)  # type: ignore[arg-type]  # as they came

        def do_GET(self) -> None:
            if self.path not in pages:
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages[self.path].replace("ADDRESS", address).encode())
            return None

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def shown() -> Cast:
    return make_cast()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_timelinejs_reads_our_file(shown: Cast, reader: Page, host: str) -> None:
    reader.goto(f"{host}/timelinejs")

    markers = reader.locator(".tl-timemarker")
    expect(markers).to_have_count(len(shown.published))
    for event in (shown.armistice, shown.visit):
        expect(reader.locator(".tl-timemarker", has_text=event.title)).to_have_count(1)


def test_vis_timeline_shows_what_our_api_answers(shown: Cast, reader: Page, host: str) -> None:
    reader.goto(f"{host}/vis-timeline")

    for event in (shown.armistice, shown.visit, shown.sanctions):
        expect(reader.locator(".vis-item", has_text=event.title)).to_be_attached()
