"""The timeline beside vis-timeline and TimelineJS: the same events in the same Chromium, in one run.

Ours is the whole page `/` as `make run` serves it, with filters, overview, drawing, map and list; theirs is a page with
nothing but the drawing, served with the same server and compressed the same way. Our server has answered `/` before, as
it has for all but the first reader; each filter is one that nobody has chosen yet. Frame times are those between
animation frames while a real mouse drags and turns the wheel: at 60 frames a second each is 16.7 ms, and what is more
is a frame that was missed. Heap is what of JavaScript's objects remains after a collection.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from whitenoise.compress import Compressor

from tests.benchmarks import Measurement
from tests.browser.chromium import FLAGS, find

from .driving import Figures, Subject, measure, percentile
from .rivals import ROOT, build
from .servers import annals, environment, granian, prepare

# Nothing may be asked of another host, and nothing waits for it.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
ROUNDS = 5
ROUNDS_WITH_MANY = 3
MANY = 10_000
# Its makers advise about twenty slides; beyond a thousand there is hardly anything to wait for.
MOST_OF_TIMELINEJS = 1000


def ours(country: str) -> Subject:
    """Our page, whose filter chooses a country."""
    return Subject(
        name="Annals",
        path="/",
        drawn="#plane .mark, #plane .bin",
        plane="#frame .drawing",
        filter=f'#facet-country a[href$="country={country}"]',
        sign=("text", ".status__sentence"),
        modifier="Control",
    )


def vis_timeline(country: str) -> Subject:
    """The rival that many sites embed; its page filters by a DataView."""
    return Subject(
        name="vis-timeline",
        path=f"/vis-timeline.html?country={country}",
        drawn=".vis-item",
        plane="#timeline .vis-center",
        filter="#filter",
        sign=("count", ".vis-item"),
    )


def timelinejs(country: str) -> Subject:
    """The rival that newsrooms embed. It zooms by buttons, in jumps, so there are no frames to compare."""
    return Subject(
        name="TimelineJS",
        path=f"/timelinejs.html?country={country}",
        drawn="[data-loaded] .tl-timemarker",
        plane=".tl-timenav",
        filter="#filter",
        sign=("count", "[data-loaded] .tl-timemarker"),
        zooms=False,
    )


def measurements(events: int) -> Iterator[Measurement]:
    """Yield the figures of the demonstration, then of 1 000 and 10 000 synthetic events if `events` admits them."""
    print("Annals is its whole page (filters, overview, drawing, map, list); the rivals are their drawing alone.")
    yield own_scripts()
    with sync_playwright() as playwright:
        path = find(playwright)
        assert path, "No Chromium starts here. Run `make chromium` or name one in CHROMIUM."
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, OFFLINE])
        for size in (0, 1000, MANY):
            if size <= events:
                yield from measured(browser, size)
        browser.close()


def measured(browser: Browser, size: int) -> Iterator[Measurement]:
    """Yield the figures of so many synthetic events, or of the demonstration if 0."""
    with tempfile.TemporaryDirectory(prefix="annals-browser-") as name:
        folder = Path(name)
        pages = folder / "rivals"
        prepare(folder, size)
        countries = build(pages, folder / "annals.sqlite3")[: ROUNDS_WITH_MANY if size >= MANY else ROUNDS]
        serve_rivals = environment(folder) | {"STATIC_FOLDER": str(pages)}
        with annals(folder) as own, granian("tests.benchmarks.browser.statics:application", serve_rivals) as theirs:
            pairs = [(ours, own), (vis_timeline, theirs)]
            if size <= MOST_OF_TIMELINEJS:
                pairs.append((timelinejs, theirs))
            figures = measure(browser, [[(make(code), address) for make, address in pairs] for code in countries])
    for (make, _address), rival in zip(pairs[1:], figures[1:], strict=True):
        yield from compared(str(size or "demo"), figures[0], rival, make(""))


def compared(size: str, own: Figures, rival: Figures, subject: Subject) -> Iterator[Measurement]:
    """Yield each figure of ours beside a rival's."""
    yield Measurement(f"{size}-painted-timeline", own.drawn, subject.name, rival.drawn, "ms")
    yield Measurement(f"{size}-filter-click", own.filtered, subject.name, rival.filtered, "ms")
    for share in (50, 95):
        panning = percentile(own.pan, share), percentile(rival.pan, share)
        yield Measurement(f"{size}-pan-frame-p{share}", panning[0], subject.name, panning[1], "ms")
        if subject.zooms:
            zooming = percentile(own.zoom, share), percentile(rival.zoom, share)
            yield Measurement(f"{size}-zoom-frame-p{share}", zooming[0], subject.name, zooming[1], "ms")
    yield Measurement(f"{size}-over-the-wire", own.kilobytes, subject.name, rival.kilobytes, "kB")
    yield Measurement(f"{size}-heap", own.heap, subject.name, rival.heap, "MB")


def own_scripts() -> Measurement:
    """Our own JavaScript, all of it, beside htmx: each file compressed as it travels."""
    static = ROOT / "static"
    own = sum(compressed(path) for path in (static / "timeline" / "js").glob("*.js"))
    return Measurement("own-javascript", own, "htmx", compressed(static / "vendor" / "htmx" / "htmx.min.js"), "kB")


def compressed(path: Path) -> float:
    """Kilobytes of a file under Brotli as WhiteNoise uses it."""
    return len(Compressor.compress_brotli(path.read_bytes())) / 1000
