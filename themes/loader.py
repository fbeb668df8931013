"""Templates of the current site's theme first, then base; cached per theme (trap T16)."""

from pathlib import Path

from django.template import Origin
from django.template.loaders import cached, filesystem

from govplatform.tenancy.current import current_tenant_or_none

from .registry import BASE_CODE, THEMES, template_dirs


def current_theme() -> str:
    """Theme of the site that is current on the connection; ``base`` outside a site."""
    code = getattr(current_tenant_or_none(), "theme", "") or BASE_CODE
    return code if code in THEMES else BASE_CODE


class ThemeLoader(filesystem.Loader):
    """Looks in the theme's folders, the theme's own before its parents'."""

    def get_dirs(self) -> list[str | Path]:
        return list(template_dirs(current_theme()))


class CachedLoader(cached.Loader):
    """Django's cached loader keys by name alone: one site's look would leak into another's."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{current_theme()}:{super().cache_key(template_name, skip)}"
