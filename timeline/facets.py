"""What could be asked next: for each facet its values with label, count, and the address of the click."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from timeline import addresses
from timeline.filters import EventFilter, importance_in_words
from timeline.index import Answer
from timeline.models import Category, Country, Vocabulary

# A list longer than this starts folded; the rest is one click, or one letter in the box, away.
SHOWN_AT_FIRST = 10
# Of people, organisations and datasets, of which there may be thousands, the ones with most events; the search box
# suggests the others.
MOST_ROWS = 60


# Not frozen: two hundred are made for each page, and freezing them would take three times as long.
@dataclass(slots=True)
class Row:
    """One value of a facet. `url` chooses it, or drops it where it is chosen."""

    value: str
    label: str
    count: int
    is_selected: bool
    url: str
    flag: str = ""
    category: Category | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as the page shows it: chosen values first, then by count."""

    name: str
    label: str
    rows: list[Row]
    is_active: bool

    @property
    def first_rows(self) -> list[Row]:
        return self.rows[:SHOWN_AT_FIRST]

    @property
    def has_find_box(self) -> bool:
        """True where there are more rows than one looks through."""
        return len(self.rows) > SHOWN_AT_FIRST

    @property
    def more_rows(self) -> list[Row]:
        return self.rows[SHOWN_AT_FIRST:]


@dataclass(frozen=True, slots=True)
class Switch:
    """A choice between a few ways to read the same facet: any or all, with or without predecessors."""

    label: str
    is_selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Pill:
    """An active part of the filter, and the address without it."""

    label: str
    url: str
    flag: str = ""


def groups(answer: Answer) -> list[Group]:
    """The facets that have something to choose, in the order of the page."""
    asked, vocabulary = answer.asked, answer.asked.vocabulary
    found = [
        Group("country", _("Countries"), _country_rows(answer), bool(asked.countries)),
        Group("category", _("Categories"), _category_rows(answer), bool(asked.categories)),
        Group("importance", _("Importance"), _importance_rows(answer), asked.importance > 1),
        Group(
            "actor",
            _("People and organisations"),
            _rows(asked, "actors", answer.facet("actor"), {slug: str(a) for slug, a in vocabulary.actors.items()}),
            bool(asked.actors),
        ),
    ]
    datasets = _rows(
        asked, "datasets", answer.facet("dataset"), {slug: str(d) for slug, d in vocabulary.datasets.items()}
    )
    if len(datasets) > 1 or asked.datasets:
        found.append(Group("dataset", _("Datasets"), datasets, bool(asked.datasets)))
    return [group for group in found if group.rows]


def _rows(asked: EventFilter, field: str, counts: dict[str, int], labels: dict[str, str]) -> list[Row]:
    chosen = getattr(asked, field)
    named = counts.keys() & labels.keys()
    most = sorted(named, key=lambda value: (-counts[value], labels[value]))[:MOST_ROWS]
    values = {*most, *chosen} & labels.keys()
    urls = addresses.toggling(asked, field, values)
    return _ordered(Row(value, labels[value], counts.get(value, 0), value in chosen, urls[value]) for value in values)


def _ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (not row.is_selected, -row.count, row.label))


def _country_rows(answer: Answer) -> list[Row]:
    asked, vocabulary = answer.asked, answer.asked.vocabulary
    counts = answer.facet("country")
    names = vocabulary.country_names()
    rows = []
    codes = {*counts, *asked.countries} & vocabulary.countries.keys()
    urls = addresses.toggling(asked, "countries", codes)
    for code in codes:
        country = vocabulary.countries[code]
        rows.append(
            Row(
                value=code,
                label=names[code],
                count=counts.get(code, 0),
                is_selected=code in asked.countries,
                url=urls[code],
                flag=country.flag,
                note=years_of(country),
            )
        )
    return _ordered(rows)


def years_of(country: Country) -> str:
    """“1922–1991” for a former state, so that it is told from its successor; empty for a country of today."""
    if country.last_day is None:
        return ""
    return f"{country.first_day.year if country.first_day else ''}–{country.last_day.year}"


def _category_rows(answer: Answer) -> list[Row]:
    asked, counts = answer.asked, answer.facet("category")
    shown = {
        slug: category
        for slug, category in asked.vocabulary.categories.items()
        if counts.get(slug) or slug in asked.categories
    }
    urls = addresses.toggling(asked, "categories", shown.keys())
    return [
        Row(slug, str(category), counts.get(slug, 0), slug in asked.categories, urls[slug], category=category)
        for slug, category in shown.items()
    ]


