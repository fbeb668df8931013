"""Every address of the console, generated from its URL conf and filled with real ids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

#: Addresses that everybody must be able to open, and that end the session when opened.
OPEN = re.compile(r"^/admin/(login|logout|jsi18n|sprite|second-factor(/setup)?|new-password|password_reset.*)/?$")
_CAPTURE = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Address:
    """``path`` as a browser asks for it; ``name``: the URL's name with its namespaces, or the pattern itself."""

    path: str
    name: str
    pattern: str = ""


def console_addresses(values: dict[str, Any]) -> list[Address]:
    """All addresses with their arguments from ``values`` (argument name -> value).

    Raises KeyError for an argument that ``values`` does not know, so a new address cannot
    stay outside the walk.
    """
    found = []
    for pattern, name in patterns(get_resolver(settings.CONSOLE_URLCONF)):
        path = "/" + _fill(pattern, values)
        if not OPEN.match(path):
            found.append(Address(path, name or pattern, pattern))
    return found


def patterns(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(pattern, name with its namespaces) of every address below ``resolver``."""
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield text, space + entry.name if entry.name else ""
        else:
            yield from patterns(entry, text, f"{space}{entry.namespace}:" if entry.namespace else space)


def _fill(pattern: str, values: dict[str, Any]) -> str:
    text = _CAPTURE.sub(lambda match: str(values[match["name"]]), pattern)
    # The few regular expressions of the URL conf, by the groups that they hold.
    text = text.replace(r"(live|earliest|\d+)\.\.\.(live|latest|\d+)", "earliest...latest")
    text = text.replace(r"(\d+)", str(values["page_id"])).replace(".*", "anything")
    text = text.replace("^", "").replace("$", "").replace("\\", "")
    if re.search(r"[()<>\[\]]", text):
        raise KeyError(f"cannot fill {pattern}")
    return text
