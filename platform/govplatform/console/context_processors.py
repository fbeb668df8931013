"""Template context of the console; templates of public hosts get none of it."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from .menus import describe_roles


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """``user`` and ``perms`` as Wagtail's templates expect them, on console hosts only."""
    if getattr(request, "host_kind", "") != "console":
        return {}
    from django.contrib.auth.context_processors import auth

    # A function, so that only the templates that name the roles ask for them.
    return {**auth(request), "role_labels": partial(describe_roles, request.user)}
