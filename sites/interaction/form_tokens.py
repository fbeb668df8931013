"""The token of a public form: these hosts have no cookie and no session, so the form itself says where it is from.

It is signed, expires, and is bound to one host and one form. With it goes a small piece of work that the browser does
(``work_is_done``), or a sum for people whose browser runs no script.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from govplatform.cases.codes import kept_hash, new_nonce
from govplatform.refusals import Refused, by_place

_SALT = "sites.interaction.form"
#: Long enough to write a letter with interruptions.
_LIFE = 6 * 60 * 60
#: So many bits of a hash are zero: about a tenth of a second of a telephone, minutes for a thousand letters.
WORK_BITS = 16
_MOST_DIGITS = 12
_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Token:
    """A token that was read. ``nonce``: what the form is told apart by."""

    text: str
    nonce: str


def new_token(host: str, form: str) -> Token:
    """Make the token of a form that is about to be shown on ``host``."""
    nonce = new_nonce()
    return Token(signing.dumps({"n": nonce, "h": host, "f": form}, salt=_SALT, compress=False), nonce)


def read_token(text: str, host: str, form: str) -> Token:
    """Return the token. Raises Refused where it is none of ours, of another host or form, or too old."""
    try:
        held = signing.loads(text, salt=_SALT, max_age=_LIFE)
    except signing.SignatureExpired:
        raise Refused(_("这一页打开的时间太长，已经失效。填写的内容还在下面，请再提交一次。")) from None
    except signing.BadSignature:
        held = {}
    if not isinstance(held, dict) or held.get("h") != host or held.get("f") != form:
        raise Refused(_("这张表单不是从本页打开的。填写的内容还在下面，请核对后再提交一次。"))
    return Token(text, str(held["n"]))


def work_is_done(token: Token, answer: str) -> bool:
    """Tell whether ``answer``, a number, makes a hash with the token that begins with ``WORK_BITS`` zeros."""
    if not (answer.isascii() and answer.isdigit() and len(answer) <= _MOST_DIGITS):
        return False
    digest = hashlib.sha256(f"{token.text}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (len(digest) * 8 - WORK_BITS) == 0


def sum_of(token: Token) -> str:
    """The sum that a person without script is asked, in words: 三加五."""
    first, second = _terms(token)
    return _("%(first)s加%(second)s") % {"first": _NUMERALS[first], "second": _NUMERALS[second]}


def shown_at_the_door(token: Token, reasons: Sequence[str] | None) -> dict[str, Any]:
    """Variables of every form behind this door: its token and work, and what has to be put right, at its place."""
    return {
        "token": token.text,
        "work_bits": WORK_BITS,
        "sum": sum_of(token),
        "reasons": reasons or [],
        "faults": by_place(reasons or []),
    }


def sum_is_right(token: Token, answer: str) -> bool:
    """Tell whether ``answer`` is the sum, in whatever digits."""
    answer = answer.strip()
    return answer.isdecimal() and len(answer) < 4 and int(answer) == sum(_terms(token))


def _terms(token: Token) -> tuple[int, int]:
    # Not to be read off the token: its nonce stands in it in the clear.
    number = int(kept_hash("sum", token.nonce)[:8], 16)
    return number % 8 + 2, number // 8 % 8 + 2
