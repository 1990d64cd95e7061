"""The browser fixtures find what they are there to find."""

from playwright.sync_api import Page


def test_the_sign_in_page_of_the_admin_is_silent_under_the_security_policy(page: Page) -> None:
    page.goto("/admin/login/")
    assert page.locator("input[name=username]").is_visible()


def test_a_violation_of_the_security_policy_is_a_complaint(page: Page, complaints: list[str]) -> None:
    page.goto("/admin/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
    page.wait_for_function("document.querySelector('body > p, body p[style]')")
    assert len(complaints) == 1
    assert "Content Security Policy" in complaints.pop()


def test_a_script_error_is_a_complaint(page: Page, complaints: list[str]) -> None:
    page.goto("/admin/login/")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => missing(), 0)")
    assert complaints == ["missing is not defined"]
    complaints.clear()


def test_a_page_without_javascript_has_none(page_without_javascript: Page) -> None:
    page_without_javascript.goto("/admin/login/")
    assert page_without_javascript.locator("input[name=username]").is_visible()
