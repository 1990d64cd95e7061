"""A real server and a real browser; a page that complains fails its test.

`page` is a desktop with JavaScript. `page_without_javascript`, `page_dark` and `page_phone` are the others, and
`open_page(**context_options)` makes any further one. Addresses are relative: `page.goto("/")`.

They show what the test put into the database. A module whose tests only read imports the fixtures of
tests/browser/demonstration.py instead, and its pages show the demonstration events.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import FLAGS, find

# Playwright's synchronous interface runs an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"viewport": {"width": 375, "height": 740}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}

# Milliseconds until something that does not come counts as missing, also on a machine that is busy.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

OpenPage = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that `-m "not browser"` leaves it out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find(playwright)
    assert path, "No Chromium starts here. Run `make chromium` or name one in CHROMIUM."
    started = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def address(live_server: LiveServer) -> str:
    """Where the pages of a test come from."""
    return live_server.url


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser had to complain of; a test that expects some removes them, the rest fail it."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_page(browser: Browser, address: str, complaints: list[str]) -> Iterator[OpenPage]:
    """Make a page in a context of its own, with Playwright's context options."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": address, "reduced_motion": "reduce"} | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, address, complaints)
        return page

    yield open_one
    for context in contexts:
        context.close()


def watch(page: Page, own_address: str, complaints: list[str]) -> None:
    """Collect console errors (so every violation of the security policy), script errors and requests to other hosts."""
    own_host = urlsplit(own_address).netloc

    def asked(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != own_host:
            complaints.append(f"request to another host: {address}")

    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked(request.url))


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def page_without_javascript(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)


@pytest.fixture
def page_dark(open_page: OpenPage) -> Page:
    return open_page(color_scheme="dark")


@pytest.fixture
def page_phone(open_page: OpenPage) -> Page:
    return open_page(**PHONE)
