"""What every installation has from its first minute: headers, health, the first account, sign-in limits."""

import logging
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/admin/login/"])
def test_every_answer_carries_the_strict_headers(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert {name: response[name] for name in response.headers if name.startswith(("X-", "Referrer", "Cross"))} == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


@pytest.mark.django_db
def test_cookies_are_out_of_reach_for_scripts_and_other_sites(client: Client) -> None:
    client.get("/admin/login/")
    cookie = client.cookies["csrftoken"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db
def test_health_is_ok_with_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_health_says_so_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connection.close()
    unreachable = {"NAME": "/absent/annals"} if connection.vendor == "sqlite" else {"HOST": "/absent"}
    for name, value in unreachable.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "error", "message": "The database does not answer."}
    assert "The database does not answer." in caplog.text


@pytest.mark.django_db
def test_the_first_account_is_made_once_and_its_password_shown() -> None:
    first, second = StringIO(), StringIO()
    call_command("create_first_admin", stdout=first)
    call_command("create_first_admin", stdout=second)
    user = get_user_model().objects.get()
    password = first.getvalue().split("Password  ")[1].split()[0]
    assert (user.get_username(), user.is_superuser, user.check_password(password)) == ("admin", True, True)
    assert "http://localhost:8000/admin/" in first.getvalue()
    assert second.getvalue() == ""


@pytest.mark.django_db
def test_after_five_wrong_passwords_even_the_right_one_is_refused(client: Client) -> None:
    get_user_model().objects.create_superuser(username="editor", password="right")
    wrong = {"username": "editor", "password": "wrong"}
    statuses = [client.post("/admin/login/", wrong).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert client.post("/admin/login/", wrong | {"password": "right"}).status_code == 429
    other_address = client.post("/admin/login/", wrong | {"password": "right"}, REMOTE_ADDR="192.0.2.7")
    assert other_address.status_code == 302


@pytest.mark.django_db
def test_shell_knows_our_models_and_complains_of_none(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("shell", command="print(Event.objects.count())", verbosity=1)
    printed = capsys.readouterr().out
    assert "could not be automatically imported" not in printed
    assert printed.rstrip().endswith("\n0")
