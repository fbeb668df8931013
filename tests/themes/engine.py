"""The template engine as a site of one theme sees it, without settings of the platform."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.template import Context, Engine
from django.template.backends.django import get_installed_libraries

from themes.registry import template_dirs


@cache
def _engine(theme_code: str) -> Engine:
    """Parses each template once, as the platform's own loader does."""
    return Engine(
        dirs=[str(folder) for folder in template_dirs(theme_code)],
        libraries=get_installed_libraries(),
        string_if_invalid="",
        debug=False,
    )


def render_template(theme_code: str, name: str, context: dict[str, Any]) -> str:
    """Return the HTML of one template, looked for in the theme first and in base last."""
    return _engine(theme_code).get_template(name).render(Context(context))
