"""The home page as a citizen gets it."""

from collections.abc import Callable
from typing import Any


def public_home(citizen: Callable[[str], Any]) -> str:
    return str(citizen("alpha").get("/").content.decode())
