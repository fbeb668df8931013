"""Links that leave government sites say so, in words, where they stand (RULES.md).

A link of the running text to a host that is neither of this platform nor below ``gov.cn`` gets a mark that every
reader meets: on the screen, in print and in a screen reader. There is no page in between, so no address of ours
forwards anybody anywhere (deploy/decisions/010-external-links.md).
"""

import re
from html import unescape
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from govplatform.tenancy.hosts import find_host

_ANCHOR = re.compile(r"<a\s([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_OURS = re.compile(r"""\s*\b(?:rel|class|target)\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_GOVERNMENT_SUFFIX = ".gov.cn"


def leaves_government(address: str) -> bool:
    """Whether ``address`` (as written in ``href``) leads to a host that is no government site."""
    try:
        # Browsers read a backslash as a slash and drop line breaks and tabs.
        parts = urlsplit(re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/"))
        host = parts.hostname or ""
    except ValueError:
        return True
    if not host:
        return False
    host = host.lower().rstrip(".")
    return not (f".{host}".endswith(_GOVERNMENT_SUFFIX) or find_host(host) is not None)


def mark_external_links(html: str) -> SafeString:
    """``html`` (already safe) with a mark in each link that leaves government sites."""
    return mark_safe(_ANCHOR.sub(_marked, html))


def _marked(match: re.Match[str]) -> str:
    attributes, text = match.groups()
    found = _HREF.search(attributes)
    if found is None or not leaves_government(unescape(found.group(1) or found.group(2) or "")):
        return match.group(0)
    mark = format_html(
        '<span class="external-mark"><svg class="icon" aria-hidden="true"><use href="#i-out"/></svg>{}</span>',
        _("外部链接"),
    )
    kept = _OURS.sub("", f" {attributes}").strip()
    return f'<a {kept} class="external" rel="noopener noreferrer">{text}{mark}</a>'
