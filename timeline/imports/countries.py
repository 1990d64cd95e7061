"""Which country a spelling means."""

from __future__ import annotations

import datetime
import difflib
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from timeline.formats.problems import printable
from timeline.models import Country

from .country_codes import codes_of, scheme_of

MOST_MEANT = 8
"""A word that stands in the names of more countries, such as "republic", means none of them."""
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")


class UnknownCountry(ValueError):
    """A text that names no country, or several. The message is translated and suggests what may be meant."""


class CountryResolver:
    """Countries by code, name in any of our languages, official name, other names and demonym, whatever their capitals.

    It never guesses.

    A code is stronger than a name and a name than another name, so that "Georgia" is the state called so. Where two
    countries share a name, only their lives decide: the one that existed on the day is meant if the other did not.
    Codes of other systems name the system: "cow:365" is the Soviet Union in 1950 and Russia in 2000.
    """

    def __init__(self, countries: Iterable[Country]) -> None:
        self.countries = {country.code: country for country in countries}
        self._levels: list[dict[str, set[str]]] = [{}, {}, {}, {}, {}, {}]
        for country in self.countries.values():
            others = (*country.aliases, country.alpha2)
            abroad = (country.name_ko, country.name_ru, country.name_zh)
            names = [[country.code], [country.name], [country.official_name], others, [country.demonym], abroad]
            for level, spellings in zip(self._levels, names, strict=True):
                for spelling in filter(None, spellings):
                    level.setdefault(_folded(spelling), set()).add(country.code)

    @classmethod
    def of_database(cls) -> CountryResolver:
        return cls(Country.objects.all())

    def code(self, text: str, day: datetime.date | None = None) -> str:
        """The code of the country that the text names on that day. Raises UnknownCountry."""
        if text in self.countries:
            return text
        if scheme := scheme_of(text):
            return self._of_scheme(text, scheme, day)
        key = _folded(text)
        for level in self._levels:
            if codes := level.get(key):
                return next(iter(codes)) if len(codes) == 1 else self._living(text, codes, day)
        raise UnknownCountry(self._unknown(text, key))

    def _living(self, text: str, codes: set[str], day: datetime.date | None) -> str:
        living = [code for code in codes if day is None or self.countries[code].existed_during(day, day)]
        if len(living) == 1:
            return living[0]
        raise UnknownCountry(self._any_of(text, living or codes))

    def _any_of(self, text: str, codes: Iterable[str]) -> str:
        names = ", ".join(f"{self.countries[code].name} ({code})" for code in sorted(codes))
        return _("“%(text)s” may be any of %(names)s: give the code.") % {"text": printable(text), "names": names}

    def _of_scheme(self, text: str, scheme: str, day: datetime.date | None) -> str:
        codes = {code for code in codes_of(text) if code in self.countries}
        if len(codes) > 1 and day:
            living = {code for code in codes if self.countries[code].existed_during(day, day)}
            # Of a state and the one that came after it, which share a number, the former is meant while it lived.
            codes = {code for code in living if self.countries[code].last_day} or living or codes
        if not codes:
            raise UnknownCountry(
                _("“%(text)s” is no code of %(scheme)s that we know.")
                % {"text": printable(text.partition(":")[2]), "scheme": scheme}
            )
        return next(iter(codes)) if len(codes) == 1 else self._living(text, codes, day)

    def _unknown(self, text: str, key: str) -> str:
        if not self.countries:
            return _("There are no countries yet: run load_countries first.")
        spellings = {spelling: codes for level in reversed(self._levels) for spelling, codes in level.items()}
        words = set(key.split())
        named = {code for spelling, codes in spellings.items() if words <= set(spelling.split()) for code in codes}
        if words and 1 < len(named) <= MOST_MEANT:
            return self._any_of(text, named)
        # Likeness is costly to compute, and no country's name is that long.
        close = difflib.get_close_matches(key, spellings, n=1, cutoff=0.72) if len(key) <= 60 else []
        if close:
            country = self.countries[min(spellings[close[0]])]
            return _("There is no country “%(text)s”. Is %(name)s (%(code)s) meant?") % {
                "text": printable(text),
                "name": country.name,
                "code": country.code,
            }
        return _("There is no country “%(text)s”: give a code such as PRK, or a name.") % {"text": printable(text)}


def _folded(text: str) -> str:
    """The text as it is compared: without differences of capitals, spaces and apostrophes."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold().split())
