"""What everyone may read: events and all that they refer to."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from ninja import Router

from timeline import exports, index, search
from timeline.filters import EventFilter, Problem
from timeline.models import Event, Story, Vocabulary
from timeline.models.events import SLUG_LENGTH

from . import schemas
from .answers import answer, event_answer
from .parameters import DRAWING, LISTING, asked_by, check_names, described, limit_of, one, printable
from .problems import Refused, bad_parameters, missing

router = Router()

_SLUG = re.compile(rf"[-\w]{{1,{SLUG_LENGTH}}}", re.ASCII)


@router.get(
    "events",
    response=schemas.EventList,
    tags=["Events"],
    summary="List events",
    operation_id="list_events",
    openapi_extra=described(*LISTING, *DRAWING),
)
def list_events(request: HttpRequest) -> HttpResponse:
    """Published events that match, page by page. The Link header names the next page."""
    asked, limit = asked_by(request, (*LISTING, *DRAWING)), limit_of(request)
    found = index.answer(asked)
    try:
        ids, cursor = found.page(limit)
    except search.TooBroad as problem:
        raise too_broad(asked, problem) from problem
    own = {"limit": str(limit)} if request.GET.get("limit") else {}
    following = _address(request, asked.changed(after=cursor).pairs(), own) if cursor else None

    def content() -> dict[str, Any]:
        with found.reading_rows():
            events = Event.objects.in_order(ids)
        return exports.list_document(
            events,
            count=found.total,
            next_url=following,
            query=asked.query,
            certain=found.certain,
            possible=found.possible,
        )

    response = answer(request, content, (asked.vocabulary.revision, asked.query, limit))
    return _linked(response, following, _address(request, asked.changed().pairs(), own) if asked.after else None)


@router.get(
    "events/{slug}",
    response=schemas.EventOut,
    tags=["Events"],
    summary="Read an event",
    operation_id="read_event",
)
def read_event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event with everything. With a token of a user who may see drafts, an unpublished one too."""
    check_names(request.GET, ())
    return event_answer(request, event_of(request, slug))


@router.get(
    "countries", response=schemas.CountryList, tags=["Vocabulary"], summary="List countries", operation_id="countries"
)
def countries(request: HttpRequest) -> HttpResponse:
    """Every country of today and every former state."""
    check_names(request.GET, ())
    vocabulary = Vocabulary.current()

    def content() -> dict[str, Any]:
        counts = _counts(vocabulary, "country")
        return {
            "countries": [
                {
                    "code": country.code,
                    "name": country.name,
                    "standard": country.standard,
                    "first_day": country.first_day,
                    "last_day": country.last_day,
                    "events": counts.get(country.code, 0),
                    "url": country.get_absolute_url(),
                }
                for country in vocabulary.countries.values()
            ]
        }

    return answer(request, content, (vocabulary.revision,))


@router.get(
    "countries/{code}",
    response=schemas.CountryOut,
    tags=["Vocabulary"],
    summary="Read a country",
    operation_id="country",
)
def country(request: HttpRequest, code: str) -> HttpResponse:
    """One country, its names, its life, and what came before and after it."""
    check_names(request.GET, ())
    vocabulary = Vocabulary.current()
    found = vocabulary.countries.get(code)
    if found is None:
        raise missing(_("No country has the code “%(code)s”.") % {"code": code[:20]})
    return answer(
        request,
        lambda: exports.country_document(found, events=_counts(vocabulary, "country").get(code, 0)),
        (vocabulary.revision,),
    )


@router.get(
    "categories",
    response=schemas.CategoryList,
    tags=["Vocabulary"],
    summary="List categories",
    operation_id="categories",
)
def categories(request: HttpRequest) -> HttpResponse:
    """The kinds of event, in their order."""
    check_names(request.GET, ())
    vocabulary = Vocabulary.current()

    def content() -> dict[str, Any]:
        counts = _counts(vocabulary, "category")
        names = ("slug", "name", "description", "position", "icon")
        return {
            "categories": [
                {name: getattr(category, name) for name in names} | {"events": counts.get(slug, 0)}
                for slug, category in vocabulary.categories.items()
            ]
        }

    return answer(request, content, (vocabulary.revision,))


@router.get(
    "actors",
    response=schemas.ActorList,
    tags=["Vocabulary"],
    summary="List people and organisations",
    operation_id="actors",
    openapi_extra=described("start_after", "limit"),
)
def actors(request: HttpRequest) -> HttpResponse:
    """People and organisations, by their slugs, page by page."""
    check_names(request.GET, ("start_after", "limit"))
    vocabulary, limit, start = Vocabulary.current(), limit_of(request), one(request, "start_after")
    if start and not _SLUG.fullmatch(start):
        message = _("This is no slug; follow the Link header.")
        raise bad_parameters([Problem("start_after", printable(start[:80]), message)])
    slugs = [slug for slug in sorted(vocabulary.actors) if slug > start][: limit + 1]
    own = {"limit": str(limit)} if request.GET.get("limit") else {}
    following = _address(request, [("start_after", slugs[limit - 1])], own) if len(slugs) > limit else None

    def content() -> dict[str, Any]:
        counts = _counts(vocabulary, "actor")
        shown = [_actor(vocabulary, slug, counts) for slug in slugs[:limit]]
        return {"count": len(vocabulary.actors), "next": following, "actors": shown}

    return _linked(answer(request, content, (vocabulary.revision,)), following)


