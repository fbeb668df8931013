"""Which terms may be kept at all: none that may be about a person who is not public, none that few have asked."""

import hashlib
import re

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tenants.utils import schema_context

from govplatform.confidentiality.scanning.engine import scan_pieces
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.rules.names import APART, LABELLED, NAME
from govplatform.confidentiality.scanning.settings import ScanSettings

#: Characters of a term; a longer one is a story of somebody's own.
LONGEST = 24
#: Numbers of people and of what belongs to them are longer than any of a document.
_LONG_NUMBER = re.compile(r"\d(?:[ \-]?\d){6}")
_NAME = re.compile(NAME)
_DAY = 86_400


def may_be_kept(term: str, *, in_title: bool) -> bool:
    """Whether a term says nothing of a private person.

    What the scanner takes for the data of a person is never kept, nor is a long number. What may be a name is kept when
    it stands in the title of something public (``in_title``): a public name, or a word that looks like one.
    """
    if not term or len(term) > LONGEST or _LONG_NUMBER.search(term):
        return False
    if scan_pieces([Piece(term, "term")], ScanSettings()):
        return False
    named = APART.search(term) or LABELLED.search(term) or any(_NAME.fullmatch(word) for word in term.split())
    return in_title or not named


def places_that_asked(tenant_id: int, term: str, client: str) -> int:
    """Count that ``client`` (an address) asks for ``term``; return from how many places it came in the last days.

    0 when this one has asked before. Kept in the cache ``questions`` alone, and under digests: neither the term nor the
    address is written down anywhere.
    """
    days = settings.SEARCH_STATISTICS["days"]
    cache = caches["questions"]
    with schema_context("public"):
        if not cache.add(_digest("client", tenant_id, term, client), 1, timeout=days * _DAY):
            return 0
        key = _digest("places", tenant_id, term)
        cache.add(key, 0, timeout=days * _DAY)
        try:
            return int(cache.incr(key))
        except ValueError:
            # The cache was full and dropped the key between the two calls: it is counted from the beginning.
            return 0


def _digest(*parts: object) -> str:
    """A digest that nobody finds by trying who does not have the platform's key; another one in each period."""
    period = timezone.localdate().toordinal() // settings.SEARCH_STATISTICS["days"]
    key = salted_hmac("search.statistics", str(period), algorithm="sha256").digest()
    said = "\0".join(str(part) for part in parts)
    return hashlib.blake2b(said.encode(), digest_size=20, key=key).hexdigest()
