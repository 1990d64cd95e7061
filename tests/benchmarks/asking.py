"""The questions that measurements ask of the timeline and of its rivals: eight shapes, each with as many filters."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from .generator import COMMON_WORD, RARE_PHRASE, SENTENCES

# As a browser asks.
HEADERS = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept-Encoding": "gzip, deflate, br"}
PUBLISHED = "e.status = 'published'"


@dataclass(frozen=True)
class Question:
    """One question: as a query of ours, and as a condition of SQL over the events `e`."""

    query: str
    condition: str


def taking_part(code: str) -> str:
    """The condition that a country takes part."""
    return f"e.id IN (SELECT event_id FROM timeline_participation WHERE country_id = '{code}')"


def holding(words: str) -> str:
    """The condition that an event holds words, by the same text engine."""
    table = "timeline_searchtext_words"
    return f"e.id IN (SELECT rowid FROM {table} WHERE {table} MATCH '{words}')"


def shapes(
    codes: list[str],
    categories: list[str],
    many: int,
    common: str = COMMON_WORD,
    rare: str = RARE_PHRASE,
) -> Iterator[tuple[str, list[Question]]]:
    """The name of each shape and `many` questions of it, no two of them the same."""
    some = [codes[at % len(codes)] for at in range(many)]
    others = [codes[(at + 1 + at // len(codes)) % len(codes)] for at in range(many)]
    after = [f"after={1945 + at % 80}-{1 + at // 80:02}-01.0" for at in range(many)]
    yield "no-filter", [Question(query, PUBLISHED) for query in after]
    yield "one-country", [Question(f"country={code}", taking_part(code)) for code in some]
    yield (
        "two-countries-all",
        [
            Question(f"country={a}&country={b}&match=all", f"{taking_part(a)} AND {taking_part(b)}")
            for a, b in zip(some, others, strict=True)
        ],
    )
    yield "ten-countries-in-lanes", [ten(codes, at) for at in range(many)]
    yield "country-category-range", [narrow(some[at], categories[at % len(categories)], at) for at in range(many)]
    # A word that no event holds makes each search another one and changes nothing else. What holds the common word is
    # known after the first of them, as when a reader goes on to narrow a search; see words_in_turn.
    yield "common-word", [words_of(common, at) for at in range(many)]
    yield "rare-phrase", [words_of(f'"{rare}"', at) for at in range(many)]
    yield (
        "country-and-word",
        [
            Question(f"country={code}&{found.query}", f"{taking_part(code)} AND {found.condition}")
            for code, found in ((some[at], words_of(common, at)) for at in range(many))
        ],
    )


def ten(codes: list[str], at: int) -> Question:
    """Ten countries, each with a lane."""
    chosen = sorted({codes[(at + step) % len(codes)] for step in range(10)})
    query = urlencode([("country", code) for code in chosen] + [("lanes", "country")])
    listed = ", ".join(f"'{code}'" for code in chosen)
    return Question(query, f"e.id IN (SELECT event_id FROM timeline_participation WHERE country_id IN ({listed}))")


def narrow(code: str, category: str, at: int) -> Question:
    """A country, a category and a range of years."""
    first, last = 1950 + at % 25, 1980 + at % 40
    span = f"e.earliest <= '{last}-12-31' AND e.latest >= '{first}-01-01'"
    query = f"country={code}&category={category}&from={first}&to={last}"
    return Question(query, f"{taking_part(code)} AND e.category_id = '{category}' AND {span}")


def words_in_turn(many: int) -> list[Question]:
    """Searches for a common word each, at most so many, none of which anybody asked for before."""
    words = {word.lower() for sentence in SENTENCES for word in re.findall(r"\w{6,}", sentence)}
    return [Question(f"q={word}", holding(word)) for word in sorted(words)[:many]]


def words_of(words: str, at: int) -> Question:
    """A search."""
    return Question(f"q={quote_plus(f'{words} -zz{at}')}", holding(words))


class Server:
    """A connection that is kept, and the milliseconds of each answer."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)

    def ask(self, path: str) -> float:
        """Ask and read the whole answer; only what was refused for taking too long may be no success."""
        start = time.perf_counter()
        answer = self._answer(path)
        if answer.status not in (200, 400, 500) or (answer.status != 200 and path.startswith("/?")):
            raise RuntimeError(f"{path} was answered with {answer.status}.")
        return (time.perf_counter() - start) * 1000

    def _answer(self, path: str) -> http.client.HTTPResponse:
        for is_last in (False, True):
            try:
                self.connection.request("GET", path, headers=HEADERS)
                answer = self.connection.getresponse()
                answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server has closed what lay idle while a rival was asked.
                self.connection.close()
                if is_last:
                    raise
            else:
                return answer
        raise AssertionError


def times(ask: Callable[[str], float], paths: Iterable[str]) -> tuple[float, float]:
    """The median and the 99th percentile of asking for some paths, in milliseconds."""
    found = sorted(ask(path) for path in paths)
    return statistics.median(found), found[min(len(found) - 1, round(len(found) * 0.99))]
