"""The template engine as a site of one theme sees it, without settings of the platform."""

from __future__ import annotations

from typing import Any

from django.template import Context, Engine
from django.template.backends.django import get_installed_libraries

from themes.registry import template_dirs


def render_template(theme_code: str, name: str, context: dict[str, Any]) -> str:
    """Return the HTML of one template, looked for in the theme first and in base last."""
    engine = Engine(
        dirs=[str(folder) for folder in template_dirs(theme_code)],
        libraries=get_installed_libraries(),
        string_if_invalid="",
    )
    return engine.get_template(name).render(Context(context))
