"""Into the admin, by the form as people do or past it where a test is about something else."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect


def sign_in(page: Page, name: str = "editor") -> None:
    """Begin a session. The two pages of the form would take as long as many a test."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    cookie = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": cookie, "value": client.cookies[cookie].value, "domain": "localhost", "path": "/"}]
    )


def sign_in_by_form(page: Page, name: str = "editor", password: str = "pw") -> None:
    page.goto("/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    expect(page.locator("#user-tools")).to_contain_text(name)
