"""What is sent beside an answer on public hosts, said once for the application and for the front server.

What Django's own middleware adds stands in the settings (``SECURE_*``, ``X_FRAME_OPTIONS``).
"""

from collections.abc import Mapping
from types import MappingProxyType

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self';"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " manifest-src 'self'"
)
#: Of files that people uploaded: nothing in them runs in the site's name.
FILE_POLICY = "sandbox; default-src 'none'; media-src 'self'"
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=()"
#: Browsers may keep an answer but must ask each time, so that what is withdrawn or corrected is gone at once.
PAGE_CACHE_CONTROL = "public, max-age=0, must-revalidate"
#: Of errors, of what is gone, of redirects: a page may come back, an address may change once more.
NO_CACHE = "no-cache"
#: Path -> Cache-Control, where it is another one.
CACHE_CONTROL_OF: Mapping[str, str] = MappingProxyType({"/favicon.ico": "public, max-age=86400"})
#: Path -> X-Robots-Tag, as Django's sitemaps send it.
ROBOTS_TAG_OF: Mapping[str, str] = MappingProxyType({"/sitemap.xml": "noindex, noodp, noarchive"})
