"""Move an installation to another database: from SQLite to PostgreSQL, or back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connections, models, transaction
from django.utils.translation import gettext as _

from timeline.models.many_rows import pieces
from timeline.settings import database

SOURCE, TARGET = "default", "target"
ROWS_AT_ONCE = 500


class Command(BaseCommand):
    """Everything is copied in one transaction of the target, compared, and only then kept. The source is only read."""

    help = "Copy everything into an empty database; afterwards set DATABASE_URL to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="URL", help="postgres://user:password@host:5432/name")

    def handle(self, *args: Any, **options: Any) -> None:
        connect(options["to"])
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        # Migrations bring rows of their own, such as permissions; ours have other numbers.
        call_command("flush", database=TARGET, verbosity=0, interactive=False, inhibit_post_migrate=True)
        found = [model for model in apps.get_models(include_auto_created=True) if copied(model)]
        total = 0
        # On SQLite the transaction keeps writers waiting, so that what is copied is of one moment.
        with transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
            for model in found:
                copy(model)
            for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), found):
                with connections[TARGET].cursor() as cursor:
                    cursor.execute(statement)
            for model in found:
                before, after = digest(model, SOURCE), digest(model, TARGET)
                if before != after:
                    names = {"table": model._meta.db_table, "before": before[0], "after": after[0]}
                    raise CommandError(
                        _("%(table)s is not the same in both (%(before)d and %(after)d rows). Nothing was kept.")
                        % names
                    )
                total += after[0]
                if options["verbosity"] > 1:
                    self.stdout.write(f"{model._meta.db_table} {after[0]} {after[1]}")
        names = {"rows": total, "tables": len(found)}
        self.stdout.write(_("%(rows)d rows in %(tables)d tables were copied and compared.") % names)
        self.stdout.write(_("Now set DATABASE_URL to the new database and start Annals. The old one is as it was."))


def connect(url: str) -> None:
    """Make the target known to Django. Raises CommandError for a wrong address or a database that is in use."""
    if not url:
        raise CommandError(_("Name the new database: --to postgres://user:password@host:5432/name"))
    try:
        found = database(url, connections.databases[SOURCE]["NAME"])
    except ImproperlyConfigured as problem:
        raise CommandError(str(problem).replace("DATABASE_URL", "--to")) from problem
    known = connections.configure_settings({**connections.databases, TARGET: found})
    connections.databases[TARGET] = known[TARGET]
    try:
        tables = connections[TARGET].introspection.table_names()
    except DatabaseError as problem:
        raise CommandError(_("The new database does not answer: %(problem)s") % {"problem": problem}) from problem
    if tables:
        raise CommandError(
            _("The new database is not empty: it has the table %(table)s. Make an empty one.") % {"table": tables[0]}
        )


def copied(model: type[models.Model]) -> bool:
    """True for what has a table of its own."""
    return model._meta.managed and not model._meta.proxy


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """What is stored in the model's own table."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def rows_of(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """All rows as tuples, a part of them in memory at a time."""
    names = [field.attname for field in fields_of(model)]
    return model._base_manager.using(alias).order_by("pk").values_list(*names).iterator(ROWS_AT_ONCE * 4)


def copy(model: type[models.Model]) -> None:
    """Write every row as it is, its times of change included, which saving would set anew."""
    fields = fields_of(model)
    names = [field.attname for field in fields]
    rows = rows_of(model, SOURCE)
    target: Any = model._base_manager.using(TARGET)
    try:
        for some in pieces(rows, ROWS_AT_ONCE):
            made = [model(**dict(zip(names, row, strict=True))) for row in some]
            target._insert(made, fields=fields, using=TARGET, raw=True)
    except DatabaseError as problem:
        names_of = {"table": model._meta.db_table, "problem": problem}
        raise CommandError(_("%(table)s could not be copied: %(problem)s Nothing was kept.") % names_of) from problem


def digest(model: type[models.Model], alias: str) -> tuple[int, str]:
    """How many rows there are, and a sum over all they hold, whatever order the database gives them in."""
    count = total = 0
    for row in rows_of(model, alias):
        text = json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=True)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
        count += 1
    return count, f"{total % 2**256:064x}"
