"""The text of a version for the preview: cleaned, its files under the console's own addresses."""

import re
from html import escape, unescape
from urllib.parse import unquote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ..models import Resource, ResourceFile, ResourceVersion
from ..resources.foreign_html import clean_foreign_html
from ..resources.records import BLOB_SCHEME

_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/([^\s\"'<>]+)")
#: No script, no frame, no form; pictures and films are this console's own.
POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self';"
    " frame-ancestors 'self'; base-uri 'none'"
)


def preview_html(resource: Resource, version: ResourceVersion) -> SafeString:
    """Return the body of a version as cleaned HTML, its files under this console's addresses.

    Only what the list of allowed HTML names is kept, whoever wrote the text.
    """
    files = set(ResourceFile.objects.filter(version=version).values_list("blob_id", flat=True))

    def resolved(match: re.Match[str]) -> str:
        name = unquote(unescape(match[2]))
        return escape(reverse("library_file", args=[resource.uuid, match[1], name]))

    return mark_safe(_BLOB.sub(resolved, clean_foreign_html(version.html, files)))
