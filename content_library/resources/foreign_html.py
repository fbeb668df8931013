"""The cleaning of HTML that another platform brings: it is reduced to what our own bodies are made of."""

import re
from collections.abc import Container

from govplatform.untrusted_files.html import FOREIGN

from .records import BLOB_SCHEME

_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/[^/\"<>\s]+")


def clean_foreign_html(html: str, sm3s: Container[str]) -> str:
    """Keep allowed tags and attributes alone; pictures and players show files of ``sm3s``, nothing else."""

    def is_file(address: str) -> bool:
        match = _BLOB.fullmatch(address)
        return match is not None and match[1] in sm3s

    return FOREIGN.clean(html, is_file=is_file)
