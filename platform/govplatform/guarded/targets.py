"""The functions that a guarded process may run: our own, and of these only the ones marked with ``guarded_target``."""

import importlib
from collections.abc import Callable
from typing import Any

ALLOWED_PREFIXES: tuple[str, ...] = (
    "govplatform.",
    "sites.",
    "content_library.",
    "search.",
)

GuardedTarget = Callable[[dict[str, Any]], dict[str, Any]]

_MARK = "__guarded_target__"


def guarded_target(function: GuardedTarget) -> GuardedTarget:
    """Mark a function `(args: dict) -> dict` as one that may be run by name in a guarded process.

    The mark keeps a dotted name from reaching what a module merely imports (`sites.x.os.system`).
    """
    setattr(function, _MARK, True)
    return function


def is_allowed_name(target: str, prefixes: tuple[str, ...]) -> bool:
    """Whether the dotted name lies below one of the prefixes and is a plain dotted name."""
    parts = target.split(".")
    return (
        len(parts) >= 2
        and all(part.isidentifier() for part in parts)
        and any(target.startswith(prefix) for prefix in prefixes)
    )


def load_target(target: str) -> GuardedTarget:
    """Import the function. Raises LookupError when it is missing or does not carry the mark."""
    module_name, _, function_name = target.rpartition(".")
    function = getattr(importlib.import_module(module_name), function_name, None)
    if function is None or not getattr(function, _MARK, False):
        raise LookupError(f"{target} is not a guarded target")
    return function  # type: ignore[no-any-return]
