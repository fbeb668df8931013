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
from govplatform.confidentiality.scanning.rules.names import APART, LABELLED, NAME, SURNAMES
from govplatform.confidentiality.scanning.settings import ScanSettings

from ..engine import EngineError, Group, Need, Order, Query
from ..engines.choosing import own_engine
from ..text.document_numbers import compatible, find_numbers
from ..text.folding import fold
from ..truth import present_documents

#: Characters of a term; a longer one is a story of somebody's own.
LONGEST = 24
#: Numbers of people and of what belongs to them are longer than any of a document, whatever signs stand between their
#: digits, and also written in characters. Numbers of documents are taken out before.
_LONG_NUMBER = re.compile(
    r"\d(?:[\W_]{0,3}\d){6}"
    r"|[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[\W_]{0,3}[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]){6}"
)
#: An account somewhere: a sign of addresses, or letters before a number that no standard has.
_ACCOUNT = re.compile(r"[@＠]|(?:微信|支付宝|抖音|[账帐]号|qq)号?[ :：]?[a-z0-9_\-]{5}|[a-z][_\-]{0,3}[ :：]?\d{6}")
#: Where somebody lives.
_HOUSE = re.compile(r"(?:路|街|巷|弄|里|胡同|小区|花园|公寓|村)[^\s\d]{0,6}\d{1,5} ?(?:号|栋|幢|座|室|单元|户)")
_NAME = re.compile(NAME)
#: What may begin a name in the middle of other words, and what somebody is called who is known.
_MAY_BEGIN = re.compile(rf"(?=([{SURNAMES}][一-龥])|([老小阿][{SURNAMES}])(?![一-龥]))")
_BETWEEN_PARTS = re.compile(r"[\s·•・]+")
_DAY = 86_400


def may_be_kept(term: str, *, in_title: bool) -> bool:
    """Whether a term says nothing of a private person.

    What the scanner takes for the data of a person is never kept, nor is a long number. What may be a name is kept when
    it stands in the title of something public (``in_title``): a public name, or a word that looks like one.
    """
    if not term or len(term) > LONGEST or _LONG_NUMBER.search(_without_numbers(term)):
        return False
    if any(odd.search(term) for odd in (_ACCOUNT, _HOUSE)):
        return False
    if scan_pieces([Piece(term, "term")], ScanSettings()):
        return False
    named = APART.search(term) or LABELLED.search(term) or any(_NAME.fullmatch(word) for word in term.split())
    return in_title or not named


def _without_numbers(term: str) -> str:
    """Return a term without the document numbers in it."""
    term = compatible(term)
    for number in reversed(find_numbers(term)):
        term = f"{term[: number.start]}号{term[number.end :]}"
    return term


def words_are_public(term: str) -> bool:
    """Whether every pair of characters of a term that may begin a name stands in the title of something public.

    Nobody can tell 王小明低保 from 高龄津贴 by a table of surnames: half of all words begin with one. But what a
    government publishes has the words of its business in its titles, and the names of private people in none. Asks the
    index, once for each such pair; False while it does not answer.
    """
    joined = fold(_BETWEEN_PARTS.sub("", term))
    pairs = {found[1] or found[2] for found in _MAY_BEGIN.finditer(joined)}
    try:
        return all(_stands_in_a_title(pair) for pair in sorted(pairs))
    except EngineError:
        return False


def _stands_in_a_title(pair: str) -> bool:
    ways = ((Need(f"^{pair}"),),)
    query = Query(groups=(Group(ways, ways),), order=Order.NEWEST, limit=1, facets=False)
    return bool(present_documents([hit.id for hit in own_engine().query(query).hits]))


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
