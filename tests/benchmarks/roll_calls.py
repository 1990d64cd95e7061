"""The questions of `answers` over real rows: how each state voted in the General Assembly of the United Nations.

The table (unga_votes.csv.gz, 870,109 rows) is no part of this project. It is looked for in the folder that the variable
BENCHMARK_TABLES names, or else in ../shared/data; where it is not, there is nothing to measure.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings

from timeline.models import Country, Dataset

from . import Measurement
from .answers import ROUNDS, compared, countries
from .asking import shapes
from .generator import SyntheticEvent, SyntheticSource, read_once
from .loading import bring_in, load_places

TABLE = "unga_votes.csv.gz"
CATEGORY = "diplomacy"
WORDS = {"yes": "votes yes", "no": "votes no", "abstain": "abstains"}
# In a fifth of the titles, and in one of eight thousand.
COMMON, RARE = "disarmament", "world disarmament conference"


def table() -> Path:
    """Where the table is, or would be."""
    folder = os.environ.get("BENCHMARK_TABLES")
    return (Path(folder) if folder else settings.BASE_DIR.parent / "shared" / "data") / TABLE


def measurements(events: int) -> Iterator[Measurement]:
    """Yield what `answers` does, of as many rows as there are to be events, with the questions of these rows."""
    if not table().exists():
        print(f"roll_calls: {table()} is not there; BENCHMARK_TABLES names another folder.", file=sys.stderr)
        return
    load_places()
    dataset = Dataset.objects.create(
        slug="unga-votes",
        name="Roll calls of the United Nations General Assembly",
        publisher="Erik Voeten, Anton Strezhnev, Michael Bailey",
        licence="CC0",
        citation="Erik Voeten, Anton Strezhnev, Michael Bailey: United Nations General Assembly Voting Data.",
    )
    with gzip.open(table(), "rt", encoding="utf-8", newline="") as file:
        bring_in(islice(votes(csv.DictReader(file)), events), dataset)
    yield from compared(shapes(countries(), [CATEGORY], ROUNDS, COMMON, RARE))


def votes(rows: csv.DictReader[str]) -> Iterator[SyntheticEvent]:
    """The rows as events, as fixtures/mappings/unga_votes.toml has them; those of states that we do not know go."""
    known = set(Country.objects.values_list("code", flat=True))
    taken = (row for row in rows if row["iso3"] in known)
    for number, row in enumerate(taken, start=1):
        vote = f"{row['country']} {WORDS[row['vote']]}"
        source = SyntheticSource(
            kind="official_document",
            publisher="United Nations General Assembly",
            title=f"Roll call on {row['resolution']}, session {row['session']}",
            url="",
            published="",
        )
        yield SyntheticEvent(
            number=number,
            title=(f"{vote}: {row['title']}" if row["title"] else vote)[:200],
            summary="",
            place="",
            when=read_once(row["date"]),
            category=CATEGORY,
            importance=1,
            participations=((row["iso3"], "participant"),),
            sources=(source,),
        )
