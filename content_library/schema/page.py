"""The text of docs/library-metadata.md, written from the definitions (``library schema --page``)."""

from ..metadata import InterpretationForm, Validity
from ..vocabularies.queries import terms_of
from ..vocabularies.words import VOCABULARY_OF
from .definition import OTHER_FIELDS, json_schema, metadata_fields
from .mapping import DCAT, NATIONAL

_HEAD = """# Metadata of the common library

Written by `manage.py library schema --page`; a test compares it with the definitions in
`content_library/metadata.py` and `content_library/schema/`. `manage.py library schema --json` prints the JSON Schema.

A resource is exported and imported as one JSON document (or a zip with the same document as `resource.json` and
the files under `files/<sm3>` when they are large). Values of classification are codes; times carry their zone.
HTML is the body without site furniture; files are named in it as `library:blob/<sm3>/<name>`.
"""


def written_page() -> str:
    schema = json_schema()["properties"]["metadata"]
    required = set(schema["required"])
    lines = [
        _HEAD,
        "## Fields\n",
        "| code | 名称 | required | value | DCAT | 国家核心元数据 |",
        "|---|---|---|---|---|---|",
    ]
    named = {code: str(field.label) for code, field in metadata_fields().items()}
    named |= {code: title for code, (title, _value) in OTHER_FIELDS.items()}
    for code, label in named.items():
        mark = "yes" if code in required else ""
        value = _in_words(schema["properties"][code])
        dcat = f"`{DCAT[code]}`" if code in DCAT else ""
        lines.append(f"| `{code}` | {label} | {mark} | {value} | {dcat} | {NATIONAL.get(code, '')} |")
    lines.append("\n## Codes\n")
    for name, words in _code_lists().items():
        lines += [f"### {name}\n", "| code | 名称 |", "|---|---|"]
        lines += [f"| `{code}` | {label} |" for code, label in words.items()]
        lines.append("")
    lines.append("The vocabularies of an installation may add codes and call these otherwise.")
    return "\n".join(lines) + "\n"


def _code_lists() -> dict[str, dict[str, str]]:
    """Return ``{field: {code: name}}``: the fixed codes, and the top terms of the vocabularies."""
    lists: dict[str, dict[str, str]] = {
        name: {str(code): str(label) for code, label in choices}
        for name, choices in (("validity", Validity.choices), ("interpretation_form", InterpretationForm.choices))
    }
    for name, vocabulary in VOCABULARY_OF.items():
        lists[name] = {row.code: row.label for row in terms_of(vocabulary).values() if row.active and not row.parent}
    return lists


def _in_words(value: dict[str, object]) -> str:
    if "enum" in value:
        return "code"
    parts = [str(value.get("format") or value.get("type"))]
    if "maxLength" in value:
        parts.append(f"at most {value['maxLength']}")
    return ", ".join(parts)
