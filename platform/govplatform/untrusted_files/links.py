"""Where a link leads, as browsers read its address.

A browser forgives nearly everything: ``///x``, ``http:/x``, backslashes, tabs and line ends inside of the address all
lead to the host ``x``. Whoever judges a link by another reading judges another link. So the addresses are read by the
URL standard that browsers follow (https://url.spec.whatwg.org; deploy/decisions/019-links-as-browsers-read-them.md).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ada_url import URL
from ada_url import idna_to_unicode as _to_unicode

#: ``here``: relative, it stays on the site that shows it; ``host``: it names a host; ``other``: it has a scheme and no
#: host (mailto, tel, javascript, data); ``invalid``: no browser would follow it.
LinkKind = Literal["here", "host", "other", "invalid"]

#: Stands for the site that shows the link; the name is reserved and belongs to nobody.
_HERE = "here.invalid"
_BASE = f"https://{_HERE}/"


@dataclass(frozen=True, slots=True)
class Link:
    """An address taken apart.

    ``scheme``: lower case without its colon, '' for ``here`` and ``invalid``.
    ``host``: lower case, international names in their ASCII form, IPv4 in four decimal numbers, IPv6 in
    brackets, without a final dot; '' unless the kind is ``host``.
    ``path``, ``query``: as the browser sends them, the query with its question mark; '' when ``invalid``.
    """

    kind: LinkKind
    scheme: str = ""
    host: str = ""
    path: str = ""
    query: str = ""


_INVALID = Link("invalid")


def read_link(address: str) -> Link:
    """Take apart ``address``, as it stands in ``href`` after character references are resolved. Never raises.

    ``https:/x`` is read as the host ``x``, although a browser that shows an HTTPS page takes it for a path: on a
    page without HTTPS it would not, and an address is judged once for both.
    """
    # A lone surrogate, which no encoding has; browsers put the replacement character there.
    text = address.encode("utf-8", "replace").decode("utf-8")
    absolute = _parse(text)
    url = absolute or _parse(text, _BASE)
    if url is None:
        return _INVALID
    host = url.hostname.rstrip(".")
    if absolute is None and host == _HERE:
        return Link("here", "", "", url.pathname, url.search)
    kind: LinkKind = "host" if host else "other"
    return Link(kind, url.protocol.removesuffix(":"), host, url.pathname, url.search)


def host_of(address: str) -> str:
    """The host that ``address`` leads to, written as in ``Link.host``; '' when it names none or is invalid."""
    return read_link(address).host


@lru_cache(maxsize=4096)
def plain_host(name: str) -> str:
    """A host's name that somebody typed, in the form of ``Link.host``; only lower-cased when it is no host's name."""
    typed = name.strip().strip(".")
    return host_of(f"http://{typed}/") or typed.lower()


def shown_host(host: str) -> str:
    """A host as people read it: an international name in its own script."""
    try:
        return _to_unicode(host)
    except ValueError:
        return host


def is_below(host: str, domain: str) -> bool:
    """Whether ``host`` is ``domain`` or one of the names below it; ``domain`` may begin with a dot."""
    wanted = plain_host(domain)
    return bool(wanted) and (host == wanted or host.endswith(f".{wanted}"))


def _parse(address: str, base: str | None = None) -> URL | None:
    try:
        return URL(address, base) if base is not None else URL(address)
    except ValueError:
        return None
