"""The addresses that links of a Word document may lead to."""

from html import escape

from govplatform.untrusted_files.html import DOCUMENT_INLINE


def is_allowed(address: str) -> bool:
    """Say whether a link with this address may stand in a page."""
    return "href" in DOCUMENT_INLINE.clean(f'<a href="{escape(address)}">x</a>')
