"""The editors' desk in browsers: review, two editors at once, bringing back, merging, readers' corrections."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.signing_in import sign_in
from tests.browser.test_accessibility import OPPOSITE_STATES, violations, violations_in
from timeline.desk import bulk, deleting, versions
from timeline.migrations._groups import make_groups
from timeline.models import Category, Correction, Country, Event, Participation, PendingRevision, Source


@pytest.fixture
def armistice(transactional_db: None) -> Event:
    """A published event, an administrator “first”, an editor “second” and a contributor “third”."""
    make_groups(apps, connection.schema_editor())
    for name, group in (("first", "administrator"), ("second", "editor"), ("third", "contributor")):
        user = User.objects.create_user(name, password="pw", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
    for code, name in (("PRK", "North Korea"), ("CHN", "China")):
        Country.objects.create(code=code, name=name, flag="root/favicon.ico")
    Category.objects.create(slug="peace", name="Ceasefire & peace", position=1)
    event: Event = Event.objects.create(
        title="Armistice signed", date="1953-07-27", category_id="peace", status="published", summary="Short."
    )
    Participation.objects.create(event=event, country_id="PRK")
    Source.objects.create(event=event, publisher="United Nations", title="Armistice Agreement")
    return event


def form(event: Event) -> str:
    return f"/admin/timeline/event/{event.pk}/change/"


def forgive(complaints: list[str], status: int) -> None:
    """Chromium complains of a page with the status of a refusal; here it is wanted."""
    complaints[:] = [text for text in complaints if f"status of {status}" not in text]


def test_two_editors_at_once_lose_nothing(open_page: OpenPage, complaints: list[str], armistice: Event) -> None:
    first, second = open_page(), open_page()
    for page, name in ((first, "first"), (second, "second")):
        sign_in(page, name)
        page.goto(form(armistice))
    first.fill("#id_title", "Armistice signed at Panmunjom")
    first.fill("#id_sources-0-title", "Agreement, volume I")
    first.fill("#id_reason", "The full title.")
    first.click("[name=_save]")
    expect(first.locator(".messagelist")).to_contain_text("changed successfully")

    second.fill("#id_summary", "It halts the fighting.")
    second.fill("#id_reason", "A summary.")
    second.click("[name=_save]")
    expect(second.locator("#content h1")).to_contain_text("Somebody else changed it meanwhile")
    assert armistice.history.count() == 2
    table = second.locator(".versions-table")
    for words in ("Armistice signed at Panmunjom", "Agreement, volume I", "It halts the fighting.", "Short."):
        expect(table).to_contain_text(words)
    # What only the first changed is suggested from there, what only the second changed from here.
    expect(second.locator("[name=choose-title][value=theirs]")).to_be_checked()
    expect(second.locator("[name=choose-sources][value=theirs]")).to_be_checked()
    expect(second.locator("[name=choose-summary][value=mine]")).to_be_checked()
    second.check("[name=choose-title][value=mine]")
    second.click("[name=_combine]")
    expect(second.locator(".messagelist")).to_contain_text("Saved as you chose")
    armistice.refresh_from_db()
    assert (armistice.title, armistice.summary) == ("Armistice signed", "It halts the fighting.")
    assert [row.title for row in armistice.sources.all()] == ["Agreement, volume I"]
    forgive(complaints, 409)


def test_what_was_typed_outlives_a_deletion(open_page: OpenPage, complaints: list[str], armistice: Event) -> None:
    first, second = open_page(), open_page()
    sign_in(second, "second")
    second.goto(form(armistice))
    second.fill("#id_summary", "A long summary.")
    second.fill("#id_reason", "More.")
    sign_in(first, "first")
    first.goto(f"/admin/timeline/event/{armistice.pk}/delete/")
    first.click("#content [type=submit]")
    expect(first.locator(".messagelist")).to_contain_text("deleted successfully")
    second.click("[name=_save]")
    expect(second.locator("#content")).to_contain_text("What you wrote is not lost")
    second.click("[name=_again]")
    expect(second.locator(".messagelist")).to_contain_text("kept as a new draft")
    made = Event.objects.get()
    assert (made.summary, made.status, made.sources.get().publisher) == ("A long summary.", "draft", "United Nations")
    forgive(complaints, 409)


def test_what_was_typed_outlives_a_withdrawal(open_page: OpenPage, complaints: list[str], armistice: Event) -> None:
    first, second = open_page(), open_page()
    for page, name in ((first, "first"), (second, "second")):
        sign_in(page, name)
        page.goto(form(armistice))
    first.fill("#id_reason", "Forged.")
    first.click("[name=_withdraw]")
    expect(first.locator(".messagelist")).to_contain_text("withdrawn")
    second.fill("#id_summary", "A long summary.")
    second.fill("#id_reason", "More.")
    second.click("[name=_save]")
    expect(second.locator("#content")).to_contain_text("It is now withdrawn")
    second.click("[name=_mine]")
    expect(second.locator(".messagelist")).to_contain_text("Saved as you chose")
    armistice.refresh_from_db()
    assert (armistice.summary, armistice.status) == ("A long summary.", "withdrawn")
    forgive(complaints, 409)


def test_a_contributor_proposes_and_an_editor_approves(open_page: OpenPage, armistice: Event) -> None:
    third, second = open_page(), open_page()
    sign_in(third, "third")
    third.goto(form(armistice))
    third.fill("#id_title", "Armistice halts the fighting")
    third.fill("#id_reason", "Peace was never signed.")
    third.click("[name=_propose]")
    expect(third.locator(".messagelist")).to_contain_text("wait for an editor")
    sign_in(second, "second")
    second.goto("/admin/")
    expect(second.locator(".attention")).to_contain_text("1 Waiting for review")
    second.click("text=Waiting for review")
    second.click("#result_list a >> text=Armistice signed")
    second.click(".note a")
    expect(second.locator(".versions-table ins")).to_have_text("Armistice halts the fighting")
    assert violations(second) == []
    second.click("[name=_approve]")
    expect(second.locator(".messagelist")).to_contain_text("readers see it now")
    third.goto(armistice.get_absolute_url())
    expect(third.locator("h1")).to_have_text("Armistice halts the fighting")


def test_a_version_comes_back_with_its_sources(page: Page, armistice: Event) -> None:
    sign_in(page, "second")
    page.goto(form(armistice))
    page.check("#id_sources-0-DELETE")
    page.fill("#id_reason", "By mistake.")
    page.click("[name=_save]")
    assert armistice.sources.count() == 0
    page.goto(f"/admin/timeline/event/{armistice.pk}/history/")
    page.locator("table.history").first.locator("text=See or bring back").last.click()
    page.fill("#id_reason", "It was right.")
    page.click("text=Bring this version back")
    expect(page.locator(".messagelist")).to_contain_text("This version is back")
    assert [row.title for row in armistice.sources.all()] == ["Armistice Agreement"]


def test_a_duplicate_is_seen_while_typing_and_merged(page: Page, armistice: Event) -> None:
    other = Event.objects.create(
        title="Armistice is signed", date="1953-07-27", category_id="peace", status="published"
    )
    sign_in(page, "second")
    page.goto("/admin/timeline/event/add/")
    page.fill("#id_title", "Armistice signed today")
    page.locator("#id_date").press_sequentially("27 July 1953")
    expect(page.locator("#duplicates")).to_contain_text("Armistice signed")
    page.goto(form(armistice))
    page.click("text=Compare, and merge or tell apart")
    page.click("[name=_merge]")
    expect(page.locator(".messagelist")).to_contain_text("one event now")
    page.goto(f"/events/{other.slug}/")
    assert page.url.endswith(armistice.get_absolute_url())


def test_a_reader_reports_a_mistake_in_the_page(page: Page, armistice: Event) -> None:
    page.goto(armistice.get_absolute_url())
    page.click("#correction a")
    page.locator("#correction textarea").fill("x < y <b>")
    page.click("text=Send to the editors")
    expect(page.locator("#correction")).to_contain_text("Markup such as")
    page.locator("#correction textarea").fill("It was signed at ten.")
    assert violations(page) == []
    page.click("text=Send to the editors")
    expect(page.locator("#correction")).to_contain_text("Thank you")
    assert page.url.endswith(armistice.get_absolute_url())
    assert Correction.objects.get().message == "It was signed at ten."


def test_a_reader_reports_a_mistake_without_javascript(page_without_javascript: Page, armistice: Event) -> None:
    page = page_without_javascript
    page.goto(armistice.get_absolute_url())
    page.click("#correction a")
    page.locator("textarea").fill("It was signed at ten.")
    page.click("text=Send to the editors")
    expect(page.locator("main")).to_contain_text("Thank you")
    assert Correction.objects.count() == 1


@pytest.fixture
def busy_desk(armistice: Event) -> dict[str, str]:
    """The addresses of a desk with something to do on each page, by what they are."""
    first = User.objects.get(username="first")
    start = "/admin/timeline"
    correction = Correction.objects.create(event=armistice, message="Which day?", source_url="https://example.org/")
    armistice.summary = "Longer."
    armistice.save()
    base = versions.stored(armistice.pk)
    assert base is not None
    revision = PendingRevision.objects.create(
        event=armistice,
        author=User.objects.get(username="third"),
        comment="Better known.",
        base=versions.to_json(base),
        proposed=versions.to_json(replace(base, title="Armistice halts the fighting")),
    )
    other = Event.objects.create(title="Armistice is signed", date="1953-07-27", category_id="peace")
    gone = Event.objects.create(title="Gone", date="1953-07-28", category_id="peace", summary="By mistake.")
    deleted = deleting.delete(gone, first)
    operation = bulk.Operation("Set the importance: 5", lambda version: bulk.with_value(version, "importance", 5))
    change = bulk.make([other.pk], operation, first, "A turning point.")
    assert change is not None
    event = f"{start}/event/{armistice.pk}"
    return {
        "front page": "/admin/",
        "events": f"{start}/event/",
        "no event": f"{start}/event/?q=nothing",
        "add": f"{start}/event/add/",
        "change": f"{event}/change/?correction={correction.pk}",
        "attention": f"{start}/event/attention/",
        "help": f"{start}/event/help/",
        "history": f"{event}/history/",
        "version": f"{event}/history/{armistice.history.last().pk}/",
        "merge": f"{event}/merge/{other.pk}/",
        "revisions": f"{start}/pendingrevision/",
        "review": f"{start}/pendingrevision/{revision.pk}/change/",
        "corrections": f"{start}/correction/",
        "correction": f"{start}/correction/{correction.pk}/change/",
        "changes of many": f"{start}/bulkchange/",
        "undo": f"{start}/bulkchange/{change.pk}/change/",
        "deleted": f"{start}/deletedevent/",
        "restore": f"{start}/deletedevent/{deleted.pk}/change/",
        "imports": f"{start}/importrun/",
        "import": f"{start}/importrun/add/",
        "actor": f"{start}/actor/add/",
        "story": f"{start}/story/add/",
        "dataset": f"{start}/dataset/add/",
        "coverage": f"{start}/coverage/add/",
        "category": f"{start}/category/peace/change/",
        "country": f"{start}/country/PRK/change/",
    }


def test_axe_finds_nothing_on_the_desk(page: Page, busy_desk: dict[str, str]) -> None:
    sign_in(page, "first")
    found = []
    for name, place in busy_desk.items():
        page.goto(place)
        expect(page.locator("#content")).to_be_visible()
        found += [f"{name}: {broken}" for broken in violations_in(page, OPPOSITE_STATES)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: wider than a phone")
    assert found == [], "\n".join(found)


def test_axe_finds_nothing_on_what_a_button_leads_to(page: Page, complaints: list[str], armistice: Event) -> None:
    sign_in(page, "first")
    page.goto("/admin/timeline/event/")
    page.check(".action-select")
    page.select_option("[name=action]", "change_together")
    page.click("[name=index]")
    # Only what an operation needs is asked.
    page.select_option("[name=operation]", "actor")
    expect(page.locator("[name=importance]")).to_be_hidden()
    found = violations_in(page, OPPOSITE_STATES)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.select_option("[name=operation]", "importance")
    expect(page.locator(".for-actor").first).to_be_hidden()
    page.select_option("[name=importance]", "5")
    page.fill("[name=reason]", "A turning point.")
    page.click("[name=_look]")
    expect(page.locator("[name=_make]")).to_be_visible()
    found += violations_in(page, OPPOSITE_STATES)
    page.goto(form(armistice))
    armistice.title = "Changed meanwhile"
    armistice.save()
    page.fill("#id_summary", "It halts the fighting.")
    page.fill("#id_reason", "")
    page.click("[name=_save]")
    expect(page.locator("#content h1")).to_contain_text("Somebody else changed it meanwhile")
    found += violations_in(page, OPPOSITE_STATES)
    page.goto(form(armistice))
    page.fill("#id_title", "")
    page.click("[name=_save]")
    expect(page.locator(".errornote")).to_be_visible()
    found += violations_in(page, OPPOSITE_STATES)
    assert found == [], "\n".join(found)
    forgive(complaints, 409)