@router.get(
    "actors/{slug}",
    response=schemas.ActorOut,
    tags=["Vocabulary"],
    summary="Read a person or organisation",
    operation_id="actor",
)
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """One person or organisation."""
    check_names(request.GET, ())
    vocabulary = Vocabulary.current()
    if slug not in vocabulary.actors:
        raise missing(_("Nobody here has the slug “%(slug)s”.") % {"slug": slug[:100]})
    return answer(request, lambda: _actor(vocabulary, slug, _counts(vocabulary, "actor")), (vocabulary.revision,))


@router.get(
    "datasets", response=schemas.DatasetList, tags=["Vocabulary"], summary="List datasets", operation_id="datasets"
)
def datasets(request: HttpRequest) -> HttpResponse:
    """Where events come from, and under which licences."""
    check_names(request.GET, ())
    vocabulary = Vocabulary.current()

    def content() -> dict[str, Any]:
        counts = _counts(vocabulary, "dataset")
        names = ("slug", "name", "publisher", "licence", "citation", "url")
        return {
            "datasets": [
                {name: getattr(dataset, name) for name in names} | {"events": counts.get(slug, 0)}
                for slug, dataset in sorted(vocabulary.datasets.items())
            ]
        }

    return answer(request, content, (vocabulary.revision,))


@router.get("stories", response=schemas.StoryList, tags=["Stories"], summary="List stories", operation_id="stories")
def stories(request: HttpRequest) -> HttpResponse:
    """All stories, the newest first."""
    check_names(request.GET, ())

    def content() -> dict[str, Any]:
        return {
            "stories": [
                {
                    "slug": story.slug,
                    "title": story.title,
                    "takeaways": story.takeaways,
                    "published": story.published,
                    "events": story.event_count,
                    "url": story.get_absolute_url(),
                }
                for story in Story.objects.for_reading()
            ]
        }

    return answer(request, content, (Vocabulary.current().revision,))


@router.get("stories/{slug}", response=schemas.StoryOut, tags=["Stories"], summary="Read a story", operation_id="story")
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with its events in its own order."""
    check_names(request.GET, ())
    revision = Vocabulary.current().revision
    found = Story.objects.filter(slug=slug).first() if _SLUG.fullmatch(slug) else None
    if found is None:
        raise missing(_("There is no story with the address “%(slug)s”.") % {"slug": slug[:120]})
    return answer(request, lambda: exports.story_document(found), (revision,))


def event_of(request: HttpRequest, slug: str) -> Event:
    """The event with this slug that the request may see. Raises Refused: 404, or 410 for a withdrawn one."""
    # What cannot be a slug is not asked for: PostgreSQL takes no NUL.
    found = Event.objects.for_page().filter(slug=slug).first() if _SLUG.fullmatch(slug) else None
    if found is not None and (found.is_published or request.user.has_perm("timeline.view_event")):
        return found
    if found is not None and Event.objects.public_status(slug) is not None:
        raise Refused(410, _("This event was withdrawn by the editors."))
    raise missing(_("There is no event with the address “%(slug)s”.") % {"slug": slug[:120]})


def too_broad(asked: EventFilter, problem: Exception) -> Refused:
    return bad_parameters([Problem("q", asked.q, str(problem))])


def _actor(vocabulary: Vocabulary, slug: str, counts: dict[str, int]) -> dict[str, Any]:
    found = vocabulary.actors[slug]
    return {
        "slug": slug,
        "name": found.name,
        "kind": found.kind,
        "country": found.country_id,
        "description": found.description,
        "events": counts.get(slug, 0),
    }


def _counts(vocabulary: Vocabulary, facet: str) -> dict[str, int]:
    return index.answer(EventFilter(vocabulary)).facet(facet)


def _address(request: HttpRequest, pairs: list[tuple[str, str]], own: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    for name, value in [*pairs, *own.items()]:
        query.appendlist(name, value)
    address = request.build_absolute_uri(request.path)
    return f"{address}?{query.urlencode()}" if query else address


def _linked(response: HttpResponse, following: str | None, first: str | None = None) -> HttpResponse:
    """With a Link header (RFC 8288) to the next page and back to the first."""
    links = [f'<{address}>; rel="{rel}"' for rel, address in (("next", following), ("first", first)) if address]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response
