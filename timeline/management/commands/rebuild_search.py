"""Write the words of all events for the search anew, after rows came into the database past Annals."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from timeline.models import SearchText


class Command(BaseCommand):
    help = "Write the words of all events for the search anew, after rows came into the database past Annals."

    def handle(self, *args: Any, **options: Any) -> None:
        count = SearchText.objects.rebuild()
        self.stdout.write(
            ngettext("The words of %(count)d event are in place.", "The words of %(count)d events are in place.", count)
            % {"count": count}
        )
