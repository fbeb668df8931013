"""Contexts of the browser that are emptied and used again, so that no test fetches scripts and styles anew.

What a citizen's own browser keeps of a site, besides what was fetched, goes: cookies, what scripts stored, open pages.
"""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

#: All that the browser keeps for a site except what it fetched.
_STORED = "cookies,local_storage,indexeddb,cache_storage,service_workers,websql,file_systems"


class KeptContexts:
    """The contexts of one browser that no test has at the moment."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._free: list[Any] = []
        self._visited: dict[Any, set[str]] = {}

    def take(self) -> Any:
        """A context without cookies, without anything stored, and without a page."""
        if self._free:
            return self._free.pop()
        context = self._browser.new_context(locale="zh-CN")
        visited = self._visited[context] = set()
        context.on("request", lambda request: visited.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url))))
        return context

    def give_back(self, context: Any) -> None:
        """Empty ``context`` and keep it; one that a test has closed is forgotten."""
        from playwright.sync_api import Error

        visited = self._visited[context]
        try:
            context.set_offline(False)
            context.clear_permissions()
            context.clear_cookies()
            # Whoever still writes when its store is emptied would be found by the next test.
            for page in context.pages:
                page.close()
            blank = context.new_page()
            session = context.new_cdp_session(blank)
            for origin in sorted(visited):
                session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _STORED})
            blank.close()
        except Error:
            del self._visited[context]
            with suppress(Error):
                context.close()
            return
        visited.clear()
        self._free.append(context)
