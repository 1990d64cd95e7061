"""Draft, in review, published, withdrawn: every cell of the README's table, by the buttons and by direct requests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from tests.admin.conftest import event, form_of_event
from timeline.desk import versions
from timeline.migrations._groups import make_groups
from timeline.models import DeletedEvent, Event, PendingRevision

ROLES = ("contributor", "editor", "administrator")
STATES = ("draft", "in_review", "published", "withdrawn")
README = Path(__file__).parent.parent.parent / "README.md"
BUTTONS = {
    "save": "_save",
    "send to review": "_review",
    "publish": "_publish",
    "send back with a comment": "_return",
    "save as a pending revision": "_propose",
    "withdraw with a reason": "_withdraw",
    "make it a draft again": "_reopen",
}
LEADS_TO = {
    "_review": "in_review",
    "_publish": "published",
    "_return": "draft",
    "_withdraw": "withdrawn",
    "_reopen": "draft",
}

SignIn = Callable[[str], Client]


def matrix() -> dict[str, dict[str, str]]:
    """The README's table: for each action and state the lowest role."""
    lines = README.read_text().split("#### Who may do what")[1].split("| action |")[1].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines[: lines.index("")]]
    return {row[0]: dict(zip(STATES, row[1:], strict=True)) for row in rows}


def allowed(action: str, state: str, role: str) -> bool:
    lowest = matrix()[action][state]
    return lowest != "–" and ROLES.index(role) >= ROLES.index(lowest)


@pytest.fixture
def sign_in(client: Client) -> SignIn:
    def in_role(role: str) -> Client:
        if not Group.objects.filter(name=role).exists():
            make_groups(apps, connection.schema_editor())
        user, _made = User.objects.get_or_create(username=role, defaults={"is_staff": True})
        user.groups.set([Group.objects.get(name=role)])
        client.force_login(user)
        return client

    return in_role


def form_of(made: Event, button: str, **fields: Any) -> dict[str, Any]:
    sent = form_of_event(slug=made.slug, title=made.title, date=made.date, version=str(made.version))
    del sent["_draft"]
    return sent | {button: "yes", "reason": "Because."} | fields


def address_of(made: Event) -> str:
    return f"/admin/timeline/event/{made.pk}/change/"


