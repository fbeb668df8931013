"""Clients that leave the test where it was: a request ends in the shared schema (trap T10)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.cast import PASSWORD


class ReturningClient(Client):
    """After each request the test goes on inside the site it was in."""

    def request(self, **request: Any) -> Any:
        before = connection.tenant
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(before)


@pytest.fixture
def console(db: None) -> Callable[[str, str], Client]:
    """``console("alpha_editor", "alpha")``: a signed-in client."""

    def sign_in(username: str, site_code: str) -> Client:
        client = ReturningClient(HTTP_HOST=f"{site_code}.console.localhost", headers={"user-agent": "test"})
        response = client.post("/admin/login/", {"username": username, "password": PASSWORD})
        assert response.status_code == 302, response.content.decode()[:2000]
        return client

    return sign_in


@pytest.fixture
def citizen() -> Callable[[str], Client]:
    """``citizen("alpha")``: a client on the public host."""

    def make(site_code: str) -> Client:
        return ReturningClient(HTTP_HOST=f"{site_code}.localhost")

    return make
