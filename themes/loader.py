"""Template loaders that look in the current site's theme first, then in base, and cache per theme (trap T16)."""

from pathlib import Path

from django.template import Origin
from django.template.loaders import cached, filesystem

from govplatform.tenancy.current import current_tenant_or_none

from .registry import BASE_CODE, THEMES, template_dirs


def current_theme() -> str:
    """Return the code of the current site's theme; ``base`` outside a site and for a theme that is not registered."""
    code = getattr(current_tenant_or_none(), "theme", "") or BASE_CODE
    return code if code in THEMES else BASE_CODE


class ThemeLoader(filesystem.Loader):
    """A loader that looks in the folders of the current theme before those of the theme's parents."""

    def get_dirs(self) -> list[str | Path]:
        return list(template_dirs(current_theme()))


class CachedLoader(cached.Loader):
    """A cache with the theme in its keys; Django's, by name alone, would show one site's look on another's pages."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{current_theme()}:{super().cache_key(template_name, skip)}"
