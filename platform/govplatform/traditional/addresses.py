"""Where the traditional page of an address stands: ``/news/?page=2`` at ``/zh-hant/news/?page=2``.

Only pages have one, and their addresses end with a slash; files, feeds and what machines ask for have none.
"""

NAME = "zh-hant"
PREFIX = f"/{NAME}"
#: As the attribute ``lang`` and ``hreflang`` say it.
LANGUAGE, PLAIN_LANGUAGE = "zh-Hant", "zh-CN"


def has_variant(address: str) -> bool:
    """Whether a site that shows traditional pages has one of ``address`` (path and query)."""
    return address.partition("?")[0].endswith("/") and not is_variant(address)


def variant_of(address: str) -> str:
    """The address of the traditional page of ``address``."""
    return f"{PREFIX}{address}"


def is_variant(address: str) -> bool:
    return address.startswith(f"{PREFIX}/")


def plain_of(address: str) -> str:
    """The address of which ``address`` is the traditional page; ``address`` itself when it is none."""
    return address.removeprefix(PREFIX) if is_variant(address) else address
