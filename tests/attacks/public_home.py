"""The home page as a citizen gets it who comes back."""

import pytest


def public_home(citizen) -> str:
    return citizen("alpha").get("/").content.decode()


@pytest.fixture
def citizen():
    from tests.console.conftest import ReturningClient

    return lambda code: ReturningClient(HTTP_HOST=f"{code}.localhost")
