"""The themes that a site may have, and where their templates and static files are.

A theme is a folder below ``themes/``::

    themes/<code>/templates/     templates, addressed by plain names (``columns/column.html``)
    themes/<code>/static/<code>/ style sheets and scripts
    themes/palettes/static/      sets of colours for any look

``base`` is complete; every other theme names a parent and holds only what it changes. A template is looked for in the
theme first, then in its parent, up to ``base``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

THEMES_ROOT = Path(__file__).resolve().parent
BASE_CODE = "base"

SERVICE_ICONS: tuple[str, ...] = (
    "person",
    "company",
    "certificate",
    "birth",
    "education",
    "employment",
    "social-security",
    "medical",
    "housing",
    "transport",
    "marriage",
    "elderly",
    "tax",
    "land",
    "environment",
    "justice",
    "travel",
    "agriculture",
    "default",
)
"""Names that the ``icon`` of a service may have; each is a symbol in ``home/service_icons.html``."""


#: The folder of the sets of colours, which every look may have.
PALETTES_DIR = THEMES_ROOT / "palettes" / "static"
PALETTES: Mapping[str, StrOrPromise] = MappingProxyType(
    {
        "blue": _("蓝"),
        "indigo": _("靛蓝"),
        "red": _("红"),
        "maroon": _("绛红"),
        "green": _("绿"),
        "teal": _("青"),
        "brown": _("褐"),
        "slate": _("灰"),
    }
)
"""Names of the sets of colours by code; each is a block in ``palettes/colours.css``. '' is the look's own."""


class UnknownThemeError(LookupError):
    """No theme is registered under the code asked for."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The look of a site.

    ``code`` is stored with the site and names the folder's static files; ``label`` is what people
    choose from; ``parent`` is the code of the theme that fills the gaps, ``None`` for base alone.
    """

    code: str
    label: StrOrPromise
    parent: str | None
    folder: Path

    @property
    def template_dir(self) -> Path:
        """Folder of this theme's own templates."""
        return self.folder / "templates"

    @property
    def static_dir(self) -> Path:
        """Folder of this theme's own static files, to be listed in ``STATICFILES_DIRS``."""
        return self.folder / "static"


def _themes() -> Mapping[str, Theme]:
    themes = (
        Theme(BASE_CODE, _("基础主题"), None, THEMES_ROOT / BASE_CODE),
        Theme("portal", _("门户主题"), BASE_CODE, THEMES_ROOT / "portal"),
        Theme("county", _("县区主题"), BASE_CODE, THEMES_ROOT / "county"),
    )
    return MappingProxyType({theme.code: theme for theme in themes})


THEMES: Mapping[str, Theme] = _themes()
"""All themes by code, base first."""


def get_theme(code: str) -> Theme:
    """Return the theme with this code.

    Raises ``UnknownThemeError`` when there is none: a site must never silently change its look.
    """
    try:
        return THEMES[code]
    except KeyError:
        known = ", ".join(THEMES)
        raise UnknownThemeError(f"unknown theme {code!r}; known: {known}") from None


def theme_chain(code: str) -> tuple[Theme, ...]:
    """Return the theme and its ancestors, the most specific first and base last. Raises UnknownThemeError."""
    chain = [get_theme(code)]
    while (parent := chain[-1].parent) is not None:
        chain.append(get_theme(parent))
    return tuple(chain)


def template_dirs(code: str) -> tuple[Path, ...]:
    """Return the template folders of this theme, its own first and base last. Raises UnknownThemeError."""
    return tuple(theme.template_dir for theme in theme_chain(code))


def static_dirs() -> tuple[Path, ...]:
    """Return the static folders of all themes; their files lie below ``<code>/``, so none collide."""
    return (*(theme.static_dir for theme in THEMES.values()), PALETTES_DIR)
