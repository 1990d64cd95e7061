"""HTML of other programs to the plain text that we keep: nothing of it can act as code any more."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from .tags import TAG

_BLOCKS = frozenset(
    ("p", "div", "section", "article", "ul", "ol", "table", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
)
_LINES = frozenset(("br", "li", "hr"))
_UNSEEN = frozenset(("script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "head"))
_VOID = frozenset(("br", "hr", "img", "input", "meta", "link", "base", "embed", "source", "wbr"))
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._unseen: list[str] = []
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN and tag not in _VOID:
            self._unseen.append(tag)
        self._break(tag)
        if tag == "a" and (address := dict(attrs).get("href")):
            self._link = address, len(self.found)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        self._break(tag)
        if tag == "a" and self._link:
            address, start = self._link
            self.links.append((address, "".join(self.found[start:]).strip()))
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.found.append("\n\n")
        elif tag in _LINES:
            self.found.append("\n")


def plain(html: str) -> str:
    """The text that a reader would see, with a blank line between paragraphs."""
    return _read(html)[0]


def links(html: str) -> list[tuple[str, str]]:
    """Web addresses that the text links to, with the words of the links."""
    return [(address, words) for address, words in _read(html)[1] if address.startswith(("http://", "https://"))]


def visible(text: str) -> str:
    """The text without characters that cannot be seen and may change how it reads."""
    return "".join(
        sign
        for sign in text
        if sign in "\n\t" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _BIDIRECTIONAL)
    )


def _read(html: str) -> tuple[str, list[tuple[str, str]]]:
    if "<" not in html and "&" not in html:
        return _tidy(html), []
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidy("".join(reader.found)), reader.links


def _tidy(text: str) -> str:
    # What could be read as the beginning of a tag gets a space: it was written as text, and stays text.
    text = TAG.sub(lambda found: f"< {found.group()[1:]}", visible(text.replace("\r\n", "\n").replace("\u00a0", " ")))
    text = "\n".join(line.strip(" \t") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
