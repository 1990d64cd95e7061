"""The few small tables that every page needs: countries, categories, datasets, actors. Read once a revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from django.utils.translation import get_language

from .categories import Category
from .changes import Revision
from .countries import Country, with_predecessors
from .datasets import Dataset
from .people import Actor


@dataclass
class Vocabulary:
    """What can be asked for, as it stood at one revision. One query a request where nothing was written since."""

    revision: int
    countries: dict[str, Country] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    predecessors: dict[str, set[str]] = field(default_factory=dict)

    _names: dict[str, dict[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _kept: ClassVar[Vocabulary | None] = None

    @classmethod
    def current(cls) -> Vocabulary:
        """The vocabulary of the newest revision; asks the database one number, and the rest only if that changed."""
        revision = Revision.objects.number()
        if cls._kept is None or cls._kept.revision != revision:
            cls._kept = cls.read(revision)
        return cls._kept

    @classmethod
    def read(cls, revision: int) -> Vocabulary:
        predecessors: dict[str, set[str]] = {}
        for before, after in Country.successors.through.objects.values_list("from_country_id", "to_country_id"):
            predecessors.setdefault(after, set()).add(before)
        return cls(
            revision=revision,
            countries={country.code: country for country in Country.objects.all()},
            categories={category.slug: category for category in Category.objects.all()},
            datasets={dataset.slug: dataset for dataset in Dataset.objects.all()},
            actors={actor.slug: actor for actor in Actor.objects.all()},
            predecessors=predecessors,
        )

    def country_names(self) -> dict[str, str]:
        """The names of all countries by code, in the reader's language. A page needs two hundred of them."""
        language = get_language() or ""
        if language not in self._names:
            self._names[language] = {code: country.name_in(language) for code, country in self.countries.items()}
        return self._names[language]

    def before(self, code: str) -> list[Country]:
        """The states that came before a country, through any number of steps."""
        codes = with_predecessors([code], self.predecessors) - {code}
        return sorted((self.countries[code] for code in codes), key=lambda country: country.name)

    def before_directly(self, code: str) -> list[Country]:
        """The states out of which it came, one step back."""
        found = [self.countries[before] for before in self.predecessors.get(code, ())]
        return sorted(found, key=lambda country: country.name)

    def after_directly(self, code: str) -> list[Country]:
        """The states that came out of it, one step on."""
        found = [self.countries[after] for after, befores in self.predecessors.items() if code in befores]
        return sorted(found, key=lambda country: country.name)

    @cached_property
    def actor_slugs(self) -> dict[int, str]:
        return {actor.pk: slug for slug, actor in self.actors.items()}

    @cached_property
    def dataset_slugs(self) -> dict[int, str]:
        return {dataset.pk: slug for slug, dataset in self.datasets.items()}
