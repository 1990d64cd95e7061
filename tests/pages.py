"""What a test reads of the timeline page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from django.test import Client

from timeline.models import (
    Event,
)

JULY_2023 = "/?country=PRK&country=RUS&match=all&from=2023-07&to=2023-07"
SWAP = {"HX-Request": "true", "HX-Request-Type": "partial"}


def page(client: Client, address: str, status: int = 200, **headers: str) -> str:
    response = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert response.status_code == status, address
    return response.content.decode()


@dataclass(frozen=True)
class Link:
    """A link of the page: its classes, where it leads, and what stands in it."""

    classes: list[str]
    url: str
    is_current: bool
    inner: str

    @property
    def words(self) -> str:
        return html.unescape(re.sub(r"<[^>]*>", "", self.inner)).strip()


def links(source: str, name: str = "") -> list[Link]:
    """The links of the page, or those of one class."""
    found = []
    for written, inner in re.findall(r"<a\b([^>]*)>(.*?)</a>", source, flags=re.DOTALL):
        attributes = {key: html.unescape(value) for key, value in re.findall(r'([\w:-]+)="([^"]*)"', written)}
        classes = attributes.get("class", "").split()
        if not name or name in classes:
            found.append(Link(classes, attributes["href"], "aria-current" in attributes, inner))
    return found


def part(source: str, start: str, end: str) -> str:
    return source.split(start, 1)[1].split(end, 1)[0]


def cards(source: str) -> list[str]:
    """The titles of the list, in its order."""
    headings = re.findall(r'class="card__title"[^>]*>(.*?)</h\d>', source, flags=re.DOTALL)
    return [links(heading)[0].words for heading in headings]


def card(source: str, event: Event) -> str:
    return part(source, f'id="card-{event.pk}"', "</article>")


def total(source: str) -> int:
    found = re.search(r'id="status".*?<strong>([\d,]+)</strong>', source, flags=re.DOTALL)
    assert found is not None
    return int(found[1].replace(",", ""))


def heading(source: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", source)
    assert found is not None
    return html.unescape(found[1])


def facet(source: str, name: str) -> dict[str, tuple[int, str, bool]]:
    """The rows of a facet: label -> count, address, whether chosen."""
    block = part(source, f'id="facet-{name}"', 'class="filters__done"').split('<details class="facet"')[0]
    rows = {}
    for link in links(block, "facet__row"):
        label = re.sub(r"<small>.*?</small>", "", part(link.inner, '"facet__label">', "</span>")).strip()
        count = int(part(link.inner, '"facet__count">', "</span>").replace(",", ""))
        rows[html.unescape(label)] = (count, link.url, link.is_current)
    return rows
