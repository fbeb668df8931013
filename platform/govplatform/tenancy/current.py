"""The site in whose schema the database connection works; everything else asks here."""

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from .models import Tenant


def current_schema() -> str:
    """Name of the current schema; ``public`` outside a site."""
    return str(_wrapper().schema_name)


def current_tenant() -> "Tenant":
    """The site whose schema is current. Raises LookupError outside a site."""
    tenant = current_tenant_or_none()
    if tenant is None:
        raise LookupError(f"schema {current_schema()} belongs to no site")
    return tenant


def current_tenant_or_none() -> "Tenant | None":
    """The site whose schema is current, None outside a site (``public``, the template)."""
    tenant: Tenant | None = _wrapper().tenant
    # django-tenants puts a stand-in without a row there for bare schema names
    return tenant if getattr(tenant, "pk", None) is not None else None


def forget_search_path() -> None:
    """Have the search path sent again before the next statement; call after a ``SET search_path`` of one's own."""
    _wrapper().forget_search_path()


def enter_tenant(tenant: "Tenant") -> None:
    """Work in the site's schema until ``leave_tenant``; for the host middleware alone.

    Everywhere else ``tenant_context`` is the way (trap T9).
    """
    _wrapper().set_tenant(tenant)


def leave_tenant() -> None:
    """Work in ``public`` again."""
    _wrapper().set_schema_to_public()


def _wrapper() -> Any:
    return connection
