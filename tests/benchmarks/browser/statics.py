"""The folder in STATIC_FOLDER over HTTP, as our own static files are served: WhiteNoise with what is compressed."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from whitenoise import WhiteNoise


def nothing(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answer what is no file."""
    start("404 Not Found", [("Content-Type", "text/plain")])
    return [b"Not found"]


application = WhiteNoise(nothing, root=os.environ["STATIC_FOLDER"])
