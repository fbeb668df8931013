"""Cleaning and sealing a version's HTML once, when it enters the library, so that pages need not clean it again.

The seal is made with the installation's secret key over the HTML and the list that it was cleaned against. A row that
somebody wrote past the library, a list that has changed and a key that was replaced give no valid seal; then whoever
shows the version cleans it, as if it came from outside.
"""

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import unquote

from django.utils.crypto import constant_time_compare, salted_hmac

from govplatform.untrusted_files.html import BODY

from ..models import ResourceVersion
from .records import BLOB_SCHEME, LibraryRecord

_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/([^\s\"'<>]+)")


def clean_html(record: LibraryRecord) -> str:
    """Reduce the record's HTML to what our own bodies are made of, files only where they are the record's."""
    files = {(file.sm3, file.name) for file in record.files}
    return BODY.clean(record.html, is_file=lambda address: _names_one_of(address, files))


def seal_of(html: str) -> str:
    """Return the ``ResourceVersion.html_seal`` of HTML that was cleaned against today's list."""
    return salted_hmac("content_library.clean_html", f"{BODY.fingerprint}\n{html}", algorithm="sha256").hexdigest()


def is_clean(version: ResourceVersion) -> bool:
    """Tell whether the version's HTML is what the library itself cleaned."""
    return bool(version.html_seal) and constant_time_compare(seal_of(version.html), version.html_seal)


def _names_one_of(address: str, files: Collection[tuple[str, str]]) -> bool:
    match = _BLOB.fullmatch(address)
    return match is not None and (match[1], unquote(unescape(match[2]))) in files
