"""Clients that leave the test inside its site."""

from tests.console.conftest import citizen, console

__all__ = ["citizen", "console"]
