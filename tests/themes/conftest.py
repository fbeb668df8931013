"""A stand-alone template engine for each theme, and a sample of every context that a view gives.

No database: pages, tenants and pictures are plain objects of the shape that the templates read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .engine import render_template
from .sample_pages import full_contexts

Render = Callable[[str, str, dict[str, Any]], str]


@pytest.fixture(scope="session")
def render() -> Render:
    """Return the function (theme code, template name, context) -> HTML."""
    return render_template


@pytest.fixture
def contexts() -> dict[str, dict[str, Any]]:
    """Return the full context of each page and block, by the name of its template."""
    return full_contexts()
