"""The entry point for web servers."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timeline.settings")

application = get_wsgi_application()

from timeline.templatetags import repeated_tags  # noqa: E402 -- needs the application

# The first reader need not wait for what every page needs: a third of the time of the first answer.
repeated_tags.compile_all()
# What is loaded stays as long as the process. Without this, each full collection looks through all of it, 75 ms in the
# middle of some reader's request.
_everything = get_resolver().url_patterns
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
if settings.TRUSTED_PROXIES:
    application = wrap_wsgi_with_proxy_headers(application, settings.TRUSTED_PROXIES)
