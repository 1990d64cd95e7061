"""What the pages of events, stories and countries need beyond plain values."""

from __future__ import annotations

from decimal import Decimal

import pycountry
from django import template
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info

from timeline.models.text import validate_web_address

register = template.Library()


@register.filter
def web_address(value: str) -> str:
    """The address if it is http or https, else nothing: what came past the checks must not become a link."""
    try:
        validate_web_address(value)
    except ValidationError:
        return ""
    return value


@register.filter
def language_in_words(tag: str) -> str:
    """The name of a language in the reader's own, in English where Django does not know it; at worst the tag itself."""
    language = tag.lower().split("-")[0]
    for known in (tag.lower(), language):
        try:
            return str(get_language_info(known)["name_translated"])
        except KeyError:
            continue
    found = pycountry.languages.get(**{f"alpha_{len(language)}": language}) if len(language) in (2, 3) else None
    return found.name if found else tag


@register.filter
def degrees(value: Decimal, signs: str) -> str:
    """A latitude or longitude as maps write it, “39.03° N”. `signs` are the letters for above and below zero."""
    return f"{abs(value).normalize():f}° {signs[0] if value >= 0 else signs[1]}"
