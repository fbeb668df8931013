"""A page of the demo as a citizen gets it: light, closed, nothing inline."""

import re
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client

from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

MOST_HTML_BYTES = 60_000
MOST_FURTHER_FILES = 3


class Looked(HTMLParser):
    """What a page names: meta tags, files it needs, addresses it leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.files: set[str] = set()
        self.pictures: set[str] = set()
        self.addresses: set[str] = set()
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and "name" in given:
            self.meta.setdefault(given["name"], []).append(given.get("content", ""))
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "manifest"):
            self.files.add(given["href"])
        if tag == "script":
            self.files.add(given.get("src", "inline"))
        if tag in ("img", "source", "video", "audio"):
            named = [given.get("src", ""), *re.findall(r"(\S+)(?:\s+\S+)?(?:,|$)", given.get("srcset", ""))]
            self.pictures |= {name for name in named if name}
        if tag in ("a", "form"):
            self.addresses.add(given.get("href") or given.get("action") or "")
        self.inline += [name for name in given if name == "style" or name.startswith("on")]


def get(tenant: Tenant, path: str) -> tuple[Any, bytes]:
    """The answer of the public host and its bytes; the test goes on in the site's schema, which the request left."""
    response = Client(HTTP_HOST=tenant.public_host).get(path)
    assert response.status_code == 200, (tenant.code, path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    connection.set_tenant(tenant)
    return response, content


def look(tenant: Tenant, path: str) -> Looked:
    """The page at ``path``: 200, light, nothing inline, nothing from elsewhere."""
    response, content = get(tenant, path)
    assert len(content) < MOST_HTML_BYTES, (path, len(content))
    assert not response.cookies
    looked = Looked(content.decode())
    assert len(looked.files) <= MOST_FURTHER_FILES, (path, looked.files)
    assert not looked.inline, (path, looked.inline)
    for address in looked.files | looked.pictures:
        assert re.match(r"/(static|media)/", address), (path, address)
    # What stands in the common library may lead to its source on another site of the province.
    ours = tuple(public_url(tenant) for tenant in Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE))
    for address in looked.addresses:
        assert re.match(r"(/|#|\?)", address) or address.startswith(ours), (path, address)
    return looked
