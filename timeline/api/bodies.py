"""The shapes of what the API takes.

Only the types of JSON are checked here; what the values may be is the models' to say, so that a program reads the same
sentences as an editor in the admin.
"""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field, StrictFloat, StrictInt, StrictStr, model_validator

from timeline.models import EventStatus, Role
from timeline.models.relations import RelationKind
from timeline.models.sources import SourceKind, Stance

MOST_ROWS = 200


def _text(default: Any, limit: int = 0, example: str = "", enum: Any = None, description: str = "") -> Any:
    """A text whose limits are described here and checked by the model."""
    extra: dict[str, Any] = {"maxLength": limit} if limit else {}
    if example:
        extra["examples"] = [example]
    if enum is not None:
        extra["enum"] = list(enum.values)
    return Field(default, description=description or None, json_schema_extra=extra)


# What an event is read with and nobody can set; it may be sent back and is passed over.
READ_ONLY = {
    *("url", "date_in_words", "day", "earliest", "latest", "precision", "version", "modified"),
    *("dataset_details", "inverse_relations", "stories"),
}
READ_ONLY_OF_RELATION = {"title", "date_in_words", "url"}


class Body(Schema):
    model_config = ConfigDict(extra="forbid")


class CountryIn(Body):
    country: StrictStr = _text(..., example="PRK")
    role: StrictStr = _text("participant", enum=Role)


class ActorIn(Body):
    actor: StrictStr = _text(..., 100, "kim-jong-un")
    role: StrictStr = _text("participant", enum=Role)


class NameIn(Body):
    name: StrictStr = _text(..., 200, "전승절")
    country: StrictStr = _text("")
    language: StrictStr = _text("", 12, "ko")
    note: StrictStr = _text("", 300)


class SourceIn(Body):
    publisher: StrictStr = _text(..., 200, "KCNA")
    kind: StrictStr = _text("newspaper", enum=SourceKind)
    title: StrictStr = _text("", 300)
    url: StrictStr = _text("", 2000)
    published: StrictStr = _text("", 64, "2023-07-28")
    accessed: StrictStr = _text("")
    archived_url: StrictStr = _text("", 2000)
    quote: StrictStr = _text("", 2000)
    stance: StrictStr = _text("supports", enum=Stance)
    gives_date: StrictStr = _text("", 64)


class RelationIn(Body):
    kind: StrictStr = _text(..., enum=RelationKind)
    event: StrictStr = _text(..., 120, "armistice")
    note: StrictStr = _text("", 300)

    @model_validator(mode="before")
    @classmethod
    def pass_over_what_is_computed(cls, sent: Any) -> Any:
        return _without(sent, READ_ONLY_OF_RELATION)


Rows: Any = Field(default_factory=list, max_length=MOST_ROWS)
Degrees = StrictFloat | StrictInt | None


class EventIn(Body):
    """An event as a whole: what is not given is empty. Dates are EDTF, or as people write them."""

    title: StrictStr = _text(..., 200, "Russia's defence minister visits Pyongyang")
    date: StrictStr = _text(..., 64, "2023-07-25/2023-07-27")
    category: StrictStr = _text(..., 40, "diplomacy")
    slug: StrictStr = _text("", 120, description="Made from the title where it is empty.")
    status: StrictStr = _text(None, enum=EventStatus, description="A new event is a draft; a stored one keeps its own.")
    summary: StrictStr = _text("", 1000)
    body: StrictStr = _text("", 50_000)
    date_note: StrictStr = _text("", 1000)
    place: StrictStr = _text("", 150)
    latitude: Degrees = Field(None, json_schema_extra={"minimum": -90, "maximum": 90})
    longitude: Degrees = Field(None, json_schema_extra={"minimum": -180, "maximum": 180})
    importance: StrictInt = Field(3, json_schema_extra={"enum": [1, 2, 3, 4, 5]})
    dataset: StrictStr | None = Field(None, description="The slug of the dataset that it comes from.")
    id: StrictStr = _text("", 150, description="Its identifier in the dataset.")
    countries: list[CountryIn] = Rows
    actors: list[ActorIn] = Rows
    names: list[NameIn] = Rows
    sources: list[SourceIn] = Rows
    relations: list[RelationIn] = Rows
    reason: StrictStr = _text("", 60, "Corrected by the ministry.", description="Why, for the history.")

    @model_validator(mode="before")
    @classmethod
    def pass_over_what_is_computed(cls, sent: Any) -> Any:
        return _without(sent, READ_ONLY)


class EventPatch(EventIn):
    """Some members of an event. Those that are absent stay; a list replaces the whole list (RFC 7396)."""

    title: StrictStr = _text("", 200)
    date: StrictStr = _text("", 64)
    category: StrictStr = _text("", 40)


def _without(sent: Any, names: set[str]) -> Any:
    return {name: value for name, value in sent.items() if name not in names} if isinstance(sent, dict) else sent
