"""The migrations and the models tell the same, for a database of today and for one that was here before."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

SQUASHED = "0001_squashed_0014_distinct_pair"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.django_db
def test_a_database_that_the_replaced_migrations_made_is_taken_for_migrated() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("timeline", SQUASHED)
    for app, name in MigrationLoader(connection).disk_migrations["timeline", SQUASHED].replaces:
        recorder.record_applied(app, name)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []

    call_command("migrate", verbosity=0)
    assert ("timeline", SQUASHED) in recorder.applied_migrations()


@pytest.mark.django_db
def test_columns_have_the_indexes_that_their_models_name() -> None:
    said, found = set(), set()
    for model in apps.get_app_config("timeline").get_models():
        table, named = model._meta.db_table, {index.name for index in model._meta.indexes}
        fields: list[Any] = model._meta.local_fields
        said |= {(table, field.column) for field in fields if field.db_index and not field.unique}
        with connection.cursor() as cursor:
            constraints = connection.introspection.get_constraints(cursor, table)
        found |= {
            (table, *each["columns"])
            for name, each in constraints.items()
            # PostgreSQL has a second one for LIKE.
            if each["index"] and not each["unique"] and name not in named and not name.endswith("_like")
        }
    assert found - {("timeline_searchtext", "vector")} == said
