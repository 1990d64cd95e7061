"""What `manage.py check` says about this installation beyond Django's own checks."""

import os
import re
from collections.abc import Iterator, Sequence
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

PLACEHOLDER = re.compile(r"%\((\w+)\)")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.files)
def var_directory_is_writable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Say before the first request that uploads or the database could not be written."""
    directory = settings.VAR_DIR
    if directory.is_dir() and not os.access(directory, os.W_OK | os.X_OK):
        return [
            Error(
                f"The directory {directory} cannot be written.",
                hint="Give the user that runs Annals the right to write there, or set VAR_DIR to another directory.",
                id="timeline.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def public_addresses_agree(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a public installation that answers only to this machine or writes plain addresses in its feeds."""
    found: list[CheckMessage] = []
    if settings.SECURE and set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        found.append(
            Warning(
                "SECURE is on, but ALLOWED_HOSTS names only this machine.",
                hint="Set ALLOWED_HOSTS to the public name, such as annals.example.",
                id="timeline.W001",
            )
        )
    if settings.SECURE and not settings.SITE_URL.startswith("https://"):
        found.append(
            Warning(
                f"SECURE is on, but SITE_URL is {settings.SITE_URL}.",
                hint="Feeds and calendars hold full addresses: set SITE_URL to the public one, with https.",
                id="timeline.W002",
            )
        )
    return found


@register(Tags.translation)
def translations_keep_their_placeholders(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name translations that ask for a value which the page does not give, and would bring it down, or lack one."""
    found: list[CheckMessage] = []
    for folder in settings.LOCALE_PATHS:
        for path in sorted(Path(folder).glob("*/LC_MESSAGES/django.mo")):
            language = path.parent.parent.name
            for text, translation in _translations(path):
                given, named = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(translation))
                about = f"The translation “{translation}” of “{text}” ({language})"
                if unknown := ", ".join(sorted(named - given)):
                    found.append(Error(f"{about} names what is not given: {unknown}.", id="timeline.E002"))
                elif lacking := ", ".join(sorted(given - named)):
                    found.append(Warning(f"{about} leaves out: {lacking}.", id="timeline.W003"))
    return found


def _translations(path: Path) -> Iterator[tuple[str, str]]:
    """Texts with their translations; of plurals, each form."""
    with path.open("rb") as file:
        catalog: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no other way to read it
    for key, translation in catalog.items():
        text = key[0] if isinstance(key, tuple) else key
        if text and translation:
            yield text, translation
