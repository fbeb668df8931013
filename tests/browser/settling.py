"""A click ends when what it began has come to rest: the page that it leads to is there.

Playwright's own click returns when the next page has begun to arrive, and before it has begun where a script sends the
form (``console/kept_texts.js`` asks first whether the session still lives). Who reads then reads an empty page, or the
one before: a fault that shows on a busy machine only.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

#: Of a page with a form that a script is about to send: ``sending``; else how far the page has come.
_STATE = "() => document.querySelector('form[data-kept-sending]') ? 'sending' : document.readyState"
_PATIENCE_SECONDS = 30


def settle(page: Any) -> None:
    """Wait until no form is being sent and the page has been read to its end; a page that was closed is at rest."""
    from playwright.sync_api import Error

    until = time.monotonic() + _PATIENCE_SECONDS
    while not page.is_closed():
        try:
            if page.evaluate(_STATE) in ("interactive", "complete"):
                return
        except Error:  # The page left while it was asked.
            pass
        if time.monotonic() > until:
            raise AssertionError(f"the page does not come to rest: {page.url}")
        page.wait_for_timeout(20)


def let_clicks_settle() -> None:
    """From now on ``click`` and ``press`` of every locator wait for the page; calling it twice changes nothing."""
    from playwright.sync_api import Locator

    for name in ("click", "press"):
        act = getattr(Locator, name)
        if not hasattr(act, "__wrapped__"):
            setattr(Locator, name, _settled(act))


def _settled(act: Callable[..., None]) -> Callable[..., None]:
    @wraps(act)
    def settled(locator: Any, *arguments: Any, **options: Any) -> None:
        page = locator.page
        act(locator, *arguments, **options)
        settle(page)

    return settled
