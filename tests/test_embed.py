"""Views for other sites: who may frame them, what they carry, and oEmbed."""

from __future__ import annotations

import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def frames(cast: Cast) -> list[str]:
    return ["/embed/", f"/embed/events/{cast.visit.slug}/", "/embed/stories/a-show-of-friendship/"]


def test_any_site_may_frame_a_view_where_none_is_named(client: Client, cast: Cast) -> None:
    for address in frames(cast):
        response = client.get(address)
        assert response.status_code == 200
        assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not response.cookies


def test_only_the_named_sites_may_frame_a_view(client: Client, cast: Cast, settings: LazySettings) -> None:
    settings.EMBED_PARENTS = ["https://news.example"]
    for address in frames(cast):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "frame-ancestors 'self' https://news.example" in policy


def test_nobody_may_frame_anything_else(client: Client, cast: Cast) -> None:
    for address in ("/", f"/events/{cast.visit.slug}/", "/embed/code/", "/admin/login/"):
        response = client.get(address)
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"


def test_links_of_the_drawing_stay_in_the_frame_and_others_leave_it(client: Client, cast: Cast) -> None:
    page = client.get("/embed/?country=PRK&theme=dark").content.decode()

    assert 'data-theme="dark"' in page
    assert re.findall(r'href="(/\?[^"]*)" target="_blank"', page) == re.findall(r'href="(/\?[^"]*)', page)
    assert page.count('href="/embed/?') > 5
    assert f'href="/events/{cast.visit.slug}/" target="_blank"' in page
    assert 'class="embed__open" href="/?country=PRK" target="_blank"' in page


@pytest.mark.parametrize("address", ["/", "/embed/", "/embed/?country=XXX", "/stories/"])
def test_typefaces_come_with_the_page_as_they_would_not_be_waited_for(client: Client, cast: Cast, address: str) -> None:
    page = client.get(address).content.decode()
    preloaded = re.findall(r'<link rel="preload" href="([^"]+)" as="font"', page)
    assert [re.sub(r"\.[0-9a-f]{12}", "", path.rpartition("/")[2]) for path in preloaded] == [
        "annals-sans-400-700.woff2",
        "annals-serif-600.woff2",
    ]


def test_a_swap_gets_the_view_alone_and_leaves_the_history_of_the_host_alone(client: Client, cast: Cast) -> None:
    response = client.get("/embed/?from=1950&theme=light", headers=PARTIAL)

    assert response.content.startswith(b'<main id="view"')
    assert response.headers["HX-Replace-Url"] == "/embed/?from=1950&theme=light"
    assert "HX-Push-Url" not in response.headers


def test_an_event_opens_within_the_frame(client: Client, cast: Cast) -> None:
    page = client.get(f"/embed/?event={cast.visit.slug}").content.decode()

    assert cast.visit.summary in page
    assert 'data-closed="/embed/"' in page


def test_what_is_not_understood_is_named(client: Client, cast: Cast) -> None:
    for address in ("/embed/?theme=blue", f"/embed/events/{cast.visit.slug}/?theme=blue", "/embed/code/?theme=blue"):
        response = client.get(address)
        assert response.status_code == 400
        assert "theme=blue" in response.content.decode()
    assert "colour" in client.get("/embed/?colour=red").content.decode()


def test_what_is_not_understood_is_named_on_a_page_that_fits_into_the_frame(client: Client, cast: Cast) -> None:
    for path in ("/embed/", f"/embed/events/{cast.visit.slug}/", "/embed/stories/a-show-of-friendship/"):
        response = client.get(f"{path}?theme=dark&colour=<b>")
        page = response.content.decode()
        assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response
        assert '<body class="embed" id="embed">' in page
        assert 'data-theme="dark"' in page
        assert "<code>colour" in page
        assert "Known are: " in page
        assert "<b>" not in page
        assert 'target="_blank"' in page
    assert "Allowed are: auto, light, dark." in client.get("/embed/?theme=blue").content.decode()
    fragment = client.get("/embed/?country=XXX", headers=PARTIAL)
    assert fragment.content.startswith(b'<main id="view"')
    assert fragment.status_code == 400


def test_a_frame_of_what_is_gone_says_so_within_the_frame(client: Client, cast: Cast) -> None:
    for path in (f"/embed/events/{cast.withdrawn.slug}/", "/embed/events/nothing/", "/embed/stories/nothing/"):
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 404
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert '<body class="embed" id="embed">' in page
        assert "with the address" in page


def test_the_page_of_the_code_names_what_it_does_not_understand(client: Client, cast: Cast) -> None:
    for path in ("/embed/code/", f"/embed/code/events/{cast.visit.slug}/"):
        response = client.get(f"{path}?theme=blue")
        page = response.content.decode()
        assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
        assert "<code>theme=blue</code> Allowed are: auto, light, dark." in page
        assert "frame-ancestors *" not in response["Content-Security-Policy"]


def test_no_frame_shows_what_is_not_published(client: Client, cast: Cast) -> None:
    assert client.get(f"/embed/events/{cast.draft.slug}/").status_code == 404
    assert client.get(f"/embed/events/{cast.withdrawn.slug}/").status_code == 404
    assert "rumour" not in client.get("/embed/").content.decode()


