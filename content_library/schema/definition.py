"""The JSON Schema of an exported resource, made from ``metadata.py`` so that no field is defined twice.

Draft 2020-12. ``checking.py`` carries out the part of it that is used here.
"""

from typing import Any

from ..metadata import CONTENT_FIELDS, DOCUMENT_FIELDS, Disclosure, MetadataField, Validity
from ..models import Resource, ResourceFile

FORMAT = "govplatform-resource"
FORMAT_VERSION = 1
SCHEMA_ID = "urn:govplatform:library:resource:1"
UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
SM3_PATTERN = "^[0-9a-f]{64}$"
LONGEST_HTML = 4_000_000

#: Schemas of fields that are more than a line of text. Codes leave room for terms that a vocabulary adds.
_VALUES: dict[str, dict[str, Any]] = {
    "title": {"type": "string", "minLength": 1, "maxLength": 255},
    "published_at": {"type": "string", "format": "date-time"},
    "issued_on": {"type": "string", "format": "date"},
    "summary": {"type": "string", "maxLength": 500},
    "url": {"type": "string", "format": "uri", "maxLength": 500},
    "subject_class": {"type": "string", "pattern": "^[0-9A-Za-z]{2,8}$"},
    "document_kind": {"type": "string", "pattern": "^[0-9a-z_-]{1,20}$"},
    "validity": {"enum": list(Validity.values)},
    "disclosure": {"enum": [str(value) for value in Disclosure]},
    "index_number": {"type": "string", "maxLength": 60},
    "audience": {"type": "string", "maxLength": 100},
}
_LINE = {"type": "string", "maxLength": 300}
#: Further fields of the library, which are not in the block of an official document.
OTHER_FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "repostable": ("允许转载", {"type": "boolean"}),
    "validity_note": ("时效说明", _LINE),
    "addressee": ("主送机关", _LINE),
    "signature": ("落款", _LINE),
    "interpretation_form": ("解读形式", {"type": "string", "maxLength": 20}),
}
_REQUIRED = ["title", "published_at", "source", "disclosure"]


def metadata_fields() -> dict[str, MetadataField]:
    """Return ``{code: field}`` in the order in which they are read; the image is a file, not a value."""
    return {field.code: field for field in (*CONTENT_FIELDS, *DOCUMENT_FIELDS) if field.code != "image"}


def json_schema() -> dict[str, Any]:
    """Return the schema of what ``library export`` writes and ``library import`` reads."""
    properties = {
        code: {"title": str(field.label), **_VALUES.get(code, _LINE)} for code, field in metadata_fields().items()
    }
    properties |= {code: {"title": title, **value} for code, (title, value) in OTHER_FIELDS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "信息资源库资源",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "format_version", "uuid", "version", "kind", "status", "metadata", "html", "text"],
        "properties": {
            "format": {"const": FORMAT},
            "format_version": {"const": FORMAT_VERSION},
            "uuid": {"type": "string", "pattern": UUID_PATTERN},
            "origin": {"type": "string", "pattern": UUID_PATTERN},
            "interprets": {"type": "string", "pattern": UUID_PATTERN},
            "platform": {"type": "string", "maxLength": 200},
            "site": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 100},
                    "identity_code": {"type": "string", "maxLength": 10},
                    "level": {"enum": ["province", "city", "county"]},
                },
            },
            "organisation": {"type": "string", "maxLength": 120},
            "version": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
            "kind": {"enum": list(Resource.Kind.values)},
            "status": {"enum": list(Resource.Status.values)},
            "url": {"type": "string", "format": "uri", "maxLength": 500},
            "updated_at": {"type": "string", "format": "date-time"},
            "metadata": {
                "type": "object",
                "additionalProperties": False,
                "required": _REQUIRED,
                "properties": properties,
            },
            "html": {"type": "string", "maxLength": LONGEST_HTML},
            "text": {"type": "string", "maxLength": LONGEST_HTML},
            "digest": {"type": "string", "pattern": SM3_PATTERN},
            "versions": {
                "type": "array",
                "maxItems": 10_000,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["version", "cleared_at"],
                    "properties": {
                        "version": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
                        "title": {"type": "string", "maxLength": 255},
                        "digest": {"type": "string", "pattern": SM3_PATTERN},
                        "cleared_at": {"type": "string", "format": "date-time"},
                    },
                },
            },
            "files": {
                "type": "array",
                "maxItems": 500,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["kind", "name", "sm3", "size", "content_type"],
                    "properties": {
                        "kind": {"enum": list(ResourceFile.Kind.values)},
                        "name": {"type": "string", "pattern": r"^[^/\\\x00-\x1f<>\"]{1,200}$"},
                        "title": {"type": "string", "maxLength": 255},
                        "sm3": {"type": "string", "pattern": SM3_PATTERN},
                        "size": {"type": "integer", "minimum": 0, "maximum": 2_000_000_000},
                        "content_type": {"type": "string", "pattern": r"^[a-z0-9.+-]+/[A-Za-z0-9.+-]+$"},
                        "map_number": {"type": "string", "maxLength": 40},
                        "base64": {"type": "string", "maxLength": 100_000_000},
                    },
                },
            },
        },
    }
