"""The timeline's view, most of which repeats: marks, bins, rows of facets, countries of the map, cards.

These parts are rendered by Jinja, which compiles them to Python: Django's templates take ten times as long, and they
were two thirds of the time of an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any

import jinja2
from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext

from timeline import addresses, sharing
from timeline.canvas.picture import words_of
from timeline.dates import display
from timeline.filters import EventFilter, path_of
from timeline.lean_jinja import Environment
from timeline.models import Country

from . import timeline_tags

register = template.Library()


@register.simple_tag
def repeated(name: str, **values: Any) -> SafeString:
    """Render a part of the page by Jinja, with these values and nothing else of the context."""
    rendered = environment().get_template(name).render(values | phrases(get_language() or ""))
    return mark_safe(rendered)  # noqa: S308 -- its variables are escaped


@lru_cache(maxsize=8)
def phrases(language: str) -> dict[str, Callable[..., str]]:
    """Translations and numbers in one language: to find out which one is active takes longer than the answer."""
    return {
        "_": lru_cache(maxsize=1_000)(gettext),
        "ngettext": lru_cache(maxsize=1_000)(ngettext),
        "number": lru_cache(maxsize=50_000)(intcomma),
        "bin_words": partial(timeline_tags.bin_words, language=language),
        "words_of": partial(words_of, language=language),
        "in_words": partial(display, language=language),
        "name_of": partial(Country.name_in, language=language),
    }


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with the words, pictures and addresses that the repeated parts need."""
    made = Environment(
        loader=jinja2.FileSystemLoader(settings.BASE_DIR / "templates"),
        autoescape=True,
        # While templates are being written each is compiled anew, since what it includes may have changed.
        cache_size=0 if settings.DEBUG else 400,
        auto_reload=False,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"truncated": truncated, "runs": runs}
    made.globals |= {
        "flag": timeline_tags.flag,
        "shape": timeline_tags.shape,
        "static": static,
        "is_only_possible": timeline_tags.is_only_possible,
        "links_of": Links,
        "emphasised": emphasised,
        "forms_of_view": sharing.forms_of_view,
        "path_of": path_of,
    }
    return made


def compile_all() -> None:
    """Compile every repeated part, so that no reader waits for it."""
    for name in environment().list_templates(extensions=["jinja"]):
        environment().get_template(name)


class Links:
    """Where the flags and the buttons of cards lead, from the view of a filter or, without one, from another page."""

    def __init__(self, asked: EventFilter | str) -> None:
        self.opened: Callable[[str], str] = addresses.opening(asked) if isinstance(asked, EventFilter) else str
        self.focused: Callable[[str], str] = (
            addresses.focusing(asked) if isinstance(asked, EventFilter) else timeline_tags.country_url
        )


def emphasised(pattern: str, shown: str) -> SafeString:
    """A sentence such as “%(shown)s events” with the number in bold; a language may say “one event” without it."""
    parts = ((part,) for part in pattern.split("%(shown)s"))
    return format_html_join(format_html("<strong>{}</strong>", shown), "{}", parts)


def truncated(text: str, words: int) -> str:
    """At most so many words of a text."""
    return text if len(text.split()) <= words else str(Truncator(text).words(words, truncate=" …"))


def runs(rows: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    """Rows that follow each other and share the value of an attribute, together; nothing is put in another order."""
    return [(value, list(group)) for value, group in groupby(rows, key=attrgetter(attribute))]
