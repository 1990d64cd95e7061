"""What a page says of itself to other sites."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from timeline import schema_org, sharing
from timeline.filters import EventFilter
from timeline.models import Event, Story

from .repeated_tags import repeated

register = template.Library()


@register.simple_tag(takes_context=True)
def absolute(context: dict[str, Any], address: str) -> str:
    """The full address of a page of this site."""
    return context["request"].build_absolute_uri(address)


@register.simple_tag(takes_context=True)
def json_ld(context: dict[str, Any], event: Event) -> SafeString:
    """The event as schema.org describes it: a data block, which no browser runs."""
    text = schema_org.script_text(event, context["request"].build_absolute_uri)
    return format_html('<script type="application/ld+json">{}</script>', text)


@register.simple_tag
def view_address(asked: EventFilter, form: str) -> str:
    """The address of a view in another form."""
    return sharing.address_of(asked, form)


@register.simple_tag(takes_context=True)
def site(context: dict[str, Any]) -> str:
    """Where this site is, as the reader came to it: scheme and host."""
    return sharing.site_of(context["request"])


@register.simple_tag(takes_context=True)
def share_event(context: dict[str, Any], event: Event) -> SafeString:
    """The menu of the forms of an event."""
    return _menu(context, sharing.forms_of_event(event))


@register.simple_tag(takes_context=True)
def share_story(context: dict[str, Any], story: Story) -> SafeString:
    """The menu of the forms of a story."""
    return _menu(context, sharing.forms_of_story(story))


def _menu(context: dict[str, Any], forms: list[sharing.Form]) -> SafeString:
    return repeated("timeline/_share.jinja", forms=forms, site=site(context))