def _importance_rows(answer: Answer) -> list[Row]:
    asked, counts = answer.asked, answer.facet("importance")
    rows = []
    for level in range(5, 0, -1):
        label = importance_in_words(level) if level > 1 else _("all")
        url = asked.changed(importance=level).address()
        rows.append(Row(str(level), label, counts[str(level)], asked.importance == level, url))
    return rows


def country_switches(asked: EventFilter) -> list[list[Switch]]:
    """Any or all of the chosen countries, and whether their predecessors count; only where it matters."""
    switches = []
    if len(asked.countries) > 1:
        labels = (("any", gettext_lazy("any of them")), ("all", gettext_lazy("all together")))
        switches.append(
            [Switch(str(label), asked.match == value, asked.changed(match=value).address()) for value, label in labels]
        )
    before = [country for code in asked.countries for country in asked.vocabulary.before(code)]
    if before:
        switches.append(
            [
                Switch(_("today’s borders only"), not asked.predecessors, asked.changed(predecessors=False).address()),
                Switch(_("with predecessors"), asked.predecessors, asked.changed(predecessors=True).address()),
            ]
        )
    return switches


def lane_switch(asked: EventFilter) -> list[Switch]:
    """How the drawing is divided."""
    labels = (("none", _("One lane")), ("country", _("By country")), ("category", _("By category")))
    return [Switch(label, asked.lanes == value, asked.changed(lanes=value).address()) for value, label in labels]


def order_switch(asked: EventFilter) -> list[Switch]:
    """How the list is ordered."""
    labels = (("oldest", _("Oldest first")), ("newest", _("Newest first")))
    return [Switch(label, asked.order == value, asked.changed(order=value).address()) for value, label in labels]


def pills(asked: EventFilter) -> list[Pill]:
    """Every active part of the filter by name, each with the address that drops it."""
    vocabulary: Vocabulary = asked.vocabulary
    found = []
    for code in asked.countries:
        country = vocabulary.countries[code]
        found.append(Pill(country.local_name, asked.toggled("countries", code).address(), country.flag))
    if asked.match == "all" and len(asked.countries) > 1:
        found.append(Pill(_("all together"), asked.changed(match="any").address()))
    if asked.predecessors and asked.countries:
        found.append(Pill(_("with predecessors"), asked.changed(predecessors=False).address()))
    found += [Pill(str(vocabulary.categories[s]), asked.toggled("categories", s).address()) for s in asked.categories]
    found += [Pill(str(vocabulary.actors[s]), asked.toggled("actors", s).address()) for s in asked.actors]
    if asked.importance > 1:
        found.append(Pill(importance_in_words(asked.importance), asked.changed(importance=1).address()))
    if asked.has_range:
        found.append(Pill(asked.range_in_words, asked.changed(start="", end="").address()))
    if asked.q:
        found.append(Pill(_("“%(words)s”") % {"words": asked.q}, asked.changed(q="").address()))
    found += [Pill(str(vocabulary.datasets[s]), asked.toggled("datasets", s).address()) for s in asked.datasets]
    return found


def loosened(answer: Answer) -> list[Pill]:
    """For an empty result: each single part of the filter without which there would be events, and how many."""
    asked = answer.asked
    parts = (
        ("range", asked.has_range, asked.range_in_words, {"start": "", "end": ""}),
        ("country", bool(asked.countries), asked.countries_in_words, {"countries": (), "match": "any"}),
        ("category", bool(asked.categories), _("the categories"), {"categories": ()}),
        ("actor", bool(asked.actors), _("people and organisations"), {"actors": ()}),
        ("importance", asked.importance > 1, importance_in_words(asked.importance), {"importance": 1}),
        ("q", bool(asked.q), _("“%(words)s”") % {"words": asked.q}, {"q": ""}),
        ("dataset", bool(asked.datasets), _("the dataset"), {"datasets": ()}),
    )
    offers = []
    for name, is_active, label, values in parts:
        if is_active and (count := answer.would_match(name)):
            text = ngettext("Without %(part)s: %(count)d event", "Without %(part)s: %(count)d events", count)
            text %= {"part": label, "count": count}
            offers.append(Pill(text, asked.changed(**values).address()))
    return offers