def test_the_code_holds_the_view_and_the_script(client: Client, cast: Cast) -> None:
    response = client.get("/embed/code/?country=PRK&country=RUS&theme=light")
    page = response.content.decode()

    assert "http://testserver/embed/?country=PRK&amp;amp;country=RUS&amp;amp;theme=light" in page
    assert "http://testserver/static/timeline/js/embed-parent.js" in page
    assert 'src="/embed/?country=PRK&amp;country=RUS&amp;theme=light"' in page
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "page", ["/events/russias-defence-minister-visits-pyongyang/", "/stories/a-show-of-friendship/"]
)
def test_the_menu_of_an_event_or_story_leads_to_its_code(client: Client, cast: Cast, page: str) -> None:
    code = f"/embed/code{page}"
    assert f'href="{code}"' in client.get(page).content.decode()
    response = client.get(f"{code}?theme=dark")
    shown = response.content.decode()
    assert f"src=&quot;http://testserver/embed{page}?theme=dark&quot;" in shown
    assert f'<iframe class="embed-code__preview" src="/embed{page}?theme=dark"' in shown
    assert f'<a href="{page}">' in shown
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]
    assert "theme=blue" in client.get(f"{code}?theme=blue").content.decode()


def test_there_is_no_code_for_what_is_not_published(client: Client, cast: Cast) -> None:
    for address in (f"events/{cast.draft.slug}", f"events/{cast.withdrawn.slug}", "events/none", "stories/none"):
        assert client.get(f"/embed/code/{address}/").status_code == 404


def test_the_script_for_other_pages_stands_where_the_snippet_says(settings: LazySettings) -> None:
    assert settings.EMBED_SCRIPT == "/static/timeline/js/embed-parent.js"
    assert finders.find("timeline/js/embed-parent.js")


# oEmbed ---------------------------------------------------------------------------------------------------------------


def test_views_events_and_stories_become_frames(client: Client, cast: Cast) -> None:
    for path, title, frame in (
        ("/?country=PRK", "North Korea", "/embed/?country=PRK"),
        (f"/events/{cast.visit.slug}/", cast.visit.title, f"/embed/events/{cast.visit.slug}/"),
        ("/stories/a-show-of-friendship/", "A show of friendship", "/embed/stories/a-show-of-friendship/"),
    ):
        found = client.get("/oembed", {"url": f"http://testserver{path}"}).json()
        assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", title)
        assert f'src="http://testserver{frame}"' in found["html"]
        assert isinstance(found["width"], int)


def test_a_frame_is_not_larger_than_asked_for(client: Client, cast: Cast) -> None:
    query = {"url": "http://testserver/", "maxwidth": "400", "maxheight": "300"}
    found = client.get("/oembed", query).json()

    assert (found["width"], found["height"]) == (400, 300)
    assert 'width="400" height="300"' in found["html"]


def test_oembed_speaks_xml(client: Client, cast: Cast) -> None:
    response = client.get("/oembed", {"url": "http://testserver/", "format": "xml"})

    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert ElementTree.fromstring(response.content).findtext("type") == "rich"


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/",
        "http://testserver.elsewhere.example/",
        "ftp://testserver/",
        "http://testserver/admin/",
        "http://testserver/events/none/",
        "http://testserver/events/unchecked-rumour/",
        "http://testserver/events/retracted-report/",
        "http://testserver/?colour=red",
        "http://[",
        "testserver",
    ],
)
def test_no_other_address_becomes_a_frame(client: Client, cast: Cast, url: str) -> None:
    assert client.get("/oembed", {"url": url}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "url=",
        "url=http://testserver/&maxwidth=x",
        "url=http://testserver/&maxwidth=1",
        "url=http://testserver/&maxheight=" + "9" * 40,
        "url=http://testserver/&format=yaml",
        "url=http://testserver/&colour=red",
    ],
)
def test_oembed_names_what_it_does_not_understand(client: Client, cast: Cast, query: str) -> None:
    response = client.get(f"/oembed?{query}")

    assert response.status_code == 400
    assert response.json()["errors"]


@pytest.mark.parametrize("query", ["format=xml", "url=http://testserver/&maxwidth=x&format=xml"])
def test_oembed_refuses_in_xml_where_that_was_asked_for(client: Client, cast: Cast, query: str) -> None:
    response = client.get(f"/oembed?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+xml")
    assert response["Access-Control-Allow-Origin"] == "*"
    name = "maxwidth" if "maxwidth" in query else "url"
    parameter = ElementTree.fromstring(response.content).find(".//{urn:ietf:rfc:7807}parameter")
    assert parameter is not None
    assert parameter.text == name


@pytest.mark.parametrize(("format", "media"), [("xml", "xml"), ("json", "json"), ("yaml", "json")])
def test_oembed_knows_no_other_address_in_the_format_asked_for(
    client: Client, cast: Cast, format: str, media: str
) -> None:
    response = client.get("/oembed", {"url": "https://elsewhere.example/", "format": format})
    assert response.status_code == (400 if format == "yaml" else 404)
    assert response["Content-Type"] == f"application/problem+{media}"


def test_pages_say_where_their_frame_is(client: Client, cast: Cast) -> None:
    for path in ("/?country=PRK", f"/events/{cast.visit.slug}/", "/stories/a-show-of-friendship/"):
        address = f"/oembed?url={quote(f'http://testserver{path}', safe='')}"
        page = client.get(path).content.decode()
        assert f'type="application/json+oembed" href="{address}"' in page
        assert client.get(address).status_code == 200
