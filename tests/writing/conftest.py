"""Clients of the console, as the tests of the console have them."""

from tests.console.conftest import citizen, console

__all__ = ["citizen", "console"]
