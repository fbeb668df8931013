"""The shapes of the API's answers as JSON Schema; the tests check every answer against them."""

from typing import Any

from ..models import Change, Resource, ResourceFile
from ..schema.definition import OTHER_FIELDS, SM3_PATTERN, UUID_PATTERN, json_schema, metadata_fields
from .exposure import PUBLIC_STATUSES

_UUID = {"type": "string", "pattern": UUID_PATTERN}
_SM3 = {"type": "string", "pattern": SM3_PATTERN}
_TIME = {"type": "string", "format": "date-time"}
_ADDRESS = {"type": "string", "format": "uri"}
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
_STATUS = {"enum": list(PUBLIC_STATUSES)}

_BRIEF: dict[str, Any] = {
    "uuid": _UUID,
    "index_number": _TEXT,
    "title": _TEXT,
    "kind": {"enum": list(Resource.Kind.values)},
    "status": _STATUS,
    "version": _COUNT,
    "site": _TEXT,
    "site_name": _TEXT,
    "organisation": _TEXT,
    "level": _TEXT,
    "subject_class": _TEXT,
    "subject_class_label": _TEXT,
    "document_kind": _TEXT,
    "document_kind_label": _TEXT,
    "audience": _TEXT,
    "audience_label": _TEXT,
    "repostable": {"type": "boolean"},
    "url": _TEXT,
    "published_at": _TIME,
    "updated_at": _TIME,
    "digest": _SM3,
    "address": _ADDRESS,
}


def object_of(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the shape of an object with these members and no others, of which ``optional`` may be missing."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


#: The shape of every error. ``parameter``: which one was wrong; ``retry_after``: seconds; ``resource``: the tombstone
#: of one that was withdrawn.
ERROR = object_of(
    {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": _TEXT,
                "message": _TEXT,
                "parameter": _TEXT,
                "retry_after": {"type": "integer", "minimum": 0, "maximum": 10**9},
                "resource": {"type": "object", "additionalProperties": {}},
            },
        }
    }
)


def answer_shapes() -> dict[str, dict[str, Any]]:
    """Return ``{name: schema}``; the schemas do not refer to each other."""
    document = {name: value for name, value in json_schema().items() if not name.startswith("$")}
    brief = object_of(_BRIEF)
    values: dict[str, Any] = dict.fromkeys(metadata_fields(), _TEXT)
    values |= {code: {"type": shape["type"]} for code, (_title, shape) in OTHER_FIELDS.items()}
    file = {
        "kind": {"enum": list(ResourceFile.Kind.values)},
        "name": _TEXT,
        "title": _TEXT,
        "sm3": _SM3,
        "size": {"type": "integer", "minimum": 0, "maximum": 2_000_000_000},
        "content_type": _TEXT,
        "map_number": _TEXT,
        "address": _ADDRESS,
    }
    whole = {
        **_BRIEF,
        "metadata": {"type": "object", "additionalProperties": False, "properties": values},
        "html": _TEXT,
        "text": _TEXT,
        "files": {"type": "array", "items": object_of(file, ("map_number",))},
        "versions": {
            "type": "array",
            "items": object_of({"version": _COUNT, "digest": _SM3, "cleared_at": _TIME}),
        },
        "document": _ADDRESS,
        "origin": _UUID,
        "interprets": _UUID,
    }
    change = object_of(
        {
            "uuid": _UUID,
            "status": {"enum": [*PUBLIC_STATUSES, str(Resource.Status.WITHDRAWN)]},
            "at": _TIME,
            "act": {"enum": list(Change.Act.values)},
            "version": _COUNT,
            "resource": brief,
            "document": document,
        },
        ("act", "version", "resource", "document"),
    )
    return {
        "Resource": brief,
        "WholeResource": object_of(whole, ("origin", "interprets")),
        "ResourceList": object_of(
            {"resources": {"type": "array", "items": brief}, "next": _ADDRESS, "after": _TEXT}, ("next", "after")
        ),
        "ChangeList": object_of(
            {
                "changes": {"type": "array", "items": change},
                "cursor": _TEXT,
                "more": {"type": "boolean"},
                "next": _ADDRESS,
            },
            ("next",),
        ),
        "Document": document,
        "Object": {"type": "object"},
        "Error": ERROR,
    }