def test_the_table_names_every_action_and_state() -> None:
    assert list(matrix())[1:3] == ["save", "send to review"]
    assert set(BUTTONS) <= set(matrix())
    assert {cell for row in matrix().values() for cell in row.values()} == {*ROLES, "–"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_the_form_shows_the_buttons_that_the_table_allows(sign_in: SignIn, role: str, state: str) -> None:
    client, made = sign_in(role), event(status=state)
    answer = client.get(address_of(made))
    assert answer.status_code == (200 if allowed("see it in the admin", state, role) else 403)
    page = answer.content.decode()
    shown = {action for action, name in BUTTONS.items() if f'name="{name}"' in page}
    if 'name="_draft"' in page:
        shown.add("save")
    assert shown == {action for action in BUTTONS if allowed(action, state, role)}
    deleting = "delete, and bring back"
    assert ("deletelink" in page) == allowed(deleting, state, role)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_direct_requests_do_what_the_table_allows_and_nothing_else(sign_in: SignIn, role: str, state: str) -> None:
    client = sign_in(role)
    for number, (action, button) in enumerate(BUTTONS.items()):
        made = event(f"Event {number}", status=state)
        answer = client.post(address_of(made), form_of(made, button, title="Other"))
        after = Event.objects.get(pk=made.pk)
        if not allowed(action, state, role):
            assert (action, answer.status_code, after.title, after.status) == (action, 403, made.title, state)
            assert made.pending_revisions.count() == 0
        elif button == "_propose":
            assert (action, answer.status_code, after.title, after.status) == (action, 302, made.title, state)
            assert made.pending_revisions.count() == 1
        else:
            expected = (action, 302, "Other", LEADS_TO.get(button, state))
            assert (action, answer.status_code, after.title, after.status) == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_deciding_on_a_revision_and_deleting_follow_the_table(sign_in: SignIn, role: str, state: str) -> None:
    client = sign_in(role)
    for button in ("_approve", "_reject"):
        made = event(f"Event {button}", status=state)
        revision = proposal(made, title="Proposed")
        answer = client.post(f"/admin/timeline/pendingrevision/{revision.pk}/change/", {button: "x", "answer": "No."})
        may = allowed("approve or reject a pending revision", state, role)
        assert (button, answer.status_code) == (button, 302 if may else 403)
        revision.refresh_from_db()
        assert revision.is_open is not may
    may = allowed("delete, and bring back", state, role)
    made = event("Deleted", status=state)
    answer = client.post(f"/admin/timeline/event/{made.pk}/delete/", {"post": "yes"})
    assert (answer.status_code, Event.objects.filter(pk=made.pk).exists()) == (302 if may else 403, not may)
    assert DeletedEvent.objects.count() == may


def proposal(made: Event, **changes: Any) -> PendingRevision:
    base = versions.stored(made.pk)
    assert base is not None
    proposed = versions.to_json(base) | changes
    return PendingRevision.objects.create(
        event=made, comment="Why not.", base=versions.to_json(base), proposed=proposed
    )


# Pending revisions ---------------------------------------------------------------------------------------------------


def test_readers_see_the_published_version_until_an_editor_approves(sign_in: SignIn) -> None:
    made = event(status="published")
    client = sign_in("contributor")
    source = {"kind": "research", "stance": "supports", "publisher": "38 North", "title": "An analysis"}
    rows = {
        "sources-TOTAL_FORMS": "1",
        "participations-TOTAL_FORMS": "1",
        "participations-0-country": "RUS",
        "participations-0-role": "visitor",
    }
    rows |= {f"sources-0-{name}": value for name, value in source.items()}
    client.post(address_of(made), form_of(made, "_propose", title="Proposed title", **rows))
    assert "Proposed title" not in client.get(made.get_absolute_url()).content.decode()
    revision = PendingRevision.objects.get()
    assert (str(revision.author), revision.comment) == ("contributor", "Because.")

    client = sign_in("editor")
    address = f"/admin/timeline/pendingrevision/{revision.pk}/change/"
    page = client.get(address).content.decode()
    shown = ["<del>Armistice halts the fighting</del>", "<ins>Proposed title</ins>", "38 North", "Russia · visitor"]
    assert [words for words in shown if words not in page] == []
    client.post(address, {"_approve": "yes"})
    made.refresh_from_db()
    assert (made.title, made.version) == ("Proposed title", 2)
    assert [(row.country_id, row.role) for row in made.participations.all()] == [("RUS", "visitor")]
    assert [row.publisher for row in made.sources.all()] == ["38 North"]
    assert "Proposed title" in client.get(made.get_absolute_url()).content.decode()
    assert made.history.first().history_change_reason == "Because."


def test_approving_keeps_what_others_changed_meanwhile(sign_in: SignIn) -> None:
    made = event(status="published")
    revision = proposal(made, title="Proposed")
    made.summary = "Added meanwhile."
    made.save()
    sign_in("editor").post(f"/admin/timeline/pendingrevision/{revision.pk}/change/", {"_approve": "yes"})
    made.refresh_from_db()
    assert (made.title, made.summary) == ("Proposed", "Added meanwhile.")


def test_a_revision_that_breaks_a_rule_is_refused_whole(sign_in: SignIn) -> None:
    made = event(status="published")
    revision = proposal(made, title="Proposed", date="1953-02-31", countries=[{"country": "XXX"}])
    answer = sign_in("editor").post(f"/admin/timeline/pendingrevision/{revision.pk}/change/", {"_approve": "yes"})
    page = answer.content.decode()
    assert (answer.status_code, "date:" in page, "XXX" in page) == (400, True, True)
    made.refresh_from_db()
    assert (made.title, made.participations.count(), made.history.count()) == ("Armistice halts the fighting", 2, 1)


def test_a_proposal_that_is_too_long_is_not_approved(sign_in: SignIn) -> None:
    made = event(status="published")
    revision = proposal(made, summary="x" * 1001)
    answer = sign_in("editor").post(f"/admin/timeline/pendingrevision/{revision.pk}/change/", {"_approve": "yes"})
    assert "summary: Ensure this value has at most 1000 characters" in answer.content.decode()
    made.refresh_from_db()
    assert (answer.status_code, made.summary) == (400, "")


def test_rejecting_needs_a_reason(sign_in: SignIn) -> None:
    revision = proposal(event(status="published"), title="Proposed")
    address = f"/admin/timeline/pendingrevision/{revision.pk}/change/"
    client = sign_in("editor")
    for refused in (" ", "x" * 1001, "<script>"):
        assert client.post(address, {"_reject": "yes", "answer": refused}).status_code == 400
    assert client.post(address, {"_reject": "yes", "answer": "No source."}).status_code == 302
    revision.refresh_from_db()
    assert (revision.state, revision.answer, str(revision.decided_by)) == ("rejected", "No source.", "editor")


# Reasons -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "button"), [("published", "_save"), ("published", "_withdraw"), ("in_review", "_return")]
)
def test_without_a_reason_nothing_is_saved(sign_in: SignIn, state: str, button: str) -> None:
    made = event(status=state)
    answer = sign_in("editor").post(address_of(made), form_of(made, button, reason=" ", title="Other"))
    made.refresh_from_db()
    assert (answer.status_code, made.title, made.status) == (200, "Armistice halts the fighting", state)
    assert "Say why" in answer.content.decode()


def test_a_withdrawn_event_keeps_its_address_and_says_why(sign_in: SignIn) -> None:
    made = event(status="published")
    client = sign_in("editor")
    client.post(address_of(made), form_of(made, "_withdraw", reason="The report was <3 forged."))
    for address in (made.get_absolute_url(), f"/events/{made.slug}.json"):
        answer = client.get(address)
        assert (answer.status_code, "forged." in answer.content.decode()) == (410, True)
    made.refresh_from_db()
    client.post(address_of(made), form_of(made, "_publish"))
    made.refresh_from_db()
    assert (made.status, made.withdrawal_reason) == ("published", "")


def test_a_draft_that_comes_back_shows_the_editors_comment(sign_in: SignIn) -> None:
    made = event(status="in_review")
    sign_in("editor").post(address_of(made), form_of(made, "_return", reason="Which day?"))
    assert "Which day?" in sign_in("contributor").get(address_of(made)).content.decode()


# Deleting ------------------------------------------------------------------------------------------------------------


def test_a_deleted_event_comes_back_with_all_that_belonged_to_it(sign_in: SignIn) -> None:
    made, other = event(status="published"), event("Other", "1953-07-28")
    other.relations.create(kind="led_to", target=made, note="In a way.")
    before = versions.stored(made.pk)
    client = sign_in("administrator")
    client.post(f"/admin/timeline/event/{made.pk}/delete/", {"post": "yes"})
    deleted = DeletedEvent.objects.get()
    address = f"/admin/timeline/deletedevent/{deleted.pk}/change/"
    assert "Armistice Agreement" in client.get(address).content.decode()
    assert client.post(address, {"_restore": "yes"}).status_code == 302
    back = Event.objects.get(pk=made.pk)
    assert (versions.stored(back.pk), back.status) == (before, "draft")
    assert [(row.kind, row.target_id, row.note) for row in other.relations.all()] == [("led_to", made.pk, "In a way.")]
