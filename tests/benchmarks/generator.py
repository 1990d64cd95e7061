"""Events that never happened, the same ones each time: what the measurements of large databases ask about.

Days run from 1945 to 2025 and are denser later; 200 countries take part as Zipf's law has it, one to four in each
event; a fifth of the events last, a fifth is known only to the month, the year or about; a common word stands in a
tenth of the summaries and a rare phrase in one of 10 000.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from timeline import dates

COMMON_WORD = "border"
COMMON_SHARE = 0.1
RARE_PHRASE = "sealed railway carriage"
RARE_EVERY = 10_000

FIRST_DAY = datetime.date(1945, 1, 1).toordinal()
LAST_DAY = datetime.date(2025, 12, 31).toordinal()
MOST_COUNTRIES = 200
# Whom the world's news names most, so that the head of the distribution looks like one; the others follow at random.
OFTEN_NAMED = ("USA", "RUS", "CHN", "GBR", "FRA", "PRK", "KOR", "JPN", "DEU", "ISR", "IND", "IRN", "UKR", "PAK", "TUR")

# Shares of 1 to 4 countries, and of the importances 1 to 5.
COUNTRY_COUNTS = (0.35, 0.40, 0.15, 0.10)
IMPORTANCES = (0.40, 0.30, 0.20, 0.08, 0.02)
ROLES = (
    ("participant",),
    ("initiator", "target"),
    ("host", "visitor", "mediator"),
    ("participant", "participant", "participant", "location"),
)
DATE_FORMS = ("day", "days", "month", "year", "about a month", "about a year", "perhaps a day", "months", "ongoing")
DATE_FORM_SHARES = (0.61, 0.16, 0.09, 0.04, 0.02, 0.02, 0.02, 0.03, 0.01)

HEADLINES: dict[str, tuple[str, ...]] = {
    "conflict": ("Shelling in {a} near {place}", "Fighting around {place} drives families from {a}"),
    "peace": ("Ceasefire between {a} and {b} takes hold", "Envoys end truce talks in {place}"),
    "diplomacy": ("Foreign minister of {a} visits {b}", "{a} and {b} open embassies", "{a} receives a delegation"),
    "treaty": ("{a} and {b} sign a fisheries treaty in {place}", "{a} ratifies the convention of {place}"),
    "sanctions": ("Trade sanctions on {a} come into force", "Council lifts an embargo against {a}"),
    "weapons": ("{a} tests a rocket off {place}", "Inspectors of {b} report on arms of {a}"),
    "exercise": ("Fleets of {a} and {b} exercise off {place}", "{a} shows new armour on parade"),
    "leadership": ("{a} elects a parliament", "New government of {a} is sworn in at {place}"),
    "protest": ("Marchers fill the squares of {place}", "Strike in {a} closes ports"),
    "intelligence": ("{a} expels two attachés of {b}", "Breach at a ministry of {a} is traced to {place}"),
    "economy": ("{a} and {b} agree on a gas pipeline", "Currency of {a} is devalued"),
    "humanitarian": ("Flood relief reaches {place}", "{b} sends grain to {a} after the drought"),
    "anniversary": ("{a} marks the anniversary of {place}", "Wreaths are laid in {place}"),
}
# fmt: off
PLACES = (
    "Ankara", "Baku", "Berlin", "Bogotá", "Brasília", "Cairo", "Dakar", "Delhi", "Geneva", "Hanoi", "Havana",
    "Helsinki", "Istanbul", "Jakarta", "Kabul", "Kyiv", "Lagos", "Lima", "Lisbon", "London", "Madrid", "Manila",
    "Minsk", "Moscow", "Nairobi", "Oslo", "Paris", "Prague", "Pyongyang", "Riga", "Rome", "Seoul", "Sofia",
    "Stockholm", "Tallinn", "Tehran", "Tokyo", "Tripoli", "Tunis", "Vienna", "Vladivostok", "Warsaw", "Washington",
    "Yerevan", "Zagreb",
)
# fmt: on
SENTENCES = (
    "Both sides confirmed the outline but gave no details.",
    "Reporters were kept away until the evening.",
    "A joint statement spoke of mutual interests and regional stability.",
    "Neighbouring governments asked for restraint.",
    "The opposition called the decision premature.",
    "Observers counted several thousand people.",
    "Talks are to resume within the month.",
    "The ministry published figures that others doubt.",
    "It was the third such step in a year.",
    "State television showed the ceremony live.",
    "An earlier attempt had failed over the question of inspections.",
    "The agency cited officials who asked not to be named.",
)
COMMON_SENTENCE = f"Traffic at the {COMMON_WORD} stopped for hours."
RARE_SENTENCE = f"The envoys had come in a {RARE_PHRASE}."
PUBLISHERS = (
    ("news_agency", "Northern Wire"),
    ("newspaper", "The Harbour Gazette"),
    ("state_media", "State Broadcasting Service"),
    ("official_document", "Ministry of Foreign Affairs"),
    ("research", "Institute for Regional Studies"),
)


class SyntheticSource(NamedTuple):
    """What a synthetic event cites."""

    kind: str
    publisher: str
    title: str
    url: str
    published: str


class SyntheticEvent(NamedTuple):
    """One event in the terms of the models, without history; `number` counts from 1 and tells it from all others."""

    number: int
    title: str
    summary: str
    place: str
    when: dates.EventDate
    category: str
    importance: int
    participations: tuple[tuple[str, str], ...]
    """Pairs of country code and role, no country twice."""
    sources: tuple[SyntheticSource, ...]


@dataclass(frozen=True)
class Draws:
    """Random numbers for a run of events, drawn together because one call of numpy costs as much as fifty numbers."""

    day: NDArray[np.int64]
    length: NDArray[np.int64]
    date_form: NDArray[np.int64]
    category: NDArray[np.int64]
    importance: NDArray[np.int64]
    country_count: NDArray[np.int64]
    country: NDArray[np.int64]
    text: NDArray[np.int64]
    is_common: NDArray[np.bool_]

    @classmethod
    def draw(cls, random: np.random.Generator, count: int, categories: int, countries: int) -> Draws:
        """Draw for `count` events. Eight countries each, as the same one comes up more than once."""
        zipf = 1 / np.arange(1, countries + 1)
        return cls(
            day=FIRST_DAY + ((LAST_DAY - FIRST_DAY) * random.random(count) ** 0.55).astype(np.int64),
            # From two days to some years, most of them short.
            length=np.exp(random.gamma(2.0, 1.3, count)).clip(1, 5000).astype(np.int64),
            date_form=random.choice(len(DATE_FORMS), count, p=DATE_FORM_SHARES),
            category=random.integers(categories, size=count),
            importance=random.choice(len(IMPORTANCES), count, p=IMPORTANCES) + 1,
            country_count=random.choice(len(COUNTRY_COUNTS), count, p=COUNTRY_COUNTS) + 1,
            country=random.choice(countries, (count, 8), p=zipf / zipf.sum()),
            text=random.integers(2**16, size=(count, 6)),
            is_common=random.random(count) < COMMON_SHARE,
        )

    def rows(self) -> Iterator[tuple[int, int, int, int, int, int, list[int], list[int], bool]]:
        """The numbers of each event as Python's own, which are quicker to compute with than numpy's."""
        columns = (self.day, self.length, self.date_form, self.category, self.importance, self.country_count)
        lists = [column.tolist() for column in (*columns, self.country, self.text, self.is_common)]
        return zip(*lists, strict=True)


def synthetic_events(
    count: int, countries: Sequence[tuple[str, str]], categories: Sequence[str], seed: int = 1945
) -> Iterator[SyntheticEvent]:
    """Yield `count` events: the same ones for the same countries (code, name), categories and seed.

    The first 1 000 of 10 000 are the events of a thousand.
    """
    random = np.random.default_rng(seed)
    ranked = ranked_countries(countries, seed)
    number, run = 0, 1000
    while number < count:
        for drawn in Draws.draw(random, run, len(categories), len(ranked)).rows():
            number += 1
            if number > count:
                return
            yield event(number, drawn, ranked, categories)


def ranked_countries(countries: Sequence[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """At most 200 countries, those that are named most often first."""
    by_code = dict(countries)
    first = [(code, by_code.pop(code)) for code in OFTEN_NAMED if code in by_code]
    others = sorted(by_code.items())
    order = np.random.default_rng(seed).permutation(len(others))
    return [*first, *(others[at] for at in order)][:MOST_COUNTRIES]


def event(
    number: int,
    drawn: tuple[int, int, int, int, int, int, list[int], list[int], bool],
    ranked: Sequence[tuple[str, str]],
    categories: Sequence[str],
) -> SyntheticEvent:
    """Make one event of its random numbers."""
    day, length, form, kind, importance, country_count, chosen, text, is_common = drawn
    parties = [ranked[at] for at in dict.fromkeys(chosen)][:country_count]
    category = categories[kind]
    place = PLACES[text[0] % len(PLACES)]
    headlines = HEADLINES.get(category, HEADLINES["diplomacy"])
    other = parties[1][1] if len(parties) > 1 else "the United Nations"
    title = headlines[text[1] % len(headlines)].format(a=parties[0][1], b=other, place=place)
    edtf = date_text(DATE_FORMS[form], day, length)
    roles = ROLES[len(parties) - 1]
    return SyntheticEvent(
        number=number,
        title=title,
        summary=summary(number, text, is_common),
        place=place if text[2] % 2 else "",
        when=dates.parse_edtf(edtf) if "/" in edtf else read_once(edtf),
        category=category,
        importance=importance,
        participations=tuple((code, role) for (code, _name), role in zip(parties, roles, strict=False)),
        sources=sources(number, title, day, text),
    )


# Reading a date takes 16 µs; single dates repeat, intervals hardly ever.
read_once = lru_cache(maxsize=100_000)(dates.parse_edtf)


def date_text(form: str, ordinal: int, length: int) -> str:
    """EDTF of a date of this form that begins at the day with this ordinal."""
    day = datetime.date.fromordinal(ordinal)
    iso = day.isoformat()
    if form == "days":
        return f"{iso}/{datetime.date.fromordinal(ordinal + length).isoformat()}"
    if form == "months":
        return f"{iso[:7]}/{datetime.date.fromordinal(ordinal + 31 + length).isoformat()[:7]}"
    plain = {
        "month": iso[:7],
        "year": iso[:4],
        "about a month": f"{iso[:7]}~",
        "about a year": f"{iso[:4]}~",
        "perhaps a day": f"{iso}?",
        "ongoing": f"{iso}/..",
    }
    return plain.get(form, iso)


def summary(number: int, text: Sequence[int], is_common: bool) -> str:
    """Two sentences, with the common word or the rare phrase where they are due."""
    sentences = [SENTENCES[text[3] % len(SENTENCES)], SENTENCES[text[4] % len(SENTENCES)]]
    if is_common:
        sentences.append(COMMON_SENTENCE)
    if number % RARE_EVERY == RARE_EVERY // 2:
        sentences.append(RARE_SENTENCE)
    return " ".join(sentences)


def sources(number: int, title: str, day: int, text: Sequence[int]) -> tuple[SyntheticSource, ...]:
    """One source, or two for every third event."""
    published = datetime.date.fromordinal(day + 1).isoformat()
    found = []
    for position in range(2 if text[5] % 3 == 0 else 1):
        kind, publisher = PUBLISHERS[(text[5] + position) % len(PUBLISHERS)]
        address = f"https://news.example/{publisher[:8].strip().lower().replace(' ', '-')}/{number}"
        found.append(SyntheticSource(kind, publisher, title, address, published))
    return tuple(found)
