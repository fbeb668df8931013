"""Takes the site's audit chain before Wagtail's own screens write, which write their rows first and their log last.

So they keep the order of locks (decision 018). On a frozen site they are refused before they begin: an upload stores
its file before its row.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest

from govplatform.locks.holding import holding
from govplatform.tenancy.freezing import SiteFrozen, words_of

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: Posted again and again while somebody writes, and recorded nowhere.
QUIET_NAMES = frozenset(
    {
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
        "wagtailadmin_dismissibles",
        "wagtailadmin_sprite",
    }
)
#: What a person changes here of their own account, which belongs to no site.
_ONE_S_OWN = frozenset({"wagtailadmin_account", "wagtailadmin_login", "wagtailadmin_logout"})


def chain_first(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view of Wagtail so that it holds the site's audit chain during each request that writes.

    Returns any other view as it is: our own actions take the locks they need, also on other sites.
    """
    if not _module_of(view).startswith(("wagtail.", "govplatform.console.page_editing")):
        return view

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        match = request.resolver_match
        quiet = match is not None and match.view_name in QUIET_NAMES
        user: Any = request.user
        if request.method not in _WRITING or quiet or not user.is_authenticated:
            return view(request, *args, **kwargs)
        tenant: Any = request.tenant  # type: ignore[attr-defined]
        if tenant is not None and tenant.frozen and match is not None and match.view_name not in _ONE_S_OWN:
            raise SiteFrozen(words_of(tenant))
        with holding():
            return view(request, *args, **kwargs)

    return answer


def _module_of(view: Callable[..., Any]) -> str:
    return str(getattr(view, "view_class", view).__module__)
