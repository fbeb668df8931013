"""The HTML of a version as a page of this site shows it: only allowed markup, files under this site's addresses.

The library's HTML comes from every site and from other platforms, whoever wrote it: it is cleaned when it enters the
library, and again here when it bears no seal that it was. Nothing is fetched from anywhere: a picture, sound or film
is one of the version's files or is left out.
"""

import re
from collections.abc import Collection, Sequence
from html import unescape
from urllib.parse import quote, unquote

from django.utils.safestring import SafeString, mark_safe

from content_library.models import ResourceVersion
from content_library.resources.clean_html import is_clean
from content_library.resources.records import BLOB_SCHEME
from govplatform.untrusted_files.html import BODY, Filter
from sites.pages.external_links import Marked, Marker
from sites.pages.kept_bodies import find_body, keep_body

#: Address of the library's files on every public host; see ``files.py``.
PUBLIC_FILES = "/library/files/"
_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/([^\s\"'<>]+)")


def files_address(prefix: str, sm3: str, name: str) -> str:
    """Return the address of a file of the library below ``prefix``."""
    return f"{prefix}{sm3}/{quote(name)}"


def shown_html(version: ResourceVersion, prefix: str = PUBLIC_FILES) -> SafeString:
    """Return the version's HTML, cleaned, with the marks of external links and with its files below ``prefix``.

    Cleaning and marking were done when it entered the library; what has no valid seal is cleaned and marked here. The
    result is cached per version, which never changes, until a host that it links to becomes one of this platform.
    """
    key = f"repost:{version.pk}:{version.digest}:{prefix}"
    kept: Marked | None = find_body(key)
    if kept is None or not kept.is_current():
        kept = _shown(version, prefix)
        keep_body(key, kept, len(kept.html))
    return mark_safe(kept.html)


def _shown(version: ResourceVersion, prefix: str) -> Marked:
    files = {(f.blob_id, f.name) for f in version.files.all()} if BLOB_SCHEME in version.html else set()
    marker = Marker(version.link_marks)
    stored = marker.text(version.html) if is_clean(version) else None
    if stored is not None:
        return marker.marked(_with_addresses(stored, files, prefix))
    return marker.marked(clean(version.html, files, prefix, filters=[marker.filter()]))


def clean(
    html: str, files: Collection[tuple[str, str]], prefix: str = PUBLIC_FILES, filters: Sequence[Filter] = ()
) -> str:
    """Return ``html`` reduced to the allowed markup. ``files``: (SM3, name) of the files that may be addressed."""

    cleaned = BODY.clean(
        _with_addresses(html, files, prefix), is_file=lambda address: address.startswith(prefix), filters=filters
    )
    return cleaned.replace("<img>", "")


def _with_addresses(html: str, files: Collection[tuple[str, str]], prefix: str) -> str:
    def resolved(match: re.Match[str]) -> str:
        name = unquote(unescape(match[2]))
        return files_address(prefix, match[1], name) if (match[1], name) in files else ""

    return _BLOB.sub(resolved, html)
