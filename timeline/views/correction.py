"""A reader says what is wrong. The form has an address of its own, so that the event's page stays cacheable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from timeline.models import Correction, Event
from timeline.models.corrections import sender_of
from timeline.responses import wants_fragment
from timeline.views import errors


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    # Readers do not see this field; programs that fill in every field give themselves away.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    class Meta:
        model = Correction
        fields = ("message", "source_url", "email", "credit")
        widgets = {
            "message": forms.Textarea(attrs={"rows": 5}),
            "source_url": forms.URLInput(attrs={"placeholder": "https://"}),
        }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what becomes of it: kept for the editors, or refused beside its field with nothing written."""
    event = Event.objects.published().filter(slug=slug).first()
    if event is None:
        raise errors.no_such_event(slug)
    if request.method != "POST":
        return _page(request, event, CorrectionForm())
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, event, form, status=400)
    sender = sender_of(request.META.get("REMOTE_ADDR", ""), timezone.localdate())
    if form.cleaned_data["website"]:
        # A program is told the same as a reader, so that it does not learn.
        return _page(request, event, None)
    if not Correction.objects.has_room_for(sender):
        return _page(request, event, form, status=429, too_many=settings.CORRECTIONS_PER_DAY)
    form.instance.event, form.instance.sender = event, sender
    form.save()
    return _page(request, event, None)


def _page(
    request: HttpRequest, event: Event, form: CorrectionForm | None, status: int = 200, **about: Any
) -> HttpResponse:
    """The whole page, or its fragment inside the event's page; without a form it thanks."""
    template = "timeline/_correction.html" if wants_fragment(request) else "timeline/correction.html"
    # htmx shows no answer with an error's status, and the reader must see what is wrong.
    shown = 200 if wants_fragment(request) else status
    return render(request, template, {"event": event, "form": form, **about}, status=shown)
