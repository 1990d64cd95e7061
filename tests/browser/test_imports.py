"""Importing in a browser: a table of unknown columns becomes events, and the page follows without a reload."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in
from tests.browser.test_accessibility import OPPOSITE_STATES, violations_in
from timeline.models import Category, Country, Dataset, Event, ImportRun


@pytest.fixture
def world(transactional_db: None) -> None:
    User.objects.create_superuser("editor", password="pw")
    Country.objects.create(code="PRK", name="North Korea", flag="root/favicon.ico")
    Category.objects.create(slug="peace", name="Ceasefire & peace", position=1)
    Dataset.objects.create(slug="korea", name="Korea", publisher="Annals", licence="CC BY 4.0", citation="Annals")


def test_a_table_is_imported_and_undone(page: Page, world: None, tmp_path: Path) -> None:
    table = tmp_path / "talks.csv"
    table.write_text("Headline,When,Nation\nArmistice,7/27/1953,North Korea\nNothing,2/30/1953,North Korea\n")
    sign_in(page)

    page.goto("/admin/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.set_input_files("[name=file]", table)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[name=column_title]")).to_have_value("Headline")
    assert violations_in(page, OPPOSITE_STATES) == []
    page.select_option("[name=day_order]", "month/day")
    page.select_option("[name=category]", "peace")
    page.fill("[name=dataset]", "korea")
    page.get_by_role("button", name="Check the file").click()

    expect(page.locator(".import-rows")).to_contain_text("1953-02-30")
    assert violations_in(page, OPPOSITE_STATES) == []
    page.check("[name=skip_wrong]")
    page.get_by_role("button", name="Import 1 event").click()
    expect(page.locator(".import-state")).to_have_text("imported")
    assert violations_in(page, OPPOSITE_STATES) == []
    assert Event.objects.get().title == "Armistice"
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.locator(".import-state")).to_have_text("undone")
    assert not Event.objects.exists()


def test_the_page_follows_an_import_without_a_reload(page: Page, world: None) -> None:
    run = ImportRun.objects.create(file=ContentFile(b"", "talks.csv"), name="talks.csv", state="running")
    with Path(f"{run.file.path}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("40")
        held.flush()
        sign_in(page)
        page.goto(f"/admin/timeline/importrun/{run.pk}/change/")
        expect(page.locator("#import-progress")).to_have_attribute("value", "40")
        held.seek(0)
        held.write("70")
        held.flush()
        expect(page.locator("#import-progress")).to_have_attribute("value", "70")
    expect(page.locator("#import-run")).to_contain_text("It was interrupted")
