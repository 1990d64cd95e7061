"""Load the countries and the categories that come with Annals."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from timeline.imports import load_categories, load_countries


class Command(BaseCommand):
    """Writes only what differs from the fixtures, so it may run at every start."""

    help = "Load countries, former states and categories; does nothing where they are loaded already."

    def handle(self, *args: Any, **options: Any) -> None:
        fixtures = settings.BASE_DIR / "fixtures"
        with transaction.atomic():
            countries = load_countries(fixtures / "countries.json")
            categories = load_categories(fixtures / "categories.json")
        lines = (
            (_("Countries: %(rows)d, of which %(new)d new and %(changed)d changed."), countries),
            (_("Categories: %(rows)d, of which %(new)d new and %(changed)d changed."), categories),
        )
        for line, loaded in lines:
            if loaded.new or loaded.changed or options["verbosity"] > 1:
                self.stdout.write(line % {"rows": loaded.rows, "new": loaded.new, "changed": loaded.changed})
