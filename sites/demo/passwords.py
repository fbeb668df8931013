"""The one password of the demo's people, worked out once and not for each of them.

Working out what is kept of a password is slow on purpose; thirty-six times the same is a tenth of the load. Of any
other password, and of all that people choose in the demo, nothing is different.
"""

from functools import cache
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from sites.demo.accounts import DEMO_PASSWORD


class DemoPasswordHasher(PBKDF2PasswordHasher):
    """Django's own, except that all accounts with ``DEMO_PASSWORD`` keep the same of it."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        # When a password is checked, the number of iterations is that of what was kept.
        if password == DEMO_PASSWORD and iterations is None:
            return _kept()
        return str(super().encode(password, salt, iterations))


@cache
def _kept() -> str:
    hasher: Any = PBKDF2PasswordHasher()
    return str(hasher.encode(DEMO_PASSWORD, hasher.salt()))
