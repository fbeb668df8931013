"""Names of other parts that a rule pack may use: scanning rules, types of column.

Those parts lie above this one, so they register their names here when their apps are ready.
"""

from collections.abc import Callable, Mapping
from typing import Any

SCANNING_RULES, COLUMN_TYPES = "scanning_rules", "column_types"

#: Called when the names are needed: code -> label in the reader's language.
NamesSource = Callable[[], Mapping[str, Any]]
_sources: dict[str, NamesSource] = {}


def register_names(kind: str, source: NamesSource) -> None:
    """Have ``source`` asked for the names of ``kind`` (SCANNING_RULES, COLUMN_TYPES) and their labels."""
    _sources[kind] = source


def names_of(kind: str) -> dict[str, str]:
    """Code -> label; empty when no part of the platform has registered any."""
    source = _sources.get(kind)
    return {code: str(label) for code, label in source().items()} if source else {}
