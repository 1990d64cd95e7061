"""A view in a frame on a page of another origin: it shows, moves, tells its height, sets no cookie; or is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(address: str) -> Iterator[str]:
    """The address of a page of another origin that embeds whatever its path and query name."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            frame = f'<iframe src="{address}{self.path}" width="100%" height="100" title="frame"></iframe>'
            script = f'<script src="{address}/static/timeline/js/embed-parent.js"></script>'
            body = f"<!doctype html><title>Host</title>{frame}{script}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A page that may ask two hosts, and still must not complain."""
    make_cast()
    context = browser.new_context(viewport={"width": 900, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(8_000)
    yield context.new_page()
    context.close()


def test_a_view_shows_on_another_site_and_moves(reader: Page, host: str) -> None:
    complaints: list[str] = []
    reader.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    reader.on("pageerror", lambda error: complaints.append(str(error)))
    reader.goto(f"{host}/embed/?country=PRK&theme=dark")
    frame = reader.frame_locator("iframe")

    expect(frame.locator("h1")).to_have_text("North Korea")
    expect(frame.locator("#plane .mark").first).to_be_visible()
    before = reader.evaluate("history.length")
    frame.locator("#move-closer").click()
    expect(frame.locator("h1")).to_contain_text("North Korea,")
    inside = reader.frames[1]
    assert "from=" in inside.url
    assert "theme=dark" in inside.url
    assert inside.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert reader.evaluate("history.length") == before
    assert reader.context.cookies() == []
    assert complaints == []


def test_the_height_of_the_frame_follows_what_it_shows(reader: Page, host: str) -> None:
    reader.goto(f"{host}/embed/")
    expect(reader.frame_locator("iframe").locator("h1")).to_be_visible()
    reader.wait_for_function("document.querySelector('iframe').clientHeight > 200")
    content = reader.frames[1].evaluate("document.body.getBoundingClientRect().height")

    assert abs(reader.evaluate("document.querySelector('iframe').clientHeight") - content) < 8
    before = reader.evaluate("document.querySelector('iframe').clientHeight")
    reader.frame_locator("iframe").locator("#plane .mark").first.locator(".mark__shape, .mark__span").first.click()
    expect(reader.frame_locator("iframe").locator("#panel")).to_be_visible()
    reader.wait_for_function(f"document.querySelector('iframe').clientHeight > {before}")


def test_a_message_that_is_not_from_the_frame_changes_nothing(reader: Page, host: str) -> None:
    reader.goto(f"{host}/embed/")
    reader.wait_for_function("document.querySelector('iframe').clientHeight > 200")
    before = reader.evaluate("document.querySelector('iframe').clientHeight")
    reader.evaluate("postMessage({ type: 'annals:height', height: 4000 }, '*')")
    reader.evaluate("new Promise((done) => setTimeout(done, 100))")

    assert reader.evaluate("document.querySelector('iframe').clientHeight") == before


def test_a_link_opens_beside_the_host(reader: Page, host: str) -> None:
    reader.goto(f"{host}/embed/")
    with reader.context.expect_page() as opened:
        reader.frame_locator("iframe").locator(".embed__open").click()

    assert urlsplit(opened.value.url).path == "/"
    assert reader.url.startswith(host)


def test_a_site_that_is_not_named_may_not_embed(reader: Page, host: str, settings: LazySettings) -> None:
    settings.EMBED_PARENTS = ["https://news.example"]
    with reader.expect_console_message(lambda message: "frame-ancestors" in message.text):
        reader.goto(f"{host}/embed/")

    settings.EMBED_PARENTS = [host]
    reader.goto(f"{host}/embed/")
    expect(reader.frame_locator("iframe").locator("h1")).to_be_visible()


def test_the_code_is_copied_beside_a_preview(reader: Page, address: str) -> None:
    complaints: list[str] = []
    reader.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    reader.goto(f"{address}/embed/code/?country=PRK")
    expect(reader.frame_locator("iframe").locator("h1")).to_have_text("North Korea")
    reader.locator("#theme").select_option("dark")

    expect(reader.locator("#code")).to_have_value(
        f'<iframe src="{address}/embed/?country=PRK&theme=dark"'.replace("&", "&amp;")
        + ' title="North Korea" width="100%" height="620" loading="lazy" frameborder="0"></iframe>\n'
        f'<script src="{address}/static/timeline/js/embed-parent.js" async></script>'
    )
    assert complaints == []
