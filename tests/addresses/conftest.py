"""A site that was closed, old addresses, and what a citizen is answered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from govplatform.addresses.canonical import forms_of_path
from govplatform.addresses.entering import OldRow, enter_old, rules_of
from govplatform.addresses.unknown import forget_waiting
from govplatform.tenancy.current import enter_tenant
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    forget_waiting()


def ask(path: str, site: str = "alpha", host: str = "", **headers: Any) -> Any:
    """The answer of a public host; the test stands in alpha afterwards."""
    response = Client(HTTP_HOST=host or f"{site}.localhost", raise_request_exception=False).get(path, **headers)
    enter_tenant(get_tenant("alpha"))
    return response


def answer(path: str, site: str = "alpha", **more: Any) -> tuple[int, str]:
    response = ask(path, site, **more)
    return response.status_code, response.headers.get("Location", "")


def retire(site: str) -> Tenant:
    Tenant.objects.filter(code=site).update(status=Tenant.Status.RETIRED)
    forget_hosts()
    return Tenant.objects.get(code=site)


def old(tenant: Tenant, path: str, *, host: str = "", **leads: Any) -> None:
    """An address that is not public, past all checks."""
    enter_old(tenant, host, [OldRow(forms_of_path(path, rules_of(tenant, host))[0], **leads)])


@pytest.fixture
def beta(db: None) -> Tenant:
    return get_tenant("beta")


Answer = Callable[..., tuple[int, str]]
