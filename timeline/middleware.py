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
