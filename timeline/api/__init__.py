"""The API: what the pages show as JSON for everyone, and writing events with a token. See `/api/`."""

from .site import urlpatterns

__all__ = ["urlpatterns"]
