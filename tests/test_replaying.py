"""Rows that are put back leave the database as the models would have left it."""

import pytest
from django.db import connection, transaction

from tests.cast import make_cast, new_event
from timeline.models import Event


@pytest.mark.django_db
def test_the_next_event_has_a_number_of_its_own_wherever_the_database_had_stopped_counting() -> None:
    with transaction.atomic():
        make_cast()
        last = Event.objects.order_by("-pk")[0].pk
        transaction.set_rollback(True)
    # What loads many events sets the count itself, and no rollback takes that back. SQLite looks into the table.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('timeline_event', 'id'), %s)", [last - 1])
    make_cast()
    made = new_event()
    made.save()
    assert made.pk > last
