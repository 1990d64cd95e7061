"""The way in: `check` says what records would do and what is wrong with them; `apply` does it in one transaction."""

from .applying import Outdated, Written, apply
from .checking import check
from .countries import CountryResolver, UnknownCountry
from .draft import Change, Decision, Draft
from .report import Report
from .vocabulary import Loaded, load_categories, load_countries

__all__ = [
    "Change",
    "CountryResolver",
    "Decision",
    "Draft",
    "Loaded",
    "Outdated",
    "Report",
    "UnknownCountry",
    "Written",
    "apply",
    "check",
    "load_categories",
    "load_countries",
]
