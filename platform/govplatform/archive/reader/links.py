"""Where a link of an archived page leads inside the reader."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urljoin, urlsplit

_PASSIVE = frozenset({"mailto", "tel"})


@dataclass(frozen=True)
class Places:
    """``prefix``: of the archive's own addresses (``/12``); ``root``: what its addresses begin with (``http://host``).

    ``holds`` says whether the archive has an address.
    """

    prefix: str
    root: str
    holds: Callable[[str], bool]

    def inside(self, address: str) -> str:
        """The reader's address of an archived ``address``, for an answer that the archive has."""
        return f"{self.prefix}/at{address.removeprefix(self.root)}"

    def elsewhere(self, address: str) -> str:
        """The reader's page that says of ``address`` that it is not in the archive."""
        return f"{self.prefix}/elsewhere/?address={quote(address, safe='')}"

    def link(self, base: str, found: str) -> str:
        """Where a link ``found`` on the page at ``base`` leads; '' for what leads nowhere."""
        found = "".join(found.split()) if "\n" in found or "\t" in found else found.strip()
        if found.startswith("#"):
            return found
        address, fragment = self.absolute(base, found)
        if not address:
            return found if urlsplit(found).scheme in _PASSIVE else ""
        mark = f"#{quote(fragment, safe=_FRAGMENT)}" if fragment else ""
        return f"{self.inside(address)}{mark}" if self._has(address) else self.elsewhere(address)

    def shown(self, base: str, found: str) -> str:
        """Where something that a page shows is fetched from; '' when the archive does not have it."""
        address, _fragment = self.absolute(base, found)
        return self.inside(address) if address and self._has(address) else ""

    def _has(self, address: str) -> bool:
        return address.startswith(f"{self.root}/") and self.holds(address)

    def absolute(self, base: str, found: str) -> tuple[str, str]:
        """``found`` as (absolute address of the web, fragment); two empty texts for anything else."""
        try:
            joined, fragment = urldefrag(urljoin(base, found))
            parts = urlsplit(joined)
        except ValueError:
            return "", ""
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "", ""
        return (f"{joined}/" if not parts.path and not parts.query else joined), fragment


_FRAGMENT = "/:@!$&'()*+,;=~-._?%"
