"""Who asks, how often, and from where: tokens, rate limits, and reading from other sites' pages."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from timeline.models import ApiToken

from .problems import Refused

READING = ("GET", "HEAD", "OPTIONS")
WINDOW = 60
EXPOSED = "ETag, Link, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Annals"'}

View = Callable[..., HttpResponse]


class ApiHttpRequest(HttpRequest):
    """A request as `guarded` leaves it: its user is the token's, never the one of a session."""

    api_token: ApiToken | None


class Token(HttpBearer):
    """Operations that need a token name this class; `guarded` has looked it up already."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return cast(ApiHttpRequest, request).api_token


def guarded(view: View) -> View:
    """Wrap a view of the API with all that each of its answers owes."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = cast(ApiHttpRequest, request)
        asked.user, asked.api_token = AnonymousUser(), None
        allowance: Allowance | None = None
        try:
            refusal = _identify(asked)
            allowance = _spend(asked)
            if refusal is not None:
                raise refusal
            response = _answer(asked, view, *args, **kwargs)
        except Refused as refused:
            response = refused.response()
        if allowance:
            allowance.write(response)
        _open_for_reading(asked, response)
        patch_vary_headers(response, ["Authorization"])
        return response

    handle.csrf_exempt = True  # type: ignore[attr-defined]
    return handle


def require(request: HttpRequest, *permissions: str) -> None:
    """Go on only if the token's user has every one of the permissions. Raises Refused: 403."""
    lacking = [name for name in permissions if not request.user.has_perm(name)]
    if lacking:
        raise Refused(403, _("This needs the permission %(name)s.") % {"name": ", ".join(lacking)})


def _answer(request: ApiHttpRequest, view: View, *args: Any, **kwargs: Any) -> HttpResponse:
    is_head = request.method == "HEAD"
    if request.method == "OPTIONS":
        # Nothing takes this method, so the refusal says what is taken.
        allowed = view(request, *args, **kwargs).headers.get("Allow", "GET")
        return HttpResponse(status=204, headers={"Allow": allowed})
    if is_head:
        request.method = "GET"
    response = view(request, *args, **kwargs)
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "")
        detail = _("This address does not take %(method)s; it takes %(allowed)s.")
        response = Refused(
            405, detail % {"method": (request.method or "")[:20], "allowed": allowed}, headers={"Allow": allowed}
        ).response()
    if is_head:
        request.method = "HEAD"
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


# Who -----------------------------------------------------------------------------------------------------------------


def _identify(request: ApiHttpRequest) -> Refused | None:
    """Find the token that the request carries; what to answer where it carries something else."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _space, secret = header.partition(" ")
    token = ApiToken.objects.of_secret(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        return Refused(401, _("This token is not known, or it was revoked."), headers=CHALLENGE)
    ApiToken.objects.note_use(token)
    request.api_token, request.user = token, token.user
    return None


# How often -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a minute's requests."""

    limit: int
    used: int
    resets_in: int

    def write(self, response: HttpResponse) -> None:
        """The header fields of draft-ietf-httpapi-ratelimit-headers-06."""
        response.headers["RateLimit-Limit"] = str(self.limit)
        response.headers["RateLimit-Remaining"] = str(max(self.limit - self.used, 0))
        response.headers["RateLimit-Reset"] = str(self.resets_in)


def _spend(request: ApiHttpRequest) -> Allowance:
    """Count the request for its token, or else its address. Raises Refused: 429 with Retry-After."""
    is_reading = request.method in READING
    limit = settings.API_READS_PER_MINUTE if is_reading else settings.API_WRITES_PER_MINUTE
    token = request.api_token
    who = f"token {token.pk}" if token else f"address {request.META.get('REMOTE_ADDR', '')}"
    window, passed = divmod(int(time.time()), WINDOW)
    kind = "reads" if is_reading else "writes"
    key = f"api:{kind}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        used = cache.incr(key)
    except ValueError:
        # The cache was full and dropped the count between the two calls.
        used = 1
    allowance = Allowance(limit, used, WINDOW - passed)
    if used > limit:
        raise TooMany(allowance)
    return allowance


class TooMany(Refused):
    """429, with how long to wait."""

    def __init__(self, allowance: Allowance) -> None:
        detail = _("More than %(limit)d requests within a minute. Wait %(seconds)d seconds.")
        super().__init__(
            429,
            detail % {"limit": allowance.limit, "seconds": allowance.resets_in},
            headers={
                "Retry-After": str(allowance.resets_in),
                "RateLimit-Limit": str(allowance.limit),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(allowance.resets_in),
            },
        )


# From where ----------------------------------------------------------------------------------------------------------


def _open_for_reading(request: HttpRequest, response: HttpResponse) -> None:
    """Let scripts of any site read, never with this site's cookies, which the API does not look at anyway."""
    if request.method not in READING:
        return
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
