"""A citizen's visits, and what a page says of itself."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from govplatform.tenancy.current import enter_tenant


class PageReader(HTMLParser):
    """Meta tags, links and whatever else asks for a file."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.names: list[str] = []
        self.links: list[str] = []
        self.files: list[str] = []
        self.pictures: list[str] = []
        self.canonical = ""
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "meta" and "name" in found:
            self.names.append(found["name"])
            self.meta[found["name"]] = found.get("content", "")
        elif tag == "link" and found.get("rel") == "canonical":
            self.canonical = found["href"]
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload"):
            self.files.append(found["href"])
        elif tag == "script":
            self.inline += [] if found.get("src") else ["script"]
            self.files += [found["src"]] if found.get("src") else []
        elif tag in ("img", "source", "video", "audio"):
            self.pictures += [found[name] for name in ("src", "poster") if found.get(name)]
            self.pictures += [part.split()[0] for part in found.get("srcset", "").split(",") if part.strip()]
        elif tag == "a" and "href" in found:
            self.links.append(found["href"])


@pytest.fixture
def visit(alpha: Any) -> Callable[..., Any]:
    """``visit("/news/")``: the answer of alpha's public host; the test stays inside alpha."""

    def answer(path: str, *, method: str = "get", site: str = "alpha", **headers: str) -> Any:
        client = Client(HTTP_HOST=f"{site}.localhost", raise_request_exception=False)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = getattr(client, method)(path, headers=named)
        if response.streaming:
            # the client closes the answer at its end
            response.whole = b"".join(response.streaming_content)
        enter_tenant(alpha)
        return response

    return answer


@pytest.fixture
def read(visit: Callable[..., Any]) -> Callable[..., PageReader]:
    """``read("/news/")``: the page taken apart."""

    def taken_apart(path: str, **options: Any) -> PageReader:
        response = visit(path, **options)
        assert response.status_code == 200, response.content.decode()[:500]
        return PageReader(response.content.decode())

    return taken_apart
