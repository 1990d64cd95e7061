"""Tokens with which programs write in the name of a user. Only a digest is stored: nobody can read a token back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .text import validate_plain_text

# 256 bits: a digest without salt or stretching is safe for a secret that cannot be guessed.
SECRET_BYTES = 32
PREFIX = "annals_"
# How exactly the time of last use is known; a row written at each request would serialise all readers.
USE_NOTED_EVERY = timedelta(minutes=1)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> Self:
        """Tokens that open something: not revoked, and of a user who may still sign in."""
        return self.filter(revoked__isnull=True, user__is_active=True)

    def of_secret(self, secret: str) -> ApiToken | None:
        """The valid token with this secret; None for any other text."""
        return self.valid().filter(digest=digest_of(secret)).select_related("user").first()

    def note_use(self, token: ApiToken) -> None:
        """Write down that the token is in use, at most once a minute. Call outside the request's own transaction."""
        now = timezone.now()
        if token.last_used is None or token.last_used < now - USE_NOTED_EVERY:
            stale = Q(last_used__isnull=True) | Q(last_used__lt=now - USE_NOTED_EVERY)
            self.filter(stale, pk=token.pk).update(last_used=now)


class ApiToken(models.Model):
    """A user's key for the API. It may do what its user may do, no more; changes carry the user's name."""

    user: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(
        _("name"),
        max_length=60,
        validators=[validate_plain_text],
        help_text=_("What it is for, such as “newsroom feed”."),
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created = models.DateTimeField(_("made"), auto_now_add=True)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    def renew_secret(self) -> str:
        """Give an unsaved token its secret and return it: the only time that anybody sees it."""
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        self.digest = digest_of(secret)
        return secret

    def revoke(self) -> None:
        """End it for good. The row stays, so that it can be seen who had which key."""
        self.revoked = timezone.now()
        self.save(update_fields=["revoked"])


def digest_of(secret: str) -> str:
    """What is stored of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
