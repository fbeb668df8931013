"""The canonical form of an address on a host: what two ways of writing the same address have in common.

An address has two forms. The exact one keeps letter case, ending and closing slash; the loose one gives them up, and is
asked only where the exact one is not known and all that share it lead to the same. Nothing here knows of a database.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

#: Longer addresses (in bytes as sent) are nobody's: the product's own bound.
LONGEST = 2_000
#: Encodings that old sites wrote their paths in, by the name that a host's rules give them.
CHARSETS: Mapping[str, str] = MappingProxyType({"utf-8": "utf-8", "gbk": "gb18030", "big5": "big5"})
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_SCHEME_HOST = re.compile(r"(https?)://([^/?#\\@\s]+)", re.IGNORECASE)
_PORT = re.compile(r":\d{0,5}\Z")
#: Signs of a name that would be read as something else in a form.
_ESCAPES = (("%", "%25"), ("?", "%3F"), ("#", "%23"))
#: Stand for themselves in a path; ``%`` because it is an escape in a form already.
_PLAIN = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Rules:
    """How the addresses of one host are read.

    ``fold_case``: letters of either case are the same in the loose form. ``charset``: the encoding (of CHARSETS) that
    percent-encoded bytes are read in first; the others are tried after it. ``significant``: names of the query
    parameters that tell pages apart, all others are left out. ``default_documents``: file names that stand for their
    folder; ``legacy_extensions``: endings that the loose form leaves off.
    """

    fold_case: bool = True
    charset: str = "utf-8"
    significant: tuple[str, ...] = ("page", "p")
    default_documents: tuple[str, ...] = (
        "index.html", "index.htm", "index.shtml", "index.jsp", "index.asp", "index.aspx", "index.php", "index.do",
        "default.html", "default.htm", "default.jsp", "default.asp", "default.aspx", "default.php",
    )  # fmt: skip
    legacy_extensions: tuple[str, ...] = (".html", ".htm", ".shtml", ".jsp", ".asp", ".aspx", ".php", ".do")


DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class Form:
    """One reading of an address. ``path``: the exact form, ``/news/?page=2``; ``loose``: the loose one.

    Both are text with the characters themselves; ``%``, ``?`` and ``#`` inside a name are escapes. ``is_plain``: the
    path was written just as in the exact form, without doubled slashes and the like.
    """

    path: str
    loose: str
    is_plain: bool = field(default=True, compare=False)

    @property
    def key(self) -> UUID:
        return key_of(self.path)

    @property
    def loose_key(self) -> UUID:
        return key_of(self.loose)


def key_of(text: str) -> UUID:
    """The first half of the SHA-256 of ``text``, by which the ledger finds it (as ``entering.KEY`` does in SQL)."""
    return UUID(bytes=sha256(text.encode()).digest()[:16])


def forms_of(path: bytes, query: bytes = b"", rules: Rules = DEFAULT_RULES) -> list[Form]:
    """Read an address: ``path`` with its percent escapes resolved, ``query`` as it was sent, without ``?``.

    One form for each encoding in which the bytes make sense, the most likely first; none for what no address can be:
    control characters, NUL, bytes of no known encoding, more than LONGEST bytes.
    """
    if not path.startswith((b"/", b"\\")) or len(path) > LONGEST:
        return []
    forms: dict[Form, None] = {}
    for encoding in _encodings(rules):
        try:
            text = path.decode(encoding)
        except UnicodeDecodeError:
            continue
        form = _form(text, query, encoding, rules)
        if form is not None:
            forms[form] = None
    return list(forms)


def forms_of_path(text: str, rules: Rules = DEFAULT_RULES) -> list[Form]:
    """Read an address without host as people write it, ``/news/%C4%E3.html?id=3#top``; the fragment is left out.

    Characters written as themselves are what they are first of all, whichever encoding the escapes of the host have.
    """
    before, _hash, _fragment = text.partition("#")
    path, _mark, query = before.partition("?")
    if _has_control(text):
        return []
    if not path.isascii():
        rules = replace(rules, charset="utf-8")
    try:
        return forms_of(unquote_to_bytes(path), query.encode(), rules)
    except UnicodeEncodeError:
        return []


def stored_form(path: str, rules: Rules = DEFAULT_RULES) -> Form | None:
    """The form of an address that is in the exact form already: ``/documents/3/附表.txt``, ``/news/?page=2``.

    None when no address can be so.
    """
    name, _mark, query = path.partition("?")
    for sign, escape in reversed(_ESCAPES):
        name = name.replace(escape, sign)
    return _form(name, query.encode("utf-8", "replace"), "utf-8", rules)


def split_url(url: str) -> tuple[str, str] | None:
    """Split an absolute address of the web into (host in lower case, rest from the path on); None for anything else.

    An address with a user name, control characters, blanks or another scheme than http and https is none.
    """
    match = None if _has_control(url) or "\\" in url else _SCHEME_HOST.match(url)
    if match is None or (url[match.end() :][:1] not in ("", "/", "?", "#")):
        return None
    host = _PORT.sub("", match[2]).lower().rstrip(".")
    rest = url[match.end() :]
    return (host, rest if rest.startswith("/") else f"/{rest}") if host else None


def location_of(path: str) -> str:
    """``path`` (an exact form) as it stands in a header Location: ASCII, beginning with one slash.

    Raises ValueError for what is no path of this host.
    """
    name, mark, query = path.partition("?")
    if not name.startswith("/") or name.startswith(("//", "/\\")) or _has_control(path):
        raise ValueError(f"{path!r} is no path")
    return quote(name, safe=_PLAIN) + (f"?{quote(query, safe='%=&+-._~*')}" if mark else "")


# --- inside ------------------------------------------------------------------------------


def _encodings(rules: Rules) -> Iterator[str]:
    yield CHARSETS.get(rules.charset, "utf-8")
    for name, encoding in CHARSETS.items():
        # Big5 makes sense of nearly all bytes of the others: only where a host says so.
        if name not in (rules.charset, "big5"):
            yield encoding


def _form(text: str, query: bytes, encoding: str, rules: Rules) -> Form | None:
    written, text = text, text.replace("\\", "/")
    asked = _significant(query, encoding, rules)
    if asked is None or _has_control(text):
        return None
    names = _without_dots(_SESSION.sub("", text).split("/"))
    if names is None:
        return None
    exact = [_escaped(name) for name in names]
    closed = text.endswith("/") and bool(exact)
    path = "/" + "/".join(exact) + ("/" if closed else "")
    loose = unicodedata.normalize("NFC", "/" + "/".join(_loosely(exact, rules, closed=closed)))
    folded = [(name.casefold(), value) for name, value in asked] if rules.fold_case else asked
    is_plain = written == "/" + "/".join(names) + ("/" if closed else "")
    loose = loose.casefold() if rules.fold_case else loose
    form = Form(path + _query(asked), loose + _query(folded), is_plain)
    return form if len(form.path.encode()) <= 3 * LONGEST else None


def _without_dots(parts: Iterable[str]) -> list[str] | None:
    """Names of a path without empty ones, ``.`` and ``..``; None for a path that leads above the root."""
    names: list[str] = []
    for part in parts:
        if part == "..":
            if not names:
                return None
            names.pop()
        elif part not in ("", "."):
            names.append(part)
    return names


def _loosely(names: list[str], rules: Rules, *, closed: bool) -> list[str]:
    if closed and "." in names[-1]:
        # A slash behind the name of a file means nothing that anybody could know.
        return [*names, ""]
    if not names or closed:
        return names
    last = names[-1].casefold()
    if last in rules.default_documents:
        return names[:-1]
    for ending in rules.legacy_extensions:
        if last.endswith(ending) and len(last) > len(ending):
            return [*names[:-1], names[-1][: -len(ending)]]
    return names


def _significant(query: bytes, encoding: str, rules: Rules) -> list[tuple[str, str]] | None:
    """The parameters that count, in the order of their names; None when one of them is nothing that can be kept."""
    kept = []
    wanted = {name.casefold() for name in rules.significant}
    for part in query.split(b"&"):
        name, _equals, value = part.partition(b"=")
        pair = (_decoded(name, encoding), _decoded(value, encoding))
        if pair[0].casefold() not in wanted or not pair[0]:
            continue
        if _has_control(pair[1]):
            return None
        # The first page of a list is the list.
        if pair != ("page", "1"):
            kept.append(pair)
    return sorted(kept)


def _decoded(value: bytes, encoding: str) -> str:
    plain = unquote_to_bytes(value.replace(b"+", b" "))
    try:
        return plain.decode(encoding)
    except UnicodeDecodeError:
        return plain.decode("utf-8", "replace")


def _query(pairs: list[tuple[str, str]]) -> str:
    return "?" + "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs) if pairs else ""


def _escaped(name: str) -> str:
    for sign, escape in _ESCAPES:
        name = name.replace(sign, escape)
    return name


def _has_control(text: str) -> bool:
    # Cc: control characters, NUL among them; Cs: halves of characters; line and paragraph separators.
    return any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text)
