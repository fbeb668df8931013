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
        self._asked: dict[Any, set[Any]] = {}

    def take(self) -> Any:
        """A context without cookies, without anything stored, and without a page."""
        if self._free:
            return self._free.pop()
        context = self._browser.new_context(locale="zh-CN")
        visited = self._visited[context] = set()
        asked = self._asked[context] = set()

        def begun(request: Any) -> None:
            visited.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url)))
            asked.add(request)

        def ended(request: Any) -> None:
            asked.discard(request)

        context.on("request", begun)
        context.on("requestfinished", ended)
        context.on("requestfailed", ended)
        return context

    def give_back(self, context: Any) -> None:
        """Empty ``context`` and keep it; one that a test has closed, or that still waits for an answer, is forgotten.

        Each answer of the console brings its session's cookie along: one that comes when the cookies are gone, to
        what a page asks while it is closed or to what outlives its page, would sign the next test in.
        """
        from playwright.sync_api import Error

        visited = self._visited[context]
        try:
            if self._asked[context]:
                raise Error("an answer is still to come")
            context.set_offline(True)
            context.clear_cookies()
            # Whoever still writes when its store is emptied would be found by the next test.
            for page in context.pages:
                page.close()
            blank = context.new_page()
            session = context.new_cdp_session(blank)
            for origin in sorted(visited):
                session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _STORED})
            blank.close()
            # By origin the cookies of the domain above it stay.
            context.clear_cookies()
            context.clear_permissions()
            context.set_offline(False)
        except Error:
            del self._visited[context], self._asked[context]
            with suppress(Error):
                context.close()
            return
        visited.clear()
        self._free.append(context)
