"""What may stand in a text field: plain text, so that nothing stored can act as code anywhere it is shown."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from timeline.formats.tags import TAG

LINK_LENGTH = 2000

_MARKUP = re.compile(f"(?:{TAG.pattern})[^>]{{0,40}}", re.IGNORECASE)
# Embeddings, overrides and isolates of Unicode UAX 9 can make a text read as something that it is not.
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class LongText(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """Text whose max_length holds wherever its model is checked: of a TextField Django lets only forms know it."""

    @cached_property
    def validators(self) -> list[Any]:
        limit = [] if self.max_length is None else [MaxLengthValidator(self.max_length)]
        return [*super().validators, *limit]

    def deconstruct(self) -> Any:
        """For migrations it is the column that it always was."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def validate_plain_text(value: str) -> None:
    """Refuse markup, control characters, text-direction overrides and halves of surrogate pairs.

    Raises ValidationError that names what was found. Line breaks and tabs are allowed.
    """
    for character in value:
        if character in "\n\r\t":
            continue
        category = unicodedata.category(character)
        if category in ("Cc", "Cs") or character in _BIDIRECTIONAL:
            raise ValidationError(
                _("The character U+%(code)s is not allowed: it is invisible and can change how the text reads."),
                code="control_character",
                params={"code": f"{ord(character):04X}"},
            )
    if found := _MARKUP.search(value):
        raise ValidationError(
            _("Markup such as “%(markup)s” is not allowed: write plain text, with a blank line between paragraphs."),
            code="markup",
            params={"markup": found.group()},
        )


def validate_web_address(value: str) -> None:
    """Refuse what is not a plain http or https address: other schemes, user names in it, over-long ones."""
    if len(value) > LINK_LENGTH:
        raise ValidationError(
            _("The address is longer than %(limit)d characters."), code="too_long", params={"limit": LINK_LENGTH}
        )
    try:
        parts = urlsplit(value)
        host, user = parts.hostname, parts.username
    except ValueError:
        parts, host, user = None, None, None
    if parts is None or parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in value):
        raise ValidationError(
            _("“%(value)s” is not a web address: it must begin with http:// or https:// and name a host."),
            code="not_http",
            params={"value": value[:80]},
        )
    if user is not None:
        raise ValidationError(_("The address must not hold a user name or password."), code="user_in_address")
