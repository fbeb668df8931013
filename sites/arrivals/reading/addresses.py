"""What tells one address of the old site from another, and what only seems to."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

#: Parameters that name a visit and not a page.
_VISIT = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|sid|cfid|cftoken|token|utm_\w+|spm|from|isappinstalled|"
    r"_|t|ts|timestamp|time|r|rnd|rand|random|v|ver|nsukey)",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;?#]*|/\(S\([a-z0-9]{20,}\)\)", re.IGNORECASE)
#: No address has them but as escapes: control characters, halves of characters, what turns the direction of writing.
_NEVER_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CHINESE = re.compile("[\u2018-\u201d\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_DEFAULT = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php|do)$", re.IGNORECASE)


def cleaned(url: str) -> str:
    """Return an address without fragment, session and parameters of the visit; "" for what is no address of the web."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    path = re.sub("/{2,}", "/", _SESSION_IN_PATH.sub("", parts.path) or "/")
    host = parts.hostname.lower().rstrip(".") + (f":{port}" if port not in (None, 80, 443) else "")
    query = parts.query
    if query:
        try:
            kept = [(n, v) for n, v in parse_qsl(query, keep_blank_values=True) if not _VISIT.fullmatch(n)]
        except ValueError:
            return ""
        if len(kept) < len(query.split("&")):
            query = urlencode(kept)
    address = f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")
    return _NEVER_PLAIN.sub(lambda sign: quote(sign[0], errors="replace"), address)


def as_sent(header: str) -> str:
    """Return an address of a header with the bytes that were sent as escapes, where they were text of GBK.

    What is no UTF-8 in a header is read as Latin-1: a character for each byte.
    """
    if header.isascii():
        return header
    try:
        meant = header.encode("latin-1").decode("gb18030")
    except UnicodeError:
        return header
    if not all(sign.isascii() or _CHINESE.fullmatch(sign) for sign in meant):
        return header
    return "".join(sign if sign.isascii() else quote(sign, encoding="gb18030") for sign in meant)


def key_of(url: str) -> str:
    """Return what addresses that lead to the same page have in common: scheme, default document, order do not count."""
    parts = urlsplit(cleaned(url))
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{parts.netloc.removeprefix('www.')}{_DEFAULT.sub('/', parts.path)}" + (f"?{query}" if query else "")


def host_of(url: str) -> str:
    """Return the host of an address in lower case without its port; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def is_of_host(url: str, host: str) -> bool:
    """Whether an address lies on a host, with or without `www.`."""
    return host_of(url).removeprefix("www.") == host.lower().removeprefix("www.")


def joined(base: str, link: str) -> str:
    """Return the whole address of a link on the page at `base`; "" for scripts, mail and places on it."""
    link = link.strip()
    if not link or link.startswith("#") or re.match(r"(?:javascript|mailto|tel|data|about):", link, re.IGNORECASE):
        return ""
    try:
        return cleaned(urljoin(base, link.replace("\\", "/")))
    except ValueError:
        return ""
