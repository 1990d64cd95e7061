"""What `manage.py check` says about this installation beyond Django's own checks."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

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
