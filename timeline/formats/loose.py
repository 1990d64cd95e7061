"""What formats of other programs leave open: an identifier, a category, what is summary and what is text."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import urlsplit

from django.utils.text import slugify
from django.utils.translation import gettext as _

from .problems import CellProblem
from .reading import Reading
from .templates import shortened

CATEGORIES = frozenset(
    [
        "conflict",
        "peace",
        "diplomacy",
        "treaty",
        "sanctions",
        "weapons",
        "exercise",
        "leadership",
        "protest",
        "intelligence",
        "economy",
        "humanitarian",
        "anniversary",
    ]
)
LONGEST_TITLE = 200
LONGEST_SUMMARY = 1000
LONGEST_ID = 150


def made_id(*texts: str) -> str:
    """An identifier for a row that has none: the same for the same texts."""
    return blake2b("\x1f".join(texts).encode(errors="replace"), digest_size=12).hexdigest()


def fitting_id(text: str) -> str:
    """An identifier that was made of other cells: one that is too long keeps its beginning, and stays its own."""
    if len(text) <= LONGEST_ID:
        return text
    rest = made_id(text)
    return f"{text[: LONGEST_ID - len(rest) - 1].rstrip()} {rest}"


def category(texts: Iterable[str], reading: Reading) -> str:
    """The first of the texts that is a category of ours, else the one that was asked for.

    Raises CellProblem where there is none.
    """
    texts = list(texts)
    slugs = [slug for text in texts if (slug := slugify(text))]
    found = next((slug for slug in slugs if slug in CATEGORIES), reading.category)
    if not found:
        message = _("This is no category of ours. Say which one such events shall have.")
        raise CellProblem("category", ", ".join(filter(None, texts)), message)
    return found


def host(address: str) -> str:
    """Who publishes at a web address, as far as the address tells."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def title_of(text: str) -> str:
    """A headline made of a text that has none."""
    return shortened(" ".join(text.split()), LONGEST_TITLE)


def summary_and_body(text: str) -> tuple[str, str]:
    """The first paragraph, where it is short enough, and the others."""
    first, _blank, rest = text.partition("\n\n")
    return (first, rest.strip()) if len(first) <= LONGEST_SUMMARY else ("", text)
