"""What every response carries and Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def same_origin_resources(get_response: Handler) -> Handler:
    """Keep other sites from loading our pages as resources; a view that may be embedded sets the header itself."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


# A file whose name tells its content never changes, so nobody asks again; and policies of documents bind no picture.
NEEDLESS = ("ETag", "Last-Modified", "Referrer-Policy", "Cross-Origin-Opener-Policy")


def lean_files(get_response: Handler) -> Handler:
    """Send the forty small files of a page without headers that mean nothing to them: 6 kB of a first visit."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "immutable" in response.headers.get("Cache-Control", ""):
            for name in NEEDLESS:
                response.headers.pop(name, None)
        return response

    return handle


# What pages of other sites may fetch or show: data and pictures of what everyone may read.
SHARED = (".json", ".svg", ".png")
OWN = ("/admin/", "/static/")


def open_exports(get_response: Handler) -> Handler:
    """Let scripts of any site read data and pictures, without cookies: the answers depend on nobody."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_shared = request.path.endswith(SHARED) and not request.path.startswith(OWN)
        if is_shared and request.method in ("GET", "HEAD"):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return handle
