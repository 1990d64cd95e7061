"""The front page of the admin leads to what editors do first."""

from __future__ import annotations

from django.test import Client


def test_the_front_page_leads_to_a_new_event_and_to_what_waits(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    addresses = [
        "/admin/timeline/event/add/",
        "/admin/timeline/event/?status__exact=draft",
        "/admin/timeline/event/?sources=none",
        "/admin/timeline/correction/?state__exact=open",
    ]
    assert [address for address in addresses if f'href="{address}"' not in page] == []
    assert [admin_client.get(address).status_code for address in addresses] == [200] * 4
