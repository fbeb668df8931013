"""Template context of the console; templates of public hosts get none of it."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from govplatform.lifecycle.merge.queries import frozen_banner

from .admission import names_that_write_in_the_site
from .menus import describe_roles


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """``user`` and ``perms`` as Wagtail's templates expect them, on console hosts only."""
    if getattr(request, "host_kind", "") != "console":
        return {}
    from django.contrib.auth.context_processors import auth

    # Functions, so that only the templates that name them ask.
    tenant, match = getattr(request, "tenant", None), request.resolver_match
    frozen = tenant is not None and tenant.frozen
    return {
        **auth(request),
        "role_labels": partial(describe_roles, request.user),
        "frozen_banner": partial(frozen_banner, tenant, request.user),
        "only_read": frozen and match is not None and match.view_name in names_that_write_in_the_site(),
    }
