"""What a screen offers: its links and forms that lead to other screens, and whether these open to whoever sees them."""

import re
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from govplatform.accounts.screens.screen import Admission

_LED_TO = re.compile(r'<(?:a|form)\b[^>]*?\s(?:href|action)="(/admin/[^"]*)"')
_CONSOLE = "govplatform.console.urls"


def closed_ways(html: str, role: str) -> list[str]:
    """The addresses offered in ``html`` whose screen does not open to ``role``."""
    return sorted({way for way in _LED_TO.findall(html) if not _opens(urlsplit(way).path, role)})


def _opens(path: str, role: str) -> bool:
    try:
        view = resolve(path, urlconf=_CONSOLE).func
    except Resolver404:
        return True
    while not hasattr(view, "view_class") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    screen = getattr(view, "view_class", object)
    return not issubclass(screen, Admission) or role in screen.opening_roles()
