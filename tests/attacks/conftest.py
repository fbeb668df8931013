"""What every attack on the gate is measured by: the page is not live, and the refusal says why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from wagtail.models import Page

from govplatform.refusals import Refused
from tests.confidentiality.records.records_content import at_confidentiality, once_at_confidentiality
from tests.conftest import console_client
from tests.layers import transaction_of_tests
from tests.review.rescan_content import found, once_found

__all__ = ["at_confidentiality", "found", "once_at_confidentiality", "once_found"]


@contextmanager
def refused(match: str = "") -> Iterator[None]:
    """The act ends in words: a Refused, a permission error, or the trigger's sentence."""
    with pytest.raises((Refused, PermissionDenied, DatabaseError), match=match) as caught, transaction_of_tests():
        yield
    assert str(caught.value).strip(), "a refusal without a word"


def is_live(page: Any) -> bool:
    return Page.objects.filter(pk=page.pk, live=True).exists()


def execute(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def past_the_gate(table: str, item: Any, **values: Any) -> None:
    """Write into a row as somebody does at the server's own shell who has put the triggers to sleep."""
    sets = ", ".join(f'"{name}" = %s' for name in values)
    with triggers_asleep(table):
        execute(f'UPDATE "{table}" SET {sets} WHERE id = %s', [*values.values(), item.pk])


@contextmanager
def triggers_asleep(table: str) -> Iterator[None]:
    """Be the owner of the tables, with the table's triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
        cursor.execute(f'SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER; SET CONSTRAINTS ALL DEFERRED; SET ROLE "{role}"')


@pytest.fixture
def console(alpha: Any) -> Any:
    """As everywhere, but the test stays inside site alpha after each request, and a 500 is an answer."""

    def sign_in(username: str, site_code: str) -> Any:
        client = console_client(username, site_code)
        client.raise_request_exception = False
        plain = client.request

        def request(**details: Any) -> Any:
            try:
                return plain(**details)
            finally:
                connection.set_tenant(alpha)

        client.request = request
        connection.set_tenant(alpha)
        return client

    return sign_in


@pytest.fixture
def old_digests(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``with old_digests():`` scans, decisions and clearances are made as the last release made them."""
    from govplatform.review.gate import digest

    @contextmanager
    def as_before() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(digest, "FORM", "")
            patch.setattr(digest, "_present_digest", lambda page, files: next(digest._old_digests(page, files)))
            yield

    return as_before


@pytest.fixture
def edit_form() -> Any:
    """``edit_form(client, page, **changes)``: the POST that the edit view's own form would send."""

    def send(client: Any, page: Any, **changes: Any) -> Any:
        data = {
            "title": page.title, "slug": page.slug, "summary": "", "source": "本站", "author": "", "keywords": "",
            "subject_class": "", "audience": "", "disclosure": "proactive", "picture": "",
            "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "1000", **changes,
        }  # fmt: skip
        return client.post(f"/admin/pages/{page.pk}/edit/", data)

    return send


@pytest.fixture
def returning_citizen():
    """``returning_citizen("alpha")``: a client on the public host that may be used between clients of the console."""
    from tests.console.conftest import ReturningClient

    return lambda code: ReturningClient(HTTP_HOST=f"{code}.localhost")
