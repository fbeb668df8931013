"""What a process keeps between requests at the level of modules and classes: found, and fingerprinted."""

import importlib
import importlib.util
import inspect
import pkgutil
import re
import sys
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator
from typing import Any

from django.forms import BaseForm, Widget
from django.views import View
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import Menu, MenuItem
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component

PRODUCT = ("govplatform", "content_library", "sites", "themes", "search")
_CHANGEABLE = (list, dict, set, bytearray, deque, defaultdict, OrderedDict)
#: What a request calls by its class.
_REACHED = (View, BaseForm, Widget, Panel, Component, MenuItem, Menu, ActionMenuItem)
#: Modules whose functions requests call, by the last part of their name.
_DOORS = ("views", "forms", "urls", "menu", "menus", "panels", "wagtail_hooks", "widgets", "permissions", "roles")
#: Written by libraries when a class is made, and never again.
_MADE_ONCE = frozenset({"base_fields", "declared_fields", "__annotations__", "__dict__"})


def load_everything() -> None:
    """Import every module of the product that a request can come to."""
    for package in PRODUCT:
        found = importlib.util.find_spec(package)
        for one in pkgutil.walk_packages(found.submodule_search_locations if found else [], f"{package}."):
            if not re.search(r"\.(migrations|settings|management|__main__)\b|wsgi$", one.name):
                importlib.import_module(one.name)


def modules(*packages: str) -> Iterator[Any]:
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in packages and module is not None and ".migrations" not in name:
            yield module


def classes(*packages: str) -> Iterator[type]:
    for module in modules(*packages):
        for held in list(vars(module).values()):
            if inspect.isclass(held) and held.__module__ == module.__name__:
                yield held


def is_reached(cls: type) -> bool:
    """Whether requests meet ``cls``: views, forms, widgets, panels, menus, and what is mixed into them."""
    return issubclass(cls, _REACHED) or cls.__module__.rpartition(".")[2] in _DOORS or ".views." in cls.__module__


def changeable_in(holder: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of what stands on a module or class and can be changed in place."""
    for name, value in list(vars(holder).items()):
        if isinstance(value, _CHANGEABLE) and name not in _MADE_ONCE and not name.startswith("__"):
            yield name, value


def is_door(module: Any) -> bool:
    parts = module.__name__.split(".")
    return parts[-1] in _DOORS or "views" in parts


def fingerprints(*packages: str) -> dict[str, Any]:
    """``module.name`` and ``module.Class.name`` -> what the container there holds, to compare with later."""
    found = {}
    for module in modules(*packages):
        for name, value in changeable_in(module):
            found[f"{module.__name__}.{name}"] = _print_of(value, 0)
    for cls in classes(*packages):
        for name, value in changeable_in(cls):
            found[f"{cls.__module__}.{cls.__qualname__}.{name}"] = _print_of(value, 0)
    return found


def _print_of(value: Any, depth: int) -> Any:
    if depth > 6:
        return id(value)
    if isinstance(value, dict):
        return {repr(key)[:80]: _print_of(held, depth + 1) for key, held in list(value.items())}
    if isinstance(value, list | tuple | deque):
        return [_print_of(held, depth + 1) for held in list(value)]
    if isinstance(value, set | frozenset):
        return sorted(repr(held)[:80] for held in value)
    return value if isinstance(value, str | int | float | bytes | bool | None) else (type(value).__name__, id(value))
