"""What is said where something is missing: a page that leads on for readers, a document for programs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline.problem_documents import problem_document


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to every address that leads nowhere; an address that ends in .json gets JSON."""
    # What the resolver raises holds a list of all our patterns instead of a sentence.
    detail = next((text for text in exception.args if isinstance(text, str)), "")
    if request.path.endswith(".json"):
        return problem_document(404, detail or _("There is nothing at this address."))
    return render(request, "404.html", {"detail": detail}, status=404)


def withdrawn(request: HttpRequest, reason: str = "", *, as_json: bool = False) -> HttpResponse:
    """An event was here and was withdrawn: say that and why, and nothing of what it said."""
    if as_json:
        return problem_document(410, " ".join([_("This event was withdrawn by the editors."), reason]).strip())
    return render(request, "410.html", {"reason": reason}, status=410)


def no_such_event(slug: str) -> Http404:
    return Http404(_("There is no event with the address “%(slug)s”.") % {"slug": slug[:120]})


def no_such_story(slug: str) -> Http404:
    return Http404(_("There is no story with the address “%(slug)s”.") % {"slug": slug[:120]})


def no_such_country(code: str) -> Http404:
    return Http404(
        _("No country has the code “%(code)s”. Codes are those of ISO 3166, such as PRK, RUS or SUN.")
        % {"code": code[:20]}
    )
