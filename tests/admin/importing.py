"""Files that are imported in the admin, and how a test goes through it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from timeline.models import Dataset, ImportRun

ADD = "/admin/timeline/importrun/add/"
HEADER = "id,title,date,category,countries,dataset\n"
ROWS = "1,Armistice,1953-07-27,peace,PRK,korea\n2,Visit,2023-07-25,diplomacy,PRK; RUS,korea\n"


@pytest.fixture
def publisher(world: None) -> Client:
    """Signed in, with the right to publish too."""
    user = User.objects.create_user("publisher", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="timeline"))
    Dataset.objects.create(slug="korea", name="Korea", publisher="Annals", licence="CC BY 4.0", citation="Annals, 2023")
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, text: str | bytes, name: str = "events.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(ADD, {"file": SimpleUploadedFile(name, content)})


def posted(client: Client, run: ImportRun, **form: Any) -> ImportRun:
    """The run after a form of its page was sent and its step has ended."""
    response = client.post(address(run), form)
    assert response.status_code == 302
    return settled(run)


def settled(run: ImportRun) -> ImportRun:
    for _attempt in range(1200):
        run.refresh_from_db()
        if not run.is_working:
            return run
        time.sleep(0.05)
    raise AssertionError(run.state)


def address(run: ImportRun) -> str:
    return f"/admin/timeline/importrun/{run.pk}/change/"


def checked(client: Client, text: str = HEADER + ROWS, **form: Any) -> ImportRun:
    assert upload(client, text).status_code == 302
    run = ImportRun.objects.latest("pk")
    return posted(client, run, **({"format": "csv", "status": "published", "dataset": "korea"} | form))


def imported(client: Client, text: str = HEADER + ROWS, **form: Any) -> ImportRun:
    run = posted(client, checked(client, text, **form), _import="1")
    assert run.state == "done", run.message
    return run


def page(client: Client, run: ImportRun, query: str = "") -> str:
    response = client.get(address(run) + query)
    assert response.status_code == 200
    return response.content.decode()
