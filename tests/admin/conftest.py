"""The people and things that the admin's tests share: an editor, countries, what a form sends."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.replaying import replayed
from timeline.models import Category, Country, Event, Participation, Source

ROWS = ("participations", "actor_participations", "names", "sources", "relations")


def form_of_event(**fields: Any) -> dict[str, Any]:
    """What the browser sends for a new event, with the rows below it empty; `fields` change or add."""
    form: dict[str, Any] = {
        "title": "Armistice halts the fighting",
        "date": "27 July 1953",
        "category": "peace",
        "importance": "5",
        "_draft": "Save as draft",
    }
    for prefix in ROWS:
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return form | fields


def form_of_stored(made: Event, **fields: Any) -> dict[str, Any]:
    """What the browser sends for an event that is there; its rows are left as they are."""
    return form_of_event(slug=made.slug, version=str(made.version)) | fields


def rows(prefix: str, *given: dict[str, Any]) -> dict[str, Any]:
    """The fields of new rows of one kind."""
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": str(len(given)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(given):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def event(title: str = "Armistice halts the fighting", date: str = "1953-07-27", **fields: Any) -> Event:
    """An event with two countries and a source."""
    made = Event.objects.create(title=title, date=date, category_id="peace", **fields)
    for code in ("PRK", "CHN"):
        Participation.objects.create(event=made, country_id=code)
    Source.objects.create(event=made, publisher="United Nations", title="Armistice Agreement")
    return made


@replayed
def make_world() -> None:
    """Countries and categories that events need."""
    flag = "root/favicon.ico"
    Country.objects.create(code="PRK", name="North Korea", name_ko="조선", aliases=["DPRK"], flag=flag)
    Country.objects.create(code="RUS", name="Russia", name_ru="Россия", aliases=["Russian Federation"], flag=flag)
    Country.objects.create(code="CHN", name="China", name_zh="中国", flag=flag)
    Country.objects.create(code="BLR", name="Belarus", flag=flag)
    Category.objects.create(slug="peace", name="Ceasefire & peace", position=1)
    Category.objects.create(slug="diplomacy", name="Diplomacy & visits", position=2)


@pytest.fixture(autouse=True)
def world(db: None) -> None:
    make_world()


@pytest.fixture
def editor(client: Client) -> Client:
    """Signed in, with every right on the timeline except publishing."""
    user = User.objects.create_user("editor", password="pw", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="timeline").exclude(codename="publish_event")
    user.user_permissions.set(rights)
    client.force_login(user)
    return client
