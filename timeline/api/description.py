"""The OpenAPI description, completed with what ninja does not know, and the same for a page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ninja import NinjaAPI

from timeline.problem_documents import MEDIA_TYPE

from .parameters import SLUG
from .schemas import ProblemDocument

WRITING = ("post", "put", "patch", "delete")
LIMITS = {
    "RateLimit-Limit": "Requests that fit into a minute.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until the count begins anew.",
}
REFUSALS = {
    "400": "A parameter is not known or not understood, or the body is no JSON.",
    "401": "The token is missing, not known or revoked.",
    "403": "The user of the token may not do this.",
    "404": "There is nothing at this address that you may see.",
    "409": "Somebody else was quicker, or something else needs the event.",
    "410": "The event was withdrawn.",
    "412": "The event has changed since; `current` is what it says now.",
    "413": "The body is too long.",
    "422": "The event is not right; each fault is named.",
    "428": "If-Match is missing.",
    "429": "Too many requests; wait as long as Retry-After says.",
}
# For each part of an address: what it may be, what it is, and one that the examples take.
PLACES: dict[str, tuple[dict[str, Any], str, str]] = {
    "slug": (SLUG, "The slug, which is the last part of its page's address.", "korean-armistice-agreement"),
    "code": ({"type": "string", "pattern": "^[A-Z]{3}$"}, "Alpha-3 code.", "PRK"),
    "day": ({"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])$"}, "Month and day.", "07-27"),
    "year": ({"type": "string", "pattern": "^[1-9][0-9]{0,3}$"}, "From 1 to 9999.", "2028"),
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "The ETag with which the event was read.",
    "example": '"3-0123456789abcdef"',
}


def openapi(api: NinjaAPI) -> dict[str, Any]:
    """The whole description, as OpenAPI 3.1."""
    found = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/")))
    schemas = found["components"]["schemas"]
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    found["components"]["securitySchemes"]["Token"]["description"] = "Made by an administrator; it begins with annals_."
    for address, methods in found["paths"].items():
        for method, operation in methods.items():
            _complete(address, method, operation)
    return dict(found)


def _complete(address: str, method: str, operation: dict[str, Any]) -> None:
    is_writing = method in WRITING
    if method in ("put", "patch", "delete"):
        operation["parameters"].append(IF_MATCH)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            schema, description, example = PLACES[parameter["name"]]
            parameter |= {"schema": schema, "description": description, "example": example}
    responses = operation["responses"]
    for status, response in responses.items():
        response["headers"] = _headers(method, operation["operationId"], status)
    statuses = ["400", "401", "429"]
    if "{" in address:
        statuses.append("404")
    if "events/{" in address:
        statuses.append("410")
    if is_writing:
        statuses += ["403", "409"]
    if method in ("post", "put", "patch"):
        statuses += ["413", "422"]
    if method in ("put", "patch", "delete"):
        statuses += ["412", "428"]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        headers = {name: _header(text) for name, text in LIMITS.items()}
        responses[status] = {"description": REFUSALS[status], "content": content, "headers": headers}
    if method == "get":
        responses["304"] = {"description": "Nothing has changed since the ETag in If-None-Match."}


def _headers(method: str, name: str, status: str) -> dict[str, Any]:
    found = dict(LIMITS)
    if method != "delete":
        found["ETag"] = "Of this version; for If-None-Match, and for If-Match when writing."
    if name in ("list_events", "actors"):
        found["Link"] = "The next page (rel=next), and the first (rel=first)."
    if status == "201":
        found["Location"] = "The address of the new event."
    return {name: _header(text, required=name not in ("Link",)) for name, text in found.items()}


def _header(text: str, required: bool = True) -> dict[str, Any]:
    return {"description": text, "required": required, "schema": {"type": "string"}}


# For the page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter or a member of a body or answer, for a table."""

    name: str
    place: str
    kind: str
    is_required: bool
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it."""

    id: str
    tag: str
    method: str
    address: str
    summary: str
    description: str
    needs_token: bool
    parameters: list[Member]
    body: list[Member]
    answer: list[Member]
    statuses: list[tuple[str, str]]
    example: str
    link: str


EXAMPLE_BODY = {
    "title": "Russia's defence minister visits Pyongyang",
    "date": "2023-07-25/2023-07-27",
    "category": "diplomacy",
    "countries": [{"country": "PRK", "role": "host"}, {"country": "RUS", "role": "visitor"}],
    "sources": [{"publisher": "KCNA", "kind": "state_media", "title": "Talks held in Pyongyang"}],
}


def operations(description: dict[str, Any], site: str) -> list[tuple[str, list[Operation]]]:
    """The operations under their tags, in the order of the description."""
    groups: dict[str, list[Operation]] = {}
    for address, methods in description["paths"].items():
        for method, details in methods.items():
            found = _operation(description, address, method, details, site)
            groups.setdefault(found.tag, []).append(found)
    return list(groups.items())


def _operation(description: dict[str, Any], address: str, method: str, details: dict[str, Any], site: str) -> Operation:
    body = details.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    success = next(status for status in details["responses"] if status.startswith("2"))
    answered = details["responses"][success].get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        id=details["operationId"],
        tag=details["tags"][0],
        method=method.upper(),
        address=address,
        summary=details["summary"],
        description=details.get("description", ""),
        needs_token=bool(details.get("security")),
        parameters=[_parameter(one) for one in details["parameters"]],
        body=_members(description, body),
        answer=_members(description, answered),
        statuses=sorted((status, each["description"]) for status, each in details["responses"].items()),
        example=_example(site, address, method, details),
        link=_filled(address) if method == "get" else "",
    )


def _parameter(found: dict[str, Any]) -> Member:
    example = found.get("example", found["schema"].get("example", ""))
    shown = "&".join(f"{found['name']}={value}" for value in example) if isinstance(example, list) else str(example)
    return Member(
        found["name"],
        found["in"],
        _kind(found["schema"]),
        found.get("required", False),
        found.get("description", ""),
        shown,
    )


def _members(description: dict[str, Any], schema: dict[str, Any] | None) -> list[Member]:
    if schema is None:
        return []
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    required = schema.get("required", [])
    return [
        Member(
            name, "", _kind(one), name in required, one.get("description", ""), str((one.get("examples") or [""])[0])
        )
        for name, one in schema.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("type", "object"))


def _filled(address: str) -> str:
    for name, (_schema, _description, example) in PLACES.items():
        address = address.replace(f"{{{name}}}", example)
    return address


def _example(site: str, address: str, method: str, details: dict[str, Any]) -> str:
    """The operation as a command line."""
    if method == "get":
        wanted = {"list_events": "?country=PRK&country=RUS&match=all", "histogram": "?from=1950&to=1953&unit=month"}
        return f"curl '{site}{_filled(address)}{wanted.get(details['operationId'], '')}'"
    lines = [f"curl -X {method.upper()} '{site}{_filled(address)}'", "-H 'Authorization: Bearer annals_…'"]
    if method != "post":
        lines.append("""-H 'If-Match: "3-0123456789abcdef"'""")
    if method != "delete":
        body = {"status": "withdrawn", "reason": "Entered twice."} if method == "patch" else EXAMPLE_BODY
        text = json.dumps(body, ensure_ascii=False, indent=2).replace("'", "'\\''")
        lines += ["-H 'Content-Type: application/json'", f"-d '{text}'"]
    return " \\\n  ".join(lines)
