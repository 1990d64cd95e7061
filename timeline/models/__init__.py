"""What is stored. Each model stands beside its queryset; import them from here."""

from .categories import Category
from .changes import Change, Revision
from .corrections import Correction, CorrectionState
from .countries import Country
from .datasets import Coverage, Dataset
from .distinct import DistinctPair
from .event_cards import Card, Outline
from .event_queries import EventStatus, Importance
from .events import Event
from .former_identifiers import FormerIdentifier
from .import_runs import ColumnMapping, CompanionVersion, FileVersion, ImportedEvent, ImportRun, ImportState
from .names import EventName
from .participations import ActorParticipation, Participation, Role
from .pending import BulkChange, DeletedEvent, PendingRevision
from .people import Actor
from .redirects import SlugRedirect
from .relations import Relation
from .search_text import SearchText
from .sources import Source
from .stories import Story, StoryEvent
from .tokens import ApiToken
from .vocabulary import Vocabulary

__all__ = [
    "Actor",
    "ActorParticipation",
    "ApiToken",
    "BulkChange",
    "Card",
    "Category",
    "Change",
    "ColumnMapping",
    "CompanionVersion",
    "Correction",
    "CorrectionState",
    "Country",
    "Coverage",
    "Dataset",
    "DeletedEvent",
    "DistinctPair",
    "Event",
    "EventName",
    "EventStatus",
    "FileVersion",
    "FormerIdentifier",
    "ImportRun",
    "ImportState",
    "Importance",
    "ImportedEvent",
    "Outline",
    "Participation",
    "PendingRevision",
    "Relation",
    "Revision",
    "Role",
    "SearchText",
    "SlugRedirect",
    "Source",
    "Story",
    "StoryEvent",
    "Vocabulary",
]
