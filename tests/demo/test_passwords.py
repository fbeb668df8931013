"""What is kept of the one password of the demo's people is worked out once; of every other as always."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from sites.demo.accounts import DEMO_PASSWORD
from sites.demo.passwords import DemoPasswordHasher

pytestmark = pytest.mark.unit


def test_the_one_password_is_worked_out_once_and_opens_what_django_opens() -> None:
    hasher = DemoPasswordHasher()
    kept = hasher.encode(DEMO_PASSWORD, "one")
    assert hasher.encode(DEMO_PASSWORD, "another") == kept
    assert PBKDF2PasswordHasher().verify(DEMO_PASSWORD, kept) and hasher.verify(DEMO_PASSWORD, kept)
    assert not hasher.verify("another", kept)


def test_any_other_password_has_a_salt_of_its_own() -> None:
    hasher = DemoPasswordHasher()
    assert hasher.encode("another", "one", 1) != hasher.encode("another", "other", 1)
    assert hasher.encode(DEMO_PASSWORD, "one", 1) == PBKDF2PasswordHasher().encode(DEMO_PASSWORD, "one", 1)
