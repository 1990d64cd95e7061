"""What readers see when something is missing, forbidden or broken: a page of ours, never a stack."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.views import defaults
from django.views.decorators.csrf import csrf_protect

from timeline import urls
from timeline.views import errors


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret reason")


def forbids(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspects(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("the secret reason")


@csrf_protect
def wants_key(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    *urls.urlpatterns,
    path("breaks/", breaks),
    path("forbids/", forbids),
    path("suspects/", suspects),
    path("wants-key/", wants_key),
]
handler404 = urls.handler404


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/breaks/", 500, "Something broke on our side"),
        ("/forbids/", 403, "You may not do this"),
        ("/suspects/", 400, "This request was not understood"),
        ("/no/such/page/", 404, "There is nothing at this address"),
    ],
)
def test_each_failure_has_its_page_without_a_reason_for_strangers(
    db: None, address: str, status: int, words: str
) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF="tests.test_error_pages"):
        response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="/"' in page
    for secret in ("secret reason", "Traceback", "RuntimeError", "urlpatterns"):
        assert secret not in page
    assert "style=" not in page
    assert "<style" not in page


def test_form_without_its_key_is_told_what_to_do(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    with override_settings(ROOT_URLCONF="tests.test_error_pages"):
        response = client.post("/wants-key/")
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_missing_page_offers_search_and_the_timeline(client: Client, db: None) -> None:
    page = client.get("/no/such/page/").content.decode()
    assert '<form class="problem__search" role="search" action="/" method="get">' in page
    assert 'name="q"' in page
    assert 'href="/stories/"' in page


def test_missing_document_is_a_document(client: Client, db: None) -> None:
    response = client.get("/no/such/thing.json")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "status": 404,
        "title": "Not Found",
        "detail": "There is nothing at this address.",
    }


def test_missing_address_with_markup_stays_text(client: Client, db: None) -> None:
    for address in ("/events/<script>alert(1)</script>/", "/%3Cscript%3E/", "/%ff/", "/%00/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "<script>" not in response.content.decode()


def test_pages_of_failures_need_no_database() -> None:
    # Without the db fixture every query is an error.
    for name in ("400.html", "403.html", "404.html", "410.html", "500.html"):
        assert "<h1>" in render_to_string(name)
    request = RequestFactory().get("/broken/")
    assert defaults.server_error(request).status_code == 500
    assert errors.not_found(request, Exception("Nothing.")).status_code == 404


def test_page_of_a_broken_server_needs_no_manifest_of_files() -> None:
    broken = {"staticfiles": {"BACKEND": "timeline.storage.HashedStaticFilesStorage"}}
    with override_settings(STORAGES=broken):
        page = render_to_string("500.html")
    assert '<link rel="stylesheet" href="/static/timeline/css/base.css">' in page
