"""EDITING: Django's admin, arranged for the people who keep the events true. One module a subject."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .bulk import BulkChangeAdmin
from .categories import CategoryAdmin
from .corrections import CorrectionAdmin
from .datasets import CoverageAdmin, DatasetAdmin
from .event_versions import DeletedEventAdmin
from .events import EventAdmin
from .imports import ImportRunAdmin
from .people import ActorAdmin
from .places import CountryAdmin
from .revisions import PendingRevisionAdmin
from .stories import StoryAdmin
from .tokens import ApiTokenAdmin

__all__ = [
    "ActorAdmin",
    "ApiTokenAdmin",
    "BulkChangeAdmin",
    "CategoryAdmin",
    "CorrectionAdmin",
    "CountryAdmin",
    "CoverageAdmin",
    "DatasetAdmin",
    "DeletedEventAdmin",
    "EventAdmin",
    "ImportRunAdmin",
    "PendingRevisionAdmin",
    "StoryAdmin",
]

admin.site.site_header = _("Annals – editing")
admin.site.site_title = _("Annals – editing")
admin.site.index_title = _("What would you like to edit?")
