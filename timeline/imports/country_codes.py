"""Codes of countries in the systems of other datasets, as fixtures/country_codes.json lists them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from django.conf import settings

SCHEMES = {
    "cow": "Correlates of War",
    "gw": "Gleditsch and Ward",
    "fips": "FIPS 10-4",
    "cameo": "CAMEO",
}


def scheme_of(text: str) -> str:
    """The name of the system whose code the text is, as in "cow:365"; "" where it is none."""
    return SCHEMES.get(text.partition(":")[0], "") if ":" in text else ""


def codes_of(text: str) -> list[str]:
    """The countries that "cow:365" may mean, as codes of ours; empty where the system has no such code."""
    scheme, _sign, code = text.partition(":")
    code = code.strip().upper()
    # CAMEO takes most of its codes from ISO 3166-1.
    return _tables()[scheme].get(code, [code] if scheme == "cameo" else [])


@cache
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    path = settings.BASE_DIR / "fixtures" / "country_codes.json"
    tables: Mapping[str, Mapping[str, list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return tables
