"""Narrowing a list by facets whose values stand in its address: the catalogue, and guides to services."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise

#: A longer value in an address is none of ours.
_LONGEST = 120


def asked_of(request: HttpRequest, codes: Collection[str]) -> dict[str, str]:
    """Return facet -> the value that the address narrows it to; facets that are not narrowed are missing."""
    given = {code: request.GET.get(code, "").strip() for code in codes}
    return {code: value[:_LONGEST] for code, value in given.items() if value}


def offered(
    code: str,
    name: str | Promise,
    counts: Mapping[str, int],
    asked: Mapping[str, str],
    *,
    label: Callable[[str], str],
    order: Callable[[Collection[str]], Collection[str]],
) -> list[dict[str, Any]]:
    """Return ``[{"code", "name", "values": [{"value", "label", "count", "chosen"}]}]`` of one facet.

    ``counts``: value -> how many have it. A facet with a single value narrows nothing: [] unless it was asked for.
    """
    if len(counts) < 2 and code not in asked:
        return []
    values = [
        {"value": value, "label": label(value), "count": counts[value], "chosen": value == asked.get(code)}
        for value in order(counts)
    ]
    return [{"code": code, "name": str(name), "values": values}]


def query_of(asked: Mapping[str, str]) -> str:
    """Return ``asked`` as the end of an address, ``&theme=02``; '' when nothing is narrowed."""
    return f"&{urlencode(asked)}" if asked else ""
